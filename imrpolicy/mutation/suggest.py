"""The tests that a policy lacks, for an editor to confirm: statuses never shown, and slips never noticed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from imrpolicy.evaluate import Timing
from imrpolicy.expression import facts_of
from imrpolicy.facts import FactDictionary
from imrpolicy.issues import Place
from imrpolicy.mutation.draft import Draft
from imrpolicy.mutation.judge import Judge
from imrpolicy.mutation.killing import name_for
from imrpolicy.mutation.mutant import Mutant
from imrpolicy.mutation.mutants import mutants_of
from imrpolicy.mutation.nearby import nearby
from imrpolicy.mutation.observe import Manner, Row, observe
from imrpolicy.mutation.opinion import Reasoner
from imrpolicy.mutation.piecewise import Pieces
from imrpolicy.mutation.score import Watch, known_rows, unwatched
from imrpolicy.mutation.search import Telling, distinguish
from imrpolicy.mutation.values import Vocabulary
from imrpolicy.policy import Policy
from imrpolicy.testing import Suite, Test
from imrpolicy.testing.coverage import Decisions, Item, coverage
from imrpolicy.testing.editions import Editions, Period
from imrpolicy.testing.runner import differences

_MOST_LOOKS = 6_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What the tests of one version lack.

    Attributes:
        policy: The version.
        period: When it is in force, where the tests do not state that.
        drafts: Tests to add.
    """

    policy: Policy
    period: Period | None
    drafts: tuple[Draft, ...]


def suggest(
    policy: Policy,
    suite: Suite,
    dictionary: FactDictionary,
    *,
    reasoner: Reasoner | None = None,
    watch: Watch = unwatched,
) -> Suggestions:
    """The tests that a version lacks.

    Args:
        policy: The version.
        suite: The tests of the policy; all of them pass.
        dictionary: The facts that its expressions may name.
        reasoner: Reasons about all cases, if there is one.
        watch: Told how far it is.
    """
    stated = any(period.policy is policy for period in suite.periods)
    suggester = _Suggester(policy, suite, dictionary, reasoner, watch)
    suggester.for_coverage()
    suggester.for_mutants()
    return Suggestions(
        policy=policy,
        period=None if stated else Editions(suite.versions).period(policy),
        drafts=tuple(suggester.drafts),
    )


