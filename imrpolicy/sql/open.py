"""The facts that are not documented behind what is left open, as SQL.

The evaluator's `missing.open` names exactly the facts that can still change the outcome, which takes a
decision diagram for each request. What is found here takes none, and never names fewer: facts that are not
documented, read by a scope that is unknown, or by a criterion that is unknown in groups that are all unknown,
of policies that may govern.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from imrpolicy.expression import Node, facts_of, walk
from imrpolicy.expression.nodes import FieldValue
from imrpolicy.facts import FactDictionary, Field
from imrpolicy.policy import Criterion, Group
from imrpolicy.population.columns import column_of
from imrpolicy.sql import build as sql
from imrpolicy.sql.dialect import Dialect, Sql
from imrpolicy.sql.policy import RETROSPECTIVE, PolicyColumns
from imrpolicy.sql.steps import Added


def open_parts(policies: Iterable[PolicyColumns]) -> Iterator[Added]:
    """For each policy whether its verdict is open and counts, and for each group whether it is open."""
    for columns in policies:
        if columns.with_criteria:
            governs, said = sql.column(columns.governs), sql.column(columns.recommends)
            yield Added(_open(columns), sql.conjunction([governs, sql.is_null(said)]))
        if columns.policy.criteria is not None:
            for number, group in enumerate(_groups(columns.policy.criteria)):
                yield Added(_group_open(columns, number), sql.is_null(columns.truth_of(group)))


def open_facts(policies: Iterable[PolicyColumns], dictionary: FactDictionary, dialect: Dialect) -> list[Sql]:
    """For each fact its path where it is behind something open, else NULL; in the order of the dictionary.

    Args:
        policies: The policies that may govern.
        dictionary: The facts.
        dialect: The dialect.
    """
    behind: dict[str, list[Sql]] = {}
    fields: dict[str, Field | None] = {}
    for columns in policies:
        for node, unknown in _unknown_parts(columns):
            read = read_paths(node)
            fields |= read
            for path in read:
                behind.setdefault(path, []).append(unknown.copy())
    order = {fact.path: fact.index for fact in dictionary.facts}
    return [
        sql.case(
            [
                (
                    sql.conjunction([lacks(path, fields[path], dialect), sql.disjunction(behind[path])]),
                    sql.text(path),
                )
            ]
        )
        for path in sorted(behind, key=lambda path: (order[path.partition("[]")[0]], path))
    ]


def _unknown_parts(columns: PolicyColumns) -> Iterator[tuple[Node, Sql]]:
    """The expressions of a policy, each with whether it is unknown and leaves something open."""
    policy = columns.policy
    reached = sql.column(columns.reached)
    yield policy.scope, sql.conjunction([reached, sql.is_null(sql.column(columns.applies))])
    if not columns.with_criteria:
        return
    open_ = sql.column(_open(columns))
    if policy.criteria is not None:
        yield from _in_group(columns, policy.criteria, count(), [open_])
    for leaf in policy.exclusions:
        # One that is presumed not to hold can still turn out to hold.
        yield leaf.node, sql.conjunction([open_.copy(), _unknown(columns, leaf)])
    for leaf in policy.conditions:
        counts = sql.column(RETROSPECTIVE)
        yield leaf.node, sql.conjunction([open_.copy(), counts, _unknown(columns, leaf)])


def _in_group(
    columns: PolicyColumns, group: Group, numbers: Iterator[int], above: list[Sql]
) -> Iterator[tuple[Node, Sql]]:
    """The unknown criteria of a group, as long as it is unknown itself; groups are numbered from the top."""
    here = [*above, sql.column(_group_open(columns, next(numbers)))]
    for member in group.members:
        if isinstance(member, Group):
            yield from _in_group(columns, member, numbers, here)
        else:
            yield member.node, sql.conjunction([part.copy() for part in (*here, _unknown(columns, member))])


def _groups(group: Group) -> Iterator[Group]:
    """A group and those in it, from the top."""
    yield group
    for member in group.members:
        if isinstance(member, Group):
            yield from _groups(member)


def _open(columns: PolicyColumns) -> str:
    return f"{columns.name}_open"


def _group_open(columns: PolicyColumns, number: int) -> str:
    return f"{columns.name}_group{number}_open"


def _unknown(columns: PolicyColumns, leaf: Criterion) -> Sql:
    return sql.is_null(sql.column(columns.leaf(leaf)))


def read_paths(node: Node) -> dict[str, Field | None]:
    """What an expression reads: facts, and fields of records in lists, with the field."""
    found: dict[str, Field | None] = {fact.path: None for fact in facts_of(node)}
    return found | {part.path: part.field for part in walk(node) if isinstance(part, FieldValue)}


def lacks(path: str, field: Field | None, dialect: Dialect) -> Sql:
    """Whether a fact is not documented, or a field in one of the records of a list."""
    column = sql.column(column_of(path.partition("[]")[0]))
    if field is None:
        return sql.is_null(column)
    lacking = sql.case([(sql.is_null(dialect.field("each", field)), sql.whole(1))], sql.whole(0))
    return sql.compare("==", dialect.folded("MAX", column, "each", lacking), sql.whole(1))
