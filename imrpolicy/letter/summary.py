"""The clinical case summary: the documents of the file, and the documented facts in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imrpolicy.evaluate import Case, Determination, record_title
from imrpolicy.evaluate.phrases import in_sentence
from imrpolicy.facts import DATES, REQUEST
from imrpolicy.letter.model import Block, Items, Line, Pair, Pairs, Paragraph, Section
from imrpolicy.letter.wording import choice_title, group_titles, numbered

_ABOUT = (
    "These facts were entered from the documents of the file; a number in brackets is that of the document. "
    "Whatever is not listed is not documented."
)


def case_summary(determinations: Sequence[Determination], own_dates: frozenset[str]) -> Section:
    """The section that says what the case is."""
    first = determinations[0]
    blocks: list[Block] = [Pairs(tuple(_header(first)))]
    documents = _documents(first.case)
    if documents:
        blocks.append(Section(title="Documents of the file", blocks=(Items(documents),)))
    facts = tuple(_facts(first, own_dates))
    if facts:
        blocks.append(Section(title="Documented facts", blocks=(Paragraph(_ABOUT), Pairs(facts))))
    return Section(title="Clinical case summary", blocks=tuple(blocks))


def _header(determination: Determination) -> Iterator[Pair]:
    case = determination.case
    yield Pair("Case", (Line(case.id, code=True),))
    source = case.header.get("source")
    if source:
        yield Pair("Source", (Line(str(source)),))
    review = choice_title(determination, "review", case.review.value)
    timing = in_sentence(choice_title(determination, "timing", case.timing.value))
    yield Pair("Review", (Line(f"{review}, {timing}"),))
    yield Pair("Jurisdiction", (Line(choice_title(determination, "jurisdiction", case.jurisdiction)),))


def _documents(case: Case) -> tuple[Line, ...]:
    return tuple(
        Line(record_title(record.title, record.date), f"({record.author})" if record.author else "")
        for record in case.records.values()
    )


def _facts(determination: Determination, own_dates: frozenset[str]) -> Iterator[Pair]:
    """The facts of the case by group; those of the requests stand with their issues."""
    for group, title in group_titles(determination).items():
        if group == REQUEST:
            continue
        facts = (fact for fact in determination.dictionary.facts if fact.group == group)
        lines = [
            line for fact in facts if fact.path not in own_dates for line in numbered(determination, fact)
        ]
        if lines:
            yield Pair("Dates" if group == DATES else title, tuple(lines))


def own_dates(determinations: Sequence[Determination]) -> frozenset[str]:
    """The dates that differ between the requests, which therefore stand with the issues."""
    dates = [fact for fact in determinations[0].dictionary.facts if fact.group == DATES]
    return frozenset(
        fact.path for fact in dates if len({found.request.row[fact.index] for found in determinations}) > 1
    )
