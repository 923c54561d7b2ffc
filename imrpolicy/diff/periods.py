"""Days on which a policy is in force on one side only, with a case that they touch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from imrpolicy.facts import FactDictionary
from imrpolicy.policy import DatedBy, Loaded, Policy, PolicyStatus
from imrpolicy.prove import Bump, Direction, Example, example_of

_DAY = dt.timedelta(days=1)
_Days = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodChange:
    """Days that a policy covers on one side only.

    Attributes:
        gained: Whether it is the newer side that covers them.
        start: The first day.
        end: The last day; none where there is no end.
        by: The date of a case that is held against them.
        policy: The version that covers them.
        example: A smallest case that it recommends, or else one of which it says anything.
    """

    gained: bool
    start: dt.date
    end: dt.date | None
    by: DatedBy
    policy: Policy
    example: Example | None

    @property
    def recommends(self) -> bool:
        """Whether it is a recommendation that comes or goes."""
        return self.example is not None and self.example.recommended

    @property
    def direction(self) -> Direction:
        """Whether its case fares worse or better."""
        return Direction.LOOSER if self.gained is self.recommends else Direction.STRICTER

    @property
    def bump(self) -> Bump:
        """The step of the version that it asks for."""
        return Bump.MAJOR if self.direction is Direction.STRICTER else Bump.MINOR

    def days(self) -> str:
        """The days in words."""
        until = f"to {self.end}" if self.end else "on"
        return f"{self.start} {until}, by the date of the {self.by.value}"

    def in_words(self) -> str:
        """What it does, with its case."""
        case = self.example.witness.in_words() if self.example else "every request in its scope"
        was = "recommended" if self.recommends else "not recommended" if self.example else "covered"
        if self.gained:
            return f"{case} ({was} by {self.policy.reference}, which begins to cover {self.days()})"
        return f"{case} ({was} by {self.policy.reference}, which ceases to cover {self.days()})"

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data."""
        return {
            "gained": self.gained,
            "from": self.start.isoformat(),
            "to": self.end.isoformat() if self.end else None,
            "by": self.by.value,
            "policy": self.policy.reference,
            "witness": self.example.witness.to_dict() if self.example else None,
        }


def period_changes(
    name: str, old: Loaded, new: Loaded, dictionary: FactDictionary
) -> tuple[PeriodChange, ...]:
    """The days that a policy covers on one side only, all of its versions together.

    Args:
        name: The id of the policy.
        old: The older side.
        new: The newer side.
        dictionary: The facts.
    """
    before, after = _versions(name, old), _versions(name, new)
    if not before or not after:
        return ()
    lost = _only(before, after, gained=False, dictionary=dictionary)
    return (*lost, *_only(after, before, gained=True, dictionary=dictionary))


def _versions(name: str, loaded: Loaded) -> list[Policy]:
    return [p for p in loaded.policies if p.id == name and p.status is not PolicyStatus.WITHDRAWN]


def _only(
    one: list[Policy], other: list[Policy], *, gained: bool, dictionary: FactDictionary
) -> Iterator[PeriodChange]:
    told: list[tuple[DatedBy, _Days]] = []
    for policy in sorted(one, key=lambda p: p.version, reverse=True):
        by = policy.effective.by
        elsewhere = [p for p in other if p.effective.by is by]
        covered = [*map(_days, elsewhere), *(days for known, days in told if known is by)]
        for start, end in _without(_days(policy), covered):
            told.append((by, (start, end)))
            yield PeriodChange(
                gained=gained,
                start=start,
                end=None if end == dt.date.max else end,
                by=by,
                policy=policy,
                example=example_of(policy, dictionary),
            )


def _days(policy: Policy) -> _Days:
    return policy.effective.start, policy.effective.end or dt.date.max


def _without(days: _Days, covered: Iterable[_Days]) -> Iterator[_Days]:
    """The parts of a period that no other covers."""
    start, end = days
    for first, last in sorted(covered):
        if last < start or first > end:
            continue
        if first > start:
            yield start, first - _DAY
        if last >= end:
            return
        start = last + _DAY
    if start <= end:
        yield start, end
