"""The outcome of a request as two formulas over what is not documented: recommended, and not recommended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imrpolicy.evaluate.missing import Absent, AtLeast, Formula, Known, Negation, Open, Presumed, both, either
from imrpolicy.evaluate.resolve import Evaluated
from imrpolicy.evaluate.compiled import PolicyTrace
from imrpolicy.evaluate.words import Status
from imrpolicy.expression import Node, compile_nodes, unparse, walk
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
    """A true-or-false expression as a formula over its unknown comparisons."""
    match node:
        case Junction():
            parts = tuple(of_node(operand, row) for operand in node.operands)
            return both(*parts) if node.operator == "&&" else either(*parts)
        case Not():
            return Negation(of_node(node.operand, row))
        case Conditional(then=then) if then.type.kind is Kind.BOOL:
            condition = of_node(node.condition, row)
            return either(
                both(condition, of_node(then, row)), both(Negation(condition), of_node(node.otherwise, row))
            )
        case Documented(of=FactValue() as fact) if row[fact.fact.index] is None:
            return Absent(fact.fact.path)
        case _:
            value = compile_nodes([node])(row)[0]
            return Known(value) if value is not None else Open(unparse(node), undocumented(node, row))


def undocumented(node: Node, row: Sequence[Any]) -> frozenset[str]:
    """The facts that an expression reads and that are not documented, fields of records in lists included."""
    missing = {item.fact.path for item in walk(node) if isinstance(item, FactValue) and row[item.fact.index] is None}
    lists = {item.fact.path: row[item.fact.index] for item in walk(node) if isinstance(item, FactValue)}
    for item in walk(node):
        if isinstance(item, FieldValue):
            source = lists.get(item.path.partition("[]")[0])
            if source and any(item.field.name not in record for record in source if isinstance(record, dict)):
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
    facts = {item.fact.path for item in walk(leaf.node) if isinstance(item, FactValue)}
    presumable = leaf.presumed_absent and not setting.strict and not facts & setting.in_conflict
    return Presumed(formula) if presumable else formula


def outcome(ranks: Evaluated, setting: Setting) -> tuple[Formula, Formula]:
    """The formulas for `recommended` and for `not recommended`, as `resolve` walks the ranks."""
    return _from(ranks, setting, True), _from(ranks, setting, False)


def _from(ranks: Evaluated, setting: Setting, recommended: bool) -> Formula:
    if not ranks:
        return Known(False)
    rank, lower = ranks[0], ranks[1:]
    if not setting.allow_not_encoded and not all(traces for _, traces in rank):
        return Known(False)
    speaking = [trace for _, traces in rank for trace in traces if trace.recommendation is not None]
    passable = setting.allow_not_encoded or all(_may_be_silent(traces) for _, traces in rank)
    scopes = {id(trace): of_node(trace.policy.scope, setting.row) for trace in speaking}
    agree = [either(Negation(scopes[id(t)]), _says(t, setting, recommended)) for t in speaking]
    if not passable:
        return both(*agree)
    certain = either(*scopes.values())
    return both(*agree, either(certain, _from(lower, setting, recommended)))


def _says(trace: PolicyTrace, setting: Setting, recommended: bool) -> Formula:
    formula = of_policy(trace.policy, setting)
    return formula if recommended else Negation(formula)


def _may_be_silent(traces: tuple[PolicyTrace, ...]) -> bool:
    return any(trace.recommendation is None and trace.applies is not Status.NOT_MET for trace in traces)
