"""The types of values that a fact or an expression can have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kind of a value."""

    BOOL = "bool"
    INT = "int"
    DOUBLE = "double"
    STRING = "string"
    DATE = "date"
    LIST = "list"
    RECORD = "record"


_PLAIN: dict[str, str] = {
    Kind.BOOL: "true or false",
    Kind.INT: "a whole number",
    Kind.DOUBLE: "a decimal number",
    Kind.STRING: "text",
    Kind.DATE: "a date",
    Kind.LIST: "a list",
    Kind.RECORD: "a record",
    "enumeration": "one of a fixed set of values",
}
_PLURAL: dict[str, str] = {
    Kind.BOOL: "truth values",
    Kind.INT: "whole numbers",
    Kind.DOUBLE: "decimal numbers",
    Kind.STRING: "texts",
    Kind.DATE: "dates",
    Kind.LIST: "lists",
    Kind.RECORD: "records",
    "enumeration": "values out of a fixed set",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of an enumeration.

    Attributes:
        value: The value as cases and expressions write it.
        label: What it means, for people.
        codes: Billing or diagnosis codes by code system, such as `{"cpt": ("64493",)}`.
    """

    value: str
    label: str
    codes: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueType:
    """The type of a value: its kind, and what is known of it before any case is seen.

    Attributes:
        kind: What kind of value it is.
        unit: The unit of a number, such as `days`; none for a bare number.
        minimum: The least value that a number can have, where one is known.
        maximum: The greatest value that a number can have, where one is known.
        choices: The values of an enumeration; empty for free text.
        element: The type of a list's elements.
        fields: The fields of a record, by name.
        longest: The most characters of a text, or elements of a list, where there is a limit.
        shortest: The fewest elements of a list.
        unique: Whether no two elements of a list are the same.
    """

    kind: Kind
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Choice, ...] = ()
    element: ValueType | None = None
    fields: tuple[Field, ...] = ()
    longest: int | None = None
    shortest: int = 0
    unique: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a whole or a decimal number."""
        return self.kind in (Kind.INT, Kind.DOUBLE)

    @property
    def is_enumeration(self) -> bool:
        """Whether it is text out of a fixed set of values."""
        return bool(self.choices)

    def field_named(self, name: str) -> Field | None:
        """The field of a record with this name, or none."""
        return next((item for item in self.fields if item.name == name), None)

    def in_words(self) -> str:
        """The type for people, such as `a whole number of days`."""
        if self.kind is Kind.LIST and self.element is not None:
            return f"a list of {_words(self.element, _PLURAL)}"
        return _words(self, _PLAIN)


def _words(type_: ValueType, words: dict[str, str]) -> str:
    if type_.is_enumeration:
        return words["enumeration"]
    unit = {None: "", "percent": " in percent"}.get(type_.unit, f" of {type_.unit}")
    return words[type_.kind] + unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One named, typed value: a fact of the dictionary, or a field of a record in a list.

    Attributes:
        name: The name within its group or record.
        title: A short label for people.
        type: The type of its value.
        description: What exactly it means.
        question: The question that obtains it from a person; may be empty.
        codes: Billing or diagnosis codes by code system.
        required: Whether every case must give it, such as the service of a request.
    """

    name: str
    title: str
    type: ValueType
    description: str = ""
    question: str = ""
    codes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    required: bool = False


BOOL = ValueType(kind=Kind.BOOL)
INT = ValueType(kind=Kind.INT)
DOUBLE = ValueType(kind=Kind.DOUBLE)
STRING = ValueType(kind=Kind.STRING)
DATE = ValueType(kind=Kind.DATE)
