"""The outcome of a request as two formulas over what is not documented: recommended, and not recommended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from imrpolicy.evaluate.missing import (
    Absent,
    AtLeast,
    Choice,
    Formula,
    Known,
    Negation,
    Open,
    Presumed,
    both,
    either,
    not_ruled_out,
)
from imrpolicy.evaluate.resolve import SourceTrace
from imrpolicy.expression import Node, Statuses, compile_nodes, facts_of, unparse, walk
from imrpolicy.expression.nodes import Conditional, Documented, FactValue, FieldValue, Junction, Not
from imrpolicy.facts import Kind
from imrpolicy.policy import Criterion, Group, Policy, Stance


def of_node(node: Node, row: Sequence[Any], readings: Readings) -> Formula:
    """A true-or-false expression as a formula over its unknown comparisons.

    `has` inside of a comparison, or of what is asked of the elements of a list, is taken as settled.
    """
    reading = readings.of(node)
    whole, *values = reading.values(row)
    if whole is not None and not reading.asks_has:
        return Known(whole)
    return _taken_apart(node, row, readings, iter(values))


def _taken_apart(
    node: Node, row: Sequence[Any], readings: Readings, values: Iterator[bool | None]
) -> Formula:
    match node:
        case Junction():
            parts = tuple([_taken_apart(operand, row, readings, values) for operand in node.operands])
            return both(*parts) if node.operator == "&&" else either(*parts)
        case Not():
            return Negation(_taken_apart(node.operand, row, readings, values))
        case Conditional() if is_choice(node):
            parts = tuple([_taken_apart(part, row, readings, values) for part in _choice(node)])
            return Choice(*parts)
        case Documented(of=FactValue() as fact):
            return Absent(fact.fact.path) if row[fact.fact.index] is None else Known(True)
        case _:
            value = next(values)
            if value is not None:
                return Known(value)
            comparison = readings.comparison(node)
            return Open(comparison.text, comparison.lacking(row))


def is_choice(node: Node) -> bool:
    """Whether an expression chooses between two that are true or false."""
    return isinstance(node, Conditional) and node.then.type.kind is Kind.BOOL


def asks_has(node: Node) -> bool:
    """Whether an expression asks with `has` for a fact, so that what is settled now may change."""
    return any(map(_asks_for_fact, _parts(node)))


def _parts(node: Node) -> Iterator[Node]:
    """What an expression is taken apart into: comparisons, and facts asked for with `has`."""
    match node:
        case Junction():
            below: tuple[Node, ...] = node.operands
        case Not():
            below = (node.operand,)
        case Conditional() if is_choice(node):
            below = _choice(node)
        case _:
            below = ()
            yield node
    for part in below:
        yield from _parts(part)


def _choice(node: Conditional) -> tuple[Node, Node, Node]:
    return node.condition, node.then, node.otherwise


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A comparison, and what it reads.

    Attributes:
        node: The comparison.
        text: Its text.
        facts: The facts, each with its place in a row.
        fields: Fields of records in lists: the path, the name, and the place of the list.
    """

    node: Node
    text: str
    facts: tuple[tuple[str, int], ...]
    fields: tuple[tuple[str, str, int], ...]

    @classmethod
    def of(cls, node: Node) -> _Comparison:
        facts = {fact.path: fact.index for fact in facts_of(node)}
        fields = {
            (item.path, item.field.name, facts[item.path.partition("[]")[0]])
            for item in walk(node)
            if isinstance(item, FieldValue)
        }
        return cls(node, unparse(node), tuple(facts.items()), tuple(sorted(fields)))

    def lacking(self, row: Sequence[Any]) -> frozenset[str]:
        """What it reads and is not documented."""
        missing = {path for path, index in self.facts if row[index] is None}
        for path, name, index in self.fields:
            records = row[index]
            if records and any(name not in record for record in records if isinstance(record, dict)):
                missing.add(path)
        return frozenset(missing)


@dataclass(frozen=True, slots=True)
class _Reading:
    """An expression made ready: the values of the whole and of its comparisons, by one function."""

    node: Node
    asks_has: bool
    values: Statuses


class Readings:
    """Expressions made ready to become formulas, each once. A library keeps them for all its requests."""

    def __init__(self) -> None:
        # By identity, since comparing expressions takes as long as reading them; each holds on to its own.
        self._known: dict[int, _Reading] = {}
        self._comparisons: dict[int, _Comparison] = {}

    def __reduce__(self) -> tuple[type[Readings], tuple[()]]:
        """For `pickle`: what is made ready is made anew where it is asked for."""
        return Readings, ()

    def of(self, node: Node) -> _Reading:
        """An expression made ready."""
        found = self._known.get(id(node))
        if found is None:
            parts = [part for part in _parts(node) if not _asks_for_fact(part)]
            found = _Reading(node, asks_has(node), compile_nodes([node, *parts]))
            self._known[id(node)] = found
        return found

    def comparison(self, node: Node) -> _Comparison:
        """A comparison with what it reads."""
        found = self._comparisons.get(id(node))
        if found is None:
            found = self._comparisons[id(node)] = _Comparison.of(node)
        return found


