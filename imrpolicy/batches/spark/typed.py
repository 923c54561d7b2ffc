"""A data frame of Spark as typed columns: every column of the layout, and what of each row cannot be read.

It is read as strictly as `typed` has DuckDB read a file: `7.5` is no whole number and `yes` is not `true`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.mapping import TableMapping
from imrpolicy.batches.spark.text import TEXT_KINDS, from_text, literal, name, unreadable
from imrpolicy.facts import FactDictionary, Kind, ValueType
from imrpolicy.issues import did_you_mean
from imrpolicy.population.columns import Column, columns
from imrpolicy.sql.checks import Known
from imrpolicy.sql.types import spark_type

if TYPE_CHECKING:
    from pyspark.sql.types import DataType, StructType

# By the names that Spark gives types: those that say the same or less, and those that may lose something.
_ADMITTED = {
    Kind.BOOL: ("boolean",),
    Kind.INT: ("tinyint", "smallint", "int", "bigint"),
    Kind.DOUBLE: ("double", "float", "tinyint", "smallint", "int", "bigint", "decimal"),
    Kind.DATE: ("date",),
    Kind.STRING: ("string", "char", "varchar"),
}


@dataclass(frozen=True, slots=True)
class SparkTyped:
    """How a data frame gets the columns of the layout.

    Attributes:
        select: The expressions, each with its name.
        ignored: Columns that nothing reads.
        known: What is known of it before its rows are looked at.
    """

    select: tuple[str, ...]
    ignored: tuple[str, ...]
    known: Known


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of our type.

    Attributes:
        sql: Its expression.
        lost: Whether something is lost by it; none where nothing can be.
    """

    sql: str
    lost: str | None = None


class _NotOursError(Exception):
    """A type that cannot be ours."""


def spark_typed(
    schema: StructType, dictionary: FactDictionary, mapping: TableMapping, where: str
) -> SparkTyped:
    """The expressions that give a data frame the columns of the layout.

    Args:
        schema: Its columns.
        dictionary: The facts.
        mapping: How its columns and values become ours.
        where: The name of the input, for messages.

    Raises:
        BatchError: A column that every row needs is not there, or one has a type that cannot be ours.
    """
    found: dict[str, DataType] = {field.name: field.dataType for field in schema.fields}
    chosen: list[str] = []
    lost: list[tuple[str, str]] = []
    used: set[str] = set()
    present: set[str] = set()
    for column in columns(dictionary):
        theirs = mapping.theirs(column, found, where)
        if theirs is None:
            chosen.append(f"CAST(NULL AS {spark_type(column.type)}) AS {name(column.name)}")
            continue
        used.add(theirs)
        present.add(column.name)
        present |= {f"{column.name}.{field}" for field in _fields(found[theirs], column.type)}
        value = _value_of(column, theirs, found[theirs], mapping, where)
        chosen.append(f"{value.sql} AS {name(column.name)}")
        if value.lost is not None:
            lost.append((value.lost, f"`{column.name}` must be {column.type.in_words()}"))
    marks = [f"({condition}) AS {name(f'unreadable {n}')}" for n, (condition, _) in enumerate(lost)]
    return SparkTyped(
        select=(*chosen, *marks),
        ignored=tuple(sorted(set(found) - used)),
        known=Known(
            unreadable=tuple((f"unreadable {n}", message) for n, (_, message) in enumerate(lost)),
            present=frozenset(present),
        ),
    )


def _value_of(column: Column, theirs: str, found: DataType, mapping: TableMapping, where: str) -> _Value:
    source = name(theirs)
    mapped = mapping.valued(column, f"CAST({source} AS string)", literal)
    try:
        if mapped is None:
            return _typed(source, found, column.type, f"{where}: the records of `{theirs}`")
        return _Value(mapped) if column.type.kind is Kind.STRING else _read(mapped, column.type)
    except _NotOursError:
        wrong = found.simpleString()
        help = "make it a DATE in the right time zone before" if wrong == "timestamp" else "cast it before"
        raise BatchError(
            f"{where}: the column `{theirs}` is {wrong}, and `{column.name}` must be "
            f"{column.type.in_words()} ({spark_type(column.type)}); {help}; nothing was read"
        ) from None


def _typed(source: str, found: Any, type_: ValueType, where: str, depth: int = 0) -> _Value:
    """A value of our type out of one of another.

    Raises:
        _NotOursError: It cannot be.
        BatchError: A record has a field that nothing declares.
    """
    ours, theirs = spark_type(type_), found.simpleString()
    if theirs == ours:
        return _Value(source)
    if theirs == "void":
        return _Value(f"CAST(NULL AS {ours})")
    if theirs in TEXT_KINDS and type_.kind is not Kind.STRING:
        return _read(source, type_, depth)
    if type_.kind is Kind.LIST and type_.element is not None:
        if found.typeName() != "array":
            raise _NotOursError
        each = f"each{depth}"
        element = _typed(each, found.elementType, type_.element, where, depth + 1)
        lost = f"exists({source}, {each} -> {element.lost})" if element.lost is not None else None
        return _Value(f"transform({source}, {each} -> {element.sql})", lost)
    if type_.kind is Kind.RECORD:
        return _record(source, found, type_, where, depth)
    if theirs.partition("(")[0] in _ADMITTED[type_.kind]:
        return _Value(f"CAST({source} AS {ours})")
    return _lossy(source, theirs, type_)


def _record(source: str, found: Any, type_: ValueType, where: str, depth: int) -> _Value:
    if found.typeName() != "struct":
        raise _NotOursError
    there = {field.name: field.dataType for field in found.fields}
    known = {field.name for field in type_.fields}
    for field in there:
        if field not in known:
            raise BatchError(f"{where} have a field `{field}`; {did_you_mean(field, known)}")
    parts, lost = [], []
    for declared in type_.fields:
        value = _Value(f"CAST(NULL AS {spark_type(declared.type)})")
        if declared.name in there:
            inner = f"{source}.{name(declared.name)}"
            value = _typed(inner, there[declared.name], declared.type, where, depth)
        parts.append(f"{literal(declared.name)}, {value.sql}")
        if value.lost is not None:
            lost.append(f"({value.lost})")
    made = f"CASE WHEN {source} IS NOT NULL THEN named_struct({', '.join(parts)}) END"
    return _Value(made, " OR ".join(lost) or None)


def _lossy(source: str, theirs: str, type_: ValueType) -> _Value:
    """Data frames make decimals of whole numbers where some are lacking, and times of dates."""
    if type_.kind is Kind.INT and theirs in ("double", "float"):
        whole = f"try_cast({source} AS bigint)"
        same = f"COALESCE(CAST({whole} AS double) = CAST({source} AS double), FALSE)"
        return _Value(whole, f"{source} IS NOT NULL AND NOT {same}")
    if type_.kind is Kind.DATE and theirs == "timestamp_ntz":
        day = f"CAST({source} AS date)"
        return _Value(day, f"{source} IS NOT NULL AND CAST({day} AS timestamp_ntz) <> {source}")
    raise _NotOursError


def _read(source: str, type_: ValueType, depth: int = 0) -> _Value:
    return _Value(from_text(source, type_, depth), unreadable(source, type_, depth))


def _fields(found: Any, type_: ValueType) -> list[str]:
    """The fields that the records of a list may have; in text it may be any that is declared."""
    if type_.element is None or type_.element.kind is not Kind.RECORD:
        return []
    element = getattr(found, "elementType", None)
    if element is None or element.typeName() != "struct":
        return [field.name for field in type_.element.fields]
    return list(element.names)
