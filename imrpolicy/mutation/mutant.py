"""A policy with one small slip in it."""

from __future__ import annotations

from dataclasses import dataclass

from imrpolicy.expression import Span
from imrpolicy.issues import Place
from imrpolicy.policy import Criterion, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A policy with one small slip in it.

    Attributes:
        id: Its name, which stays the same as long as the part of the policy that it changes does.
        kind: What kind of slip it is, such as `threshold`.
        where: The criterion, group or key of the policy that it changes.
        before: What the policy says there.
        after: What the mutant says instead.
        original: The policy as it is.
        policy: The policy with the slip in it.
        dropped: The criteria that the mutant lacks.
        place: Where the slip would be made.
        span: Which part of the expression there it changes.
    """

    id: str
    kind: str
    where: str
    before: str
    after: str
    original: Policy
    policy: Policy
    dropped: frozenset[str] = frozenset()
    place: Place = Place("")
    span: Span | None = None

    @property
    def changed(self) -> tuple[Criterion, Criterion] | None:
        """The one criterion whose expression differs, before and after; none where it is something else."""
        after = {leaf.id: leaf for leaf in self.policy.leaves}
        for leaf in self.original.leaves:
            other = after.get(leaf.id)
            if other is not None and other.node is not leaf.node:
                return leaf, other
        return None
