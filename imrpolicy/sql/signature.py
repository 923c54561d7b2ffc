"""A short text for each request that decides what is missing, as SQL.

The evaluator finds it with a decision diagram, too slow for each of millions of requests. But that depends on
little: which policies are looked at, and for each comparison that still counts whether it is true, false or
unknown, and through which facts. Requests that agree in this have the same functions to look at, and so agree
in all that is read off them. Parts that are settled whatever comes to be documented are left out, so that few
texts differ; where nothing is behind anything open, there is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.evaluate.formula import asks_has, is_choice
from imrpolicy.expression import Node, facts_of
from imrpolicy.expression.nodes import Conditional, Junction, Not
from imrpolicy.policy import Criterion, Group
from imrpolicy.population.columns import CONFLICTING
from imrpolicy.sql import build as sql
from imrpolicy.sql.dialect import Sql
from imrpolicy.sql.editions import SEARCH
from imrpolicy.sql.exact import call_missing
from imrpolicy.sql.nodes import Writer
from imrpolicy.sql.place import lacks, read_paths
from imrpolicy.sql.policy import RETROSPECTIVE, PolicyColumns
from imrpolicy.sql.steps import Added
from imrpolicy.sql.walk import Walk

SIGNATURE, MISSING = "signature", "missing"
_TRUE, _FALSE, _UNKNOWN, _YES, _NO = "T", "F", "?", "1", "0"


def signature(walk: Walk) -> Sql:
    """The text of a request."""
    policies = walk.editions.governing
    # A scope that asks with `has` can turn out another way later, and with it how far the search comes.
    all_ranks = any(asks_has(columns.policy.scope) for columns in policies)
    parts = [
        sql.coalesce(sql.column(SEARCH), sql.text("")),
        sql.case([(sql.column(RETROSPECTIVE), sql.text("+"))], sql.text("-")),
    ]
    for columns in policies:
        counts = [columns.looked_at]
        if not all_ranks:
            counts += [sql.column(columns.reached), *walk.complete(columns.policy.source.guideline)]
        said = _joined([sql.text(f" {columns.name}"), *_of_policy(columns)])
        parts.append(sql.case([(sql.conjunction(counts), said)], sql.text("")))
    return _joined(parts)


def asked(walk: Walk) -> Added:
    """What the evaluator says is missing, where there is a text."""
    text = sql.column(SIGNATURE)
    call = call_missing(text.copy(), walk.editions.library.dictionary)
    return Added(MISSING, sql.case([(sql.is_known(text), call)]))


def _of_policy(columns: PolicyColumns) -> Iterator[Sql]:
    policy = columns.policy
    yield _of_expression(columns, policy.scope, sql.column(columns.applies))
    if not columns.with_criteria:
        return
    parts = [_of_group(columns, policy.criteria)] if policy.criteria is not None else []
    parts += [_of_exclusion(columns, leaf) for leaf in policy.exclusions]
    if policy.conditions:
        conditions = _joined([_of_leaf(columns, leaf) for leaf in policy.conditions])
        parts.append(sql.case([(sql.column(RETROSPECTIVE), conditions)], sql.text("")))
    inside = _joined(parts) if parts else sql.text("")
    if any(asks_has(leaf.node) for leaf in policy.leaves):
        yield inside
        return
    # What speaks against it stays, while a presumption behind a recommendation may fall.
    against = sql.surely(sql.negation(sql.column(columns.recommends)))
    yield sql.case([(against, sql.text(_FALSE))], inside)


def _of_group(columns: PolicyColumns, group: Group) -> Sql:
    inside = _joined(
        [_of_group(columns, m) if isinstance(m, Group) else _of_leaf(columns, m) for m in group.members]
    )
    if any(asks_has(leaf.node) for leaf in group.criteria()):
        return inside
    return _settled_or(columns.truth_of(group), inside)


def _of_leaf(columns: PolicyColumns, leaf: Criterion) -> Sql:
    return _of_expression(columns, leaf.node, sql.column(columns.leaf(leaf)))


def _of_exclusion(columns: PolicyColumns, leaf: Criterion) -> Sql:
    if columns.strict or not leaf.presumed_absent:
        return _of_leaf(columns, leaf)
    conflicts = [
        _bit(columns.dialect.overlaps(sql.column(CONFLICTING), [fact.path])) for fact in facts_of(leaf.node)
    ]
    return _joined([_of_leaf(columns, leaf), *conflicts])


def _of_expression(columns: PolicyColumns, node: Node, value: Sql) -> Sql:
    if _is_atom(node):
        return _settled_or(value, _lacking(columns, node))
    inside = _joined(list(_atoms(columns, node)))
    return inside if asks_has(node) else _settled_or(value, inside)


def _is_atom(node: Node) -> bool:
    """Whether the evaluator takes an expression as one comparison, instead of taking it apart."""
    return not (isinstance(node, Junction | Not) or is_choice(node))


def _atoms(columns: PolicyColumns, node: Node) -> Iterator[Sql]:
    """The comparisons of an expression, as the evaluator takes it apart."""
    match node:
        case Junction():
            for operand in node.operands:
                yield from _atoms(columns, operand)
        case Not():
            yield from _atoms(columns, node.operand)
        case Conditional() if is_choice(node):
            for part in (node.condition, node.then, node.otherwise):
                yield from _atoms(columns, part)
        case _:
            yield _settled_or(Writer(columns.dialect).write(node), _lacking(columns, node))


def _lacking(columns: PolicyColumns, node: Node) -> Sql:
    """That a comparison is unknown, and through which facts."""
    found = [_bit(lacks(path, field, columns.dialect)) for path, field in read_paths(node).items()]
    return _joined([sql.text(_UNKNOWN), *found])


def _settled_or(value: Sql, otherwise: Sql) -> Sql:
    branches = [(sql.boolean(True), sql.text(_TRUE)), (sql.boolean(False), sql.text(_FALSE))]
    return sql.choose(value, branches, otherwise)


def _bit(condition: Sql) -> Sql:
    return sql.case([(condition, sql.text(_YES))], sql.text(_NO))


def _joined(parts: list[Sql]) -> Sql:
    return parts[0] if len(parts) == 1 else sql.call("concat", *parts)
