"""A case made as small as can be: few facts, values at the boundary, with the evaluator as the judge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from imrpolicy.expression import Node, walk
from imrpolicy.expression.nodes import Constant
from imrpolicy.facts import Fact, Kind, ValueType
from imrpolicy.prove.symbols import Symbols

if TYPE_CHECKING:
    from imrpolicy.prove.proof import Situation

# A witness whose dates have no meaning of their own is set in an ordinary year.
_ORDINARY = dt.date(2015, 6, 1)
_MOST_ROUNDS = 4


def shrunk(situation: Situation, holds: Callable[[Situation], bool], symbols: Symbols) -> Situation:
    """The smallest situation that is found from one, for which `holds` stays true.

    Facts are dropped first, then parts of lists, then values are moved to the nearest boundary or the least
    that serves. The result is minimal, in that nothing more can be left out; it need not be the only one.
    """

    def attempt(index: int, value: Any) -> bool:
        nonlocal situation
        row = situation.row
        changed = replace(situation, row=(*row[:index], value, *row[index + 1 :]))
        if row[index] != value and holds(changed):
            situation = changed
            return True
        return False

    facts = sorted(symbols.named.values(), key=lambda fact: fact.index)
    for fact in reversed(facts):
        if not fact.field.required and situation.row[fact.index] is not None:
            attempt(fact.index, None)
    situation = _ordinary_dates(situation, facts, holds)
    for _ in range(_MOST_ROUNDS):
        before = situation
        for fact in facts:
            _shrink_fact(fact, lambda: situation, attempt, symbols)
        if situation == before:
            break
    return situation


def _shrink_fact(
    fact: Fact,
    now: Callable[[], Situation],
    attempt: Callable[[int, Any], bool],
    symbols: Symbols,
) -> None:
    value = now().row[fact.index]
    if value is None:
        return
    if not fact.field.required and attempt(fact.index, None):
        return
    for candidate in simpler(fact.type, value, symbols.boundaries):
        if attempt(fact.index, candidate):
            _shrink_fact(fact, now, attempt, symbols)
            return


def simpler(type_: ValueType, value: Any, boundaries: frozenset[Any]) -> Iterator[Any]:
    """Values that are simpler than one, the simplest first."""
    match type_.kind:
        case Kind.LIST:
            assert type_.element is not None  # noqa: S101 - every list has one
            if len(value) > type_.shortest:
                yield from (value[:place] + value[place + 1 :] for place in range(len(value)))
            for place, item in enumerate(value):
                for other in simpler(type_.element, item, boundaries):
                    changed = (*value[:place], other, *value[place + 1 :])
                    if not type_.unique or len(set(changed)) == len(changed):
                        yield changed
        case Kind.RECORD:
            yield from ({k: v for k, v in value.items() if k != name} for name in value)
            for item in type_.fields:
                if item.name in value:
                    for other in simpler(item.type, value[item.name], boundaries):
                        yield {**value, item.name: other}
        case Kind.INT | Kind.DOUBLE:
            yield from (
                number for number in numbers_beside(type_, boundaries) if _rank(number) < _rank(value)
            )
        case Kind.STRING if type_.choices:
            order = [choice.value for choice in type_.choices]
            yield from order[: order.index(value)]
        case _:
            return


def numbers_beside(type_: ValueType, boundaries: frozenset[Any]) -> list[Any]:
    """Numbers at or beside what the expressions compare with, and the ends of the range, the least first."""
    low, high = type_.minimum, type_.maximum
    assert low is not None and high is not None  # noqa: S101, PT018 - the schema insists
    steps = (-1, 0, 1) if type_.kind is Kind.INT else (-1.0, -0.5, 0.0, 0.5, 1.0)
    found = {low, *(number + step for number in boundaries for step in steps), low + 1}
    if type_.kind is Kind.INT:
        found = {int(number) for number in found if float(number).is_integer()}
    else:
        found = {float(number) for number in found}
    return sorted((number for number in found if low <= number <= high), key=_rank)


def _rank(number: float) -> tuple[float, bool]:
    return abs(number), number < 0


def boundaries_of(nodes: Iterable[Node]) -> frozenset[Any]:
    """The numbers that expressions name."""
    return frozenset(
        part.value
        for node in nodes
        for part in walk(node)
        if isinstance(part, Constant) and part.type.is_number
    )


def _ordinary_dates(situation: Situation, facts: list[Fact], holds: Callable[[Situation], bool]) -> Situation:
    """All dates moved together, so that the first is an ordinary day; kept if the case stays what it is."""
    days = list(_days(situation.row, facts))
    if not days:
        return situation
    for wanted in (_ORDINARY - min(days), _ORDINARY - max(days)):
        try:
            row = list(situation.row)
            for fact in facts:
                row[fact.index] = _moved(row[fact.index], wanted)
        except OverflowError:
            continue
        changed = replace(situation, row=tuple(row))
        if holds(changed):
            return changed
    return situation


def _days(row: tuple[Any, ...], facts: list[Fact]) -> Iterator[dt.date]:
    for fact in facts:
        yield from _dates_in(row[fact.index])


def _dates_in(value: Any) -> Iterator[dt.date]:
    if isinstance(value, dt.date):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _dates_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _dates_in(item)


def _moved(value: Any, by: dt.timedelta) -> Any:
    if isinstance(value, dt.date):
        return value + by
    if isinstance(value, tuple):
        return tuple(_moved(item, by) for item in value)
    if isinstance(value, dict):
        return {name: _moved(item, by) for name, item in value.items()}
    return value
