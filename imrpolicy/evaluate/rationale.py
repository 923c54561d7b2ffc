"""Why a determination is what it is, in plain English. The letter and the command line print these sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from imrpolicy.evaluate.compiled import CriterionTrace, PolicyTrace, Role, group_truth
from imrpolicy.evaluate.words import Reason, Recommendation, SourceState, Status
from imrpolicy.facts import label, number
from imrpolicy.policy import Group, Stance

if TYPE_CHECKING:
    from imrpolicy.evaluate.determination import Determination, FactUse


def rationale(determination: Determination) -> str:
    """The rationale as one paragraph."""
    return " ".join(sentences(determination))


def sentences(determination: Determination) -> tuple[str, ...]:
    """The rationale, sentence by sentence: which guideline governs and why, then what it says of the record."""
    return tuple([*why_it_governs(determination), *_findings(determination), *_conflicts_of_record(determination)])


def cite(trace: PolicyTrace, title: str) -> str:
    """A guideline with its section and edition, for people."""
    source = trace.policy.source
    return f"{title}, {source.section} ({source.edition})"


def why_it_governs(determination: Determination) -> Iterator[str]:
    """Which guideline governs, and what became of the sources that rank above and beside it."""
    if determination.sequence is None:
        yield (
            f"No search sequence is encoded for the jurisdiction {determination.case.jurisdiction.replace('_', ' ')} "
            "on this date, so no guideline could be selected."
        )
        return
    for source in determination.sources:
        if source.state is SourceState.SILENT:
            yield f"{source.source.title} is silent on this."
        elif source.state is SourceState.NOT_ENCODED:
            yield (
                f"{source.source.title} has no policy in force in this library on this, "
                "which says nothing about what the guideline says."
            )
    titles = {source.source.id: source.source.title for source in determination.sources}
    for trace in determination.governing:
        verb = "governs" if trace.applies is Status.MET else "may govern, as it is not documented whether it applies"
        yield f"{cite(trace, titles[trace.policy.source.guideline])} {verb}."


def _findings(determination: Determination) -> Iterator[str]:
    match determination.reason:
        case Reason.ALL_SILENT:
            yield "Every guideline of the search sequence is silent, so other evidence has to be searched."
        case Reason.NOT_ENCODED:
            yield "A guideline that may govern is not encoded, so nothing is decided here."
        case Reason.CONFLICT:
            yield from _conflict(determination)
        case Reason.NO_SEQUENCE:
            return
        case _:
            for trace in determination.governing:
                yield from _policy_findings(determination, trace)
            yield from _unsettled(determination)


def _conflict(determination: Determination) -> Iterator[str]:
    said = "; ".join(
        f"{trace.policy.title} says {(trace.recommendation or Recommendation.UNDETERMINED).value.replace('_', ' ')}"
        for trace in determination.governing
    )
    yield f"Guidelines of equal rank disagree: {said}. Which of them has the better evidence is for the reviewer."
    for trace in determination.governing:
        yield from _policy_findings(determination, trace)


def _policy_findings(determination: Determination, trace: PolicyTrace) -> Iterator[str]:
    if trace.policy.stance is Stance.NOT_RECOMMENDED:
        yield f"The guideline does not recommend it: {trace.policy.summary}"
        return
    decisive = frozenset(decisive_ids(trace))
    criteria = trace.of(Role.CRITERION)
    against = [leaf for leaf in criteria if leaf.status is Status.NOT_MET and leaf.criterion.id in decisive]
    excluded = [leaf for leaf in trace.of(Role.EXCLUSION) if leaf.status is Status.MET]
    met = [leaf for leaf in criteria if leaf.status is Status.MET]
    yield from _met(determination, met)
    if against:
        yield "Not met: " + _join(_unmet(determination, leaf) for leaf in against) + "."
    if excluded:
        yield "Speaks against it: " + _join(_with_records(determination, leaf) for leaf in excluded) + "."
    if trace.recommendation is not Recommendation.RECOMMENDED:
        yield from _undocumented(determination, trace)
    yield from _presumed(trace)
    yield from _limits(determination, trace)
    yield from _conditions(determination, trace)


def _met(determination: Determination, met: list[CriterionTrace]) -> Iterator[str]:
    """What is met, record by record."""
    by_records: dict[str, list[str]] = {}
    for leaf in met:
        by_records.setdefault(_record_titles(determination, leaf), []).append(_plain(leaf.criterion.text))
    for records, texts in by_records.items():
        yield (f"Met, as documented in {records}: " if records else "Met: ") + _join(texts) + "."


def decisive_ids(trace: PolicyTrace) -> Iterator[str]:
    """The criteria that are not met and for which the policy therefore fails: those of groups that are met are not."""
    if trace.policy.criteria is None:
        return
    status = {leaf.criterion.id: leaf.status for leaf in trace.criteria}
    yield from _failing(trace.policy.criteria, status)


def _failing(group: Group, status: dict[str, Status]) -> Iterator[str]:
    values = [None, *({Status.MET: True, Status.NOT_MET: False}.get(found) for found in status.values())]
    positions = {name: i for i, name in enumerate(status, start=1)}
    if group_truth(group, positions)(tuple(values)) is not False:
        return
    for member in group.members:
        if isinstance(member, Group):
            yield from _failing(member, status)
        else:
            yield member.id


def _unmet(determination: Determination, leaf: CriterionTrace) -> str:
    limit = leaf.criterion.limit
    if limit is None:
        return _with_records(determination, leaf)
    requested = determination.request.row[limit.fact.index]
    unit = limit.fact.type.unit
    least = "at most" if limit.inclusive or limit.supported != limit.most else "less than"
    return (
        f"{_plain(leaf.criterion.text)}: {number(requested, unit)} requested, "
        f"{least} {number(limit.supported, unit)} supported{_records(determination, leaf)}"
    )


def _undocumented(determination: Determination, trace: PolicyTrace) -> Iterator[str]:
    relevant = [leaf for leaf in trace.of(Role.CRITERION) if leaf.status is Status.NOT_DOCUMENTED]
    relevant += [leaf for leaf in trace.of(Role.EXCLUSION) if leaf.status is Status.NOT_DOCUMENTED and not leaf.presumed]
    if not relevant:
        return
    facts = undocumented_facts(determination, relevant)
    names = ", ".join(use.fact.title.lower() if not use.fact.title[:2].isupper() else use.fact.title for use in facts)
    about = f" ({names})" if names else ""
    yield f"Not documented{about}: " + _join(_plain(leaf.criterion.text) for leaf in relevant) + "."
    if determination.recommendation is not Recommendation.UNDETERMINED:
        yield f"No answer about {names or 'these'} could change the outcome."


def undocumented_facts(determination: Determination, leaves: Iterable[CriterionTrace]) -> tuple[FactUse, ...]:
    """The facts that are not documented behind some criteria, each once."""
    found = {use.fact.path: use for leaf in leaves for use in determination.fact_uses(leaf) if use.value is None}
    return tuple(found.values())


def _presumed(trace: PolicyTrace) -> Iterator[str]:
    presumed = [leaf for leaf in trace.criteria if leaf.presumed]
    if presumed:
        texts = _join(_plain(leaf.criterion.text) for leaf in presumed)
        yield f"Presumed not to hold, as the policy declares, since the record does not say: {texts}."


def _limits(determination: Determination, trace: PolicyTrace) -> Iterator[str]:
    if trace.recommendation is not Recommendation.NOT_RECOMMENDED:
        return
    supported = determination.supported
    for quantity in supported:
        unit = quantity.fact.type.unit
        yield (
            f"Everything else is met: {number(quantity.supported, unit)} of the "
            f"{number(quantity.requested, unit)} requested would be supported."
        )


def _conditions(determination: Determination, trace: PolicyTrace) -> Iterator[str]:
    conditions = trace.of(Role.CONDITION)
    if not conditions or trace.recommendation is Recommendation.NOT_RECOMMENDED:
        return
    if determination.case.timing.value == "retrospective":
        for title, status in (("not met", Status.NOT_MET), ("not documented", Status.NOT_DOCUMENTED)):
            found = [leaf for leaf in conditions if leaf.status is status]
            if found:
                yield f"Conditions {title}: " + _join(_plain(leaf.criterion.text) for leaf in found) + "."
    else:
        yield "On condition that: " + _join(_plain(leaf.criterion.text) for leaf in conditions) + "."


def _unsettled(determination: Determination) -> Iterator[str]:
    if determination.recommendation is not Recommendation.UNDETERMINED:
        return
    missing = determination.missing
    if missing.open:
        yield "What can still change the outcome: " + ", ".join(_title(determination, path) for path in missing.open) + "."
    if missing.to_recommend:
        yield (
            "It would be supported once these are documented as the guideline asks: "
            + ", ".join(_title(determination, path) for path in missing.to_recommend)
            + "."
        )


def _title(determination: Determination, path: str) -> str:
    fact = determination.dictionary.by_path.get(path.partition("[]")[0])
    title = fact.title if fact is not None else path
    return title + (f" ({path.rpartition('.')[2].replace('_', ' ')} of each)" if "[]" in path else "")


def _conflicts_of_record(determination: Determination) -> Iterator[str]:
    read = {
        use.fact.path: use
        for trace in determination.policies
        for leaf in trace.criteria
        for use in determination.fact_uses(leaf)
        if use.conflicting
    }
    for use in read.values():
        said = "; ".join(
            f"{determination.case.records[s.record].title} says {label(use.fact.type, s.value).lower()}"
            for s in use.conflicting
        )
        yield f"The records contradict each other on {use.fact.title.lower()}: {said}. It counts as not documented."


def _with_records(determination: Determination, leaf: CriterionTrace) -> str:
    return _plain(leaf.criterion.text) + _records(determination, leaf)


def _records(determination: Determination, leaf: CriterionTrace) -> str:
    titles = _record_titles(determination, leaf)
    return f" ({titles})" if titles else ""


def _record_titles(determination: Determination, leaf: CriterionTrace) -> str:
    records = {record.id: record for use in determination.fact_uses(leaf) for record in use.records}
    return " and ".join(record_title(record.title, record.date) for record in records.values())


def record_title(title: str, date: object) -> str:
    """A record with its date, unless the title names it already."""
    return f"{title}, {date}" if date is not None and str(date) not in title else title


def _plain(text: str) -> str:
    return text.strip().rstrip(".")


def _join(parts: Iterable[str]) -> str:
    return "; ".join(parts)
