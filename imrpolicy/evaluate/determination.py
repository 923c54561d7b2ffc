"""A determination: what follows for one request, and everything that led to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from imrpolicy.evaluate.case import Case, Record, Request, Statement
from imrpolicy.evaluate.compiled import CriterionTrace, PolicyTrace, Role, group_truth
from imrpolicy.evaluate.formula import Setting, outcome, undocumented
from imrpolicy.evaluate.missing import Missing, find_missing
from imrpolicy.evaluate.rationale import rationale
from imrpolicy.evaluate.resolve import Evaluated, Resolution, SourceTrace
from imrpolicy.evaluate.serialize import to_dict
from imrpolicy.evaluate.words import Outcome, Reason, Recommendation, SourceState, Status
from imrpolicy.expression import facts_of
from imrpolicy.facts import Fact, FactDictionary
from imrpolicy.policy import SearchSequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the library was asked to evaluate.

    Attributes:
        as_of: The day that stands in for the dates that the case lacks.
        strict: Whether nothing is presumed that the record does not say.
        include_drafts: Whether drafts may govern.
        allow_not_encoded: Whether a source that nobody has encoded is passed over.
    """

    as_of: dt.date | None = None
    strict: bool = False
    include_drafts: bool = False
    allow_not_encoded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FactUse:
    """A fact that a policy read, and what the case says of it.

    Attributes:
        fact: The fact.
        value: Its value; none where it is not documented.
        records: The records that document it.
        conflicting: What the records say where they contradict each other.
    """

    fact: Fact
    value: Any
    records: tuple[Record, ...] = ()
    conflicting: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class SupportedQuantity:
    """What a guideline supports of a quantity where only a limit stands in the way.

    Attributes:
        fact: The quantity.
        requested: What is asked for.
        supported: The most that is supported.
    """

    fact: Fact
    requested: float
    supported: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Determination:
    """The determination of one request. Strictly read-only.

    Attributes:
        case: The case.
        request: The request.
        outcome: The determination in the words of the review.
        recommendation: What the governing policies say together.
        reason: Why the outcome is what it is.
        governing: The policies that govern, or may: one, unless policies of equal rank speak to the request.
        sources: Every source of the search sequence with what it contributed, the highest rank first.
        sequence: The search sequence; none where none is encoded for the jurisdiction and the date.
        dates: The days of the request, the service and the decision that selected the editions.
        options: How the library was asked to evaluate.
        dictionary: The fact dictionary that it was evaluated with.
    """

    case: Case
    request: Request
    outcome: Outcome
    recommendation: Recommendation
    reason: Reason
    governing: tuple[PolicyTrace, ...]
    sources: tuple[SourceTrace, ...]
    sequence: SearchSequence | None
    dates: Mapping[str, dt.date | None]
    options: Options
    dictionary: FactDictionary = field(repr=False, compare=False)
    _ranks: Evaluated = field(repr=False, compare=False)

    @property
    def requires_review(self) -> bool:
        """Whether a licensed reviewer must decide: always, unless the request is supported.

        Guidelines do not deny care, reviewers do (California Labor Code 4610(e) and 4610.6).
        """
        return self.outcome not in (Outcome.OVERTURNED, Outcome.APPROVE)

    @property
    def policies(self) -> tuple[PolicyTrace, ...]:
        """Every policy that was looked at, the highest rank first."""
        return tuple(trace for source in self.sources for trace in source.policies)

    @property
    def silent(self) -> tuple[SourceTrace, ...]:
        """The sources that are silent on the topic."""
        return tuple(source for source in self.sources if source.state is SourceState.SILENT)

    @property
    def not_encoded(self) -> tuple[SourceTrace, ...]:
        """The sources that have no policy here on the topic, which says nothing about their guidelines."""
        return tuple(source for source in self.sources if source.state is SourceState.NOT_ENCODED)

    @property
    def conflict(self) -> tuple[PolicyTrace, ...]:
        """The policies that contradict each other, where that is the reason."""
        return self.governing if self.reason is Reason.CONFLICT else ()

    @property
    def presumed(self) -> tuple[CriterionTrace, ...]:
        """The exclusions of the governing policies that were taken not to hold, as the policies declare."""
        return tuple(leaf for trace in self.governing for leaf in trace.criteria if leaf.presumed)

    @property
    def conditions(self) -> tuple[CriterionTrace, ...]:
        """The conditions of the governing policies, which an approval carries."""
        return tuple(leaf for trace in self.governing for leaf in trace.of(Role.CONDITION))

    @property
    def supported(self) -> tuple[SupportedQuantity, ...]:
        """What would be supported where only limits stand in the way; empty otherwise."""
        return supported_quantities(self.governing, self.request, retrospective=self._setting.retrospective)

    @property
    def missing(self) -> Missing:
        """What would settle an undetermined request; computed when asked for."""
        if self.recommendation is not Recommendation.UNDETERMINED:
            return Missing()
        recommended, not_recommended = outcome(self._ranks, self._setting)
        paths = {path: fact.index for path, fact in self.dictionary.by_path.items()}
        everything = (path for trace in self.policies for path in _unknown_facts(trace, self.request.row))
        return find_missing(recommended, not_recommended, lambda p: paths.get(p.partition("[]")[0], -1), everything)

    def fact_uses(self, criterion: CriterionTrace) -> tuple[FactUse, ...]:
        """The facts that a criterion reads, with their values and the records behind them."""
        return tuple(self.fact_use(fact) for fact in facts_of(criterion.criterion.node))

    def fact_use(self, fact: Fact) -> FactUse:
        """What the case says of a fact for this request."""
        records = self.request.documented_by.get(fact.path, ())
        return FactUse(
            fact=fact,
            value=self.request.row[fact.index],
            records=tuple(self.case.records[record] for record in records),
            conflicting=self.request.conflicting.get(fact.path, ()),
        )

    @property
    def rationale(self) -> str:
        """Why, in plain English."""
        return rationale(self)

    def to_dict(self) -> dict[str, Any]:
        """The determination as plain data that fits the determination schema."""
        return to_dict(self)

    @property
    def _setting(self) -> Setting:
        return Setting(
            row=self.request.row,
            strict=self.options.strict,
            retrospective=self.case.timing.value == "retrospective",
            in_conflict=frozenset(self.request.conflicting),
            allow_not_encoded=self.options.allow_not_encoded,
        )


