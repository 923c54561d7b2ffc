"""A profile of a population: for each fact how its values are drawn, and how often the record has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

# Facts of the case itself, and facts that only help to draw others and are not part of a population.
CASE = "case"
HELPER = "helper"
JURISDICTION, REVIEW, TIMING = "case.jurisdiction", "case.review", "case.timing"
# The trait of a case that decides, with chance, which facts are documented.
QUALITY = "record_quality"

Scalar = str | bool | int | float
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What another fact has to be; an inapplicable fact meets no condition.

    Attributes:
        fact: The fact.
        values: The values of which it must have one; empty for a range of numbers.
        least: The least number.
        most: The greatest number.
    """

    fact: str
    values: tuple[Scalar, ...] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """One of a few values, each as likely as its weight says; with traits, the later ones come with more."""

    weights: tuple[tuple[Scalar, float], ...]


@dataclass(frozen=True, slots=True)
class Percentiles:
    """A number, by how many percent of the cases lie at or below it; interpolated between the points."""

    points: Points


@dataclass(frozen=True, slots=True)
class Between:
    """A day in a stretch of time, each as likely as any other."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class DaysFrom:
    """A day some days after another date, or before it where the numbers are negative."""

    date: str
    days: Percentiles


@dataclass(frozen=True, slots=True)
class Members:
    """A list with each value as often as its share says, one by one."""

    shares: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A list of neighbors in the order of the dictionary, such as adjacent levels of the spine."""

    start: Weights
    lengths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """A list that resembles another one: a share of its values, and some more."""

    fact: str
    keep: float
    more: Members


@dataclass(frozen=True, slots=True)
class SizeOf:
    """How many values another list has."""

    fact: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """One value out of another list."""

    fact: str


@dataclass(frozen=True, slots=True)
class Words:
    """Free text that says nothing."""


@dataclass(frozen=True, slots=True)
class Records:
    """A list of records, or of plain values where the only field has no name.

    Attributes:
        counts: The weights of none, one, two and more of them.
        fields: How each field is drawn.
        each: A field, and the list of which it has each value in turn; such records are alike but for it.
    """

    counts: tuple[float, ...]
    fields: Mapping[str, Rule]
    each: tuple[str, str] | None = None


Draw = Weights | Percentiles | Between | DaysFrom | Members | Run | Like | SizeOf | OneOf | Words | Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """How a fact is drawn if some conditions hold.

    Attributes:
        when: The conditions, which must all hold; none for what remains.
        draw: The draw; none where the fact does not apply to the case, and so no record has it.
    """

    when: tuple[Condition, ...] = ()
    draw: Draw | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one fact is drawn.

    Attributes:
        alternatives: The first one whose conditions hold counts; where none does, the fact does not apply.
        traits: How strongly traits of the case pull at it, each between -1 and 1 as a correlation.
        documented: In which share of the cases to which it applies the record has it.
        quality: How strongly that depends on the quality of the record.
    """

    alternatives: tuple[Alternative, ...]
    traits: tuple[tuple[str, float], ...] = ()
    documented: float = 1.0
    quality: float = 0.0

    def pulling(self) -> Iterator[str]:
        """The traits that pull at the fact, or at the fields of its records."""
        yield from (trait for trait, _ in self.traits)
        for alternative in self.alternatives:
            if isinstance(alternative.draw, Records):
                for rule in alternative.draw.fields.values():
                    yield from rule.pulling()

    def needs(self) -> Iterator[str]:
        """The facts that have to be drawn before."""
        for alternative in self.alternatives:
            yield from (condition.fact for condition in alternative.when)
            yield from _needs(alternative.draw)


def _needs(draw: Draw | None) -> Iterator[str]:
    match draw:
        case DaysFrom():
            yield draw.date
        case Like() | SizeOf() | OneOf():
            yield draw.fact
        case Records():
            if draw.each is not None:
                yield draw.each[1]
            for rule in draw.fields.values():
                yield from (name for name in rule.needs() if not name.startswith("record."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile, as it was read and found to be right.

    Attributes:
        id: Its name.
        title: What population it imitates.
        note: Where its rates come from.
        rules: The rules by fact; facts that it does not name are drawn by the type of their values.
        documented: How often a fact is documented that has no share of its own.
        quality: How strongly documentation depends on the quality of the record, without a figure of its own.
        second_request: The share of the requests that are the second of their case.
        conflict_share: How often the records contradict each other on one of the `conflicts`.
        conflicts: The facts on which they may.
    """

    id: str
    title: str
    note: str
    rules: Mapping[str, Rule]
    documented: float = 0.8
    quality: float = 0.5
    second_request: float = 0.0
    conflict_share: float = 0.0
    conflicts: tuple[str, ...] = field(default=())
