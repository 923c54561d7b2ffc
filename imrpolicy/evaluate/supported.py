"""What would be supported of a request on which nothing but limits fails."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from imrpolicy.evaluate.compiled import CompiledPolicy, PolicyTrace, Role
from imrpolicy.evaluate.words import Recommendation, Status
from imrpolicy.facts import Fact
from imrpolicy.policy import Limit

# Limits in alternatives give several caps for a quantity; beyond this many combinations nothing is offered.
_MOST_COMBINATIONS = 1_000


@dataclass(frozen=True, slots=True)
class SupportedQuantity:
    """What a guideline supports of a quantity where only a limit stands in the way.

    Attributes:
        fact: The quantity.
        requested: What is asked for.
        supported: The most that is supported.
        inclusive: Whether that much itself is supported, rather than everything below it.
    """

    fact: Fact
    requested: float
    supported: float
    inclusive: bool = True


Looked = Sequence[tuple[CompiledPolicy, PolicyTrace]]


def supported_quantities(
    policies: Looked, row: Sequence[Any], *, strict: bool, retrospective: bool, in_conflict: frozenset[str]
) -> tuple[SupportedQuantity, ...]:
    """What all governing policies would support: few quantities cut, and by as little as can be.

    The policies are evaluated anew with the lower quantities, so that what is offered is recommended indeed.
    Empty where no cut is enough, since something else fails or is not documented.

    Args:
        policies: The policies that govern, with their traces; all of them do not recommend the request.
        row: The facts of the request.
        strict: Whether nothing is presumed.
        retrospective: Whether conditions count.
        in_conflict: The facts on which the records contradict each other.
    """
    for lower in _cuts([trace for _, trace in policies]):
        changed = list(row)
        for limit in lower:
            changed[limit.fact.index] = _within(limit)
        found = (
            policy.evaluate(changed, strict=strict, retrospective=retrospective, in_conflict=in_conflict)
            for policy, _ in policies
        )
        if all(trace is not None and trace.recommendation is Recommendation.RECOMMENDED for trace in found):
            return tuple(
                SupportedQuantity(limit.fact, row[limit.fact.index], limit.supported, limit.is_reached)
                for limit in lower
            )
    return ()


def _cuts(traces: Sequence[PolicyTrace]) -> Iterator[tuple[Limit, ...]]:
    """The limits to which quantities may be cut, the best offer first."""
    caps: dict[str, dict[float, Limit]] = {}
    for trace in traces:
        limits = list(_exceeded(trace))
        if not limits:  # this policy fails on something else
            return
        for limit in limits:
            caps.setdefault(limit.fact.path, {})[_within(limit)] = limit
    if len(caps) == 1 and all(len(found) == 1 for found in caps.values()):  # by far the most frequent
        yield from (tuple(found.values()) for found in caps.values())
        return
    choices: list[list[Limit | None]] = [
        [None, *(found[value] for value in sorted(found, reverse=True))] for found in caps.values()
    ]
    if math.prod(len(found) for found in choices) <= _MOST_COMBINATIONS:
        cuts = (tuple(limit for limit in limits if limit is not None) for limits in product(*choices))
        yield from sorted((cut for cut in cuts if cut), key=len)


def _exceeded(trace: PolicyTrace) -> Iterator[Limit]:
    """The limits on which a policy fails and below which something is left to support."""
    for leaf in trace.of(Role.CRITERION):
        limit = leaf.criterion.limit
        if limit is None or leaf.status is not Status.NOT_MET:
            continue
        if limit.supported > 0:
            yield limit


def _within(limit: Limit) -> float:
    """The greatest value within a limit."""
    return limit.supported if limit.is_reached else math.nextafter(limit.supported, -math.inf)
