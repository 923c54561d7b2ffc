"""The values of a fact that expressions can tell apart: both sides of every boundary, and nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from imrpolicy.expression import Node, walk
from imrpolicy.expression.nodes import (
    Compare,
    Constant,
    Contains,
    FactValue,
    FieldValue,
    ListConstant,
    TimeBetween,
)
from imrpolicy.facts import Fact, Kind, ValueType

_DAY = dt.timedelta(days=1)
# More elements than this are not tried in a list that is made up.
_MOST_ELEMENTS = 3
# Of an enumeration with more values than this in the records of a list, only those that matter are tried.
_FEW = 6


class Vocabulary:
    """What some expressions compare facts with, and which fields of records they read.

    Args:
        nodes: The expressions.
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._kept: dict[str, tuple[Any, ...]] = {}
        self._near: dict[str, set[Any]] = {}
        self._fields: set[str] = set()
        self._days: set[int] = set()
        for node in nodes:
            for item in walk(node):
                self._look(item)

    def _look(self, node: Node) -> None:
        match node:
            case FieldValue():
                self._fields.add(node.path)
            case Contains(container=ListConstant() as values):
                for constant in values.elements:
                    self._near.setdefault(_name(node.element), set()).add(constant.value)
            case Compare():
                for side, other in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(other, Constant):
                        self._near.setdefault(_name(side), set()).add(other.value)
                        if isinstance(side, TimeBetween) and isinstance(other.value, int):
                            self._days.add(side.days * other.value)

    def near(self, path: str) -> set[Any]:
        """The constants with which a fact or a field is compared, and those of compared calculations."""
        return self._near.get(path, set()) | self._near.get("", set())

    def reads(self, path: str) -> bool:
        """Whether a field of the records of a list matters."""
        return path in self._fields

    def days(self, row: Sequence[Any]) -> set[dt.date]:
        """The dates of a case, and the days on which a length of time from one of them is reached."""
        known = {value for value in row if isinstance(value, dt.date)}
        spans = [dt.timedelta(days=length) for length in self._days]
        return known | {day + sign * span for day in known for span in spans for sign in (-1, 1)}

    def values(self, fact: Fact, row: Sequence[Any]) -> tuple[Any, ...]:
        """The values of a fact worth trying, in the form of a row; None, not documented, is the last."""
        if fact.type.kind is Kind.DATE:
            near = self.near(fact.path) | self.days(row)
            return (*dict.fromkeys(_values(fact.type, near)), None)
        if fact.path not in self._kept:  # asked for 100,000 times, and only days depend on the case
            self._kept[fact.path] = (*dict.fromkeys(_values(fact.type, self.near(fact.path))), None)
        return self._kept[fact.path]

    def lists(self, fact: Fact, row: Sequence[Any]) -> Iterator[Any]:
        """A list with one slip: an element gone, one more, or of a record a field with another value.

        A record is changed where it is, in a copy beside it, and alone.
        """
        value, element = row[fact.index], fact.type.element
        if element is not None and element.kind is Kind.RECORD and not value:
            seed = self._seed(element, fact.path, row)
            yield from ((record,) for record in (seed, *self._records(element, seed, fact.path, row)))
            yield (seed, seed)
        if element is None or not isinstance(value, tuple):
            return
        for position in range(len(value)):
            rest = value[:position] + value[position + 1 :]
            if len(rest) >= fact.type.shortest:
                yield rest
        may_grow = len(value) < (fact.type.longest or 0)
        if element.kind is not Kind.RECORD:
            more = [item for item in _values(element, set()) if item not in value] if may_grow else []
            yield from ((*value, item) for item in more)
            return
        for position, record in enumerate(value):
            if may_grow:
                yield (*value, record)
            for other in self._records(element, record, fact.path, row):
                yield (*value[:position], other, *value[position + 1 :])
                if may_grow:
                    yield (*value, other)
                if len(value) > 1 and fact.type.shortest <= 1:
                    yield (other,)

    def _seed(self, element: ValueType, path: str, row: Sequence[Any]) -> dict[str, Any]:
        """A record made up for a list that has none: of each field that matters what it is compared with."""
        seed = {}
        for field in element.fields:
            place = f"{path}[].{field.name}"
            if self.reads(place):
                near = self.near(place) | (self.days(row) if field.type.kind is Kind.DATE else _texts_in(row))
                seed[field.name] = next(_values(field.type, near, few=True))
        return seed

    def _records(
        self, element: ValueType, record: dict[str, Any], path: str, row: Sequence[Any]
    ) -> Iterator[dict[str, Any]]:
        """A record with another value in one of the fields that matter, or without it."""
        listed = _texts_in(row)
        for field in element.fields:
            place = f"{path}[].{field.name}"
            if not self.reads(place):
                continue
            near = self.near(place) | (self.days(row) if field.type.kind is Kind.DATE else listed)
            for other in dict.fromkeys(_values(field.type, near, few=True)):
                if other != record.get(field.name):
                    yield {**record, field.name: other}
            if field.name in record and not field.required:
                yield {key: value for key, value in record.items() if key != field.name}


def _texts_in(row: Sequence[Any]) -> set[Any]:
    """The texts of a case, those in its lists included."""
    lists = (value if isinstance(value, tuple) else (value,) for value in row)
    return {item for values in lists for item in values if isinstance(item, str)}


def _name(node: Node) -> str:
    match node:
        case FactValue():
            return node.fact.path
        case FieldValue():
            return node.path
        case _:
            return ""


def _values(type_: ValueType, near: set[Any], *, few: bool = False) -> Iterator[Any]:
    match type_.kind:
        case Kind.BOOL:
            yield from (True, False)
        case Kind.INT | Kind.DOUBLE:
            yield from _numbers(type_, near)
        case Kind.STRING:
            yield from _texts(type_, near, few=few)
        case Kind.DATE:
            days = [value for value in near if isinstance(value, dt.date)] or [dt.date(2020, 6, 15)]
            yield from (day + delta for day in sorted(days) for delta in (-_DAY, 0 * _DAY, _DAY))
        case Kind.LIST if type_.element is not None and type_.element.kind is not Kind.RECORD:
            if not type_.shortest:
                yield ()
            inner = list(dict.fromkeys(_values(type_.element, near)))
            yield from ((value,) for value in inner)
            if len(inner) > 1:
                yield tuple(inner[:_MOST_ELEMENTS])
        case _:
            if not type_.shortest:
                yield ()


def _texts(type_: ValueType, near: set[Any], *, few: bool) -> Iterator[str]:
    choices = [choice.value for choice in type_.choices]
    if not choices:
        yield from sorted(value for value in near if isinstance(value, str))
        yield "other"
    elif few and len(choices) > _FEW:
        yield from (choice for choice in choices if choice in near)
        yield next((choice for choice in choices if choice not in near), choices[0])
    else:
        yield from choices


def _numbers(type_: ValueType, near: set[Any]) -> Iterator[float]:
    known = sorted(value for value in near if isinstance(value, int | float) and not isinstance(value, bool))
    whole = type_.kind is Kind.INT
    step = 1.0 if whole or all(float(value).is_integer() for value in known) else 0.01
    low, high = type_.minimum, type_.maximum
    around = [value + delta for value in known for delta in (0, -step, step)]
    if not whole:
        around += [(a + b) / 2 for a, b in pairwise(known)]
    for value in [*around, low, high]:
        if value is not None and (low is None or low <= value) and (high is None or value <= high):
            yield int(value) if whole else round(float(value), 6)
