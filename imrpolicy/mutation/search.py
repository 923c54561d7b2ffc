"""A case that tells a mutant from the policy: the boundaries first, then pairs of changes, then chance."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
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
from imrpolicy.mutation.opinion import Bounded, Reasoner, Shown, Verdict
from imrpolicy.mutation.piecewise import Pieces
from imrpolicy.mutation.values import Vocabulary
from imrpolicy.policy import Policy
from imrpolicy.testing.coverage import atoms

# How many rows are looked at where only one criterion differs, and how many where the whole policy has to be
# evaluated for each.
_MOST_ROWS, _MOST_WHOLE = 40_000, 4_000
# After how many rows all that could matter are gone through, and a reasoner is asked if there is one.
_FIRST_ROWS, _BEFORE_REASONING = 4_000, 400
# How long a case that differs in what the policies say is looked for once a status was found to differ.
_MOST_AFTER = 4_000
_MOST_CASES = 20_000
_SIMPLE = (Compare, Constant, Contains, Documented, FactValue, Junction, ListConstant, Not)


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

    @property
    def by_outcome(self) -> bool:
        """Whether they say different things, and do not only give another status to a criterion."""
        return self.expected.outcome != self.found.outcome


def distinguish(
    mutant: Mutant,
    rows: Sequence[Row],
    pieces: Pieces,
    *,
    reasoner: Reasoner | None = None,
    seed: int = 0,
) -> Telling | Verdict | Bounded:
    """A case in which a mutant and its policy differ.

    Cases are tried first. What no value that could make a difference tells apart is the same; where that
    cannot be settled so, the reasoner is asked, and where it gives up, cases are tried on by chance.

    Args:
        mutant: The mutant; one whose dates differ is told apart by days, and not by cases.
        rows: The facts of known cases, from which others are made; the plainest comes first.
        pieces: What is compiled already.
        reasoner: Reasons about all cases, if there is one.
        seed: Where chance starts; the same seed finds the same case.
    """
    search = _Search(mutant, pieces)
    tried = search.rows(rows, random.Random(seed))  # noqa: S311 - not for secrets
    first = _FIRST_ROWS if reasoner is None else _BEFORE_REASONING
    telling = search.among(tried, first)
    if telling is None and search.says_the_same():
        return Verdict.SAME
    opinion = Verdict.UNKNOWN if telling or not reasoner else search.asked(reasoner)
    if isinstance(opinion, Telling):
        telling = opinion
    elif opinion is not Verdict.UNKNOWN:
        return opinion
    telling = telling or search.among(tried, _MOST_ROWS - first)
    if telling is None:
        return Verdict.UNKNOWN
    return search.plainest(telling, rows[0]) if rows else telling


class _Search:
    def __init__(self, mutant: Mutant, pieces: Pieces) -> None:
        self._mutant = mutant
        self._original = pieces.policy(mutant.original)
        self._altered = pieces.policy(mutant.policy)
        self._changed = _changed_nodes(mutant)
        self._functions = [pieces.of(node) for node in self._changed]
        nodes = self._changed or _all_nodes(mutant.original)
        whole = [*_all_nodes(mutant.original), *self._changed]
        self._facts = _facts(nodes)
        self._all_facts = _facts(whole)
        self._words = Vocabulary(whole)
        self._scope = pieces.of(mutant.original.scope)
        self._whole_left, self._rows_after = _MOST_WHOLE, _MOST_AFTER

    def among(self, rows: Iterator[Row], most: int) -> Telling | None:
        """The first of so many rows that tells the policies apart by what they say, or else any that does."""
        first: Telling | None = None
        for row in islice(rows, most):
            telling = self.look(row)
            if telling is not None and telling.by_outcome:
                return telling
            first = first or telling
            if first is not None:
                self._rows_after -= 1
            if self._whole_left <= 0 or self._rows_after <= 0:
                break
        return first

    def asked(self, reasoner: Reasoner) -> Telling | Verdict | Bounded:
        """What the reasoner says; a case that it shows counts once it was evaluated."""

        def differs(row: Row, manner: Manner, of_outcome: bool) -> bool:
            telling = self._in(row, manner)
            return telling is not None and (telling.by_outcome or not of_outcome)

        opinion = reasoner(self._mutant, differs)
        if not isinstance(opinion, Shown):
            return opinion
        return self._in(opinion.row, opinion.manner) or Verdict.UNKNOWN

    def look(self, row: Row) -> Telling | None:
        """Whether a row tells the policies apart."""
        if self._functions:
            before, after = (function(row)[0] for function in self._functions)
            if before is after:
                return None
        first: Telling | None = None
        for manner in MANNERS:
            self._whole_left -= 1
            telling = self._in(row, manner)
            if telling is not None and telling.by_outcome:
                return telling
            first = first or telling
        return first

    def _in(self, row: Row, manner: Manner) -> Telling | None:
        expected = observe(self._original, row, manner)
        found = observe(self._altered, row, manner)
        if not expected.differs(found):
            return None
        return Telling(row=row, manner=manner, expected=expected, found=found)

    def plainest(self, telling: Telling, base: Row) -> Telling:
        """The same with as much of the base as still tells the policies apart."""
        matters = telling.by_outcome
        for fact in self._all_facts:
            if telling.row[fact.index] == base[fact.index]:
                continue
            row = (*telling.row[: fact.index], base[fact.index], *telling.row[fact.index + 1 :])
            plainer = self.look(row)
            if plainer is not None and (plainer.by_outcome or not matters):
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
        """Whether the changed expression was looked at in every case that could make a difference to it.

        Where it makes one, that may be outside of the scope only, where nobody asks.
        """
        if not self._functions or not all(_is_simple(node) for node in self._changed):
            return False
        return self._is_same_within([]) or (
            self._scope_is_apart() and self._is_same_within([self._mutant.original.scope])
        )

    def _scope_is_apart(self) -> bool:
        """Whether the scope can be gone through as well.

        A limit is left out: what it offers may lie within the scope where the case does not.
        """
        scope, changed = self._mutant.original.scope, self._mutant.changed
        return changed is not None and changed[0].limit is None and _is_simple(scope)

    def _is_same_within(self, scope: list[Node]) -> bool:
        facts = _facts([*self._changed, *scope])
        values = [self._words.values(fact, ()) for fact in facts]
        if math.prod(len(found) for found in values) > _MOST_CASES:
            return False
        row: list[Any] = [None] * (max((fact.index for fact in facts), default=0) + 1)
        for chosen in product(*values):
            for fact, value in zip(facts, chosen, strict=True):
                row[fact.index] = value
            before, after = (function(row)[0] for function in self._functions)
            if before is not after and not (scope and self._scope(row)[0] is False):
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
