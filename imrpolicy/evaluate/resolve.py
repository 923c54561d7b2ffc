"""Which policy governs: the search sequence walked from its highest rank down.

A policy whose scope is unknown may govern. What every policy that may govern says stands, whatever the missing fact
is; where they differ, or a source that may govern is not encoded, nothing is decided.
"""

from __future__ import annotations

from dataclasses import dataclass

from imrpolicy.evaluate.compiled import CompiledPolicy, PolicyTrace
from imrpolicy.evaluate.words import Reason, Recommendation, SourceState, Status
from imrpolicy.policy import SearchSequence, Source


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """A source at its rank, and its policies in force that may cover the service."""

    source: Source
    rank: int
    policies: tuple[CompiledPolicy, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is looked at for a request: the sequence, and its ranks with their sources."""

    sequence: SearchSequence | None
    ranks: tuple[tuple[SourcePlan, ...], ...]


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
    """The result of the walk: what is recommended, why, by which policies, and what each source contributed."""

    recommendation: Recommendation
    reason: Reason
    governing: tuple[PolicyTrace, ...]
    sources: tuple[SourceTrace, ...]


Evaluated = list[list[tuple[SourcePlan, tuple[PolicyTrace, ...]]]]


def resolve(ranks: Evaluated, allow_not_encoded: bool) -> Resolution:
    """Walk the ranks.

    Args:
        ranks: For each rank its sources, with the traces of the policies that apply or may apply.
        allow_not_encoded: Whether a source without a policy is passed over as if it were silent.
    """
    governing: list[PolicyTrace] = []
    states: list[SourceTrace] = []
    blocked = decided = False
    for rank in ranks:
        speaking: list[PolicyTrace] = []
        passable = True
        for plan, traces in rank:
            state, voices, silent = _source(traces)
            if decided or blocked:
                state = SourceState.OUTRANKED if traces else state
            elif state is SourceState.NOT_ENCODED and not allow_not_encoded:
                blocked = True
            states.append(SourceTrace(plan.source, plan.rank, state, traces))
            speaking += voices
            passable = passable and (silent or allow_not_encoded)
        if decided or blocked:
            continue
        governing += speaking
        certain = any(trace.applies is Status.MET for trace in speaking)
        decided = certain or not passable
    if blocked:
        return Resolution(Recommendation.UNDETERMINED, Reason.NOT_ENCODED, (), tuple(states))
    recommendation, reason = _agreement(governing)
    return Resolution(recommendation, reason, tuple(governing), tuple(states))


def _source(traces: tuple[PolicyTrace, ...]) -> tuple[SourceState, list[PolicyTrace], bool]:
    """A source's state before any ranking, its policies that speak, and whether a silent one of it may apply."""
    voices = [trace for trace in traces if trace.recommendation is not None]
    silent = len(voices) < len(traces)
    if voices:
        return SourceState.GOVERNS, voices, silent
    return (SourceState.SILENT if silent else SourceState.NOT_ENCODED), voices, silent


def _agreement(governing: list[PolicyTrace]) -> tuple[Recommendation, Reason]:
    said = {trace.recommendation for trace in governing}
    if not said:
        return Recommendation.UNDETERMINED, Reason.ALL_SILENT
    if len(said) == 1 and Recommendation.UNDETERMINED not in said:
        return governing[0].recommendation or Recommendation.UNDETERMINED, Reason.CRITERIA
    certain = {trace.recommendation for trace in governing if trace.applies is Status.MET}
    if {Recommendation.RECOMMENDED, Recommendation.NOT_RECOMMENDED} <= certain:
        return Recommendation.UNDETERMINED, Reason.CONFLICT
    if len(said - {Recommendation.UNDETERMINED}) > 1:
        return Recommendation.UNDETERMINED, Reason.UNKNOWN_SCOPE
    return Recommendation.UNDETERMINED, Reason.MISSING_FACTS
