"""Which version of a policy is in force on a day, and the days that tests look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from imrpolicy.evaluate import CompiledPolicy
from imrpolicy.evaluate.plan import DATED, Plan, Planner
from imrpolicy.issues import Place
from imrpolicy.policy import DatedBy, Effective, Policy, PolicyStatus, SearchSequence, Source, Step

_DAY = dt.timedelta(days=1)
_JURISDICTION = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The period in which a version is in force, as a file of tests states it.

    Attributes:
        policy: The version.
        start: The first day.
        end: The last day; none where it is in force until further notice.
        by: The date of a case that selects it.
        place: Where it is stated.
    """

    policy: Policy
    start: dt.date
    end: dt.date | None
    by: DatedBy
    place: Place = Place("")

    @property
    def as_yaml(self) -> str:
        """The period as the list `in_force` of a file of tests has it."""
        end = f", to: {self.end}" if self.end is not None else ""
        return f"{{version: {self.policy.version}, from: {self.start}{end}, by: {self.by}}}"


class Editions:
    """The versions of one policy, selected by the dates of a case as an evaluation does."""

    def __init__(self, versions: Iterable[Policy]) -> None:
        self._versions = tuple(sorted(versions, key=lambda policy: policy.version))
        source = self._versions[0].source.guideline
        always = Effective(start=dt.date.min)
        sequence = SearchSequence(
            id=_JURISDICTION,
            jurisdiction=_JURISDICTION,
            title="One source",
            effective=always,
            citation="none",
            steps=(Step(sources=(source,)),),
        )
        compiled = tuple(CompiledPolicy(policy) for policy in self._versions)
        self._planner = Planner(compiled, (sequence,), {source: Source(id=source, title=source)})
        self._one_date = len({policy.effective.by for policy in self._versions}) == 1

    def is_in_force(self, policy: Policy, days: Mapping[DatedBy, dt.date]) -> bool:
        """Whether a version is the one in force.

        Args:
            policy: The version; drafts are in force only for the tests of a draft.
            days: The dates of a case.
        """
        drafts = policy.status is PolicyStatus.DRAFT
        plan = self._planner.plan(_JURISDICTION, tuple(days[DatedBy(by)] for by in DATED), None, drafts)
        assert isinstance(plan, Plan)  # noqa: S101 - every date is given
        found = [compiled.policy for rank in plan.ranks for source in rank for compiled in source.policies]
        return any(other is policy for other in found)

    def on(self, policy: Policy, day: dt.date, elsewhere: dt.date | None = None) -> bool:
        """Whether a version is in force on a day.

        Args:
            policy: The version.
            day: The date that selects it.
            elsewhere: The other dates of the case; the same day where other versions are selected by them.
        """
        other = elsewhere if elsewhere is not None and self._one_date else day
        return self.is_in_force(policy, {by: day if by is policy.effective.by else other for by in DatedBy})

    def period(self, policy: Policy) -> Period | None:
        """The first and the last day on which a version is in force; none where it never is."""
        days = sorted({day for version in self._versions for day in days_around(version.effective)})
        in_force = [day for day in days if self.on(policy, day)]
        if not in_force:
            return None
        end = None if in_force[-1] == dt.date.max else in_force[-1]
        return Period(policy=policy, start=in_force[0], end=end, by=policy.effective.by)


def days_around(period: Effective) -> Iterator[dt.date]:
    """The days around the ends of a period, and the last day of all."""
    yield from (period.start - _DAY, period.start)
    if period.end is not None:
        yield period.end
        if period.end < dt.date.max:
            yield period.end + _DAY
    yield dt.date.max


def boundaries(stated: Period) -> Iterator[tuple[dt.date, dt.date, bool]]:
    """The days on both sides of the ends of a period.

    Yields:
        A day, the day on the other side, and whether the version is in force on the first of them.
    """
    before = stated.start - _DAY
    yield before, stated.start, False
    yield stated.start, before, True
    if stated.end is None:
        yield dt.date.max, before, True
    elif stated.end < dt.date.max:
        yield stated.end, stated.end + _DAY, True
        yield stated.end + _DAY, stated.end, False