def _asks_for_fact(node: Node) -> bool:
    return isinstance(node, Documented) and isinstance(node.of, FactValue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a request is evaluated.

    Attributes:
        row: Its facts.
        strict: Whether nothing is presumed.
        retrospective: Whether conditions count.
        in_conflict: The facts on which the records contradict each other.
        allow_not_encoded: Whether a source without a policy is passed over.
        readings: The expressions that were made ready already.
    """

    row: Sequence[Any]
    strict: bool
    retrospective: bool
    in_conflict: frozenset[str]
    allow_not_encoded: bool
    readings: Readings = field(default_factory=Readings)


def undocumented(node: Node, row: Sequence[Any]) -> frozenset[str]:
    """The facts that an expression reads and that are not documented, fields of records in lists included."""
    return _Comparison.of(node).lacking(row)


def of_group(group: Group, setting: Setting) -> Formula:
    """The criteria of a policy, combined."""
    parts = tuple(
        of_group(m, setting) if isinstance(m, Group) else of_node(m.node, setting.row, setting.readings)
        for m in group.members
    )
    return AtLeast({"all": len(parts), "any": 1, "at_least": group.count}[group.kind], parts)


def of_policy(policy: Policy, setting: Setting) -> Formula:
    """Whether a policy recommends; its negation is that it does not."""
    if policy.stance is not Stance.CRITERIA:
        return Known(False)
    parts = [of_group(policy.criteria, setting)] if policy.criteria is not None else []
    parts += [Negation(_exclusion(leaf, setting)) for leaf in policy.exclusions]
    if setting.retrospective:
        parts += [of_node(leaf.node, setting.row, setting.readings) for leaf in policy.conditions]
    return both(*parts)


def _exclusion(leaf: Criterion, setting: Setting) -> Formula:
    formula = of_node(leaf.node, setting.row, setting.readings)
    if setting.strict or not leaf.presumed_absent:
        return formula
    in_conflict = sorted({fact.path for fact in facts_of(leaf.node)} & setting.in_conflict)
    if not in_conflict:
        return Presumed(formula)
    # Never presumed as long as one of its facts is in conflict; once all are settled, it is like any other.
    return Choice(both(*(Absent(fact) for fact in in_conflict)), Presumed(formula), formula)


def outcome(sources: Sequence[SourceTrace], setting: Setting) -> tuple[Formula, Formula]:
    """The formulas for `recommended` and for `not recommended`, as `resolve` walks the ranks.

    Args:
        sources: The sources with the policies that apply or may, the highest rank first. A policy that does
            not apply is left aside, even where its scope asks with `has` for what could be documented.
        setting: How the request is evaluated.
    """
    ranks: list[list[list[_Scoped]]] = []
    for _, rank in groupby(sources, key=lambda source: source.rank):
        ranks.append([[_Scoped.of(trace.policy, setting) for trace in source.policies] for source in rank])
    return _from(ranks, setting, (), True), _from(ranks, setting, (), False)


@dataclass(frozen=True, slots=True)
class _Scoped:
    """A policy with the formulas of its scope and of what it says."""

    silent: bool
    applies: Formula
    recommends: Formula

    @classmethod
    def of(cls, policy: Policy, setting: Setting) -> _Scoped:
        scope = of_node(policy.scope, setting.row, setting.readings)
        return cls(policy.stance is Stance.SILENT, scope, of_policy(policy, setting))

    @property
    def may_apply(self) -> Formula:
        return not_ruled_out(self.applies)

    def says(self, recommended: bool) -> Formula:
        return self.recommends if recommended else Negation(self.recommends)


def _from(
    ranks: Sequence[Sequence[Sequence[_Scoped]]],
    setting: Setting,
    above: tuple[_Scoped, ...],
    recommended: bool,
) -> Formula:
    """The formula from a rank on, where the policies `above` may govern and say the same."""
    if not ranks:
        return either(*(policy.may_apply for policy in above))
    rank, lower = ranks[0], ranks[1:]
    voices = tuple(policy for source in rank for policy in source if not policy.silent)
    encoded: Formula = Known(True)
    passable: Formula = Known(True)
    if not setting.allow_not_encoded:
        encoded = both(*(either(*(policy.may_apply for policy in source)) for source in rank))
        passable = both(
            *(either(*(policy.may_apply for policy in source if policy.silent)) for source in rank)
        )
    agree = [either(Negation(policy.applies), policy.says(recommended)) for policy in voices]
    # A search that stops here without a policy that surely applies still counts those that may apply.
    stops = either(*(policy.applies for policy in voices), Negation(passable))
    return both(encoded, *agree, either(stops, _from(lower, setting, above + voices, recommended)))
