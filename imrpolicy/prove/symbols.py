"""Facts as the prover sees them: unknowns with the ranges, choices and lengths of the schema."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from imrpolicy.expression import Node, walk
from imrpolicy.expression.nodes import Compare, Constant, Size
from imrpolicy.facts import Fact, Kind, ValueType
from imrpolicy.prove.solver import Term, both, either, no, z3
from imrpolicy.prove.terms import Listed, Record, Scalar, Slot

# So many places a list has whose elements are not out of a fixed set, such as prior blocks.
BOUND = 3
# So many it has at most where an expression counts further than that.
MOST = 8
# Of more choices than these, not all are shown in a list: those that are named, and so many others.
FEW, SOME = 8, 5
_FIRST_DAY, _LAST_DAY = dt.date.min.toordinal(), dt.date.max.toordinal()


class Symbols:
    """The unknowns of one proof, each made when it is first named.

    Args:
        bound: How many records, texts or numbers a list can hold at most in the proof.
        fixed: Facts whose values are known, by path, in the form of a row; None for one that is not
            documented and stays so.
        open_fields: Whether fields that a known record lacks can still come to be documented.
    """

    def __init__(
        self, bound: int = BOUND, fixed: Mapping[str, Any] | None = None, *, open_fields: bool = False
    ) -> None:
        # A context of its own: what was asked before must not decide which of many cases is found.
        self.context = z3.Context()
        self._bound = bound
        self._open_fields = open_fields
        self._fixed = fixed or {}
        self._mentioned: set[str] = set()
        self._counted = 0
        self._codes: dict[str, int] = {}
        self._facts: dict[str, Scalar | Listed] = {}
        self.named: dict[str, Fact] = {}
        self.domain: list[Term] = []
        self.cut_short: dict[str, int] = {}
        self.decimals: list[Term] = []
        self.boundaries: frozenset[Any] = frozenset()
        self.retrospective: Term = self.flag("retrospective")
        self.strict: Term = self.flag("strict")

    def fact(self, fact: Fact) -> Scalar | Listed:
        """The unknown that stands for a fact."""
        if fact.path not in self._facts:
            self.named[fact.path] = fact
            if fact.path in self._fixed:
                self._facts[fact.path] = self._known(fact.path, fact.type, self._fixed[fact.path])
            else:
                known = True if fact.field.required else self.flag(f"has({fact.path})")
                self._facts[fact.path] = self._unknown(fact.path, fact.type, known)
        return self._facts[fact.path]

    def flag(self, name: str) -> Term:
        """An unknown that is true or false."""
        return z3.Bool(name, self.context)

    def literal(self, type_: ValueType, value: Any) -> Term:
        """A written value as a term; a text stays a text until it is compared."""
        if isinstance(value, bool | str):
            return value
        if isinstance(value, dt.date):
            return self.number(value.toordinal())
        return self.number(float(value) if type_.kind is Kind.DOUBLE else value)

    def number(self, value: float | None) -> Term:
        """A number exactly as the machine holds it: 0.1 is not one tenth."""
        if isinstance(value, float):
            exact = Fraction(value)
            return z3.RealVal(f"{exact.numerator}/{exact.denominator}", self.context)
        return z3.IntVal(value, self.context)

    def string(self, text: str) -> Term:
        """A text; a backslash would otherwise begin an escape of z3's own."""
        return z3.StringVal(text.replace("\\", "\\u{5c}"), self.context)

    def _nothing(self, type_: ValueType) -> Term:
        """The value of something that is not documented, which nobody looks at."""
        match type_.kind:
            case Kind.BOOL:
                return False
            case Kind.STRING:
                return ""
            case Kind.DOUBLE:
                return self.number(0.0)
            case _:
                return self.number(0)

    def prepare(self, nodes: Iterable[Node]) -> None:
        """Look at expressions before any of them is read: what they name decides how much has to be shown.

        A list must be able to hold one more than any expression counts to, or what counts so far would look
        impossible.
        """
        listed = [part for node in nodes for part in walk(node)]
        constants = [part.value for part in listed if isinstance(part, Constant)]
        self._mentioned |= {value for value in constants if isinstance(value, str)}
        self.boundaries |= {v for v in constants if isinstance(v, int | float) and not isinstance(v, bool)}
        for part in listed:
            if isinstance(part, Compare):
                for size, count in ((part.left, part.right), (part.right, part.left)):
                    if isinstance(size, Size) and isinstance(count, Constant):
                        self._counted = max(self._counted, math.ceil(float(str(count.value))))

    # --- texts out of a fixed set ----------------------------------------------------------------------

    def code(self, text: str) -> int:
        """The number that stands for a text out of a fixed set."""
        return self._codes.setdefault(text, len(self._codes))

    def text_of(self, code: int) -> str:
        """The text that a number stands for."""
        return next(text for text, known in self._codes.items() if known == code)

    def as_text(self, term: Term) -> Term:
        """A term as free text, whatever it is now."""
        if isinstance(term, str):
            return self.string(term)
        if z3.is_string(term):
            return term
        result = self.string("")
        for text, code in self._codes.items():
            result = z3.If(term == code, self.string(text), result)
        return result

    def same(self, a: Term, b: Term) -> Term:
        """Whether two values are equal."""
        if isinstance(a, str | bool) and isinstance(b, str | bool):
            return a == b
        if not isinstance(a, str) and not isinstance(b, str) and not _is_text(a) and not _is_text(b):
            return a == b
        if _is_text(a) or _is_text(b):
            return self.as_text(a) == self.as_text(b)
        return (self.code(a) if isinstance(a, str) else a) == (self.code(b) if isinstance(b, str) else b)

    def alike(self, a: Term, b: Term) -> tuple[Term, Term]:
        """Two values in one form, so that one or the other can be chosen."""
        if not isinstance(a, str) and not isinstance(b, str) and not _is_text(a) and not _is_text(b):
            return a, b
        if _is_text(a) or _is_text(b):
            return self.as_text(a), self.as_text(b)
        first, second = (self.number(self.code(x)) if isinstance(x, str) else x for x in (a, b))
        return first, second

    # --- what a value can be ---------------------------------------------------------------------------

    def _known(self, name: str, type_: ValueType, value: Any) -> Scalar | Listed:
        """A value of a row as a term."""
        if type_.kind is Kind.LIST:
            element = type_.element
            assert element is not None  # noqa: S101 - every list has one
            items = enumerate(value or ())
            slots = tuple(Slot(True, self._element(f"{name}[{n}]", element, item)) for n, item in items)
            return Listed(value is not None, slots)
        return Scalar(
            value is not None, self.literal(type_, value) if value is not None else self._nothing(type_)
        )

    def _element(self, name: str, type_: ValueType, value: Any) -> Scalar | Record:
        if type_.kind is not Kind.RECORD:
            return Scalar(True, self.literal(type_, value))
        fields: dict[str, Scalar | Listed] = {}
        for item in type_.fields:
            at, given = f"{name}.{item.name}", value.get(item.name)
            if given is None and self._open_fields:
                fields[item.name] = self._unknown(at, item.type, self.flag(f"has({at})"))
            else:
                fields[item.name] = self._known(at, item.type, given)
        return Record(fields)

    def _unknown(self, name: str, type_: ValueType, known: Term) -> Scalar | Listed:
        if type_.kind is Kind.LIST:
            return self._list(name, type_, known)
        return Scalar(known, self._scalar(name, type_))

    def _scalar(self, name: str, type_: ValueType) -> Term:
        match type_.kind:
            case Kind.BOOL:
                return self.flag(name)
            case Kind.STRING if type_.choices:
                term = z3.Int(name, self.context)
                codes = [self.code(choice.value) for choice in type_.choices]
                self.domain.append(_among(term, codes))
                return term
            case Kind.STRING:
                term = z3.String(name, self.context)
                if type_.longest is not None:
                    self.domain.append(z3.Length(term) <= type_.longest)
                return term
            case Kind.DATE:
                term = z3.Int(name, self.context)
                self.domain += [term >= _FIRST_DAY, term <= _LAST_DAY]
                return term
            case _:
                term = (z3.Int if type_.kind is Kind.INT else z3.Real)(name, self.context)
                if type_.kind is Kind.DOUBLE:
                    self.decimals.append(term)
                self.domain += [term >= self.number(type_.minimum), term <= self.number(type_.maximum)]
                return term

    def _list(self, name: str, type_: ValueType, known: Term) -> Listed:
        element = type_.element
        assert element is not None  # noqa: S101 - every list has one
        if element.choices and type_.unique:
            values = self._some_of(name, element)
            slots = tuple(Slot(self.flag(f"{name}[{value}]"), Scalar(True, value)) for value in values)
        else:
            slots = self._places(name, type_, element)
        present = [slot.present for slot in slots]
        if type_.shortest and slots:
            self.domain.append(_sum(present) >= type_.shortest)
        if type_.longest is not None and type_.longest < len(slots):
            self.domain.append(_sum(present) <= type_.longest)
        return Listed(known, slots)

    def _some_of(self, name: str, element: ValueType) -> list[str]:
        """The choices that a list can hold: all of a few; of many those that are named, and some others.

        Choices that no expression names are alike, so that a few of them stand for all.
        """
        values = [choice.value for choice in element.choices]
        others = [value for value in values if value not in self._mentioned]
        wanted = max(SOME, self._counted + 1)
        if len(values) <= FEW or len(others) <= wanted:
            return values
        left_out = set(others[wanted:])
        self.cut_short[re.sub(r"\[\d+\]", "[]", name)] = len(values) - len(left_out)
        return [value for value in values if value not in left_out]

    def _places(self, name: str, type_: ValueType, element: ValueType) -> tuple[Slot, ...]:
        """A few places, taken from the first on."""
        bound = max(self._bound, min(self._counted + 1, MOST))
        count = bound if type_.longest is None else min(type_.longest, bound)
        count = max(count, type_.shortest)
        if type_.longest is None or type_.longest > count:
            self.cut_short[re.sub(r"\[\d+\]", "[]", name)] = count
        slots: list[Slot] = []
        for place in range(count):
            at = f"{name}[{place}]"
            present = self.flag(f"{at}?")
            if slots:
                self.domain.append(z3.Implies(present, slots[-1].present))
            slots.append(Slot(present, self._place(at, element)))
        if type_.unique:
            for place, slot in enumerate(slots):
                for other in slots[:place]:
                    different = no(self.same(slot.value.term, other.value.term))  # type: ignore[union-attr]
                    self.domain.append(either(no(both(slot.present, other.present)), different))
        return tuple(slots)

    def _place(self, name: str, type_: ValueType) -> Scalar | Record:
        if type_.kind is not Kind.RECORD:
            return Scalar(True, self._scalar(name, type_))
        return Record(
            {
                f.name: self._unknown(f"{name}.{f.name}", f.type, self.flag(f"has({name}.{f.name})"))
                for f in type_.fields
            }
        )


def _is_text(term: Term) -> bool:
    return bool(z3.is_expr(term) and z3.is_string(term))


def _among(term: Term, codes: list[int]) -> Term:
    if codes == list(range(codes[0], codes[0] + len(codes))):
        return z3.And(term >= codes[0], term <= codes[-1])
    return z3.Or([term == code for code in codes])


def _sum(parts: list[Term]) -> Term:
    return z3.Sum([z3.If(part, 1, 0) for part in parts])