class _Suggester:
    def __init__(
        self,
        policy: Policy,
        suite: Suite,
        dictionary: FactDictionary,
        reasoner: Reasoner | None,
        watch: Watch,
    ) -> None:
        self._policy = policy
        self._reasoner = reasoner
        self._watch = watch
        self._mutants = [m for m in mutants_of(policy, dictionary) if m.kind != "date"]
        self._suite = suite
        self._dictionary = dictionary
        self._pieces = Pieces()
        self._compiled = self._pieces.policy(policy)
        empty = tuple([None] * len(dictionary.facts))
        self._base: Row = suite.base or empty
        self._rows = known_rows(policy, suite) or [empty]
        nodes = [policy.scope, *(leaf.node for leaf in policy.leaves)]
        self._facts = list(dict.fromkeys(fact for node in nodes for fact in facts_of(node)))
        self._names = {test.name for test in suite.tests}
        self._usual = observe(self._compiled, self._base, Manner())
        self.drafts: list[Draft] = []

    def _suite_now(self) -> Suite:
        tests = (*self._suite.tests, *(self._as_test(draft) for draft in self.drafts))
        return Suite(policy=self._suite.policy, file=self._suite.file, tests=tests)

    def _as_test(self, draft: Draft) -> Test:
        data = draft.data(self._base, self._dictionary)
        return Test(
            name=draft.name,
            policy=self._policy,
            row=draft.row,
            strict=draft.manner.strict,
            timing=Timing.RETROSPECTIVE if draft.manner.retrospective else Timing.PROSPECTIVE,
            expect=data["expect"],
            place=Place(self._suite.file),
        )

    def _add(self, row: Row, manner: Manner, names: Iterable[str]) -> Draft:
        seen = observe(self._compiled, row, manner)
        changed = [name for name in seen.statuses if seen.statuses[name] != self._usual.statuses.get(name)]
        draft = Draft(
            name="",
            row=row,
            manner=manner,
            observation=seen,
            named=tuple(dict.fromkeys([*names, *changed])),
            version="" if self._suite.usual == (self._policy,) else str(self._policy.version),
        )
        for other in self.drafts:
            if other.row == row and other.manner == manner:  # one test can show both
                self.drafts.remove(other)
                self._names.discard(other.name)
                draft = replace(draft, named=tuple(dict.fromkeys([*other.named, *draft.named])))
                break
        self.drafts.append(replace(draft, name=self._name(draft)))
        if row not in self._rows:
            self._rows.append(row)
        return self.drafts[-1]

    def _name(self, draft: Draft) -> str:
        """A name that no other test of the file has."""
        first = name_for(draft, self._base, self._dictionary)
        name, number = first, 1
        while name in self._names:
            number += 1
            name = f"{first.removesuffix('.')} ({number})."
        self._names.add(name)
        return name

    def for_coverage(self) -> None:
        """Tests for the statuses that none shows, and for what none shows to decide alone."""
        items = coverage(self._policy, self._suite_now()).items
        for position, item in enumerate(items):
            self._watch(position, len(items) + len(self._mutants), item.id or "scope")
            for wanted in item.missing:
                row = self._find(item, position, {"met": True, "not_met": False}.get(wanted))
                if row is not None:
                    self._add(row, self._manner(item), [item.id] if position else [])
            if item.decides:
                continue
            after = coverage(self._policy, self._suite_now()).items[position]
            for value in () if after.decides else (True, False):
                row = self._find(item, position, value, decisive=True)
                known = [draft.row for draft in self.drafts if draft.manner == self._manner(item)]
                if row is not None and row not in known:
                    self._add(row, self._manner(item), [item.id] if position else [])

    def _manner(self, item: Item) -> Manner:
        return Manner(retrospective=item.role == "condition")

    def _find(self, item: Item, position: int, value: bool | None, *, decisive: bool = False) -> Row | None:
        """A case with a status, close to a known one, in which it decides alone if there is one."""
        function = self._pieces.of(item.node)
        decisions = Decisions(self._policy)
        words = Vocabulary([item.node])
        manner = self._manner(item)
        timing = Timing.RETROSPECTIVE if manner.retrospective else Timing.PROSPECTIVE
        like = Test(
            name="", policy=self._policy, row=(), strict=False, timing=timing, expect={}, place=Place("")
        )
        fallback: Row | None = None
        # A case in which the status would decide is one step away from another in which it does.
        known = sorted(
            self._rows, key=lambda row: not decisions.is_decisive(position, self._compiled.values(row), like)
        )
        rows = nearby(known, list(facts_of(item.node)), words, random.Random(0), self._facts)  # noqa: S311
        for _, row in zip(range(_MOST_LOOKS), rows, strict=False):
            if function(row)[0] is not value:
                continue
            values = self._compiled.values(row)
            if position and values[0] is not True:
                continue
            if value is None or decisions.is_decisive(position, values, like):
                return row
            fallback = fallback or row
        return None if decisive else fallback

    def for_mutants(self) -> None:
        """A test for each slip that none of the tests so far notices."""
        judge = Judge(self._suite_now(), self._pieces)
        open_ = [mutant for mutant in self._mutants if not judge.noticed_by(mutant)]
        before = 1 + len(self._policy.leaves)
        while open_:
            done = before + len(self._mutants) - len(open_)
            mutant = open_.pop(0)
            self._watch(done, before + len(self._mutants), mutant.where)
            telling = distinguish(mutant, self._rows, self._pieces, reasoner=self._reasoner)
            if not isinstance(telling, Telling):
                continue
            draft = self._add(telling.row, telling.manner, _telling_names(telling))
            test = self._as_test(draft)
            open_ = [other for other in open_ if not self._notices(test, other)]

    def _notices(self, test: Test, mutant: Mutant) -> bool:
        policy: Any = self._pieces.policy(mutant.policy)
        return next(differences(test, policy, without=mutant.dropped), None) is not None


def _telling_names(telling: Telling) -> Iterator[str]:
    """The criteria whose statuses tell a mutant from the policy."""
    for name, status in telling.expected.statuses.items():
        if telling.found.statuses.get(name, status) != status:
            yield name