def _unknown_facts(trace: PolicyTrace, row: tuple[Any, ...]) -> set[str]:
    nodes = [trace.policy.scope, *(leaf.node for leaf in trace.policy.leaves)]
    return {path for node in nodes for path in undocumented(node, row)}


def supported_quantities(
    governing: tuple[PolicyTrace, ...], request: Request, *, retrospective: bool
) -> tuple[SupportedQuantity, ...]:
    """What one governing policy supports where nothing but its limits fails; empty otherwise.

    Args:
        governing: The policies that govern.
        request: The request.
        retrospective: Whether conditions count.
    """
    if len(governing) != 1 or governing[0].recommendation is not Recommendation.NOT_RECOMMENDED:
        return ()
    trace = governing[0]
    exceeded = [leaf for leaf in trace.of(Role.CRITERION) if leaf.status is Status.NOT_MET and leaf.criterion.limit]
    if not exceeded or not _holds_but_for_limits(trace, retrospective):
        return ()
    caps: dict[str, SupportedQuantity] = {}
    for leaf in exceeded:
        limit = leaf.criterion.limit
        assert limit is not None  # noqa: S101 - selected above
        found = SupportedQuantity(limit.fact, request.row[limit.fact.index], limit.supported)
        if limit.fact.path not in caps or found.supported < caps[limit.fact.path].supported:
            caps[limit.fact.path] = found
    return tuple(caps.values())


def _holds_but_for_limits(trace: PolicyTrace, retrospective: bool) -> bool:
    policy = trace.policy
    values = [None] + [
        True if leaf.criterion.limit else {Status.MET: True, Status.NOT_MET: False}.get(leaf.status)
        for leaf in trace.criteria
    ]
    positions = {leaf.criterion.id: i for i, leaf in enumerate(trace.criteria, start=1)}
    if policy.criteria is None or group_truth(policy.criteria, positions)(tuple(values)) is not True:
        return False
    excluded = any(not (leaf.status is Status.NOT_MET or leaf.presumed) for leaf in trace.of(Role.EXCLUSION))
    unmet = any(leaf.status is not Status.MET for leaf in trace.of(Role.CONDITION))
    return not excluded and not (retrospective and unmet)


def make(
    *, case: Case, request: Request, resolution: Resolution, ranks: Evaluated, sequence: SearchSequence | None,
    dates: Mapping[str, dt.date | None], options: Options, dictionary: FactDictionary,
) -> Determination:  # fmt: skip
    """Put a determination together; the outcome is worded for the review."""
    return Determination(
        case=case,
        request=request,
        outcome=_outcome(case, request, resolution),
        recommendation=resolution.recommendation,
        reason=resolution.reason,
        governing=resolution.governing,
        sources=resolution.sources,
        sequence=sequence,
        dates=dates,
        options=options,
        dictionary=dictionary,
        _ranks=ranks,
    )


def _outcome(case: Case, request: Request, resolution: Resolution) -> Outcome:
    recommendation = resolution.recommendation
    if case.review.value == "imr":
        return _IMR[recommendation]
    if recommendation is Recommendation.RECOMMENDED:
        return Outcome.APPROVE
    if recommendation is Recommendation.NOT_RECOMMENDED:
        partial = supported_quantities(
            resolution.governing, request, retrospective=case.timing.value == "retrospective"
        )
        return Outcome.MODIFY if partial else Outcome.DENY
    # Information helps only where facts are missing; a conflict or a gap in the library is for a person.
    answerable = resolution.reason in (Reason.MISSING_FACTS, Reason.UNKNOWN_SCOPE)
    return Outcome.REQUEST_INFORMATION if answerable else Outcome.UNDETERMINED


_IMR = {
    Recommendation.RECOMMENDED: Outcome.OVERTURNED,
    Recommendation.NOT_RECOMMENDED: Outcome.UPHELD,
    Recommendation.UNDETERMINED: Outcome.UNDETERMINED,
}
