"""One issue of a letter: a request, its decision, and everything that led to it."""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.evaluate import (
    Determination,
    PolicyTrace,
    Reason,
    Recommendation,
    SourceState,
    SourceTrace,
    Status,
    sentences,
)
from imrpolicy.evaluate.phrases import cite
from imrpolicy.evaluate.rationale import why_it_governs
from imrpolicy.facts import DATES, REQUEST
from imrpolicy.letter.criteria import conditions, criteria, exclusions
from imrpolicy.letter.model import Block, Cell, Line, Pair, Pairs, Paragraph, Row, Section, Table
from imrpolicy.letter.openings import conflicts, missing, supported
from imrpolicy.letter.wording import DECISIONS, MEANINGS, numbered, request_title

_BASIS = {
    "source": "Read in the guideline itself",
    "secondary": "Read in a secondary text",
    "memory": "From memory",
}
_STATES = {
    SourceState.GOVERNS: "Governs",
    SourceState.MAY_GOVERN: "May govern",
    SourceState.SILENT: "Silent on this",
    SourceState.NOT_ENCODED: "Not encoded here, which says nothing of the guideline",
    SourceState.OUTRANKED: "Outranked: the search did not come down to it",
}
_UNRESOLVED = {
    Reason.ALL_SILENT: "None: every guideline of the search sequence is silent on this.",
    Reason.NOT_ENCODED: "None: a guideline that may govern is not encoded.",
    Reason.NO_SEQUENCE: "None: no search sequence is encoded for this jurisdiction and date.",
}


def issue(determination: Determination, number: int, own_dates: frozenset[str]) -> Section:
    """The section of one request.

    Args:
        determination: Its determination.
        number: The number of the issue.
        own_dates: The dates that differ between the requests of the case.
    """
    blocks: list[Block] = [_at_a_glance(determination, own_dates), *supported(determination)]
    blocks += [*_rationale(determination), *_search(determination)]
    for trace in determination.governing:
        parts = [*criteria(determination, trace), *exclusions(determination, trace)]
        parts += conditions(determination, trace, _conditions_title(determination))
        several = len(determination.governing) > 1
        blocks += [Section(title=trace.policy.title, blocks=tuple(parts))] if several and parts else parts
    blocks += [*missing(determination), *conflicts(determination), *_references(determination)]
    return Section(
        title=request_title(determination),
        mark=DECISIONS[determination.outcome],
        number=number,
        blocks=tuple(blocks),
    )


def _at_a_glance(determination: Determination, own_dates: frozenset[str]) -> Pairs:
    meaning = MEANINGS[determination.outcome]
    draft = " This is a draft: a licensed reviewer must decide." if determination.requires_review else ""
    pairs = [
        Pair("Decision", (Line(f"{meaning}{draft}"),)),
        Pair("Request", tuple(_request(determination, own_dates))),
        Pair("Claims administrator guideline", (Line("Not part of the case."),)),
        Pair("Guideline", tuple(_guidelines(determination))),
    ]
    return Pairs(tuple(pairs))


def _request(determination: Determination, own_dates: frozenset[str]) -> Iterator[Line]:
    for fact in determination.dictionary.facts:
        mine = fact.group == REQUEST or (fact.group == DATES and fact.path in own_dates)
        if mine:
            yield from numbered(determination, fact)


def _guidelines(determination: Determination) -> Iterator[Line]:
    titles = {source.source.id: source.source.title for source in determination.sources}
    for trace in determination.governing:
        governs = "" if trace.applies is Status.MET else "May govern: "
        yield Line(f"{governs}{cite(trace, titles[trace.policy.source.guideline])}.")
        yield Line(trace.policy.summary)
    if not determination.governing:
        yield Line(_UNRESOLVED.get(determination.reason, "None."))


def _rationale(determination: Determination) -> Iterator[Section]:
    """The rationale in two paragraphs: which guideline governs, and what follows from it."""
    why = tuple(why_it_governs(determination))
    follows = sentences(determination)[len(why) :]
    paragraphs = tuple(Paragraph(" ".join(said)) for said in (why, follows) if said)
    yield Section(title="Decision rationale", blocks=paragraphs)


def _conditions_title(determination: Determination) -> str:
    if determination.recommendation is Recommendation.RECOMMENDED:
        return "Conditions that the approval carries"
    may_be_approved = determination.recommendation is Recommendation.UNDETERMINED or determination.supported
    return "Conditions that an approval would carry" if may_be_approved else ""


def _search(determination: Determination) -> Iterator[Section]:
    """Every source of the sequence with what it contributed, and the rule that ranks it."""
    sequence = determination.sequence
    if sequence is None:
        return
    rows = tuple(
        Row(
            (
                Cell((Line(str(source.rank)),)),
                Cell((Line(source.source.title, _rule(sequence.steps[source.rank - 1].citation)),)),
                Cell((Line(_state(determination, source)),)),
            )
        )
        for source in determination.sources
    )
    columns = ("Rank", "Guideline", "What it contributed")
    table = Table(name="Guidelines in the order of the search", columns=columns, rows=rows, numbered=True)
    yield Section(title="Why this guideline", blocks=(table,))


def _rule(citation: str) -> str:
    return f"({citation})" if citation else ""


def _state(determination: Determination, source: SourceTrace) -> str:
    if source.state is SourceState.MAY_GOVERN and determination.reason is Reason.NOT_ENCODED:
        return "May govern, beside a guideline that is not encoded"
    return _STATES[source.state]


def _references(determination: Determination) -> Iterator[Section]:
    """Exactly which policies were used, so that the result can be obtained again."""
    if not determination.policies:
        return
    titles = {source.source.id: source.source.title for source in determination.sources}
    rows = tuple(
        Row(
            (
                Cell((Line(trace.policy.reference, code=True), Line(trace.policy.content_hash, code=True))),
                Cell((Line(cite(trace, titles[trace.policy.source.guideline])),)),
                Cell((Line(_in_force(determination, trace)), Line(_provenance(trace)))),
            )
        )
        for trace in determination.policies
    )
    columns = (
        "Policy, version and content hash",
        "Guideline, section and edition",
        "In force, and where it was read",
    )
    yield Section(
        title="Policy reference",
        blocks=(Table(name="The policies that were used", columns=columns, rows=rows),),
    )


def _in_force(determination: Determination, trace: PolicyTrace) -> str:
    period = trace.policy.effective
    until = f"to {period.end}" if period.end is not None else "on"
    day = determination.dates.get(period.by.value)
    return f"From {period.start} {until}, by the date of the {period.by.value}, {day}."


def _provenance(trace: PolicyTrace) -> str:
    found = trace.policy.provenance
    if found is None:
        return "Where it was read is not stated."
    return f"{_BASIS.get(found.basis, found.basis)}; confidence {found.confidence}."
