"""Evaluates cases as of their own dates, and compares the outcomes with what was decided in reality."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from imrpolicy.agreement.causes import cause_of, source_titles
from imrpolicy.agreement.labels import findings, labels
from imrpolicy.agreement.model import Agreement, Comparison, Label, Verdict
from imrpolicy.evaluate import Case, Determination, Outcome, PolicyLibrary, Reason, Recommendation
from imrpolicy.facts import DATES
from imrpolicy.policy import DatedBy

_SERVICE = "request.service"
_DECISION = f"{DATES}.{DatedBy.DECISION.value}"
# The outcomes of a review that say the same as one of the library.
_SAME = {
    Outcome.OVERTURNED: {"overturned", "approve"},
    Outcome.APPROVE: {"overturned", "approve"},
    Outcome.UPHELD: {"upheld", "deny"},
    Outcome.DENY: {"upheld", "deny"},
    Outcome.MODIFY: {"modify"},
}


def compare(library: PolicyLibrary, cases: Iterable[Case]) -> Agreement:
    """Compare what the policies say of cases with what was decided in reality.

    Requests whose decision a case does not give are passed over. A case that lacks the date of the decision
    is evaluated as of the latest other date that selects an edition.

    Args:
        library: The policies.
        cases: The cases, as `PolicyLibrary.read_case` gives them.

    Raises:
        CaseError: A case has no date at all that selects an edition.
    """
    comparisons = tuple(found for case in cases for found in _compare(library, case))
    wrong = tuple(finding for found in comparisons for finding in findings(found, library.sources))
    return Agreement(comparisons=comparisons, findings=wrong)


def _compare(library: PolicyLibrary, case: Case) -> Iterator[Comparison]:
    decided = labels(case)
    if not decided:
        return
    facts = library.dictionary.by_path
    dated = [facts[f"{DATES}.{by.value}"].index for by in DatedBy]
    days = [request.row[index] for request in case.requests for index in dated]
    latest = max((day for day in days if day is not None), default=None)
    drafts = library.evaluate(case, as_of=latest, include_drafts=True)
    for determination, draft in zip(library.evaluate(case, as_of=latest), drafts, strict=True):
        label = decided.get(determination.request.id)
        if label is not None:
            own = determination.request.row[facts[_DECISION].index]
            yield _comparison(determination, draft, label, None if own else latest)


def _comparison(
    determination: Determination, draft: Determination, label: Label, stand_in: dt.date | None
) -> Comparison:
    verdict = _verdict(determination, label)
    cause, explanation = (
        (None, "") if verdict is Verdict.AGREE else cause_of(determination, draft, label, verdict)
    )
    service = determination.dictionary.by_path[_SERVICE]
    return Comparison(
        determination=determination,
        label=label,
        verdict=verdict,
        cause=cause,
        explanation=explanation,
        topic=service.label(determination.request.row[service.index]),
        sources=source_titles(determination),
        missing=determination.missing.open,
        stand_in=stand_in,
    )


def _verdict(determination: Determination, label: Label) -> Verdict:
    if determination.reason in (Reason.NOT_ENCODED, Reason.NO_SEQUENCE):
        return Verdict.NOT_ENCODED
    if determination.recommendation is Recommendation.UNDETERMINED:
        return Verdict.UNDETERMINED
    same = _SAME[determination.outcome]
    if determination.outcome is Outcome.UPHELD and determination.supported:
        # A review of a denial has no word for a part that is supported; the reviewer's is the same answer.
        same = same | {"modify"}
    return Verdict.AGREE if label.outcome in same else Verdict.DISAGREE
