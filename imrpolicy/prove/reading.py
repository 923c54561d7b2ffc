"""From the prover's answer to the values of a case."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from imrpolicy.facts import FactDictionary, Kind, ValueType
from imrpolicy.prove.solver import Term, z3
from imrpolicy.prove.symbols import Symbols
from imrpolicy.prove.terms import Listed, Record, Scalar

_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


def row_of(model: Any, symbols: Symbols, dictionary: FactDictionary) -> tuple[Any, ...]:
    """The row of facts that a model describes; what no expression reads is not documented."""
    reading = _Reading(model, symbols)
    row: list[Any] = [None] * len(dictionary.facts)
    for path, fact in symbols.named.items():
        row[fact.index] = reading.value(fact.type, symbols.fact(dictionary.by_path[path]))
    return tuple(row)


class _Reading:
    def __init__(self, model: Any, symbols: Symbols) -> None:
        self._model = model
        self._symbols = symbols

    def value(self, type_: ValueType, value: Scalar | Listed) -> Any:
        """A value in the form of a row, None where it is not documented."""
        if not self._holds(value.known):
            return None
        if isinstance(value, Scalar):
            return self._scalar(type_, value.term)
        element = type_.element
        assert element is not None  # noqa: S101 - every list has one
        return tuple(self._element(element, slot.value) for slot in value.slots if self._holds(slot.present))

    def _element(self, type_: ValueType, value: Scalar | Record) -> Any:
        if isinstance(value, Scalar):
            return self._scalar(type_, value.term)
        fields = {f.name: self.value(f.type, value.fields[f.name]) for f in type_.fields}
        return {name: found for name, found in fields.items() if found is not None}

    def _holds(self, term: Term) -> bool:
        return term if isinstance(term, bool) else bool(z3.is_true(self._eval(term)))

    def _eval(self, term: Term) -> Any:
        return self._model.eval(term, model_completion=True)

    def _scalar(self, type_: ValueType, term: Term) -> Any:
        if isinstance(term, bool | str):
            return term
        found = self._eval(term)
        match type_.kind:
            case Kind.BOOL:
                return bool(z3.is_true(found))
            case Kind.STRING if type_.choices:
                return self._symbols.text_of(found.as_long())
            case Kind.STRING:
                return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), found.as_string())
            case Kind.DATE:
                return dt.date.fromordinal(found.as_long())
            case Kind.INT:
                return found.as_long()
            case _:
                return _decimal(found)


def _decimal(found: Any) -> float:
    if z3.is_algebraic_value(found):
        found = found.approx(20)
    return float(found.as_fraction())
