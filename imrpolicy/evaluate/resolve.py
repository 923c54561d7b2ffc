"""Which policy governs: the search sequence walked from its highest rank down.

A policy whose scope is unknown may govern. What every policy that may govern says stands, whatever the
missing fact is; where they differ, or a source that may govern is not encoded, nothing is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imrpolicy.evaluate.compiled import CompiledPolicy, PolicyTrace
from imrpolicy.evaluate.words import Reason, Recommendation, SourceState, Status
from imrpolicy.policy import Source


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """A source at its rank, and its policies in force that may cover the service."""

    source: Source
    rank: int
    policies: tuple[CompiledPolicy, ...]


@dataclass(frozen=True, slots=True)
class SourceTrace:
    """One source of the sequence, and what it contributed.

    Attributes:
        source: The source.
        rank: Its rank, 1 for the highest.
        state: Whether it governs, is silent, is not encoded on this topic, or is outranked.
        policies: Its policies that apply, or may.
    """

    source: Source
    rank: int
    state: SourceState
    policies: tuple[PolicyTrace, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """The result of the walk: what is recommended, why, by which policies, and what each source said."""

    recommendation: Recommendation
    reason: Reason
    governing: tuple[PolicyTrace, ...]
    sources: tuple[SourceTrace, ...]


# A source of the sequence, with the traces of its policies that apply or may apply.
Contribution = tuple[SourcePlan, tuple[PolicyTrace, ...]]
Evaluated = Sequence[Sequence[Contribution]]


def resolve(ranks: Evaluated, allow_not_encoded: bool) -> Resolution:
    """Walk the ranks.

    Args:
        ranks: For each rank its sources, with the traces of the policies that apply or may apply.
        allow_not_encoded: Whether a source without a policy is passed over as if it were silent.
    """
    governing: list[PolicyTrace] = []
    last: Sequence[Contribution] = ()
    states: list[SourceTrace] = []
    reached, blocked = True, False
    for rank in ranks:
        if not reached:
            states += [
                SourceTrace(plan.source, plan.rank, SourceState.OUTRANKED, traces) for plan, traces in rank
            ]
            continue
        last = rank
        voices, applies, silent, lacking = _hear(rank)
        blocked = lacking and not allow_not_encoded
        states += [
            SourceTrace(plan.source, plan.rank, _state(traces, blocked), traces) for plan, traces in rank
        ]
        governing += voices
        # The next rank counts only where this one may have nothing to say: nothing surely applies, all may be
        # silent.
        reached = not blocked and not applies and (allow_not_encoded or silent)
    if blocked:
        return Resolution(Recommendation.UNDETERMINED, Reason.NOT_ENCODED, (), tuple(states))
    if not governing:
        missing = any(state.state is SourceState.NOT_ENCODED for state in states)
        reason = Reason.NOT_ENCODED if missing else Reason.ALL_SILENT
        return Resolution(Recommendation.UNDETERMINED, reason, (), tuple(states))
    recommendation, reason = _agreement(governing, last, allow_not_encoded=allow_not_encoded)
    return Resolution(recommendation, reason, tuple(governing), tuple(states))


def _hear(rank: Sequence[Contribution]) -> tuple[list[PolicyTrace], bool, bool, bool]:
    """The policies of a rank that speak; whether one surely applies, all may be silent, one is lacking."""
    voices: list[PolicyTrace] = []
    applies, silent, lacking = False, True, False
    for _, traces in rank:
        before = len(voices)
        for trace in traces:
            if trace.recommendation is not None:
                voices.append(trace)
                applies = applies or trace.applies is Status.MET
        silent = silent and len(voices) - before < len(traces)
        lacking = lacking or not traces
    return voices, applies, silent, lacking


def _state(traces: tuple[PolicyTrace, ...], blocked: bool) -> SourceState:
    """The state of a source at a rank that is reached; `blocked` where one of that rank is not encoded."""
    state = SourceState.SILENT if traces else SourceState.NOT_ENCODED
    for trace in traces:
        if trace.recommendation is not None:
            if trace.applies is Status.MET and not blocked:
                return SourceState.GOVERNS
            state = SourceState.MAY_GOVERN
    return state


def _agreement(
    governing: list[PolicyTrace], rank: Sequence[Contribution], *, allow_not_encoded: bool
) -> tuple[Recommendation, Reason]:
    """What the policies that may govern say together; `rank` is the last one that was reached."""
    said = {trace.recommendation for trace in governing}
    if len(said) == 1 and Recommendation.UNDETERMINED not in said:
        return governing[0].recommendation or Recommendation.UNDETERMINED, Reason.CRITERIA
    voices = sum(trace.recommendation is not None for _, traces in rank for trace in traces)
    # Where a policy above may govern, it is open whether a disagreement below counts.
    if voices == len(governing) and _surely_said(rank, allow_not_encoded=allow_not_encoded) >= _BOTH:
        return Recommendation.UNDETERMINED, Reason.CONFLICT
    if len(said - {Recommendation.UNDETERMINED}) > 1:
        return Recommendation.UNDETERMINED, Reason.UNKNOWN_SCOPE
    return Recommendation.UNDETERMINED, Reason.MISSING_FACTS


_BOTH = {Recommendation.RECOMMENDED, Recommendation.NOT_RECOMMENDED}


def _surely_said(rank: Sequence[Contribution], *, allow_not_encoded: bool) -> set[Recommendation | None]:
    """What is said at a rank whichever of its policies apply, as long as each of its sources speaks."""
    surely: set[Recommendation | None] = set()
    for _, traces in rank:
        surely |= {trace.recommendation for trace in traces if trace.applies is Status.MET}
        words = {trace.recommendation for trace in traces}
        if len(words) == 1 and not allow_not_encoded:
            surely |= words
    return surely
