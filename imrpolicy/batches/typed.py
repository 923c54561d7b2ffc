"""A part as typed columns: every column of the layout, NULL where the part lacks it, and what cannot be read.

Texts, as CSV and JSON lines have them, are read strictly: `7.5` is no whole number and `yes` is not `true`.
"""
# ruff: noqa: S608 - every name and text that goes into SQL is quoted

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.mapping import TableMapping
from imrpolicy.batches.readers import name, quoted
from imrpolicy.batches.texts import from_text, is_unreadable
from imrpolicy.facts import FactDictionary, Kind, ValueType
from imrpolicy.issues import did_you_mean
from imrpolicy.population.columns import CASE_ID, REQUEST_ID, Column, columns
from imrpolicy.sql.checks import Known
from imrpolicy.sql.types import duckdb_type

# What DuckDB calls the types that a column may have, beside text that says the same.
_ADMITTED = {
    Kind.BOOL: ("BOOLEAN",),
    Kind.INT: ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"),
    Kind.DOUBLE: ("DOUBLE", "FLOAT", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DECIMAL"),
    Kind.DATE: ("DATE",),
    Kind.STRING: ("VARCHAR", "ENUM"),
}
# Types that hold every whole number of ours, and values that are none.
_WIDER = ("DOUBLE", "FLOAT", "DECIMAL", "UBIGINT", "HUGEINT", "UHUGEINT")
# The type of a column, or of the elements of a list, of which nothing is documented.
_NOTHING = '"NULL"'
_LISTED = re.compile(r"(.*)\[\d*\]", re.DOTALL)
_FIELD = re.compile(r'("(?:[^"]|"")+"|\S+)\s+(.+)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Typed:
    """The SQL of a typed part.

    Attributes:
        select: The columns of the layout, and `row_number`.
        ignored: Columns of the part that nothing reads.
        known: What is known of it before its rows are looked at.
    """

    select: str
    ignored: tuple[str, ...]
    known: Known


def typed(
    raw: str,
    found: Mapping[str, str],
    dictionary: FactDictionary,
    mapping: TableMapping,
    where: str,
    needed: frozenset[str] | None = None,
    within: frozenset[str] = frozenset(),
) -> Typed:
    """The SQL that gives a part the columns of the layout.

    Args:
        raw: The SQL that reads it.
        found: The types of its columns, as DuckDB names them.
        dictionary: The facts.
        mapping: How its columns and values become ours.
        where: The name of the part, for messages.
        needed: The fields of records that are read, such as `history.prior_blocks[].kind`; a list whose
            records have these stays as it is. None where all may be read.
        within: Our names of what is known to hold nothing out of range.

    Raises:
        BatchError: A column that every row needs is not there, or one has a type that cannot be ours.
    """
    chosen: list[str] = []
    unreadable: list[tuple[str, str]] = []
    used: set[str] = {"row_number"}
    present: set[str] = set()
    for column in columns(dictionary):
        theirs = mapping.theirs(column, found, where)
        if theirs is None:
            chosen.append(f"CAST(NULL AS {duckdb_type(column.type)}) AS {name(column.name)}")
            continue
        used.add(theirs)
        present.add(column.name)
        present |= {f"{column.name}.{field}" for field in _fields(found[theirs], column.type)}
        source, type_ = name(theirs), found[theirs]
        mapped = mapping.valued(column, f"CAST({source} AS VARCHAR)", quoted)
        if mapped is not None:
            source, type_ = mapped, "VARCHAR"
        if type_ in ("VARCHAR", "JSON") and column.type.kind is not Kind.STRING:
            chosen.append(f"{from_text(source, column.type)} AS {name(column.name)}")
            message = f"`{column.name}` must be {column.type.in_words()}"
            unreadable.append((is_unreadable(source, column.type), message))
        elif _is_admitted(type_, column):
            _check_fields(theirs, type_, column, where)
            losses = list(_losses(source, type_, column))
            unreadable += losses
            if losses:
                source = f"TRY_CAST({source} AS {duckdb_type(column.type)})"
            elif needed is None or not _has_needed(type_, column, needed):
                source = f"CAST({source} AS {duckdb_type(column.type)})"
            chosen.append(f"{source} AS {name(column.name)}")
        else:
            what = f"the column `{theirs}` is {type_}, and `{column.name}`"
            raise BatchError(_wrong_type(what, column.type, where))
    ignored = tuple(sorted(set(found) - used))
    # What cannot be read is found on the texts, so they are kept beside the values.
    marks = [
        f"({condition}) AS {name(f'unreadable {number}')}" for number, (condition, _) in enumerate(unreadable)
    ]
    select = f"SELECT row_number, {', '.join([*chosen, *marks])} FROM ({raw})"
    texts = tuple((name(f"unreadable {number}"), message) for number, (_, message) in enumerate(unreadable))
    return Typed(select, ignored, Known(unreadable=texts, present=frozenset(present), within=within))


def _losses(source: str, found: str, column: Column) -> Iterator[tuple[str, str]]:
    """The conditions under which a column, or a field of its records, would lose something."""
    inner = column.type.element
    if inner is None:
        parts = [(source, found, column.type, column.name)]
    elif inner.kind is Kind.RECORD:
        there = field_types(found)
        parts = [
            (f"x.{name(f.name)}", there[f.name], f.type, f"{column.name}.{f.name}")
            for f in inner.fields
            if f.name in there
        ]
    else:
        listed = _LISTED.fullmatch(found)
        parts = [("x", listed[1] if listed else _NOTHING, inner, column.name)]
    for value, type_, ours, what in parts:
        loss = _loss(value, type_, ours)
        if loss is not None and inner is not None:
            loss = f"COALESCE(list_contains(list_transform({source}, lambda x: {loss}), TRUE), FALSE)"
        if loss is not None:
            yield loss, f"`{what}` must be {ours.in_words()}"


def _loss(source: str, found: str, type_: ValueType) -> str | None:
    """Whether a value would lose something; none where the type of the column is not a wider one.

    Data frames make decimals of whole numbers where some are lacking, and times of dates.
    """
    if type_.kind is Kind.INT and found.partition("(")[0] in _WIDER:
        kept = f"CAST(TRY_CAST({source} AS BIGINT) AS {found})"
        return f"{source} IS NOT NULL AND {source} IS DISTINCT FROM {kept}"
    if type_.kind is Kind.DATE and found.startswith("TIMESTAMP") and "TIME ZONE" not in found:
        return f"{source} IS NOT NULL AND CAST({source} AS TIME) <> TIME '00:00:00'"
    return None


def _is_admitted(found: str, column: Column) -> bool:
    """Whether a column can have a type; other programs number what we name."""
    numbered = column.name in (CASE_ID, REQUEST_ID) and found in _ADMITTED[Kind.INT]
    return numbered or _may_be(found, column.type)


def _may_be(found: str, type_: ValueType) -> bool:
    if found == _NOTHING:
        return True
    if type_.kind is Kind.LIST and type_.element is not None:
        listed = _LISTED.fullmatch(found)
        return listed is not None and _may_be(listed[1], type_.element)
    if type_.kind is Kind.RECORD:
        return found.startswith("STRUCT(")
    return found.partition("(")[0] in _ADMITTED[type_.kind] or _loss("x", found, type_) is not None


def _check_fields(theirs: str, found: str, column: Column, where: str) -> None:
    """Fail where records have a field of a wrong type, or one that nothing declares: it would be lost."""
    inner = column.type.element
    if inner is None or inner.kind is not Kind.RECORD:
        return
    known = {field.name: field.type for field in inner.fields}
    for field, type_ in field_types(found).items():
        if field not in known:
            help = did_you_mean(field, known)
            raise BatchError(f"{where}: the records of `{theirs}` have a field `{field}`; {help}")
        if not _may_be(type_, known[field]):
            what = f"the field `{field}` of `{theirs}` is {type_}, and `{column.name}.{field}`"
            raise BatchError(_wrong_type(what, known[field], where))


def _has_needed(found: str, column: Column, needed: frozenset[str]) -> bool:
    """Whether records have the fields that are needed of them, each with its own type."""
    record = column.type.element
    if record is None or record.kind is not Kind.RECORD or column.fact is None:
        return False
    types = {field.name: duckdb_type(field.type) for field in record.fields}
    there = field_types(found)
    prefix = f"{column.fact.path}[]."
    read = {path.removeprefix(prefix) for path in needed if path.startswith(prefix)}
    return all(types[field] == type_ for field, type_ in there.items()) and read <= there.keys()


def _fields(found: str, type_: ValueType) -> list[str]:
    """The fields that the records of a list may have; in text it may be any that is declared."""
    if type_.element is None or type_.element.kind is not Kind.RECORD:
        return []
    return list(field_types(found)) if "(" in found else [field.name for field in type_.element.fields]


def field_types(found: str) -> dict[str, str]:
    """The types of the fields of a record or a list of records, as DuckDB writes its type.

    >>> field_types('STRUCT(kind VARCHAR, "my level" STRUCT(a BIGINT, b DATE))[]')
    {'kind': 'VARCHAR', 'my level': 'STRUCT(a BIGINT, b DATE)'}
    """
    if "(" not in found:  # a list in which there are no records
        return {}
    types, depth, start = {}, 0, 0
    inside = found[found.index("(") + 1 : found.rindex(")")]
    for position, sign in enumerate(inside + ","):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            field = _FIELD.fullmatch(inside[start:position].strip())
            if field is not None:
                types[field[1].strip('"').replace('""', '"')] = field[2]
            start = position + 1
    return types


def _wrong_type(what: str, type_: ValueType, where: str) -> str:
    return f"{where}: {what} must be {type_.in_words()} ({duckdb_type(type_)}); nothing was read"
