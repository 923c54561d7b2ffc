"""The table layout of a population: one row is one request of one case, one column is one fact.

A fact `pain.radicular` is the column `pain__radicular`; a value that is NULL, and a column that is not there,
is not documented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from imrpolicy.facts import STRING, Choice, Fact, FactDictionary, Kind, ValueType

if TYPE_CHECKING:
    import pyarrow as pa

# Two underscores, so that no name of a group or fact can be mistaken for the seam.
SEAM = "__"
CASE_ID, REQUEST_ID = "case_id", "request_id"
JURISDICTION, REVIEW, TIMING = "jurisdiction", "review", "timing"
CONFLICTING = "conflicting"
# Without these a row says nothing: whose request it is, and under whose rules.
REQUIRED = (CASE_ID, REQUEST_ID, JURISDICTION)

_LISTED = ValueType(kind=Kind.LIST, element=STRING, unique=True)
_ABOUT = {
    CASE_ID: "The case.",
    REQUEST_ID: "The request within the case; the pair is the row's name.",
    JURISDICTION: "Under whose rules it is decided.",
    REVIEW: "The kind of review; not given, it is `imr`.",
    TIMING: "Whether the service was performed already; not given, it is `prospective`.",
    CONFLICTING: "The facts, such as `pain.radicular`, on which the records contradict each other; their own "
    "columns are NULL.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a population.

    Attributes:
        name: Its name.
        type: The type of its values.
        fact: The fact that it holds; none for what identifies the request and says how it is reviewed.
        meaning: What it holds, for people.
        required: Whether every row must give it.
        values: The values that it can have, each with a label; empty where any of its type may be.
    """

    name: str
    type: ValueType
    fact: Fact | None = None
    meaning: str = ""
    required: bool = False
    values: tuple[tuple[str, str], ...] = ()


def column_of(path: str) -> str:
    """The column of a fact.

    >>> column_of("pain.radicular")
    'pain__radicular'
    """
    return path.replace(".", SEAM)


def columns(dictionary: FactDictionary) -> tuple[Column, ...]:
    """The columns of a population, in order: the request, its review, every fact, what is in conflict."""
    words = {name: _words(dictionary, name) for name in (JURISDICTION, REVIEW, TIMING)}
    first = [
        Column(
            name=name,
            type=STRING,
            meaning=_ABOUT[name],
            required=name in REQUIRED,
            values=words.get(name, ()),
        )
        for name in (*REQUIRED, REVIEW, TIMING)
    ]
    facts = [
        Column(
            name=column_of(fact.path),
            type=fact.type,
            fact=fact,
            meaning=fact.title,
            required=fact.field.required,
            values=tuple((choice.value, choice.label) for choice in _choices(fact.type)),
        )
        for fact in dictionary.facts
    ]
    last = Column(name=CONFLICTING, type=_LISTED, meaning=_ABOUT[CONFLICTING])
    return (*first, *facts, last)


def arrow_schema(dictionary: FactDictionary) -> pa.Schema:
    """The columns of a population as an Arrow schema."""
    import pyarrow as pa

    return pa.schema([pa.field(column.name, arrow_type(column.type)) for column in columns(dictionary)])


def arrow_type(type_: ValueType) -> pa.DataType:
    """The Arrow type of a value: BIGINT, DOUBLE, BOOLEAN, DATE, VARCHAR, LIST or LIST(STRUCT)."""
    import pyarrow as pa

    match type_.kind:
        case Kind.LIST if type_.element is not None:
            return pa.list_(arrow_type(type_.element))
        case Kind.RECORD:
            return pa.struct([pa.field(item.name, arrow_type(item.type)) for item in type_.fields])
        case _:
            plain = {
                Kind.BOOL: pa.bool_(),
                Kind.INT: pa.int64(),
                Kind.DOUBLE: pa.float64(),
                Kind.DATE: pa.date32(),
            }
            return plain.get(type_.kind, pa.string())


def _choices(type_: ValueType) -> tuple[Choice, ...]:
    inner = type_.element or type_
    return inner.choices


def _words(dictionary: FactDictionary, name: str) -> tuple[tuple[str, str], ...]:
    """The words that the case schema declares for a key of the case."""
    properties = dictionary.schema.get("properties", {})
    declared = properties.get(name, {}) if isinstance(properties, dict) else {}
    options = declared.get("oneOf", ()) if isinstance(declared, dict) else ()
    return tuple((option["const"], option.get("title", option["const"])) for option in options)
