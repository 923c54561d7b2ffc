"""The words of the letter for what a determination holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from imrpolicy.evaluate import CriterionTrace, Determination, FactUse, Outcome, Role, Status, record_title
from imrpolicy.evaluate.phrases import in_sentence, in_words
from imrpolicy.facts import Fact, Kind
from imrpolicy.letter.model import Line, Mark, Tone
from imrpolicy.letter.text import clean

DECISIONS = {
    Outcome.OVERTURNED: Mark("Overturned", Tone.FOR),
    Outcome.UPHELD: Mark("Upheld", Tone.AGAINST),
    Outcome.APPROVE: Mark("Approve", Tone.FOR),
    Outcome.MODIFY: Mark("Modify", Tone.PARTLY),
    Outcome.DENY: Mark("Deny", Tone.AGAINST),
    Outcome.REQUEST_INFORMATION: Mark("Request information", Tone.OPEN),
    Outcome.UNDETERMINED: Mark("Undetermined", Tone.OPEN),
}
MEANINGS = {
    Outcome.OVERTURNED: "The denial falls: the request is supported.",
    Outcome.UPHELD: "The denial stands: the request is not supported.",
    Outcome.APPROVE: "The request is supported.",
    Outcome.MODIFY: "A part of the request is supported.",
    Outcome.DENY: "The request is not supported.",
    Outcome.REQUEST_INFORMATION: "Facts are missing that decide it.",
    Outcome.UNDETERMINED: "Nothing is decided.",
}
_STATUSES = {
    Status.MET: Mark("Met", Tone.FOR),
    Status.NOT_MET: Mark("Not met", Tone.AGAINST),
    Status.NOT_DOCUMENTED: Mark("Not documented", Tone.OPEN),
}
_EXCLUSIONS = {
    Status.MET: Mark("Applies", Tone.AGAINST),
    Status.NOT_MET: Mark("Does not apply", Tone.FOR),
    Status.NOT_DOCUMENTED: Mark("Not documented", Tone.OPEN),
}


def status_mark(status: Status, *, needed: bool = True) -> Mark:
    """The status of a criterion or a group; quiet where its group is met without it."""
    mark = _STATUSES[status]
    return mark if needed or status is Status.MET else Mark(f"{mark.word}; not needed", Tone.PLAIN)


def leaf_mark(leaf: CriterionTrace, *, needed: bool = True) -> Mark:
    """The status of a criterion, an exclusion or a condition."""
    if leaf.role is not Role.EXCLUSION:
        return status_mark(leaf.status, needed=needed)
    return Mark("Presumed absent", Tone.PLAIN) if leaf.presumed else _EXCLUSIONS[leaf.status]


def said(determination: Determination, use: FactUse) -> tuple[Line, ...]:
    """What the record says of a fact, with the records behind it; nothing where it is not documented."""
    if use.conflicting:
        return tuple(
            Line(f"{use.fact.title}, in conflict: {in_words(use.fact.type, s.value)}", source)
            for s in use.conflicting
            for source in [bracketed([_record(determination, s.record)])]
        )
    if use.value is None:
        return ()
    records = [record_title(record.title, record.date) for record in use.records]
    return values(use.fact, use.value, bracketed(records) if records else "(no record named)")


def numbered(determination: Determination, fact: Fact) -> tuple[Line, ...]:
    """What is documented of a fact, with the numbers of the documents; nothing where nothing is."""
    numbers = {name: number for number, name in enumerate(determination.case.records, start=1)}
    use = determination.fact_use(fact)
    if use.conflicting:
        texts = (f"{in_words(fact.type, s.value)} [{numbers[s.record]}]" for s in use.conflicting)
        return (Line(f"{fact.title}, in conflict: {'; '.join(texts)}"),)
    if use.value is None:
        return ()
    named = ", ".join(str(number) for number in sorted(numbers[record.id] for record in use.records))
    return values(fact, use.value, f"[{named}]" if named else "")


def values(fact: Fact, value: Any, source: str) -> tuple[Line, ...]:
    """A documented value: one line, or one for each record of a list."""
    element = fact.type.element
    if element is None or element.kind is not Kind.RECORD or not value:
        return (Line(f"{fact.title}: {in_words(fact.type, value)}", source),)
    known = ([(f, item.get(f.name)) for f in element.fields] for item in value)
    texts = (
        "; ".join(f"{in_sentence(f.title)}: {in_words(f.type, v)}" for f, v in k if v is not None)
        for k in known
    )
    return tuple(
        Line(f"{fact.title}, {i} of {len(value)}: {text}", source) for i, text in enumerate(texts, start=1)
    )


def bracketed(texts: Iterable[str]) -> str:
    """Sources in brackets; empty where there is none."""
    joined = "; ".join(dict.fromkeys(texts))
    return f"({joined})" if joined else ""


def group_titles(determination: Determination) -> dict[str, str]:
    """The titles of the groups of facts, as the case schema has them."""
    schema: Any = determination.dictionary.schema
    groups = schema.get("$defs", {}).get("facts", {}).get("properties", {})
    named = {name: group.get("title") for name, group in groups.items()}
    known = dict.fromkeys(fact.group for fact in determination.dictionary.facts)
    return {name: named.get(name) or name.replace("_", " ").capitalize() for name in known}


def choice_title(determination: Determination, key: str, value: str) -> str:
    """A value of a case, such as its jurisdiction, as the case schema titles it."""
    schema: Any = determination.dictionary.schema
    options = schema.get("properties", {}).get(key, {}).get("oneOf", ())
    found = {option.get("const"): option.get("title") for option in options}
    return found.get(value) or value.replace("_", " ")


def request_title(determination: Determination) -> str:
    """What is asked for."""
    return clean(determination.request.title) or determination.request.id


def _record(determination: Determination, name: str) -> str:
    record = determination.case.records[name]
    return record_title(record.title, record.date)
