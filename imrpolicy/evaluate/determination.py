"""A determination: what follows for one request, and everything that led to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from imrpolicy.evaluate.case import Case, Record, Request, Statement
from imrpolicy.evaluate.compiled import CriterionTrace, PolicyTrace, Role
from imrpolicy.evaluate.formula import Readings, Setting, outcome, undocumented
from imrpolicy.evaluate.missing import Missing, find_missing
from imrpolicy.evaluate.rationale import rationale
from imrpolicy.evaluate.resolve import Resolution, SourceTrace
from imrpolicy.evaluate.serialize import to_dict
from imrpolicy.evaluate.supported import SupportedQuantity
from imrpolicy.evaluate.words import Outcome, Reason, Recommendation, Review, SourceState, Status, Timing
from imrpolicy.expression import facts_of
from imrpolicy.facts import Fact, FactDictionary
from imrpolicy.policy import Policy, SearchSequence


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Determination:
    """The determination of one request. Strictly read-only; compared by value, and fit for `pickle`.

    Attributes:
        case: The case.
        request: The request.
        outcome: The determination in the words of the review.
        recommendation: What the governing policies say together.
        reason: Why the outcome is what it is.
        governing: The policies that govern, or may: one, unless policies of equal rank speak to the request.
        sources: Every source of the search sequence with what it contributed, the highest rank first.
        supported: What would be supported where only limits stand in the way; empty otherwise.
        sequence: The search sequence; none where none is encoded for the jurisdiction and the date.
        dates: The days of the request, the service and the decision that selected the editions.
        options: How the library was asked to evaluate.
        readings: What the library made ready to find what is missing; it says nothing of the request.
    """

    case: Case
    request: Request
    outcome: Outcome
    recommendation: Recommendation
    reason: Reason
    governing: tuple[PolicyTrace, ...]
    sources: tuple[SourceTrace, ...]
    supported: tuple[SupportedQuantity, ...]
    sequence: SearchSequence | None
    dates: Mapping[str, dt.date | None]
    options: Options
    readings: Readings = field(default_factory=Readings, compare=False, repr=False)

    @property
    def requires_review(self) -> bool:
        """Whether a licensed reviewer must decide: always, unless guidelines known to apply support it.

        Guidelines do not deny care, reviewers do (California Labor Code 4610(e) and 4610.6).
        """
        return self.outcome not in (Outcome.OVERTURNED, Outcome.APPROVE) or self.rests_on_unknown_scope

    @property
    def rests_on_unknown_scope(self) -> bool:
        """Whether a source counted, by what it says or by its silence, of which no policy is known to apply.

        That is so where facts that the scopes of its policies read are not documented.
        """
        counted = (SourceState.GOVERNS, SourceState.MAY_GOVERN, SourceState.SILENT)
        return any(
            source.state in counted and all(trace.applies is not Status.MET for trace in source.policies)
            for source in self.sources
        )

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
        if self.reason is not Reason.CONFLICT:
            return ()
        return tuple(t for t in self.governing if t.recommendation is not Recommendation.UNDETERMINED)

    @property
    def presumed(self) -> tuple[CriterionTrace, ...]:
        """The exclusions of the governing policies that were taken not to hold, as the policies declare."""
        return tuple(leaf for trace in self.governing for leaf in trace.criteria if leaf.presumed)

    @property
    def conditions(self) -> tuple[CriterionTrace, ...]:
        """The conditions of the governing policies, which an approval carries."""
        return tuple(leaf for trace in self.governing for leaf in trace.of(Role.CONDITION))

    @property
    def missing(self) -> Missing:
        """What would settle an undetermined request; computed when asked for."""
        return self.could_change if self.recommendation is Recommendation.UNDETERMINED else Missing()

    @property
    def could_change(self) -> Missing:
        """What could change the outcome, be it settled or not; computed when asked for.

        A settled one can change only through a presumption, through a scope that is not documented, or
        through an exception that asks with `has` whether something is documented.
        """
        recommended, not_recommended = outcome(self.sources, self._setting)
        paths = {path: fact.index for path, fact in self.dictionary.by_path.items()}
        everything = (
            path for trace in self.policies for path in _unknown_facts(trace.policy, self.request.row)
        )
        return find_missing(
            recommended, not_recommended, lambda p: paths.get(p.partition("[]")[0], -1), everything
        )

    @property
    def dictionary(self) -> FactDictionary:
        """The fact dictionary that it was evaluated with."""
        return self.case.dictionary

    @property
    def facts_in_conflict(self) -> tuple[FactUse, ...]:
        """The facts that a policy read and on which the records contradict each other, each once."""
        leaves = (leaf for trace in self.policies for leaf in trace.criteria)
        found = {use.fact.path: use for leaf in leaves for use in self.fact_uses(leaf)}
        return tuple(use for path, use in found.items() if path in self.request.conflicting)

    def fact_uses(self, criterion: CriterionTrace) -> tuple[FactUse, ...]:
        """The facts that a criterion reads, with their values and the records behind them."""
        return tuple(self.fact_use(fact) for fact in facts_of(criterion.criterion.node))

    def fact_use(self, fact: Fact) -> FactUse:
        """What the case says of a fact for this request."""
        value = self.request.row[fact.index]
        # A record that is named for a fact without a value documents nothing.
        records = self.request.documented_by.get(fact.path, ()) if value is not None else ()
        return FactUse(
            fact=fact,
            value=value,
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
            retrospective=self.case.timing is Timing.RETROSPECTIVE,
            in_conflict=frozenset(self.request.conflicting),
            allow_not_encoded=self.options.allow_not_encoded,
            readings=self.readings,
        )


def _unknown_facts(policy: Policy, row: tuple[Any, ...]) -> set[str]:
    nodes = [policy.scope, *(leaf.node for leaf in policy.leaves)]
    return {path for node in nodes for path in undocumented(node, row)}


def outcome_of(review: Review, resolution: Resolution, supported: tuple[SupportedQuantity, ...]) -> Outcome:
    """The result in the words of the review.

    Args:
        review: The kind of review.
        resolution: What the policies say together, and why.
        supported: What would be supported where only limits are exceeded.
    """
    recommendation = resolution.recommendation
    if review is Review.IMR:
        return _IMR[recommendation]
    if recommendation is Recommendation.RECOMMENDED:
        return Outcome.APPROVE
    if recommendation is Recommendation.NOT_RECOMMENDED:
        return Outcome.MODIFY if supported else Outcome.DENY
    # Information helps only where facts are missing; a conflict or a gap in the library is for a person.
    answerable = resolution.reason in (Reason.MISSING_FACTS, Reason.UNKNOWN_SCOPE)
    return Outcome.REQUEST_INFORMATION if answerable else Outcome.UNDETERMINED


_IMR = {
    Recommendation.RECOMMENDED: Outcome.OVERTURNED,
    Recommendation.NOT_RECOMMENDED: Outcome.UPHELD,
    Recommendation.UNDETERMINED: Outcome.UNDETERMINED,
}
