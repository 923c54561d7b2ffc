"""Which known cases change their determination."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from imrpolicy.evaluate import CaseError, Determination, PolicyLibrary
from imrpolicy.facts import DATES
from imrpolicy.policy import DatedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One request of which the two sides say different things.

    Attributes:
        case: The id of the case.
        request: The id of the request.
        title: What is asked for.
        before: The outcome by the older side.
        after: The outcome by the newer side.
    """

    case: str
    request: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What a change does to known cases.

    Attributes:
        requests: How many requests both sides evaluated.
        changed: Those with another outcome.
        unread: The cases that one of the sides cannot read, by id.
    """

    requests: int
    changed: tuple[Changed, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The share of the requests whose outcome changes."""
        return len(self.changed) / self.requests if self.requests else 0.0

    def kinds(self) -> tuple[tuple[str, int], ...]:
        """How often each change of the outcome occurs, the most frequent first."""
        return tuple(Counter(f"{one.before} -> {one.after}" for one in self.changed).most_common())

    def to_dict(self) -> dict[str, Any]:
        """The impact as plain data."""
        return {
            "requests": self.requests,
            "share": self.share,
            "changed": [
                {"case": c.case, "request": c.request, "before": c.before, "after": c.after}
                for c in self.changed
            ],
            "unread": list(self.unread),
        }


def impact(old: PolicyLibrary, new: PolicyLibrary, cases: Iterable[Mapping[str, Any]]) -> Impact:
    """Evaluate cases by both sides, each as of its own dates.

    Args:
        old: The older side.
        new: The newer side.
        cases: The cases, as plain data.
    """
    changed: list[Changed] = []
    unread: list[str] = []
    requests = 0
    for case in cases:
        as_of = _latest(case)
        try:
            before, after = old.evaluate(case, as_of=as_of), new.evaluate(case, as_of=as_of)
        except CaseError:
            unread.append(str(case.get("id", "")))
            continue
        requests += len(after)
        changed += [_changed(a, b) for a, b in zip(before, after, strict=True) if _differ(a, b)]
    return Impact(requests=requests, changed=tuple(changed), unread=tuple(unread))


def _differ(before: Determination, after: Determination) -> bool:
    return before.outcome is not after.outcome or _amounts(before) != _amounts(after)


def _amounts(found: Determination) -> dict[str, float]:
    return {part.fact.path: part.supported for part in found.supported}


def _changed(before: Determination, after: Determination) -> Changed:
    request = after.request
    return Changed(
        case=after.case.id,
        request=request.id,
        title=request.title,
        before=_words(before),
        after=_words(after),
    )


def _words(found: Determination) -> str:
    return in_words(found.outcome.value, [part.fact.label(part.supported) for part in found.supported])


def in_words(outcome: str, amounts: Iterable[str]) -> str:
    """An outcome with what is supported instead, in words."""
    supported, said = ", ".join(amounts), outcome.replace("_", " ")
    return f"{said} (up to {supported} supported)" if supported else said


def _latest(case: Mapping[str, Any]) -> dt.date | None:
    """The latest date that the case gives; stands in for those that it lacks."""
    own = [case.get(DATES), *(request.get(DATES) for request in _requests(case))]
    given = [dates.get(by.value) for dates in own if isinstance(dates, Mapping) for by in DatedBy]
    days = [day for day in map(_day, given) if day is not None]
    return max(days, default=None)


def _requests(case: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [request for request in case.get("requests") or () if isinstance(request, Mapping)]


def _day(value: Any) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
