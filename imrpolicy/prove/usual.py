"""Values that real cases have, so that a witness speaks of lumbar levels where the service is lumbar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from imrpolicy.evaluate import Case
from imrpolicy.evaluate.compiled import SERVICE
from imrpolicy.facts import Fact, FactDictionary, Kind, ValueType

if TYPE_CHECKING:
    from imrpolicy.prove.proof import Situation

Choices = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Usual:
    """The values of choices that known cases have, the most frequent first, by service and choices.

    Attributes:
        values: For each service, and each set of choices, the values that occur.
    """

    values: Mapping[tuple[str, Choices], tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, cases: Iterable[Case]) -> Usual:
        """What is usual in some cases."""
        counts: dict[tuple[str, Choices], Counter[str]] = {}
        for case in cases:
            service = case.dictionary.by_path[SERVICE].index
            for request in case.requests:
                for choices, value in _chosen_in(request.row, case.dictionary.facts):
                    counts.setdefault((request.row[service], choices), Counter())[value] += 1
        # Equally frequent values are told in the order of the alphabet, so that the order is always the same.
        return cls({key: tuple(sorted(found, key=lambda v: (-found[v], v))) for key, found in counts.items()})


def made_usual(
    situation: Situation, holds: Callable[[Situation], bool], usual: Usual, dictionary: FactDictionary
) -> Situation:
    """A situation with unusual values of choices renamed to usual ones, wherever it stays what it is.

    A value is renamed in all facts at once, since a level that is requested is the level of an earlier block.
    """
    service = situation.row[dictionary.by_path[SERVICE].index]
    for choices in dict.fromkeys(key for key, _ in _chosen_in(situation.row, dictionary.facts)):
        wanted = usual.values.get((service, choices), ())
        for old in dict.fromkeys(
            v for key, v in _chosen_in(situation.row, dictionary.facts) if key == choices
        ):
            if old in wanted:
                continue
            taken = {v for key, v in _chosen_in(situation.row, dictionary.facts) if key == choices}
            for new in (value for value in wanted if value not in taken):
                row = tuple(
                    _renamed(fact.type, situation.row[fact.index], choices, old, new)
                    for fact in dictionary.facts
                )
                changed = replace(situation, row=row)
                if holds(changed):
                    situation = changed
                    break
    return situation


def _chosen_in(row: tuple[Any, ...], facts: Iterable[Fact]) -> Iterator[tuple[Choices, str]]:
    for fact in facts:
        if fact.path != SERVICE:
            yield from _chosen(fact.type, row[fact.index])


def _chosen(type_: ValueType, value: Any) -> Iterator[tuple[Choices, str]]:
    if value is None:
        return
    if type_.choices:
        yield tuple(choice.value for choice in type_.choices), value
    elif type_.kind is Kind.LIST and type_.element is not None:
        for item in value:
            yield from _chosen(type_.element, item)
    elif type_.kind is Kind.RECORD:
        for item in type_.fields:
            yield from _chosen(item.type, value.get(item.name))


def _renamed(type_: ValueType, value: Any, choices: Choices, old: str, new: str) -> Any:
    if value is None:
        return None
    if type_.choices:
        same = tuple(choice.value for choice in type_.choices) == choices
        return new if same and value == old else value
    if type_.kind is Kind.LIST and type_.element is not None:
        return tuple(_renamed(type_.element, item, choices, old, new) for item in value)
    if type_.kind is Kind.RECORD:
        return {
            item.name: _renamed(item.type, value[item.name], choices, old, new)
            for item in type_.fields
            if item.name in value
        }
    return value
