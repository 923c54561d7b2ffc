"""Draws one column, by the rule of its fact and what was drawn before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from imrpolicy.facts import ValueType
from imrpolicy.population import draws
from imrpolicy.population.joining import for_each, joined
from imrpolicy.population.model import (
    QUALITY,
    Between,
    Condition,
    DaysFrom,
    Draw,
    Like,
    Members,
    OneOf,
    Percentiles,
    Records,
    Rule,
    Run,
    SizeOf,
    Weights,
)
from imrpolicy.population.vectors import Column, Index, Items, Mask, Plain, Scores, Sets

RECORD = "record."

Lookup = Callable[[str], Column]
_Kind = TypeVar("_Kind", Plain, Sets)


def below(score: Scores, share: float) -> Mask:
    """Where a record has what a good share of the records has: the better the record, the sooner."""
    # A better record has a higher score, so that it is the upper end that is documented.
    return score > draws.threshold(1 - share)


@dataclass(frozen=True, slots=True)
class Source:
    """Draws columns that may look at others."""

    lookup: Lookup
    types: Mapping[str, ValueType]
    generator: Callable[[str], np.random.Generator]

    def column(
        self,
        name: str,
        rule: Rule,
        type_: ValueType,
        rows: int,
        pulls: list[tuple[Scores, float]],
        traits: Mapping[str, Scores],
    ) -> Column:
        """The column of a fact: each row is drawn by the first alternative whose conditions it meets."""
        generator = self.generator(name)
        left = np.ones(rows, dtype=bool)
        parts: list[tuple[Index, Column]] = []
        for alternative in rule.alternatives:
            chosen = left.copy()
            for condition in alternative.when:
                chosen &= self._holds(condition)
            left &= ~chosen
            index = np.flatnonzero(chosen)
            if alternative.draw is not None and len(index):
                whole = len(index) == rows
                own = pulls if whole else [(trait[index], strength) for trait, strength in pulls]
                drawing = _Draw(self, name, type_, index, own, generator, traits)
                parts.append((index, drawing.column(alternative.draw)))
        return joined(parts, type_, rows)

    def _holds(self, condition: Condition) -> Mask:
        column = self.lookup(condition.fact)
        assert isinstance(column, Plain)  # noqa: S101 - the profile was checked
        if condition.values:
            type_ = self.types[condition.fact]
            met = np.zeros(len(column.data), dtype=bool)
            for value in condition.values:
                met |= column.data == draws.encoded(type_, value)
        else:
            met = np.ones(len(column.data), dtype=bool)
            if condition.least is not None:
                met &= column.data >= condition.least
            if condition.most is not None:
                met &= column.data <= condition.most
        return met & column.applies


@dataclass(frozen=True, slots=True)
class _Draw:
    """Draws some rows of a column in one way."""

    source: Source
    name: str
    of: ValueType
    index: Index
    pulls: list[tuple[Scores, float]]
    generator: np.random.Generator
    traits: Mapping[str, Scores]

    def score(self, *each: int) -> Scores:
        return draws.scores(self.generator, (len(self.index), *each), self.pulls)

    def column(self, draw: Draw) -> Column:
        match draw:
            case Weights():
                return draws.weighted(draw, self.of, self.score())
            case Percentiles():
                return draws.number(draw, self.of, self.score())
            case Between():
                return draws.day(draw, self.score(), self.generator)
            case DaysFrom():
                base = self._other(draw.date, Plain)
                days = np.rint(draws.curve(draw.days, self.score())).astype("timedelta64[D]")
                return Plain(base.data + days, base.applies)
            case Members():
                return draws.within_limits(draws.members(draw, self.of, self.score), self.of)
            case Run():
                return draws.within_limits(draws.run(draw, self.of, self.score), self.of)
            case Like():
                return self._like(draw)
            case SizeOf():
                return self._size(draw)
            case OneOf():
                listed = self._other(draw.fact, Sets)
                one = draws.one_member(listed.data, self.score(), self.generator)
                return Plain(one.data, one.applies & listed.applies)
            case Records():
                return self._records(draw)
            case _:
                return draws.words(self.score(), self.of)

    def _other(self, name: str, kind: type[_Kind]) -> _Kind:
        column = self.source.lookup(name)
        assert isinstance(column, kind)  # noqa: S101 - the profile was checked
        return column.take(self.index)

    def _like(self, draw: Like) -> Sets:
        base = self._other(draw.fact, Sets)
        kept = base.data & base.applies[:, None] & (self.generator.random(base.data.shape) < draw.keep)
        return draws.within_limits(kept | draws.members(draw.more, self.of, self.score), self.of)

    def _size(self, draw: SizeOf) -> Plain:
        base = self.source.lookup(draw.fact).take(self.index)
        size = base.data.sum(axis=1) if isinstance(base, Sets) else np.asarray(getattr(base, "counts", ()))
        fits = (size >= (self.of.minimum or 0)) & (size <= (self.of.maximum or 0))
        return Plain(size.astype(np.int64), base.applies & fits)

    def _records(self, draw: Records) -> Items:
        counts = draws.places(draw.counts, self.score()).astype(np.int64)
        parent = np.repeat(self.index, counts)
        inside = _Inside(self.source, self.name, parent, self.traits)
        element = self.of.element
        assert element is not None  # noqa: S101 - the profile was checked
        fields, present = inside.fields(draw, element)
        items = Items(counts, fields, present, np.ones(len(counts), dtype=bool))
        if draw.each is None:
            return items
        name, fact = draw.each
        listed = self._other(fact, Sets)
        return for_each(items, name, listed.data & listed.applies[:, None], self.of.longest)


class _Inside:
    """Draws the fields of records, each of which belongs to a row."""

    def __init__(self, source: Source, name: str, parent: Index, traits: Mapping[str, Scores]) -> None:
        self._outer, self._name, self._parent = source, name, parent
        self._traits = {trait: scores[parent] for trait, scores in traits.items()}
        self._fields: dict[str, Plain] = {}

    def fields(self, draw: Records, element: ValueType) -> tuple[dict[str, Plain], dict[str, Mask]]:
        """The fields of all records, and where each has a value that is documented."""
        types = {RECORD + item.name: item.type for item in element.fields}
        source = Source(self._lookup, {**self._outer.types, **types}, self._outer.generator)
        present: dict[str, Mask] = {}
        for name, rule in draw.fields.items():
            type_ = types.get(RECORD + name, element)
            pulls = [(self._traits[trait], strength) for trait, strength in rule.traits]
            at = f"{self._name}.{name}"
            column = source.column(at, rule, type_, len(self._parent), pulls, self._traits)
            assert isinstance(column, Plain)  # noqa: S101 - the profile was checked
            self._fields[name] = column
            chance = draws.scores(
                self._outer.generator(f"documented {at}"),
                (len(self._parent),),
                [(self._traits[QUALITY], rule.quality)] if rule.quality else [],
            )
            present[name] = column.applies & below(chance, rule.documented)
        return self._fields, present

    def _lookup(self, name: str) -> Column:
        if name.startswith(RECORD):
            return self._fields[name.removeprefix(RECORD)]
        return self._outer.lookup(name).take(self._parent)
