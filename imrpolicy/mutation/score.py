"""The mutation score of a policy: which small slips its tests notice, and what to do about the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from imrpolicy.facts import FactDictionary
from imrpolicy.issues import Issue, did_you_mean
from imrpolicy.mutation.judge import Judge
from imrpolicy.mutation.mutant import Mutant
from imrpolicy.mutation.mutants import mutants_of
from imrpolicy.mutation.observe import Row
from imrpolicy.mutation.opinion import Bounded, Reasoner, Verdict
from imrpolicy.mutation.piecewise import Pieces
from imrpolicy.mutation.search import Telling, distinguish
from imrpolicy.policy import DatedBy, Policy, PolicyStatus
from imrpolicy.testing import Suite
from imrpolicy.testing.editions import Editions, days_around

_WHOLE = 100

# Told how many of how many things of a version are done, and what is looked at next.
Watch = Callable[[int, int, str], None]


def unwatched(_done: int, _total: int, _what: str) -> None:
    """Where nobody wants to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A mutant that no test notices.

    Attributes:
        mutant: The mutant.
        telling: A case that would tell it from the policy; none where none was found, or where days would.
        reason: Why no test has to notice it, where the tests explain that.
        within: Where it is proven that no case tells it from the policy as far as lists are no longer than
            this: how many elements of which list, by fact.
    """

    mutant: Mutant
    telling: Telling | None = None
    reason: str = ""
    within: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What the tests of one version notice.

    Attributes:
        policy: The version.
        total: How many mutants it has, without those that say the same as the policy in every case.
        noticed: How many of them a test notices.
        same: How many say the same, which was found by trying all values.
        proven: Those of which a proof says that they do.
        survivors: Those that none notices, the explained ones included.
        issues: What is wrong with the explanations.
    """

    policy: Policy
    total: int
    noticed: int
    same: int
    proven: tuple[Mutant, ...]
    survivors: tuple[Survivor, ...]
    issues: tuple[Issue, ...]

    @property
    def open(self) -> tuple[Survivor, ...]:
        """The survivors that nobody has explained."""
        return tuple(survivor for survivor in self.survivors if not survivor.reason)

    @property
    def percent(self) -> int:
        """How many of 100 mutants are noticed or explained, rounded down."""
        return _WHOLE * (self.total - len(self.open)) // self.total if self.total else _WHOLE


def versions_to_mutate(suite: Suite) -> tuple[Policy, ...]:
    """The versions that tests have to guard: the newest first, and every one that is released."""
    return tuple(
        policy
        for policy in sorted(suite.versions, key=lambda policy: policy.version, reverse=True)
        if policy is suite.newest or policy.status is PolicyStatus.RELEASED
    )


def score(
    policy: Policy,
    suite: Suite,
    dictionary: FactDictionary,
    *,
    reasoner: Reasoner | None = None,
    watch: Watch = unwatched,
) -> Score:
    """Mutate one version and hold its tests against the mutants.

    Args:
        policy: The version.
        suite: The tests of the policy; all of them pass.
        dictionary: The facts that its expressions may name.
        reasoner: Reasons about all cases, if there is one.
        watch: Told how far it is.
    """
    pieces = Pieces()
    judge = Judge(suite, pieces)
    rows = known_rows(policy, suite)
    mutants = mutants_of(policy, dictionary)
    explained = {entry.mutant: entry.reason for entry in suite.explained if entry.policy is policy}
    unnoticed, survivors, proven, same = [], [], [], 0
    for done, mutant in enumerate(mutants):
        watch(done, len(mutants), mutant.where)
        if judge.noticed_by(mutant):
            continue
        unnoticed.append(mutant)
        found: Telling | Verdict | Bounded = Verdict.UNKNOWN
        # What is explained needs no case: the explanation says why none has to be there.
        if not (reason := explained.get(mutant.id, "")):
            found = (
                _days(mutant, suite)
                if mutant.kind == "date"
                else distinguish(mutant, rows, pieces, reasoner=reasoner)
            )
        if found is Verdict.SAME:
            same += 1
        elif found is Verdict.PROVEN:
            proven.append(mutant)
        else:
            survivors.append(_survivor(mutant, found, reason))
    return Score(
        policy=policy,
        total=len(mutants) - same - len(proven),
        noticed=len(mutants) - len(unnoticed),
        same=same,
        proven=tuple(proven),
        survivors=tuple(survivors),
        issues=tuple(_issues(policy, suite, mutants, unnoticed)),
    )


def _survivor(mutant: Mutant, found: Telling | Verdict | Bounded, reason: str) -> Survivor:
    return Survivor(
        mutant=mutant,
        telling=found if isinstance(found, Telling) else None,
        reason=reason,
        within=found.lists if isinstance(found, Bounded) else (),
    )


def _days(mutant: Mutant, suite: Suite) -> Verdict:
    """Whether any dates of a case tell a mutant from its policy: all that could are tried.

    They need not: where a higher version is in force, the end of a lower one makes no difference.
    """
    versions = suite.versions
    changed = [mutant.policy if policy is mutant.original else policy for policy in versions]
    before, after = Editions(versions), Editions(changed)
    days = sorted({day for policy in (*versions, *changed) for day in days_around(policy.effective)})
    for chosen in product(days, repeat=len(DatedBy)):
        dates = dict(zip(DatedBy, chosen, strict=True))
        for policy, other in zip(versions, changed, strict=True):
            if before.is_in_force(policy, dates) != after.is_in_force(other, dates):
                return Verdict.UNKNOWN
    return Verdict.SAME


def known_rows(policy: Policy, suite: Suite) -> list[Row]:
    """The facts of the tests of a version, those of the base first."""
    rows = [suite.base, *(test.row for test in suite.tests if test.policy is policy)]
    return [row for position, row in enumerate(rows) if row and row not in rows[:position]]


def _issues(
    policy: Policy, suite: Suite, mutants: Sequence[Mutant], unnoticed: Sequence[Mutant]
) -> Iterator[Issue]:
    """An explanation of a mutant that does not exist, or that a test notices, is out of date."""
    known = {mutant.id for mutant in mutants}
    open_ = {mutant.id for mutant in unnoticed}
    for entry in suite.explained:
        if entry.policy is not policy:
            continue
        if entry.mutant not in known:
            help = did_you_mean(entry.mutant, known) or "remove the explanation"
            message = f"{policy.reference} has no mutant `{entry.mutant}`"
            yield replace(entry.issue, rule="unknown-mutant", message=message, help=help)
        elif entry.mutant not in open_:
            message = "a test notices this mutant, so that nothing is left to explain"
            yield replace(entry.issue, rule="noticed-mutant", message=message, help="remove the explanation")
