"""Determinations on a terminal.

The decisions stand on the first screen; then follow, for each request, why, what to ask, and every
criterion.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imrpolicy.cli.criteria_text import print_criteria, record_number
from imrpolicy.cli.output import Style
from imrpolicy.cli.why import why
from imrpolicy.evaluate import Determination, Outcome, Recommendation, SourceState, record_title
from imrpolicy.evaluate.phrases import cite, fact_title, in_sentence, sentence
from imrpolicy.facts import DATES, number
from imrpolicy.letter.wording import MEANINGS, choice_title

_COLORS = {
    Outcome.OVERTURNED: "green",
    Outcome.APPROVE: "green",
    Outcome.UPHELD: "red",
    Outcome.DENY: "red",
    Outcome.MODIFY: "yellow",
    Outcome.REQUEST_INFORMATION: "yellow",
    Outcome.UNDETERMINED: "yellow",
}
_STATES = {
    SourceState.GOVERNS: "governs",
    SourceState.SILENT: "silent on this",
    SourceState.NOT_ENCODED: "no policy here on this, which says nothing of the guideline",
    SourceState.OUTRANKED: "outranked",
}


def print_determinations(determinations: Sequence[Determination], style: Style) -> None:
    """Print the determinations of a case, one after the other."""
    first = determinations[0]
    print(style.paint(style.wrap(first.case.title or first.case.id), "bold"))
    review = choice_title(first, "review", first.case.review.value)
    timing = in_sentence(choice_title(first, "timing", first.case.timing.value))
    jurisdiction = choice_title(first, "jurisdiction", first.case.jurisdiction)
    print(style.wrap(f"{jurisdiction}. {review}, {timing}."))
    if len(determinations) > 1:
        print()
        _print_list(determinations, style)
    for position, determination in enumerate(determinations, start=1):
        print(f"\n{style.paint('-' * min(style.width, 80), 'dim')}\n")
        _print_one(position, determination, style)
    _print_records(determinations, style)


def _print_list(determinations: Sequence[Determination], style: Style) -> None:
    """The decisions, one line for each."""
    widest = max(len(_word(determination)) for determination in determinations)
    for position, determination in enumerate(determinations, start=1):
        lines = style.wrap(_title(determination), " " * (widest + 5), " " * (widest + 5))
        gap = " " * (widest - len(_word(determination)))
        print(f"{position}. {_outcome(determination, style)}{gap}{lines[widest + 3 :]}")


def _title(determination: Determination) -> str:
    return determination.request.title or determination.request.id


def _outcome(determination: Determination, style: Style) -> str:
    return style.paint(_word(determination), "bold", _COLORS[determination.outcome])


def _word(determination: Determination) -> str:
    return determination.outcome.value.replace("_", " ").upper()


def _print_one(position: int, determination: Determination, style: Style) -> None:
    print(style.paint(style.wrap(_title(determination), f"{position}. ", "   "), "bold"))
    draft = " This is a draft: a licensed reviewer must decide." if determination.requires_review else ""
    word = _word(determination)
    lines = style.wrap(f"{word}. {MEANINGS[determination.outcome]}{draft}", "   ")
    print(f"   {_outcome(determination, style)}{lines[3 + len(word) :]}")
    print()
    for name, texts in _overview(determination):
        for line, text in enumerate(texts):
            print(style.wrap(text, f"   {'' if line else name:11}", " " * 14))
    _print_questions(determination, style)
    for trace in determination.governing:
        if len(determination.governing) > 1:
            print(style.paint(f"\n   {trace.policy.reference}", "cyan"))
        print_criteria(determination, trace, style)


def _overview(determination: Determination) -> Iterator[tuple[str, list[str]]]:
    """What the first screen says below the decision: names, each with its lines."""
    yield "Why", [" ".join(why(determination))]
    supported = [
        f"{number(q.supported, q.fact.type.unit)} of {number(q.requested, q.fact.type.unit)} requested"
        for q in determination.supported
    ]
    if supported:
        yield "Supported", supported
    for trace in determination.governing:
        titles = {source.source.id: source.source.title for source in determination.sources}
        yield "Guideline", [cite(trace, titles[trace.policy.source.guideline])]
        yield "Policy", [f"{trace.policy.reference}: {trace.policy.title}"]
    yield "Searched", list(_search(determination))
    decided = determination.case.header.get("decided", {}).get(determination.request.id, {}).get("outcome")
    if decided:
        yield "Published", [f"{decided.replace('_', ' ')}, {_beside(determination, decided)}"]


def _beside(determination: Determination, decided: str) -> str:
    """How a published decision stands to this one: to leave it open is not to contradict it."""
    if decided == determination.outcome.value:
        return "as here"
    return "left open here" if determination.recommendation is Recommendation.UNDETERMINED else "unlike here"


def _search(determination: Determination) -> Iterator[str]:
    for source in determination.sources:
        state = _STATES.get(source.state) or source.state.value.replace("_", " ")
        yield f"{source.rank}. {source.source.title}: {state}"
    if determination.sequence is None:
        return
    by = determination.sequence.effective.by.value
    given = determination.request.row[determination.dictionary.by_path[f"{DATES}.{by}"].index]
    stands_in = ", given with `--as-of`" if given is None else ""
    citation = determination.sequence.citation
    day = determination.dates[by]
    yield f"This order is in force on the day of the {by}, {day}{stands_in} ({citation})."


def _print_questions(determination: Determination, style: Style) -> None:
    if determination.recommendation is not Recommendation.UNDETERMINED or not determination.missing.open:
        return
    missing = determination.missing
    enough = set(missing.to_recommend)
    print(style.paint("\n   To ask", "bold"))
    starred = enough if enough != set(missing.open) else set()
    rows = (
        (f"{'*' if path in starred else '-'} {path}", _question(determination, path)) for path in missing.open
    )
    print(style.table(rows, "   "))
    if enough == set(missing.open):
        print(style.wrap("Documented as the guideline asks, these would support the request.", "   "))
    elif enough:
        print(style.wrap("Those with a star would be enough, documented as the guideline asks.", "   "))


def _question(determination: Determination, path: str) -> str:
    fact = determination.dictionary.by_path.get(path.partition("[]")[0])
    question = fact.field.question if fact is not None and "[]" not in path else ""
    return question or sentence(fact_title(determination, path)).rstrip(".")


def _print_records(determinations: Sequence[Determination], style: Style) -> None:
    """The records that the numbers in brackets stand for."""
    cited: dict[int, str] = {}
    for determination in determinations:
        for trace in determination.governing:
            for leaf in trace.criteria:
                for use in determination.fact_uses(leaf):
                    names = [record.id for record in use.records] + [s.record for s in use.conflicting]
                    cited |= {record_number(determination, name): name for name in names}
    if not cited:
        return
    print(style.paint("\nRecords", "bold"))
    for position in sorted(cited):
        record = determinations[0].case.records[cited[position]]
        author = f" ({record.author})" if record.author else ""
        print(style.wrap(f"{record_title(record.title, record.date)}{author}", f"  [{position}] ", "      "))
