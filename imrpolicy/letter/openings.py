"""What a letter says of gaps: facts that are not documented, records in conflict, and what a limit leaves."""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.evaluate import (
    Determination,
    FactUse,
    Missing,
    Reason,
    Recommendation,
    Role,
    Status,
    record_title,
)
from imrpolicy.evaluate.phrases import fact_title, supported_in_words
from imrpolicy.facts import label, number
from imrpolicy.letter.model import Block, Cell, Line, Mark, Notice, Paragraph, Row, Section, Table, Tone

_NO_FACT = {
    Reason.CONFLICT: "No missing fact settles this: the guidelines disagree on the documented facts.",
    Reason.NOT_ENCODED: "No missing fact settles this: a guideline that may govern is not encoded.",
    Reason.ALL_SILENT: "No missing fact settles this: every guideline of the search sequence is silent.",
    Reason.NO_SEQUENCE: "No missing fact settles this: no search sequence is encoded here.",
}
_PRESUMED = (
    "Where the record is silent, the approval rests on what is presumed absent. An answer to a question "
    "marked yes could show that it is present."
)


def supported(determination: Determination) -> Iterator[Block]:
    """What would be supported where only a limit stands in the way."""
    for quantity in determination.supported:
        asked = number(quantity.requested, quantity.fact.type.unit)
        yield Notice(
            title=f"Supported: {supported_in_words(quantity)}",
            text=f"{quantity.fact.title}: {asked} requested. Nothing else stands in the way.",
            tone=Tone.PARTLY,
        )


def conflicts(determination: Determination) -> Iterator[Section]:
    """The facts on which the records contradict each other."""
    rows = tuple(row for use in determination.facts_in_conflict for row in _statements(determination, use))
    if rows:
        table = Table(name="Records in conflict", columns=("Fact", "Statement", "Record"), rows=rows)
        text = "Each of these facts counts as not documented until the conflict is resolved."
        yield Section(title="Records in conflict", blocks=(Paragraph(text), table))


def _statements(determination: Determination, use: FactUse) -> Iterator[Row]:
    for statement in use.conflicting:
        record = determination.case.records[statement.record]
        said = label(use.fact.type, statement.value)
        yield _row(use.fact.title, said, record_title(record.title, record.date))
    if not use.conflicting:  # a table says that records contradict each other, and no more
        yield _row(use.fact.title, "not given", "not given")


def missing(determination: Determination) -> Iterator[Section]:
    """What is not documented, the question to ask, and whether the answer could change the outcome."""
    found = determination.could_change
    paths = dict.fromkeys((*found.open, *_unread(determination)))
    blocks: list[Block] = [Paragraph(text) for text in _introduction(determination, found, bool(paths))]
    if paths:
        rows = tuple(_missing_row(determination, path, path in found.open) for path in paths)
        columns = ("Fact", "Question", "Could the answer change the outcome?")
        blocks.append(Table(name="What is not documented", columns=columns, rows=rows))
    if blocks:
        yield Section(title="Missing documentation", blocks=tuple(blocks))


def _unread(determination: Determination) -> Iterator[str]:
    """The facts behind what is not documented in the governing policies."""
    roles = {Role.CRITERION, Role.EXCLUSION}
    if determination.case.timing.value == "retrospective":
        roles.add(Role.CONDITION)
    for trace in determination.governing:
        for leaf in trace.criteria:
            if leaf.role in roles and leaf.status is Status.NOT_DOCUMENTED:
                yield from (use.fact.path for use in determination.fact_uses(leaf) if use.value is None)


def _introduction(determination: Determination, found: Missing, some: bool) -> Iterator[str]:
    if not found.open:
        if determination.recommendation is Recommendation.UNDETERMINED:
            yield _NO_FACT.get(determination.reason, "No missing fact settles this.")
        elif some:
            yield "No answer to any of these questions could change the outcome."
        return
    if not found.exact:
        yield "There are too many possibilities to tell which facts matter, so all are listed."
    if determination.recommendation is Recommendation.RECOMMENDED:
        yield _PRESUMED
        return
    undetermined = determination.recommendation is Recommendation.UNDETERMINED
    yield f"The questions to ask are those marked yes{'' if undetermined else '; no other could change it'}."
    if found.to_recommend:
        named = "; ".join(fact_title(determination, path) for path in found.to_recommend)
        yield f"The smallest set that would support the request, documented as the guideline asks: {named}."


def _missing_row(determination: Determination, path: str, turns: bool) -> Row:
    fact = determination.dictionary.by_path.get(path.partition("[]")[0])
    title = fact_title(determination, path)
    question = fact.field.question if fact is not None else ""
    if fact is not None and "[]" in path:
        name = path.rpartition("[].")[2]
        inner = fact.type.element.field_named(name) if fact.type.element is not None else None
        question = inner.question if inner is not None and inner.question else question
    mark = Mark("Yes", Tone.OPEN) if turns else Mark("No", Tone.PLAIN)
    shown = title if fact is None else title[:1].upper() + title[1:]
    return Row((Cell((Line(shown),)), Cell((Line(question),)), Cell(mark=mark)))


def _row(*texts: str) -> Row:
    return Row(tuple(Cell((Line(text),)) for text in texts))
