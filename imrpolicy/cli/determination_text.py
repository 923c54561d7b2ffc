"""Determinations on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from imrpolicy.cli.output import Style
from imrpolicy.evaluate import (
    CriterionTrace,
    Determination,
    Outcome,
    PolicyTrace,
    Recommendation,
    Role,
    SourceState,
    Status,
    record_title,
)
from imrpolicy.facts import label, number

_COLORS = {
    Outcome.OVERTURNED: "green",
    Outcome.APPROVE: "green",
    Outcome.UPHELD: "red",
    Outcome.DENY: "red",
    Outcome.MODIFY: "yellow",
    Outcome.REQUEST_INFORMATION: "yellow",
    Outcome.UNDETERMINED: "yellow",
}
_MEANING = {
    Outcome.OVERTURNED: "the denial falls, the request is supported",
    Outcome.UPHELD: "the denial stands, the request is not supported",
    Outcome.APPROVE: "the request is supported",
    Outcome.MODIFY: "a part of the request is supported",
    Outcome.DENY: "the request is not supported",
    Outcome.REQUEST_INFORMATION: "facts are missing",
    Outcome.UNDETERMINED: "nothing is decided",
}
_STATES = {
    SourceState.GOVERNS: "governs",
    SourceState.SILENT: "silent on this",
    SourceState.NOT_ENCODED: "not encoded here on this, which says nothing of the guideline",
    SourceState.OUTRANKED: "outranked",
}
_SIGNS = {Status.MET: ("✓", "+", "green"), Status.NOT_MET: ("✗", "x", "red"), Status.NOT_DOCUMENTED: ("?", "?", "yellow")}
_WORDS = {Status.MET: "met", Status.NOT_MET: "not met", Status.NOT_DOCUMENTED: "not documented"}


def print_determinations(determinations: Sequence[Determination], style: Style) -> None:
    """Print the determinations of a case, one after the other."""
    first = determinations[0]
    print(style.paint(first.case.title or first.case.id, "bold"))
    for position, determination in enumerate(determinations, start=1):
        print()
        _print_one(position, determination, style)


def _print_one(position: int, determination: Determination, style: Style) -> None:
    outcome = determination.outcome
    title = determination.request.title or determination.request.id
    print(style.paint(style.wrap(title, f"{position}. ", "   "), "bold"))
    word = outcome.value.replace("_", " ").upper()
    print(f"   {style.paint(word, 'bold', _COLORS[outcome])}: {_MEANING[outcome]}")
    if determination.requires_review:
        print("   Draft: a licensed reviewer must decide.")
    print()
    for source in determination.sources:
        print(style.wrap(f"{source.source.title}: {_STATES[source.state]}", f"   {source.rank}. ", "      "))
    for trace in determination.governing:
        print()
        _print_policy(determination, trace, style)
    print()
    print(style.wrap(determination.rationale, "   Why: ", "   "))
    _print_missing(determination, style)


def _print_policy(determination: Determination, trace: PolicyTrace, style: Style) -> None:
    source = trace.policy.source
    print(style.paint(f"   {trace.policy.reference}", "cyan"))
    print(style.wrap(f"{trace.policy.title}; {source.section}, edition {source.edition}", "   "))
    for role, heading in ((Role.CRITERION, ""), (Role.EXCLUSION, "Exclusions"), (Role.CONDITION, "Conditions")):
        leaves = trace.of(role)
        if leaves and heading:
            print(f"   {heading}")
        for leaf in leaves:
            _print_leaf(determination, leaf, style)


def _print_leaf(determination: Determination, leaf: CriterionTrace, style: Style) -> None:
    sign, plain, color = _SIGNS[leaf.status]
    if leaf.role is Role.EXCLUSION and leaf.status is not Status.NOT_DOCUMENTED:
        color = "red" if leaf.status is Status.MET else "green"
    mark = style.paint(sign if style.signs else plain, color)
    word = "presumed absent" if leaf.presumed else _word(leaf)
    text = style.wrap(f"{word:15} {leaf.criterion.text}", "       ", " " * 23).lstrip()
    print(f"     {mark} {text}")
    for line in _evidence(determination, leaf):
        print(style.paint(style.wrap(line, " " * 23, " " * 25), "dim"))


def _word(leaf: CriterionTrace) -> str:
    if leaf.role is Role.EXCLUSION:
        return {Status.MET: "applies", Status.NOT_MET: "does not apply"}.get(leaf.status, "not documented")
    return _WORDS[leaf.status]


def _evidence(determination: Determination, leaf: CriterionTrace) -> Iterable[str]:
    """What the record says of each fact that a criterion reads."""
    for use in determination.fact_uses(leaf):
        if use.conflicting:
            said = "; ".join(
                f"{label(use.fact.type, s.value)} ({determination.case.records[s.record].title})" for s in use.conflicting
            )
            yield f"{use.fact.title}: in conflict: {said}"
        elif use.value is not None:
            records = "; ".join(record_title(record.title, record.date) for record in use.records)
            yield f"{use.fact.title}: {label(use.fact.type, use.value)}" + (f" ({records})" if records else "")


def _print_missing(determination: Determination, style: Style) -> None:
    if determination.recommendation is not Recommendation.UNDETERMINED:
        for quantity in determination.supported:
            unit = quantity.fact.type.unit
            print(f"   Supported: {number(quantity.supported, unit)} of {number(quantity.requested, unit)}.")
        return
    missing = determination.missing
    if missing.open:
        print()
        print("   To ask:")
        for path in missing.open:
            fact = determination.dictionary.by_path.get(path)
            question = fact.field.question if fact is not None and fact.field.question else ""
            needed = " *" if path in missing.to_recommend else ""
            print(style.wrap(f"{path}{needed}  {question}".rstrip(), "     - ", "       "))
        if missing.to_recommend:
            print("   * documented as the guideline asks, these would be enough to support the request")
