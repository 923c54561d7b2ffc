"""The tables of a policy in a letter: its criteria, its exclusions, and its conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from imrpolicy.evaluate import CriterionTrace, Determination, PolicyTrace, Role, Status
from imrpolicy.evaluate.phrases import clause, in_sentence
from imrpolicy.evaluate.rationale import open_ids
from imrpolicy.evaluate.words import status
from imrpolicy.letter.model import Cell, Items, Line, Row, Section, Table
from imrpolicy.letter.wording import leaf_mark, said, status_mark
from imrpolicy.policy import Criterion, Group

_COLUMNS = ("No.", "Criterion", "Status", "What the record says")


def criteria(determination: Determination, trace: PolicyTrace) -> Iterator[Section]:
    """The criteria of a policy with their statuses, groups included."""
    group = trace.policy.criteria
    if group is None:
        return
    rows = tuple(_Rows(determination, trace).of(group, "", needed=True))
    yield Section(
        title=f"Criteria: {_rule(group)}",
        blocks=(Table(name=f"Criteria of {trace.policy.title}", columns=_COLUMNS, rows=rows, numbered=True),),
    )


def exclusions(determination: Determination, trace: PolicyTrace) -> Iterator[Section]:
    """The exclusions, with the reason for each presumption."""
    leaves = trace.of(Role.EXCLUSION)
    if leaves:
        rows = tuple(_row(determination, leaf, str(i)) for i, leaf in enumerate(leaves, start=1))
        columns = ("No.", "Exclusion", *_COLUMNS[2:])
        name = f"Exclusions of {trace.policy.title}"
        yield Section(
            title="Exclusions: none may apply",
            blocks=(Table(name=name, columns=columns, rows=rows, numbered=True),),
        )


def conditions(determination: Determination, trace: PolicyTrace, title: str) -> Iterator[Section]:
    """The conditions: those that an approval carries, or after the service how they were kept.

    Args:
        determination: The determination.
        trace: A policy that governs.
        title: What the conditions are called beforehand; they are left out where it is empty.
    """
    leaves = trace.of(Role.CONDITION)
    if not leaves:
        return
    if determination.case.timing.value == "retrospective":
        rows = tuple(_row(determination, leaf, str(i)) for i, leaf in enumerate(leaves, start=1))
        table = Table(
            name=f"Conditions of {trace.policy.title}",
            columns=("No.", "Condition", *_COLUMNS[2:]),
            rows=rows,
            numbered=True,
        )
        yield Section(title="Conditions: as the service was performed", blocks=(table,))
    elif title:
        items = tuple(Line(leaf.criterion.text, _shown_by(leaf.criterion)) for leaf in leaves)
        yield Section(title=title, blocks=(Items(items),))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of nested groups, numbered 1, 2, 2.1, 2.2, 3."""

    determination: Determination
    trace: PolicyTrace
    _leaves: dict[str, CriterionTrace] = field(init=False)
    _open: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_leaves", {leaf.criterion.id: leaf for leaf in self.trace.criteria})
        object.__setattr__(self, "_open", open_ids(self.trace))

    def of(self, group: Group, prefix: str, *, needed: bool) -> Iterator[Row]:
        """The rows of a group's members; `needed` where the group above them is not met without this one."""
        for position, member in enumerate(group.members, start=1):
            number = f"{prefix}{position}"
            if isinstance(member, Group):
                result = status(self.trace.truth_of(member))
                rule = _rule(member)
                text = Line(member.text, f"({rule})") if member.text else Line(rule.capitalize())
                mark = status_mark(result, needed=needed)
                cells = (_text(number), Cell((text,)), Cell(mark=mark), Cell())
                yield Row(cells, head=True)
                yield from self.of(member, f"{number}.", needed=needed and result is not Status.MET)
            else:
                leaf = self._leaves[member.id]
                yield _row(self.determination, leaf, number, needed=member.id in self._open)


def _row(determination: Determination, leaf: CriterionTrace, number: str, *, needed: bool = True) -> Row:
    criterion = leaf.criterion
    uses = determination.fact_uses(leaf)
    record = [line for use in uses for line in said(determination, use)]
    if leaf.presumed:
        record.append(Line(f"Presumed absent: {criterion.presumed_absent}"))
    unknown = [in_sentence(use.fact.title) for use in uses if use.value is None and not use.conflicting]
    if unknown:
        record.append(Line(f"Not documented: {'; '.join(unknown)}"))
    if leaf.status is Status.NOT_DOCUMENTED and needed and not leaf.presumed and criterion.evidence:
        record.append(Line(f"To be shown by: {clause(criterion.evidence)}"))
    mark = Cell(mark=leaf_mark(leaf, needed=needed))
    return Row((_text(number), _criterion(criterion), mark, Cell(tuple(record))))


def _criterion(criterion: Criterion) -> Cell:
    """The text, with the place in the guideline and the strength where the policy gives them."""
    strength = f"Strength: {criterion.strength}" if criterion.strength else ""
    source = ". ".join(part.strip().rstrip(".") for part in (criterion.citation, strength) if part)
    return Cell((Line(criterion.text, f"({source})" if source else ""),))


def _shown_by(criterion: Criterion) -> str:
    return f"(shown by: {clause(criterion.evidence)})" if criterion.evidence else ""


def _rule(group: Group) -> str:
    """How the members of a group combine."""
    if group.kind == "all":
        return "all are required"
    return "any one is enough" if group.kind == "any" else f"at least {group.count} are required"


def _text(text: str) -> Cell:
    return Cell((Line(text),))
