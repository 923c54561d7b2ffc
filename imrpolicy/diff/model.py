"""What a difference between two sets of policies is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from imrpolicy.diff.criteria import PartChange
from imrpolicy.diff.impact import Impact
from imrpolicy.diff.periods import PeriodChange
from imrpolicy.policy import Policy, PolicyStatus
from imrpolicy.prove import Bump, Comparison, Direction, Relation, Says, Transition

# What an editor writes in `changes` to promise that something does not happen.
_NO_CHANGE = re.compile(
    r"\bPATCH\b|\bwording only\b|\bonly (?:the )?wording\b|\bno (?:outcome|determination|case) changes\b"
    r"|\bno (?:outcome|determination) can change\b|\bchanges no (?:outcome|determination)\b",
    re.IGNORECASE,
)
_NO_LOSS = re.compile(r"\b(?:none|no case|no patient|nobody) can lose\b", re.IGNORECASE)
_NO_GAIN = re.compile(r"\b(?:none|no case|no patient|nobody) can gain\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDiff:
    """One policy that is not what it was.

    Attributes:
        id: Its id.
        old: What it was; none where it is new.
        new: What it is; none where it is gone.
        parts: What was edited.
        periods: The days that it covers on one side only.
        comparison: What is proven; none where there is nothing to compare.
        unreadable: Why it cannot be compared, where it cannot.
    """

    id: str
    old: Policy | None
    new: Policy | None
    parts: tuple[PartChange, ...] = ()
    periods: tuple[PeriodChange, ...] = ()
    comparison: Comparison | None = None
    unreadable: str = ""

    @property
    def governs_no_more(self) -> bool:
        """Whether what was released is a draft now, which governs nobody unless drafts are asked for."""
        old, new = self.old, self.new
        if old is None or new is None:
            return False
        return (
            old.status is PolicyStatus.RELEASED
            and new.status is PolicyStatus.DRAFT
            and (old.version == new.version)
        )

    @property
    def errors(self) -> tuple[str, ...]:
        """What fails the build."""
        return tuple(self._errors())

    def _errors(self) -> Iterator[str]:
        if self.unreadable:
            yield self.unreadable
        found = self.comparison
        if found is None or self.new is None:
            return
        if found.relation is Relation.UNKNOWN:
            yield f"it is not known what changes: the prover gave up on {', '.join(found.unknown)}"
        if found.is_understated:
            declared = (
                "the version stays" if found.declared is Bump.NONE else f"declared is {found.declared.name}"
            )
            yield f"the version understates the change: proven is {found.asked.name}, {declared}"
        yield from broken_promises(self.new.changes, found)
        for part in self.periods:
            if found.declared.size < part.bump.size:
                word = "covered now" if part.gained else "no longer covered"
                yield f"the version understates that these days are {word}: {part.days()}"

    def to_dict(self) -> dict[str, Any]:
        """The difference as plain data."""
        return {
            "policy": self.id,
            "old": self.old.reference if self.old else None,
            "new": self.new.reference if self.new else None,
            "parts": [part.to_dict() for part in self.parts],
            "periods": [part.to_dict() for part in self.periods],
            "comparison": self.comparison.to_dict() if self.comparison else None,
            "errors": list(self.errors),
        }


def broken_promises(changes: str, found: Comparison) -> Iterator[str]:
    """What `changes` says and the proof contradicts."""
    if found.relation not in (Relation.EQUIVALENT, Relation.UNKNOWN) and (said := _NO_CHANGE.search(changes)):
        yield f"`changes` says `{said[0]}`, but outcomes change"
    losses, gains = found.moving(Direction.STRICTER), found.moving(Direction.LOOSER)
    lost = [part for part in losses if not isinstance(part, Transition) or part.bump is Bump.MAJOR]
    gained = [p for p in gains if not isinstance(p, Transition) or p.after is Says.RECOMMENDED]
    if lost and (said := _NO_LOSS.search(changes)):
        yield f"`changes` says `{said[0]}`, but this case can: {lost[0].witness.in_words()}"
    if gained and (said := _NO_GAIN.search(changes)):
        yield f"`changes` says `{said[0]}`, but this case can: {gained[0].witness.in_words()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryDiff:
    """What differs between two directories of policies.

    Attributes:
        base: What people call the older side.
        head: What people call the newer side.
        policies: The policies that differ, by id.
        sequences: The search sequences that differ, in words.
        impact: Which known cases change their determination; none where there are no cases.
        population: Which made-up requests do, or those of a table; none where it was not asked for.
        tried: What these requests are.
        unread: The files of the older side that have errors, so that what they held is not compared.
    """

    base: str
    head: str
    policies: tuple[PolicyDiff, ...]
    sequences: tuple[str, ...] = ()
    impact: Impact | None = None
    population: Impact | None = None
    tried: str = "Made-up requests"
    unread: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[tuple[str, str], ...]:
        """What fails the build: each policy with what is wrong about it."""
        return tuple((diff.id, error) for diff in self.policies for error in diff.errors)

    @property
    def headline(self) -> str:
        """The patient who is harmed or let through, as the first line of every report."""
        moves = [
            (diff, part) for diff in self.policies if diff.comparison for part in diff.comparison.transitions
        ]
        # Those who lose, or gain, a recommendation come before those whose case was open anyway.
        moves.sort(key=lambda move: (_WEIGHT[move[1].direction], not move[1].is_of_a_recommendation))
        dated = [part for diff in self.policies for part in diff.periods]
        dated.sort(key=lambda part: _WEIGHT[part.direction])
        if dated and (not moves or _WEIGHT[dated[0].direction] < _WEIGHT[moves[0][1].direction]):
            return f"{_KIND[dated[0].direction]}: {dated[0].in_words()}"
        if moves:
            return _headline(*moves[0])
        for diff in self.policies:
            if diff.comparison is not None and diff.comparison.quantities:
                quantity = diff.comparison.quantities[0]
                word = "Less is supported" if quantity.direction is Direction.STRICTER else "Other support"
                return f"{word}: {quantity.witness.in_words()} ({_step(diff)})"
        withdrawn = next((diff.id for diff in self.policies if diff.governs_no_more), None)
        if withdrawn is not None:
            return (
                f"Harmed: every request that rested on {withdrawn}, which is a draft now and governs nobody"
            )
        if any(diff.old is None or diff.new is None for diff in self.policies):
            return _come_and_gone(self.policies)
        if any(diff.errors for diff in self.policies):
            return "Not known: " + next(error for diff in self.policies for error in diff.errors)
        return "Nobody is affected: no outcome changes." if self.policies else "No policy differs."

    def to_dict(self) -> dict[str, Any]:
        """The difference as plain data."""
        return {
            "headline": self.headline,
            "base": self.base,
            "head": self.head,
            "policies": [diff.to_dict() for diff in self.policies],
            "sequences": list(self.sequences),
            "impact": self.impact.to_dict() if self.impact else None,
            "population": self.population.to_dict() if self.population else None,
            "unread": list(self.unread),
            "errors": [{"policy": name, "message": message} for name, message in self.errors],
        }


_WEIGHT = {Direction.STRICTER: 0, Direction.LOOSER: 1, Direction.NEITHER: 2}
_NOW = {
    Says.RECOMMENDED: "is recommended",
    Says.NOT_RECOMMENDED: "is not recommended",
    Says.UNDETERMINED: "is left open",
    Says.NOTHING: "is no longer covered",
}
_WAS = {
    Says.RECOMMENDED: "was recommended",
    Says.NOT_RECOMMENDED: "was not recommended",
    Says.UNDETERMINED: "was left open",
    Says.NOTHING: "was not covered",
}
_KIND = {Direction.STRICTER: "Harmed", Direction.LOOSER: "Let through", Direction.NEITHER: "Affected"}


def _headline(diff: PolicyDiff, part: Transition) -> str:
    said = f"{_WAS[part.before]} and {_NOW[part.after]} by {_step(diff)}"
    return f"{_KIND[part.direction]}: {part.witness.in_words()} ({said})"


def _step(diff: PolicyDiff) -> str:
    if diff.old is None or diff.new is None:
        return diff.id
    if diff.old.version == diff.new.version:
        return f"{diff.new.reference}, whose version stays"
    return f"{diff.id} {diff.old.version} -> {diff.new.version}"


def _come_and_gone(policies: tuple[PolicyDiff, ...]) -> str:
    gone = [diff for diff in policies if diff.new is None and diff.old is not None]
    if gone:
        return f"Harmed: every request that rested on {gone[0].id}, which is gone"
    new = next(diff for diff in policies if diff.old is None and diff.new is not None)
    assert new.new is not None  # noqa: S101 - see above
    return f"New: {new.new.reference} speaks to requests that it did not cover before"
