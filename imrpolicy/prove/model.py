"""What a comparison of two policies finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from imrpolicy.policy import Policy
from imrpolicy.prove.witness import Witness


class Says(StrEnum):
    """What a policy says of a request."""

    RECOMMENDED = "recommended"
    NOT_RECOMMENDED = "not_recommended"
    UNDETERMINED = "undetermined"
    NOTHING = "nothing"
    """It does not cover the request, or is silent on it."""


class Relation(StrEnum):
    """How the newer of two policies stands to the older."""

    EQUIVALENT = "equivalent"
    """No case has another outcome."""
    ONLY_STRICTER = "only_stricter"
    """Some cases fare worse, none better."""
    ONLY_LOOSER = "only_looser"
    """Some cases fare better, none worse."""
    BOTH = "both"
    """Some cases fare worse, others better."""
    SHIFTED = "shifted"
    """None fares worse or better, but what is left open, or by whom, changes."""
    UNKNOWN = "unknown"
    """The prover gave up, so that nothing is promised."""


class Bump(StrEnum):
    """A step of the version."""

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"

    @property
    def size(self) -> int:
        """The greater, the more a reader has to expect."""
        return list(Bump).index(self)


class Direction(StrEnum):
    """Which way a case moves."""

    STRICTER = "stricter"
    LOOSER = "looser"
    NEITHER = "neither"


# `nothing` stands beside `undetermined`: neither supports the request, neither speaks against it.
_FAVOR = {Says.NOT_RECOMMENDED: 0, Says.UNDETERMINED: 1, Says.NOTHING: 1, Says.RECOMMENDED: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that a policy asks for which alone makes the difference, with a smallest case of it.

    Attributes:
        id: The id of the criterion, or of the group; empty for a group without one.
        text: What it asks, in plain English.
        facts: The facts that it reads, by path.
        policy: The policy that asks for it.
        witness: The case.
    """

    id: str
    text: str
    facts: tuple[str, ...]
    policy: Policy
    witness: Witness

    def in_words(self) -> str:
        """What of the case it reads, such as `surgery expected: yes`."""
        return self.witness.about(self.facts).in_words() or "nothing of it is documented"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """Cases of which the two policies say different things.

    Attributes:
        before: What the older says.
        after: What the newer says.
        witness: A smallest case.
        reasons: The criteria of the policy that does not support it which can make the difference alone.
    """

    before: Says
    after: Says
    witness: Witness
    reasons: tuple[Reason, ...] = ()

    @property
    def is_of_a_recommendation(self) -> bool:
        """Whether a recommendation comes or goes."""
        return Says.RECOMMENDED in (self.before, self.after)

    @property
    def direction(self) -> Direction:
        """Whether the case fares worse or better."""
        change = _FAVOR[self.after] - _FAVOR[self.before]
        return Direction.STRICTER if change < 0 else Direction.LOOSER if change > 0 else Direction.NEITHER

    @property
    def bump(self) -> Bump:
        """The step of the version that it asks for.

        A case loses a recommendation also where the policy begins to speak against what it left to others.
        """
        if Says.RECOMMENDED is self.before or (self.before, self.after) == (
            Says.NOTHING,
            Says.NOT_RECOMMENDED,
        ):
            return Bump.MAJOR
        return Bump.MINOR


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityChange:
    """Cases that neither policy recommends, and of which they support different quantities.

    Attributes:
        before: What the older supports, by fact; empty where nothing.
        after: What the newer supports.
        witness: A smallest case.
    """

    before: tuple[tuple[str, float], ...]
    after: tuple[tuple[str, float], ...]
    witness: Witness

    @property
    def direction(self) -> Direction:
        """Whether less or more is supported."""
        old, new = dict(self.before), dict(self.after)
        if not old or not new:
            return Direction.STRICTER if old else Direction.LOOSER
        signs = {new[fact] < old[fact] for fact in old.keys() & new.keys() if new[fact] != old[fact]}
        if len(signs) != 1 or old.keys() != new.keys():
            return Direction.NEITHER
        return Direction.STRICTER if signs.pop() else Direction.LOOSER

    @property
    def bump(self) -> Bump:
        """Less support is a loss."""
        return Bump.MINOR if self.direction is Direction.LOOSER else Bump.MAJOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is proven of two policies.

    Attributes:
        old: The older, or the first.
        new: The newer, or the second.
        relation: How the newer stands to the older.
        transitions: What changes for whom, losses first.
        quantities: Where other quantities are supported.
        applicability: A case to which one surely applies and the other only may, while both say the same.
        unknown: The questions on which the prover gave up.
        cut_short: Lists of which only so many elements were considered, by fact.
    """

    old: Policy
    new: Policy
    relation: Relation
    transitions: tuple[Transition, ...] = ()
    quantities: tuple[QuantityChange, ...] = ()
    applicability: Witness | None = None
    unknown: tuple[str, ...] = ()
    cut_short: tuple[tuple[str, int], ...] = ()

    @property
    def asked(self) -> Bump:
        """The step of the version that the proven changes ask for; at least that, where some are unknown."""
        bumps = [part.bump for part in self.transitions] + [part.bump for part in self.quantities]
        bumps += [Bump.MINOR] if self.applicability is not None else []
        return max(bumps, default=Bump.PATCH, key=lambda bump: bump.size)

    @property
    def declared(self) -> Bump:
        """The step between the two versions."""
        return declared_bump(self.old, self.new)

    @property
    def is_understated(self) -> bool:
        """Whether the version promises less change than is proven."""
        if self.asked is Bump.PATCH and self.relation is Relation.EQUIVALENT:
            return False
        return self.declared.size < self.asked.size

    def moving(self, direction: Direction) -> tuple[Transition | QuantityChange, ...]:
        """What moves one way."""
        moves: tuple[Transition | QuantityChange, ...] = (*self.transitions, *self.quantities)
        return tuple(part for part in moves if part.direction is direction)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data."""
        return {
            "old": self.old.reference,
            "new": self.new.reference,
            "relation": self.relation.value,
            "asked": self.asked.value,
            "declared": self.declared.value,
            "transitions": [_transition(part) for part in self.transitions],
            "quantities": [
                {
                    "before": dict(part.before),
                    "after": dict(part.after),
                    "direction": part.direction.value,
                    "witness": part.witness.to_dict(),
                }
                for part in self.quantities
            ],
            "applicability": self.applicability.to_dict() if self.applicability else None,
            "unknown": list(self.unknown),
            "considered_up_to": dict(self.cut_short),
        }


def declared_bump(old: Policy, new: Policy) -> Bump:
    """The step between the versions of two policies."""
    before, after = old.version, new.version
    if after.major != before.major:
        return Bump.MAJOR
    if after.minor != before.minor:
        return Bump.MINOR
    return Bump.PATCH if after.patch != before.patch else Bump.NONE


def _transition(part: Transition) -> dict[str, Any]:
    return {
        "before": part.before.value,
        "after": part.after.value,
        "direction": part.direction.value,
        "witness": part.witness.to_dict(),
        "reasons": [
            {"policy": r.policy.reference, "criterion": r.id, "witness": r.witness.to_dict()}
            for r in part.reasons
        ],
    }
