"""What can be seen of an evaluation of one policy, so that two policies can be told apart by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imrpolicy.evaluate import CompiledPolicy, Recommendation, Status
from imrpolicy.evaluate.supported import supported_quantities
from imrpolicy.testing.runner import statuses_of

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a case is evaluated: whether nothing is presumed, and whether the service was performed."""

    strict: bool = False
    retrospective: bool = False

    def keywords(self) -> dict[str, Any]:
        """The arguments of an evaluation."""
        return {
            "strict": self.strict,
            "retrospective": self.retrospective,
            "in_conflict": frozenset[str](),
        }


MANNERS = (
    Manner(),
    Manner(retrospective=True),
    Manner(strict=True),
    Manner(strict=True, retrospective=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a policy gives for a case.

    Attributes:
        applies: Whether it applies.
        recommendation: What it recommends; `none` where it says nothing.
        supported: What its limits would support, by fact.
        statuses: The statuses of its criteria and groups, by id.
    """

    applies: Status
    recommendation: str
    supported: tuple[tuple[str, float], ...]
    statuses: dict[str, str]

    @property
    def outcome(self) -> tuple[Any, ...]:
        """What matters to the person who asks."""
        return self.applies, self.recommendation, self.supported

    def differs(self, other: Observation) -> bool:
        """Whether the other one is different in anything that both speak of."""
        if self.outcome != other.outcome:
            return True
        shared = self.statuses.keys() & other.statuses.keys()
        return any(self.statuses[name] != other.statuses[name] for name in shared)


def observe(policy: CompiledPolicy, row: Sequence[Any], manner: Manner) -> Observation:
    """Evaluate a policy for a case."""
    keywords = manner.keywords()
    trace = policy.evaluate(row, **keywords)
    if trace is None:
        return Observation(applies=Status.NOT_MET, recommendation="none", supported=(), statuses={})
    supported: tuple[tuple[str, float], ...] = ()
    if trace.recommendation is Recommendation.NOT_RECOMMENDED:
        found = supported_quantities([(policy, trace)], row, **keywords)
        supported = tuple((quantity.fact.path, quantity.supported) for quantity in found)
    return Observation(
        applies=trace.applies,
        recommendation="none" if trace.recommendation is None else trace.recommendation.value,
        supported=supported,
        statuses=statuses_of(trace),
    )
