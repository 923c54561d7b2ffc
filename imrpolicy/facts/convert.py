"""How each type of value is checked, and the form that expressions read it in."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Container, Mapping
from functools import lru_cache
from typing import Any

from imrpolicy.facts.dictionary import label, number
from imrpolicy.facts.types import Kind, ValueType
from imrpolicy.issues import did_you_mean

Convert = Callable[[Any], Any]
# Python's own reader takes more forms (20130620, 2013-W25-4) than the case schema does.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_LENGTH = 10
_NUMBER = re.compile(r"\s*(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)\b")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class WrongValueError(ValueError):
    """A value that the dictionary does not admit.

    Attributes:
        message: What is wrong, in plain words.
        help: What to do next; may be empty.
        path: Where inside the value.
    """

    def __init__(self, message: str, help: str = "", path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.path = path


def converter(type_: ValueType) -> Convert:
    """The function that checks a value of a type and gives it the form that expressions read.

    Dates become `datetime.date`, decimals `float`, lists tuples, and fields that are null disappear.
    """
    match type_.kind:
        case Kind.BOOL:
            return _bool
        case Kind.INT:
            return _int_converter(type_)
        case Kind.DOUBLE:
            return _double_converter(type_)
        case Kind.STRING:
            return _choice_converter(type_) if type_.choices else _text_converter(type_)
        case Kind.DATE:
            return _date
        case Kind.LIST:
            return _list_converter(type_)
        case Kind.RECORD:
            return _record_converter(type_)


def plain_values(type_: ValueType) -> tuple[type, Container[Any]]:
    """The Python type of the plain values of a type, and those among them that need no conversion."""
    if type_.kind is Kind.BOOL:
        return bool, (True, False)
    if type_.kind is Kind.INT:
        return int, range(int(type_.minimum or 0), int(type_.maximum or 0) + 1)
    return str, frozenset(choice.value for choice in type_.choices)


def _bool(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise WrongValueError(f"{_shown(value)} must be true or false")


def _int_converter(type_: ValueType) -> Convert:
    low, high = type_.minimum, type_.maximum
    assert low is not None and high is not None  # noqa: S101, PT018 - the schema reader insists

    def convert(value: Any) -> int:
        if type(value) is not int:
            # JSON has one kind of number, so that 5.0 is as whole as 5.
            if not (isinstance(value, float) and value.is_integer()):
                raise WrongValueError(f"{_shown(value)} must be {type_.in_words()}", _digits_of(value))
            value = int(value)
        if low <= value <= high:
            return int(value)
        raise _out_of_range(type_, value)

    return convert


def _double_converter(type_: ValueType) -> Convert:
    low, high = type_.minimum, type_.maximum
    assert low is not None and high is not None  # noqa: S101, PT018 - the schema reader insists

    def convert(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WrongValueError(f"{_shown(value)} must be {type_.in_words()}", _digits_of(value))
        # NaN is in no range; a whole number too large for a decimal is refused before it is converted.
        if low <= value <= high:
            return float(value)
        raise _out_of_range(type_, value)

    return convert


def _digits_of(value: Any) -> str:
    """The next step for a number that is written with its unit, or in quotes."""
    found = _NUMBER.match(value) if isinstance(value, str) else None
    return f"write the number alone: `{found[1]}`" if found else ""


def _out_of_range(type_: ValueType, value: float) -> WrongValueError:
    low, high = label(type_, type_.minimum), label(type_, type_.maximum)
    return WrongValueError(f"{_shown(value)} is out of range", f"it lies between {low} and {high}")


def _choice_converter(type_: ValueType) -> Convert:
    values = {choice.value: choice.value for choice in type_.choices}

    def convert(value: Any) -> str:
        try:
            return values[value]
        except (KeyError, TypeError):
            help = did_you_mean(value[:100], values) if isinstance(value, str) else ""
            help = help or "its values are " + ", ".join(f"`{name}`" for name in values)
            raise WrongValueError(f"{_shown(value)} is not one of its values", help) from None

    return convert


def _text_converter(type_: ValueType) -> Convert:
    longest = type_.longest

    def convert(value: Any) -> str:
        if not isinstance(value, str):
            raise WrongValueError(f"{_shown(value)} must be text", "put it in quotes")
        if longest is not None and len(value) > longest:
            raise WrongValueError(f"the text is longer than {longest} characters")
        if not value.isascii() and _SURROGATE.search(value):
            raise WrongValueError("the text has half a character in it", "write it anew, as Unicode")
        return value

    return convert


def _date(value: Any) -> dt.date:
    if isinstance(value, str):
        day = _day(value) if len(value) == _DATE_LENGTH else None
        if day is not None:
            return day
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise WrongValueError(f"{_shown(value)} is not a date", "write it as year, month, day: 2013-06-20")


@lru_cache(maxsize=10_000)  # the days of thirty years, on which cases come back again and again
def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _list_converter(type_: ValueType) -> Convert:
    assert type_.element is not None  # noqa: S101 - the schema reader insists
    element = converter(type_.element)

    def convert(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            help = "write `[a, b]`, or a line with `- ` for each element"
            raise WrongValueError(f"{_shown(value)} must be a list", help)
        _check_length(type_, len(value))
        result = []
        for position, item in enumerate(value):
            try:
                result.append(element(item))
            except WrongValueError as error:
                raise WrongValueError(error.message, error.help, (position, *error.path)) from None
        if type_.unique and len(set(result)) < len(result):
            raise WrongValueError("the list names something twice", "keep one of the two")
        return tuple(result)

    return _with_short_cut(type_, type_.element, convert)


def _with_short_cut(type_: ValueType, element: ValueType, convert: Convert) -> Convert:
    """A converter of lists that leaves to another one what is not plain or not right."""
    known = {choice.value: choice.value for choice in element.choices}.__getitem__
    take = known if element.choices else converter(element)
    least, unique = type_.shortest, type_.unique
    most = math.inf if type_.longest is None else type_.longest

    def short_cut(value: Any) -> Any:
        if type(value) is list and least <= len(value) <= most:
            try:
                found = tuple(map(take, value))
            except (KeyError, TypeError, WrongValueError):
                return convert(value)
            if not unique or len(set(found)) == len(found):
                return found
        return convert(value)

    return short_cut


def _check_length(type_: ValueType, length: int) -> None:
    if type_.longest is not None and length > type_.longest:
        raise WrongValueError(f"the list has more than {type_.longest} elements")
    if length < type_.shortest:
        help = "leave the fact out where the records do not say"
        raise WrongValueError(f"the list needs at least {number(type_.shortest, 'elements')}", help)


def _record_converter(type_: ValueType) -> Convert:
    fields = {item.name: converter(item.type) for item in type_.fields}
    plain = {item.name: plain_values(item.type) for item in type_.fields}

    def convert(value: Any) -> dict[str, Any]:
        if type(value) is not dict and not isinstance(value, Mapping):
            raise WrongValueError(f"{_shown(value)} must be a mapping of fields to values")
        result = {}
        for name, item in value.items():
            kind, known = plain.get(name) or (None, ())
            if type(item) is kind and item in known:
                result[name] = item
            elif (found := _field_value(fields, name, item)) is not None:
                result[name] = found
        return result

    return convert


def _field_value(fields: Mapping[str, Convert], name: Any, item: Any) -> Any:
    if not isinstance(name, str):
        raise WrongValueError("there is a key here that is no text", "put it in quotes")
    if name not in fields:
        raise WrongValueError(f"there is no field `{name[:60]}`", did_you_mean(name[:100], fields), (name,))
    if item is None:
        return None
    try:
        return fields[name](item)
    except WrongValueError as error:
        raise WrongValueError(error.message, error.help, (name, *error.path)) from None


def _shown(value: Any) -> str:
    if value is None:
        return "an empty value"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, int) and abs(value) > 10**30:
        return "a number of more than 30 digits"  # Python refuses to write out the longest ones
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"`{text[:60]}…`" if len(text) > 60 else f"`{text}`"
