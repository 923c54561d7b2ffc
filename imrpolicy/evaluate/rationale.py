"""Why a determination is what it is, in plain English, as the letter and the command line print it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from imrpolicy.evaluate.compiled import CriterionTrace, PolicyTrace, Role
from imrpolicy.evaluate.phrases import (
    alternatives,
    cite,
    clause,
    clauses,
    fact_title,
    in_sentence,
    in_words,
    record_title,
    records_of,
    said,
    section,
    sentence,
    subject,
    supported_in_words,
)
from imrpolicy.evaluate.words import Reason, Recommendation, SourceState, Status
from imrpolicy.facts import REQUEST, number
from imrpolicy.policy import Group, Stance

if TYPE_CHECKING:
    from imrpolicy.evaluate.determination import Determination, FactUse

_VERDICT = {
    Recommendation.RECOMMENDED: "the service is recommended",
    Recommendation.NOT_RECOMMENDED: "the service is not recommended",
    Recommendation.UNDETERMINED: "the outcome is open",
}
# Beyond this many, a list of facts in the middle of a sentence is no help to anybody.
_FEW = 5
_PRESUMED = "these exclusions, and the policy presumes that none applies"


def rationale(determination: Determination) -> str:
    """The rationale as one paragraph."""
    return " ".join(sentences(determination))


def sentences(determination: Determination) -> tuple[str, ...]:
    """The rationale, sentence by sentence: which guideline governs and why, then what follows from it."""
    return (*why_it_governs(determination), *_findings(determination), *_conflicts_of_record(determination))


def why_it_governs(determination: Determination) -> Iterator[str]:
    """Which guideline governs, and what became of the sources that rank above and beside it."""
    if determination.sequence is None:
        yield "No search sequence is encoded for this jurisdiction and date, so no guideline can be selected."
        return
    sources = determination.sources
    silent = [trace.source.title for trace in sources if trace.state is SourceState.SILENT]
    gaps = [trace.source.title for trace in sources if trace.state is SourceState.NOT_ENCODED]
    governs = tuple(_governs(determination))
    if silent:
        silence = subject(silent, "is silent on this", "are silent on this")
        follows = bool(governs) and not gaps
        yield sentence(f"{silence}, so {governs[0]}" if follows else silence)
        governs = governs[1:] if follows else governs
    if gaps:
        lacks = subject(gaps, "has no policy in this library", "have no policy in this library")
        yield sentence(f"{lacks} on this and for these dates, which says nothing of what the guideline says")
    yield from (sentence(text) for text in governs)


def _governs(determination: Determination) -> Iterator[str]:
    titles = {source.source.id: source.source.title for source in determination.sources}
    cited = {t.policy.id: cite(t, titles[t.policy.source.guideline]) for t in determination.governing}
    certain = [trace for trace in determination.governing if trace.applies is Status.MET]
    if len(certain) == 1:
        title = titles[certain[0].policy.source.guideline]
        yield f"{subject([title], 'governs', 'govern')}: {section(certain[0])}"
    elif certain:
        yield f"these govern, neither before the other: {'; '.join(cited[t.policy.id] for t in certain)}"
    for trace in determination.governing:
        if trace.applies is not Status.MET:
            may = subject([titles[trace.policy.source.guideline]], "may govern", "may govern")
            yield f"{may}: {section(trace)}, where it is not documented whether this covers the request"


def _findings(determination: Determination) -> Iterator[str]:
    match determination.reason:
        case Reason.ALL_SILENT:
            yield "No guideline of the search sequence speaks to this, so other evidence has to be searched."
        case Reason.NOT_ENCODED:
            yield "A guideline that is missing here could govern, so nothing is decided."
        case Reason.NO_SEQUENCE:
            return
        case reason:
            if reason is Reason.CONFLICT:
                yield "They disagree. Which of them rests on the better evidence is for the reviewer to say."
            for trace in determination.governing:
                yield from _verdict(determination, trace)
                yield from _policy_findings(determination, trace)
            yield from _final(determination)


def _verdict(determination: Determination, trace: PolicyTrace) -> Iterator[str]:
    """What a policy says, where several govern or where it says no more than that."""
    if len(determination.governing) > 1:
        titles = {source.source.id: source.source.title for source in determination.sources}
        verdict = _VERDICT[trace.recommendation or Recommendation.UNDETERMINED]
        yield f"Under the {titles[trace.policy.source.guideline]} ({trace.policy.id}), {verdict}."
    elif trace.policy.stance is Stance.NOT_RECOMMENDED:
        yield "The guideline does not recommend this."


def _policy_findings(determination: Determination, trace: PolicyTrace) -> Iterator[str]:
    if trace.policy.stance is Stance.NOT_RECOMMENDED:
        yield sentence(trace.policy.summary)
        return
    met = [leaf for leaf in trace.of(Role.CRITERION) if leaf.status is Status.MET]
    if trace.recommendation is Recommendation.RECOMMENDED:
        yield from _met(determination, met, "The criteria are met.")
        yield from _presumed(trace)
        yield from _conditions(determination, trace)
        return
    yield from _against(determination, trace)
    if trace.recommendation is Recommendation.UNDETERMINED:
        yield from _met(determination, met, "This much is met.")
    yield from _undocumented(determination, trace)


def _met(determination: Determination, met: list[CriterionTrace], start: str) -> Iterator[str]:
    """What is met, record by record."""
    by_records: dict[str, list[str]] = {}
    for leaf in met:
        by_records.setdefault(records_of(determination, [leaf]), []).append(leaf.criterion.text)
    if by_records:
        yield start
    for records, texts in by_records.items():
        yield sentence(clauses(texts) + records)


def _against(determination: Determination, trace: PolicyTrace) -> Iterator[str]:
    """What the policy fails on: limits, then other criteria and, afterwards, conditions; then exclusions."""
    decisive = decisive_ids(trace)
    failed = [leaf for leaf in trace.of(Role.CRITERION) if leaf.criterion.id in decisive]
    failed = [leaf for leaf in failed if leaf.status is Status.NOT_MET]
    yield from (_exceeded(determination, leaf) for leaf in failed if leaf.criterion.limit is not None)
    unmet = [leaf for leaf in failed if leaf.criterion.limit is None]
    if determination.case.timing.value == "retrospective":
        unmet += [leaf for leaf in trace.of(Role.CONDITION) if leaf.status is Status.NOT_MET]
    if unmet:
        start = "This is not met" if len(unmet) == 1 else "These are not met"
        found = dict.fromkeys(text for leaf in unmet for text in said(determination, leaf))
        yield f"{start}: {clauses(leaf.criterion.text for leaf in unmet)}."
        yield f"Documented is: {'; '.join(found)}{records_of(determination, unmet)}."
    excluded = [leaf for leaf in trace.of(Role.EXCLUSION) if leaf.status is Status.MET]
    if excluded:
        start = "This speaks against it" if len(excluded) == 1 else "These speak against it"
        texts = clauses(leaf.criterion.text for leaf in excluded)
        yield f"{start}: {texts}{records_of(determination, excluded)}."


def decisive_ids(trace: PolicyTrace) -> frozenset[str]:
    """The criteria of the groups on which the policy fails: what a group that is met lacks does not count."""
    return frozenset(_ids(trace, lambda value: value is False))


def open_ids(trace: PolicyTrace) -> frozenset[str]:
    """The criteria of the groups that are not met, or not yet: what one that is met lacks does not count."""
    return frozenset(_ids(trace, lambda value: value is not True))


def _ids(trace: PolicyTrace, wanted: Callable[[bool | None], bool]) -> Iterator[str]:
    groups = [trace.policy.criteria] if trace.policy.criteria is not None else []
    while groups:
        group = groups.pop()
        if wanted(trace.truth_of(group)):
            groups += [member for member in group.members if isinstance(member, Group)]
            yield from (member.id for member in group.members if not isinstance(member, Group))


def _exceeded(determination: Determination, leaf: CriterionTrace) -> str:
    limit = leaf.criterion.limit
    assert limit is not None  # noqa: S101 - only limits come here
    value = determination.request.row[limit.fact.index]
    verb = "is" if value == 1 else "are"
    asked = "requested" if limit.fact.group == REQUEST else "documented"
    found = f"{number(value, limit.fact.type.unit)} {verb} {asked}{records_of(determination, [leaf])}"
    return f"The limit is exceeded: {clause(leaf.criterion.text)}, and {found}."


def _undocumented(determination: Determination, trace: PolicyTrace) -> Iterator[str]:
    missing = _missing_leaves(determination, trace)
    parts = [
        f"{'whether' if m.role is Role.EXCLUSION else 'that'} {clause(m.criterion.text)}" for m in missing
    ]
    if parts:
        yield f"It is not documented {alternatives(parts)}."


def _missing_leaves(determination: Determination, trace: PolicyTrace) -> list[CriterionTrace]:
    """What is not documented and would count."""
    counts = open_ids(trace) | {leaf.criterion.id for leaf in trace.of(Role.EXCLUSION) if not leaf.presumed}
    if determination.case.timing.value == "retrospective":
        counts |= {leaf.criterion.id for leaf in trace.of(Role.CONDITION)}
    leaves = (leaf for leaf in trace.criteria if leaf.criterion.id in counts)
    return [leaf for leaf in leaves if leaf.status is Status.NOT_DOCUMENTED]


def undocumented_facts(determination: Determination, leaves: Iterable[CriterionTrace]) -> tuple[FactUse, ...]:
    """The facts that are not documented behind some criteria, each once."""
    found = {
        use.fact.path: use for leaf in leaves for use in determination.fact_uses(leaf) if use.value is None
    }
    return tuple(found.values())


def _presumed(trace: PolicyTrace) -> Iterator[str]:
    presumed = [leaf.criterion.text for leaf in trace.criteria if leaf.presumed]
    if presumed:
        one = len(presumed) == 1
        these = "this exclusion, and the policy presumes that it does not apply" if one else _PRESUMED
        yield f"The record is silent on {these}: {clauses(presumed)}."


def _conditions(determination: Determination, trace: PolicyTrace) -> Iterator[str]:
    conditions = trace.of(Role.CONDITION)
    if not conditions:
        return
    if determination.case.timing.value == "retrospective":
        yield "The conditions on how it is performed are met as well."
    elif len(conditions) == 1:
        yield f"The approval carries a condition: {clause(conditions[0].criterion.text)}."
    else:
        count = len(conditions)
        yield f"The approval carries {count} conditions, on how the service is given and on the response."


def _final(determination: Determination) -> Iterator[str]:
    """What would be supported instead, and what the outcome depends on that is not documented."""
    if determination.recommendation is Recommendation.RECOMMENDED:
        return
    if determination.supported:
        offers = " and ".join(supported_in_words(quantity) for quantity in determination.supported)
        yield f"Everything else is met, so {offers} would be supported."
    found = determination.could_change
    if found.open:
        undetermined = determination.recommendation is Recommendation.UNDETERMINED
        start = "The outcome depends on" if undetermined else "The outcome could change only with"
        yield f"{start} what is documented under: {_titles(determination, found.open)}."
        if found.to_recommend and set(found.open) == set(found.to_recommend):
            yield "Documented as the guideline asks, this would support the request."
        elif found.to_recommend:
            needed = _titles(determination, found.to_recommend)
            yield f"It would be enough to document, as the guideline asks: {needed}."
    elif determination.recommendation is Recommendation.NOT_RECOMMENDED:
        leaves = [leaf for trace in determination.governing for leaf in _missing_leaves(determination, trace)]
        facts = [use.fact.path for use in undocumented_facts(determination, leaves)]
        named = f"these ({_titles(determination, facts)})" if len(facts) <= _FEW else "any of these"
        if facts:
            yield f"No answer about {named} could change the outcome."


def _titles(determination: Determination, paths: Iterable[str]) -> str:
    return "; ".join(fact_title(determination, path) for path in paths)


def _conflicts_of_record(determination: Determination) -> Iterator[str]:
    for use in determination.facts_in_conflict:
        records = [determination.case.records[statement.record] for statement in use.conflicting]
        texts = "; ".join(
            f"{in_words(use.fact.type, s.value)} ({record_title(record.title, record.date)})"
            for s, record in zip(use.conflicting, records, strict=True)
        )
        title = in_sentence(use.fact.title)
        said = f": {texts}" if texts else ""
        yield f"The records contradict each other on {title}{said}. It counts as not documented."


__all__ = ["decisive_ids", "open_ids", "rationale", "record_title", "sentences", "undocumented_facts"]
