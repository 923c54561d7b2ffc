"""The criteria of a policy on a terminal: status, text, and what the record says of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from imrpolicy.cli.output import Style
from imrpolicy.evaluate import CriterionTrace, Determination, FactUse, PolicyTrace, Role
from imrpolicy.evaluate.words import status
from imrpolicy.facts import label
from imrpolicy.letter.model import Mark, Tone
from imrpolicy.letter.wording import leaf_mark, status_mark, values
from imrpolicy.policy import Group

_SIGNS = {
    Tone.FOR: ("✓", "+", "green"),
    Tone.AGAINST: ("✗", "x", "red"),
    Tone.OPEN: ("?", "?", "yellow"),
    Tone.PLAIN: ("·", "-", "dim"),
}
_WORD = 17  # the longest of the words, `not documented` and `presumed absent`, and a gap
# On a narrower terminal the word stands in front of the text and not in a column of its own.
_NARROW = 72


@dataclass(frozen=True, slots=True)
class _Row:
    mark: Mark
    depth: int
    text: str
    said: tuple[str, ...] = ()


def print_criteria(determination: Determination, trace: PolicyTrace, style: Style) -> None:
    """Print the criteria, exclusions and conditions of a policy with their statuses and facts."""
    group = trace.policy.criteria
    if group is not None:
        _print(f"Criteria: {_rule(group)}", _members(determination, trace, group, 0, needed=True), style)
    exclusions = [_leaf(determination, leaf) for leaf in trace.of(Role.EXCLUSION)]
    _print("Exclusions: none may apply", exclusions, style)
    conditions = trace.of(Role.CONDITION)
    if determination.case.timing.value == "retrospective":
        _print("Conditions", [_leaf(determination, leaf) for leaf in conditions], style)
    elif conditions and not (trace.recommendation and trace.recommendation.value == "not_recommended"):
        print(style.paint("\n   Conditions of an approval", "bold"))
        for leaf in conditions:
            print(style.wrap(leaf.criterion.text, "     - ", "       "))


def _members(
    determination: Determination, trace: PolicyTrace, group: Group, depth: int, *, needed: bool
) -> Iterator[_Row]:
    """The rows of a group's members; `needed` where the groups above are not met without them."""
    leaves = {leaf.criterion.id: leaf for leaf in trace.criteria}
    needed = needed and trace.truth_of(group) is not True
    for member in group.members:
        if isinstance(member, Group):
            found = status(trace.truth_of(member))
            text = f"{member.text.strip()} ({_rule(member)})" if member.text else _rule(member).capitalize()
            below = list(_members(determination, trace, member, depth + 1, needed=needed))
            if not needed and not any(row.said for row in below):
                text, below = f"{text} None of its {len(below)} criteria is documented.", []
            yield _Row(status_mark(found, needed=needed), depth, text)
            yield from below
        else:
            yield _leaf(determination, leaves[member.id], depth, needed=needed)


def _leaf(determination: Determination, leaf: CriterionTrace, depth: int = 0, *, needed: bool = True) -> _Row:
    said = tuple(line for use in determination.fact_uses(leaf) for line in _said(determination, use))
    return _Row(leaf_mark(leaf, needed=needed), depth, leaf.criterion.text.strip(), said)


def _said(determination: Determination, use: FactUse) -> Iterator[str]:
    """What the record says of a fact; a number in brackets is that of the record."""
    if use.conflicting:
        said = "; ".join(
            f"{label(use.fact.type, s.value)} [{record_number(determination, s.record)}]"
            for s in use.conflicting
        )
        yield f"{use.fact.title}, in conflict: {said}"
    elif use.value is not None:
        numbers = ", ".join(str(record_number(determination, record.id)) for record in use.records)
        for line in values(use.fact, use.value, f"[{numbers}]" if numbers else ""):
            yield f"{line.text} {line.source}".rstrip()


def record_number(determination: Determination, name: str) -> int:
    """The number of a record: its position in the case, as in the letter."""
    return list(determination.case.records).index(name) + 1


def _print(heading: str, rows: list[_Row] | Iterator[_Row], style: Style) -> None:
    listed = list(rows)
    if listed:
        print(style.paint(f"\n   {heading}", "bold"))
    for row in listed:
        _print_row(row, style)


def _print_row(row: _Row, style: Style) -> None:
    sign, plain, color = _SIGNS[row.mark.tone]
    mark = style.paint(sign if style.signs else plain, color)
    word, _, unneeded = row.mark.word.partition(";")
    word = word.lower()
    text = f"{row.text} Not needed." if unneeded else row.text
    deeper = " " * (2 * row.depth)
    if style.width < _NARROW:
        indent = " " * 7
        lines = style.wrap(f"{word}: {text}", " " * 5 + deeper, " " * 7 + deeper)
        print(f"   {mark} {lines[5:]}")
    else:
        indent = " " * (5 + _WORD)
        lines = style.wrap(text, indent + deeper)
        print(f"   {mark} {style.paint(f'{word:{_WORD}}', color)}{lines[5 + _WORD :]}")
    for line in row.said:
        print(style.paint(style.wrap(line, indent + deeper + "  ", indent + deeper + "    "), "dim"))


def _rule(group: Group) -> str:
    """How the members of a group combine."""
    if group.kind == "all":
        return "all are required"
    return "any one is enough" if group.kind == "any" else f"at least {group.count} are required"
