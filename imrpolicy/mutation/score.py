"""The mutation score of a policy: which small slips its tests notice, and what to do about the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from imrpolicy.facts import FactDictionary
from imrpolicy.issues import Issue, did_you_mean
from imrpolicy.mutation.judge import Judge
from imrpolicy.mutation.mutant import Mutant
from imrpolicy.mutation.mutants import mutants_of
from imrpolicy.mutation.observe import Row
from imrpolicy.mutation.piecewise import Pieces
from imrpolicy.mutation.search import Telling, Verdict, distinguish
from imrpolicy.policy import DatedBy, Policy, PolicyStatus
from imrpolicy.testing import Suite
from imrpolicy.testing.editions import Editions, days_around

_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A mutant that no test notices.

    Attributes:
        mutant: The mutant.
        telling: A case that would tell it from the policy; none where none was found, or where days would.
        reason: Why no test has to notice it, where the tests explain that.
    """

    mutant: Mutant
    telling: Telling | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What the tests of one version notice.

    Attributes:
        policy: The version.
        total: How many mutants it has, without those that say the same.
        noticed: How many of them a test notices.
        same: How many say the same as the policy in every case.
        survivors: Those that none notices, the explained ones included.
        issues: What is wrong with the explanations.
    """

    policy: Policy
    total: int
    noticed: int
    same: int
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


def score(policy: Policy, suite: Suite, dictionary: FactDictionary) -> Score:
    """Mutate one version and hold its tests against the mutants.

    Args:
        policy: The version.
        suite: The tests of the policy; all of them pass.
        dictionary: The facts that its expressions may name.
    """
    pieces = Pieces()
    judge = Judge(suite, pieces)
    rows = known_rows(policy, suite)
    mutants = mutants_of(policy, dictionary)
    unnoticed = [mutant for mutant in mutants if not judge.noticed_by(mutant)]
    explained = {entry.mutant: entry.reason for entry in suite.explained if entry.policy is policy}
    survivors, same = [], 0
    for mutant in unnoticed:
        reason = explained.get(mutant.id, "")
        found = _days(mutant, suite) if mutant.kind == "date" else distinguish(mutant, rows, pieces)
        if found is Verdict.SAME and not reason:
            same += 1
            continue
        telling = found if isinstance(found, Telling) else None
        survivors.append(Survivor(mutant=mutant, telling=telling, reason=reason))
    return Score(
        policy=policy,
        total=len(mutants) - same,
        noticed=len(mutants) - len(unnoticed),
        same=same,
        survivors=tuple(survivors),
        issues=tuple(_issues(policy, suite, mutants, unnoticed)),
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
