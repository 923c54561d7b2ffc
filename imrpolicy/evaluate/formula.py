"""The outcome of a request as two formulas over what is not documented: recommended, and not recommended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from imrpolicy.expression import Node, compile_nodes, facts_of, unparse, walk
from imrpolicy.expression.nodes import Conditional, Documented, FactValue, FieldValue, Junction, Not
from imrpolicy.facts import Kind
from imrpolicy.policy import Criterion, Group, Policy, Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a request is evaluated.

    Attributes:
        row: Its facts.
        strict: Whether nothing is presumed.
        retrospective: Whether conditions count.
        in_conflict: The facts on which the records contradict each other.
        allow_not_encoded: Whether a source without a policy is passed over.
    """

    row: Sequence[Any]
    strict: bool
    retrospective: bool
    in_conflict: frozenset[str]
    allow_not_encoded: bool


def of_node(node: Node, row: Sequence[Any]) -> Formula:
    """A true-or-false expression as a formula over its unknown comparisons.

    `has` inside of a comparison, or of what is asked of the elements of a list, is taken as settled.
    """
    match node:
        case Junction():
            parts = tuple(of_node(operand, row) for operand in node.operands)
            return both(*parts) if node.operator == "&&" else either(*parts)
        case Not():
            return Negation(of_node(node.operand, row))
        case Conditional(then=then) if then.type.kind is Kind.BOOL:
            return Choice(of_node(node.condition, row), of_node(then, row), of_node(node.otherwise, row))
        case Documented(of=FactValue() as fact) if row[fact.fact.index] is None:
            return Absent(fact.fact.path)
        case _:
            value = compile_nodes([node])(row)[0]
            return Known(value) if value is not None else Open(unparse(node), undocumented(node, row))


def undocumented(node: Node, row: Sequence[Any]) -> frozenset[str]:
    """The facts that an expression reads and that are not documented, fields of records in lists included."""
    read = {fact.path: row[fact.index] for fact in facts_of(node)}
    missing = {path for path, value in read.items() if value is None}
    for item in walk(node):
        if isinstance(item, FieldValue):
            records = read.get(item.path.partition("[]")[0])
            if records and any(
                item.field.name not in record for record in records if isinstance(record, dict)
            ):
                missing.add(item.path)
    return frozenset(missing)


def of_group(group: Group, row: Sequence[Any]) -> Formula:
    """The criteria of a policy, combined."""
    parts = tuple(of_group(m, row) if isinstance(m, Group) else of_node(m.node, row) for m in group.members)
    return AtLeast({"all": len(parts), "any": 1, "at_least": group.count}[group.kind], parts)


def of_policy(policy: Policy, setting: Setting) -> Formula:
    """Whether a policy recommends; its negation is that it does not."""
    if policy.stance is not Stance.CRITERIA:
        return Known(False)
    parts = [of_group(policy.criteria, setting.row)] if policy.criteria is not None else []
    parts += [Negation(_exclusion(leaf, setting)) for leaf in policy.exclusions]
    if setting.retrospective:
        parts += [of_node(leaf.node, setting.row) for leaf in policy.conditions]
    return both(*parts)


def _exclusion(leaf: Criterion, setting: Setting) -> Formula:
    formula = of_node(leaf.node, setting.row)
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
        scope = of_node(policy.scope, setting.row)
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
