"""A case that tells a mutant from the policy: the boundaries first, then pairs of changes, then chance."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import Any

from imrpolicy.expression import Node, compile_nodes, facts_of, walk
from imrpolicy.expression.nodes import (
    Compare,
    Constant,
    Contains,
    Documented,
    FactValue,
    Junction,
    ListConstant,
    Not,
)
from imrpolicy.facts import Fact, Kind
from imrpolicy.mutation.mutant import Mutant
from imrpolicy.mutation.nearby import nearby
from imrpolicy.mutation.observe import MANNERS, Manner, Observation, Row, observe
from imrpolicy.mutation.piecewise import Pieces
from imrpolicy.mutation.values import Vocabulary
from imrpolicy.policy import Policy
from imrpolicy.testing.coverage import atoms

# How many rows are looked at where only one criterion differs, and how many where the whole policy has to be
# evaluated for each.
_MOST_ROWS, _MOST_WHOLE = 40_000, 4_000
_MOST_CASES = 20_000
_SIMPLE = (Compare, Constant, Contains, Documented, FactValue, Junction, ListConstant, Not)


class Verdict(Enum):
    """What is known of two policies where no case was found that tells them apart."""

    SAME = "same"
    """There is none: every combination of values that could make a difference was looked at."""
    UNKNOWN = "unknown"
    """None was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A case that tells two policies apart.

    Attributes:
        row: The facts.
        manner: How it is evaluated.
        expected: What the policy as it is gives.
        found: What the other one gives.
    """

    row: Row
    manner: Manner
    expected: Observation
    found: Observation


def distinguish(mutant: Mutant, rows: Sequence[Row], pieces: Pieces, *, seed: int = 0) -> Telling | Verdict:
    """A case in which a mutant and its policy differ.

    Args:
        mutant: The mutant; one whose dates differ is told apart by days, and not by cases.
        rows: The facts of known cases, from which others are made; the plainest comes first.
        pieces: What is compiled already.
        seed: Where chance starts; the same seed finds the same case.
    """
    search = _Search(mutant, pieces)
    whole: Telling | None = None
    for row in search.rows(rows, random.Random(seed)):  # noqa: S311 - not for secrets
        telling = search.look(row)
        if telling is not None and telling.expected.outcome != telling.found.outcome:
            return search.plainest(telling, rows[0])
        whole = whole or telling
        if search.is_spent or (whole is not None and search.is_half_spent):
            break
    if whole is not None:
        return search.plainest(whole, rows[0])
    return Verdict.SAME if search.says_the_same() else Verdict.UNKNOWN


class _Search:
    def __init__(self, mutant: Mutant, pieces: Pieces) -> None:
        self._original = pieces.policy(mutant.original)
        self._mutant = pieces.policy(mutant.policy)
        self._changed = _changed_nodes(mutant)
        self._functions = [pieces.of(node) for node in self._changed]
        nodes = self._changed or _all_nodes(mutant.original)
        whole = [*_all_nodes(mutant.original), *self._changed]
        self._facts = _facts(nodes)
        self._all_facts = _facts(whole)
        self._words = Vocabulary(whole)
        self._rows_left, self._whole_left = _MOST_ROWS, _MOST_WHOLE

    @property
    def is_spent(self) -> bool:
        """Whether enough has been looked at."""
        return self._rows_left <= 0 or self._whole_left <= 0

    @property
    def is_half_spent(self) -> bool:
        """Whether the search for a case that differs in its outcome has gone on long enough."""
        return self._whole_left < _MOST_WHOLE // 2

    def look(self, row: Row) -> Telling | None:
        """Whether a row tells the policies apart."""
        self._rows_left -= 1
        if self._functions:
            before, after = (function(row)[0] for function in self._functions)
            if before is after:
                return None
        first: Telling | None = None
        for manner in MANNERS:
            self._whole_left -= 1
            expected = observe(self._original, row, manner)
            found = observe(self._mutant, row, manner)
            if not expected.differs(found):
                continue
            telling = Telling(row=row, manner=manner, expected=expected, found=found)
            if expected.outcome != found.outcome:
                return telling
            first = first or telling
        return first

    def plainest(self, telling: Telling, base: Row) -> Telling:
        """The same with as much of the base as still tells the policies apart."""
        matters = telling.expected.outcome != telling.found.outcome
        for fact in self._all_facts:
            if telling.row[fact.index] == base[fact.index]:
                continue
            row = (*telling.row[: fact.index], base[fact.index], *telling.row[fact.index + 1 :])
            plainer = self.look(row)
            if plainer is not None and (not matters or plainer.expected.outcome != plainer.found.outcome):
                telling = plainer
        return telling

    def rows(self, known: Sequence[Row], chance: random.Random) -> Iterator[Row]:
        """Rows to look at, those that are closest to known cases first."""
        yield from nearby(self._telling(known), self._facts, self._words, chance, self._all_facts)

    def _telling(self, known: Sequence[Row]) -> list[Row]:
        """The known cases, one for each way in which the parts of the criterion come out first.

        Among these, a change of one value shows most where the criterion holds.
        """
        ordered = sorted(known, key=self._does_not_hold)
        if not self._changed:
            return ordered
        parts = compile_nodes(list(atoms(self._changed[0])))
        first: dict[Any, Row] = {}
        for row in ordered:
            first.setdefault(parts(row), row)
        chosen = {id(row) for row in first.values()}
        return [*first.values(), *(row for row in ordered if id(row) not in chosen)]

    def _does_not_hold(self, row: Row) -> bool:
        if self._functions:
            return self._functions[0](row)[0] is not True
        return observe(self._original, row, Manner()).recommendation != "recommended"

    def says_the_same(self) -> bool:
        """Whether the changed expression was looked at in every case that could make a difference to it."""
        if not self._functions or not all(_is_simple(node) for node in self._changed):
            return False
        values = [self._words.values(fact, ()) for fact in self._facts]
        if math.prod(len(found) for found in values) > _MOST_CASES:
            return False
        row: list[Any] = [None] * (max(fact.index for fact in self._facts) + 1)
        for chosen in product(*values):
            for fact, value in zip(self._facts, chosen, strict=True):
                row[fact.index] = value
            before, after = (function(row)[0] for function in self._functions)
            if before is not after:
                return False
        return True


def _changed_nodes(mutant: Mutant) -> list[Node]:
    """The one expression that differs, before and after; none where more or something else does."""
    if mutant.original.scope is not mutant.policy.scope:
        return [mutant.original.scope, mutant.policy.scope]
    changed = mutant.changed
    return [leaf.node for leaf in changed] if changed is not None else []


def _all_nodes(policy: Policy) -> list[Node]:
    return [policy.scope, *(leaf.node for leaf in policy.leaves)]


def _facts(nodes: Sequence[Node]) -> list[Fact]:
    return list(dict.fromkeys(fact for node in nodes for fact in facts_of(node)))


def _is_simple(node: Node) -> bool:
    """Whether an expression compares single facts with constants only, so that a few values stand for all."""
    for item in walk(node):
        if not isinstance(item, _SIMPLE):
            return False
        if isinstance(item, Compare) and not (
            isinstance(item.left, Constant) or isinstance(item.right, Constant)
        ):
            return False
        if isinstance(item, Contains) and not isinstance(item.container, ListConstant):
            return False
        if isinstance(item, FactValue) and item.type.kind is Kind.STRING and not item.type.choices:
            return False
    return True
