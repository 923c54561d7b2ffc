"""Why policies and reviewer do not say the same: computed where it can be, else as the editor has it."""

from __future__ import annotations

from collections.abc import Iterable

from imrpolicy.agreement.model import Cause, Label, Verdict
from imrpolicy.evaluate import Determination, Reason, SourceState
from imrpolicy.evaluate.phrases import fact_title
from imrpolicy.policy import DatedBy

_SERVICE = "request.service"


def source_titles(determination: Determination) -> tuple[str, ...]:
    """The titles of the sources that a determination rests on, or that it lacks a policy of."""
    if determination.governing:
        ids = {trace.policy.source.guideline for trace in determination.governing}
        return tuple(s.source.title for s in determination.sources if s.source.id in ids)
    state = SourceState.SILENT if determination.reason is Reason.ALL_SILENT else SourceState.NOT_ENCODED
    return tuple(s.source.title for s in determination.sources if s.state is state)


def cause_of(
    determination: Determination, draft: Determination, label: Label, verdict: Verdict
) -> tuple[Cause | None, str]:
    """The cause, and what there is to say about it; none for a disagreement that is not explained.

    Args:
        determination: What the policies say.
        draft: What they would say together with the drafts.
        label: What was decided in reality.
        verdict: How the two compare.
    """
    if verdict is Verdict.DISAGREE:
        return _of_disagreement(determination, label)
    if verdict is Verdict.NOT_ENCODED:
        parts = [_gap(determination), _draft(draft), _cited(determination, label)]
        return Cause.SOURCE_NOT_ENCODED, " ".join(part for part in parts if part)
    if determination.reason is Reason.ALL_SILENT:
        return Cause.GUIDELINES_SILENT, "Every source of the search sequence is silent on this."
    if determination.reason is Reason.CONFLICT:
        policies = _listed(trace.policy.reference for trace in determination.conflict)
        return Cause.GUIDELINES_CONFLICT, f"These do not agree: {policies}."
    return Cause.FACT_MISSING, _missing(determination)


def _of_disagreement(determination: Determination, label: Label) -> tuple[Cause | None, str]:
    if label.disagreement is not None:
        return label.disagreement.cause, label.disagreement.explanation
    cited = _cited(determination, label)
    return (Cause.ANOTHER_GUIDELINE, cited) if cited else (None, "")


def _cited(determination: Determination, label: Label) -> str:
    """That the decision cites a guideline which does not govern here; empty where it does, or cites none."""
    governing = {trace.policy.source.guideline for trace in determination.governing}
    titles = {source.source.id: source.source.title for source in determination.sources}
    # Of a source that is searched and not encoded, it is not known whether it would govern.
    if not label.guideline or label.guideline in governing or (not governing and label.guideline in titles):
        return ""
    named = titles.get(label.guideline, label.guideline)
    here = _listed(source_titles(determination)) if governing else ""
    return (
        f"The decision cites the {named}; here the {here} governs."
        if here
        else f"The decision cites the {named}."
    )


def _gap(determination: Determination) -> str:
    day = determination.dates[DatedBy.DECISION.value]
    if determination.reason is Reason.NO_SEQUENCE:
        return f"No search sequence is encoded for {_jurisdiction(determination)} on {day}."
    lacking = _listed(source_titles(determination))
    service = determination.dictionary.by_path[_SERVICE]
    topic = service.label(determination.request.row[service.index])
    return f"No policy of the {lacking} is in force on {day} for: {topic}."


def _jurisdiction(determination: Determination) -> str:
    properties = determination.dictionary.schema.get("properties", {})
    options = properties.get("jurisdiction", {}).get("oneOf", ()) if isinstance(properties, dict) else ()
    known = {option["const"]: option["title"] for option in options}
    return str(known.get(determination.case.jurisdiction, determination.case.jurisdiction))


def _draft(draft: Determination) -> str:
    if not draft.governing:
        return ""
    policies = _listed(trace.policy.reference for trace in draft.governing)
    return f"With the draft {policies} it would be {draft.outcome.value.replace('_', ' ')}."


def _missing(determination: Determination) -> str:
    paths = determination.missing.open
    conflicting = [path for path in paths if path in determination.request.conflicting]
    silent = [path for path in paths if path not in conflicting]
    parts = [f"Not documented: {_named(determination, silent)}."] if silent else []
    if conflicting:
        parts.append(f"The records contradict each other on: {_named(determination, conflicting)}.")
    return " ".join(parts)


def _named(determination: Determination, paths: Iterable[str]) -> str:
    """Facts for people; the fields of the records in a list behind the name of the list."""
    fields: dict[str, list[str]] = {}
    for path in paths:
        fact, _, field = path.partition("[].")
        fields.setdefault(fact, []).extend([field.replace("_", " ")] if field else [])
    return _listed(
        fact_title(determination, fact) + (f" (of each the {', '.join(names)})" if names else "")
        for fact, names in fields.items()
    )


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(parts)
