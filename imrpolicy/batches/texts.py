"""Values out of text, as CSV and JSON lines have them, read strictly: `7.5` is no whole number."""

from __future__ import annotations

from imrpolicy.batches.readers import name, quoted
from imrpolicy.facts import Kind, ValueType
from imrpolicy.sql.types import duckdb_type

_WHOLE = r"\s*[+-]?[0-9]+(\.0+)?\s*"
_NUMBER = r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PATTERNS = {Kind.INT: _WHOLE, Kind.DOUBLE: _NUMBER, Kind.DATE: _DAY, Kind.BOOL: "(?i)true|false"}


def from_text(source: str, type_: ValueType) -> str:
    """A value read from text; lists are JSON."""
    if type_.kind is Kind.LIST:
        return f"TRY(json_transform(CAST({source} AS JSON), {quoted(_json_type(type_))}))"
    return f"TRY_CAST({source} AS {duckdb_type(type_)})"


def _json_type(type_: ValueType) -> str:
    if type_.kind is Kind.LIST and type_.element is not None:
        return f"[{_json_type(type_.element)}]"
    if type_.kind is Kind.RECORD:
        return "{" + ", ".join(f'"{f.name}": {_json_type(f.type)}' for f in type_.fields) + "}"
    return f'"{duckdb_type(type_)}"'


def is_unreadable(source: str, type_: ValueType) -> str:
    """Whether a text is there and is no value of a type."""
    if type_.kind is not Kind.LIST or type_.element is None:
        plain = f"regexp_full_match({source}, {quoted(_PATTERNS[type_.kind])})"
        return f"{source} IS NOT NULL AND (NOT {plain} OR {from_text(source, type_)} IS NULL)"
    json = f"TRY_CAST({source} AS JSON)"
    is_list = f"COALESCE(json_type({json}) = 'ARRAY', FALSE)"
    listed = f"json_extract({json}, '$[*]')"
    bad = [f"NOT {is_list}", f"len(list_filter({listed}, lambda x: json_type(x) = 'NULL')) > 0"]
    if type_.element.kind is Kind.RECORD:
        bad.append(_bad_records(source, listed, type_))
    else:
        texts = f"json_extract_string({json}, '$[*]')"
        bad.append(_bad_texts(texts, f"list_filter({from_text(source, type_)}, lambda x: x IS NOT NULL)",
                              type_.element))  # fmt: skip
    return f"{source} IS NOT NULL AND ({' OR '.join(bad)})"


def _bad_records(source: str, listed: str, type_: ValueType) -> str:
    """Whether a list of records has a field that is not declared, or one of another type."""
    assert type_.element is not None  # noqa: S101 - the caller looked
    known = ", ".join(quoted(field.name) for field in type_.element.fields)
    bad = [
        f"len(list_filter({listed}, lambda x: json_type(x) <> 'OBJECT')) > 0",
        f"NOT list_has_all([{known}], flatten(list_transform({listed}, lambda x: json_keys(x))))",
    ]
    value = from_text(source, type_)
    for field in type_.element.fields:
        path = quoted(f"$[*].{field.name}")
        texts = f"list_filter(json_extract_string({source}, {path}), lambda x: x IS NOT NULL)"
        kept = f"list_filter({value}, lambda x: x.{name(field.name)} IS NOT NULL)"
        bad.append(_bad_texts(texts, kept, field.type))
    return " OR ".join(bad)


def _bad_texts(texts: str, kept: str, type_: ValueType) -> str:
    """Whether some texts of JSON were not all read, or one is not written as its type is."""
    lost = f"COALESCE(len({texts}), 0) <> COALESCE(len({kept}), 0)"
    if type_.kind not in _PATTERNS:
        return lost
    pattern = quoted(_PATTERNS[type_.kind])
    return f"{lost} OR len(list_filter({texts}, lambda x: NOT regexp_full_match(x, {pattern}))) > 0"
