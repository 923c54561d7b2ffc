"""Read the fact dictionary out of the case schema.

The case schema is JSON Schema 2020-12. Its facts lie in `$defs/facts` (by group), `$defs/dates` and
`$defs/request_facts`; the annotations `x-unit`, `x-question` and `x-codes` say what JSON Schema has no word
for.

A fact is described with a few keywords of JSON Schema only. Any other is refused, because `ValueReader` would
not hold a case to it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from imrpolicy.facts.dictionary import DATES, REQUEST, Fact, FactDictionary
from imrpolicy.facts.keywords import SchemaError, check_keywords, check_name, one_type
from imrpolicy.facts.types import Choice, Field, Kind, ValueType

__all__ = ["SchemaError", "dictionary_from", "load_dictionary"]

# Whole numbers in this range convert to decimals without loss, so that the two can be compared.
_EXACT = 2**53


def load_dictionary(path: Path) -> FactDictionary:
    """Read the dictionary from a case schema.

    Args:
        path: The file `case.schema.json`.

    Raises:
        SchemaError: The file is no JSON, or a fact in it has no usable type, unit or range.
        OSError: The file cannot be read.
    """
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SchemaError(f"{path.name}: not valid JSON: {error}") from error
    return dictionary_from(schema)


def dictionary_from(schema: Mapping[str, Any]) -> FactDictionary:
    """Read the dictionary from a case schema that is already plain data.

    Raises:
        SchemaError: A fact has no usable type, unit or range.
    """
    fields = (
        (f"{group}.{name}", _field(f"{group}.{name}", name, definition, required=name in required))
        for group, required, members in _groups(schema)
        for name, definition in members.items()
    )
    facts = tuple(Fact(path=path, index=index, field=field) for index, (path, field) in enumerate(fields))
    return FactDictionary(facts=facts, schema=schema)


def _groups(schema: Mapping[str, Any]) -> Iterator[tuple[str, frozenset[str], Mapping[str, Any]]]:
    """Each group with its required facts and all its facts."""
    try:
        defs = schema["$defs"]
        named = defs["facts"]["properties"]
        if not named.keys().isdisjoint({DATES, REQUEST}):
            raise SchemaError(f"`{DATES}` and `{REQUEST}` have their own place and are no groups of `facts`")
        groups = {DATES: defs["dates"], **named, REQUEST: defs["request_facts"]}
        for group, definition in groups.items():
            check_name(group, group)
            check_keywords(group, definition, "group")
            required = frozenset(definition.get("required", ()))
            if not required <= definition["properties"].keys():
                raise SchemaError(f"`{group}` requires a fact that it does not have")
            yield group, required, definition["properties"]
    except (KeyError, TypeError, AttributeError) as error:
        raise SchemaError(
            "the case schema needs `$defs` with `dates`, `facts` (groups of facts) and `request_facts`"
        ) from error


def _field(path: str, name: str, definition: Mapping[str, Any], *, required: bool = False) -> Field:
    check_name(path, name)
    return Field(
        name=name,
        title=definition.get("title", name.replace("_", " ")),
        description=definition.get("description", ""),
        type=_type(path, definition, nullable=not required),
        question=definition.get("x-question", ""),
        codes=_codes(definition),
        required=required,
    )


def _type(path: str, definition: Mapping[str, Any], *, nullable: bool) -> ValueType:
    if "oneOf" in definition:
        return _enumeration(path, definition, nullable=nullable)
    kind = one_type(path, definition, nullable=nullable)
    check_keywords(path, definition, kind)
    match kind:
        case Kind.INT | Kind.DOUBLE:
            return _number(path, kind, definition)
        case Kind.LIST:
            return _list(path, definition)
        case Kind.RECORD:
            return _record(path, definition)
        case Kind.STRING:
            return ValueType(kind=kind, longest=definition.get("maxLength"))
        case _:
            return ValueType(kind=kind)


def _number(path: str, kind: Kind, definition: Mapping[str, Any]) -> ValueType:
    low, high = definition.get("minimum"), definition.get("maximum")
    for value in (low, high):
        if isinstance(value, str):  # a blank that is not filled in yet
            raise SchemaError(f"`{path}` needs numbers as `minimum` and `maximum`, not `{value}`")
    if low is None or high is None:
        raise SchemaError(f"`{path}` is a number and needs `minimum` and `maximum`")
    if not (math.isfinite(low) and math.isfinite(high) and low <= high):
        raise SchemaError(f"the range of `{path}` is empty or has no end")
    if kind is Kind.INT:
        low, high = math.ceil(low), math.floor(high)
        if not -_EXACT <= low <= high <= _EXACT:
            raise SchemaError(f"the range of `{path}` must lie within plus and minus 2 to the power of 53")
    else:
        low, high = float(low), float(high)
    return ValueType(kind=kind, unit=definition.get("x-unit"), minimum=low, maximum=high)


def _list(path: str, definition: Mapping[str, Any]) -> ValueType:
    element = _type(f"{path}[]", definition.get("items", {}), nullable=False)
    unique = definition.get("uniqueItems", False)
    if unique and element.kind in (Kind.LIST, Kind.RECORD):
        raise SchemaError(f"`uniqueItems` of `{path}` is for lists of plain values only")
    return ValueType(
        kind=Kind.LIST,
        element=element,
        shortest=definition.get("minItems", 0),
        longest=definition.get("maxItems"),
        unique=unique,
    )


def _record(path: str, definition: Mapping[str, Any]) -> ValueType:
    if not path.endswith("[]"):
        raise SchemaError(f"`{path}` is a record outside a list, which no expression can look into")
    members = definition.get("properties", {})
    return ValueType(
        kind=Kind.RECORD,
        fields=tuple(_field(f"{path}.{name}", name, member) for name, member in members.items()),
    )


def _enumeration(path: str, definition: Mapping[str, Any], *, nullable: bool) -> ValueType:
    check_keywords(path, definition, "enumeration")
    options = definition["oneOf"]
    named = [option for option in options if option.get("type") != "null"]
    if not named or not all(isinstance(option.get("const"), str) for option in named):
        raise SchemaError(f"each value of the enumeration `{path}` needs `const` (a text) and `title`")
    if len({option["const"] for option in named}) != len(named):
        raise SchemaError(f"the enumeration `{path}` has a value twice")
    if len(options) != len(named) + nullable:
        raise SchemaError(_null_rule(path, nullable=nullable))
    for option in named:
        check_keywords(path, option, "choice")
    choices = tuple(
        Choice(value=option["const"], label=option.get("title", option["const"]), codes=_codes(option))
        for option in named
    )
    return ValueType(kind=Kind.STRING, choices=choices)


def _null_rule(path: str, *, nullable: bool) -> str:
    if nullable:
        return f'`{path}` needs `{{"type": "null"}}` among its values: a fact can always be undocumented'
    return f"`{path}` must not have `null` among its values"


def _codes(definition: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    codes = definition.get("x-codes", {})
    return tuple((system, tuple(values)) for system, values in codes.items())
