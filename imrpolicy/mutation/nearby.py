"""Cases made from known ones: one value changed, then two, then several by chance."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations, islice, product
from typing import Any

from imrpolicy.facts import Fact
from imrpolicy.mutation.observe import Row
from imrpolicy.mutation.values import Vocabulary

# How many known cases others are made from, one change at a time and two, and how many pairs of two facts.
_SINGLE, _DOUBLE, _MOST_PAIRS = 24, 4, 5_000
_MOST_TWICE = 12_000
_MOST_CHANGES = 6


def nearby(
    known: Sequence[Row],
    facts: Sequence[Fact],
    words: Vocabulary,
    chance: random.Random,
    others: Sequence[Fact] = (),
) -> Iterator[Row]:
    """Cases close to known ones, without end.

    Args:
        known: The known cases, the most telling first.
        facts: The facts that matter.
        words: What facts are compared with.
        chance: Where the later ones come from.
        others: Facts that are changed by chance as well.
    """
    yield from known
    for row in known[:_SINGLE]:
        yield from (_with(row, change) for change in _changes(row, facts, words))
    for row in known[:_DOUBLE]:
        changes = {fact.path: list(_changes(row, [fact], words)) for fact in facts}
        for first, second in combinations(sorted(facts, key=lambda fact: len(changes[fact.path])), 2):
            pairs = product(changes[first.path], changes[second.path])
            yield from (_with(_with(row, a), b) for a, b in islice(pairs, _MOST_PAIRS))
        yield from _twice(row, facts, words)
    pool = list(dict.fromkeys([*facts, *others]))
    while known and pool:
        row = chance.choice(known)
        for _ in range(chance.randint(1, _MOST_CHANGES)):
            options = list(_changes(row, [chance.choice(pool)], words))
            row = _with(row, chance.choice(options)) if options else row
        yield row


def _changes(row: Row, facts: Sequence[Fact], words: Vocabulary) -> Iterator[tuple[int, Any]]:
    for fact in facts:
        now = row[fact.index]
        for value in words.values(fact, row):
            if value != now or type(value) is not type(now):
                yield fact.index, value
        yield from ((fact.index, value) for value in words.lists(fact, row))


def _twice(row: Row, facts: Sequence[Fact], words: Vocabulary) -> Iterator[Row]:
    """The case with two slips in one list."""
    for fact in facts:
        once = (_with(row, (fact.index, value)) for value in words.lists(fact, row))
        twice = (_with(other, (fact.index, value)) for other in once for value in words.lists(fact, other))
        yield from islice(twice, _MOST_TWICE)


def _with(row: Row, change: tuple[int, Any]) -> Row:
    index, value = change
    return (*row[:index], value, *row[index + 1 :])
