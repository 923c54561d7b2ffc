"""What stands whatever comes to be documented, as SQL.

Most of what is known is firm: documents that are added cannot change it. Two things can fall: what `has` says
of a fact that is not documented, and an exclusion that is presumed absent. Both count as unknown here, so
that SQL's own logic says which criteria, groups and verdicts are firm: NULL is what can still turn out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from imrpolicy.evaluate.formula import asks_has
from imrpolicy.expression import Node
from imrpolicy.expression.nodes import Conditional, Junction, Not
from imrpolicy.policy import Criterion
from imrpolicy.sql import build as sql
from imrpolicy.sql.dialect import Dialect, Sql
from imrpolicy.sql.nodes import Writer
from imrpolicy.sql.policy import PolicyColumns
from imrpolicy.sql.steps import Added


def firm_value(node: Node, dialect: Dialect) -> Sql:
    """A true-or-false expression: NULL where something that is not documented can still change it."""
    writer = Writer(dialect)
    if not asks_has(node):
        return writer.write(node)
    match node:
        case Junction():
            join = sql.conjunction if node.operator == "&&" else sql.disjunction
            return join([firm_value(operand, dialect) for operand in node.operands])
        case Not():
            return sql.negation(firm_value(node.operand, dialect))
        case Conditional():
            then, otherwise = firm_value(node.then, dialect), firm_value(node.otherwise, dialect)
            branches = [(sql.boolean(True), then), (sql.boolean(False), otherwise)]
            return sql.choose(firm_value(node.condition, dialect), branches)
        case _:
            return sql.case([(writer.write(node), sql.boolean(True))])


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmColumns(PolicyColumns):
    """A policy with what stands of it; where that is all that is known, the columns are the same.

    Attributes:
        presumes: Whether one of its exclusions may be presumed absent.
    """

    presumes: bool

    @classmethod
    def of(cls, columns: PolicyColumns) -> FirmColumns:
        """What stands of a policy."""
        presumes = not columns.strict and any(leaf.presumed_absent for leaf in columns.policy.exclusions)
        return cls(
            policy=columns.policy,
            name=columns.name,
            dialect=columns.dialect,
            strict=True,
            presumes=presumes,
        )

    def leaf(self, criterion: Criterion) -> str:
        """The column of what stands of a criterion; its number keeps the name short."""
        if not asks_has(criterion.node):
            return PolicyColumns.leaf(self, criterion)
        return f"{self.name}_firm{self.policy.leaves.index(criterion)}"

    @property
    def firmly_applies(self) -> str:
        """The column of its scope: TRUE or FALSE where that stands."""
        return f"{self.name}_firmly_applies" if asks_has(self.policy.scope) else self.applies

    @property
    def firmly_recommends(self) -> str:
        """The column of what it says, as far as its criteria do not ask with `has`."""
        moves = any(asks_has(leaf.node) for leaf in self.policy.leaves)
        return f"{self.name}_firmly_recommends" if moves else self.recommends

    @property
    def may_turn(self) -> Sql:
        """Whether its verdict can still turn out, or fall with a presumption, where it applies or may."""
        said, presumed = sql.column(self.firmly_recommends), self._presumed()
        if not presumed:
            return sql.is_null(said)
        return sql.conjunction([sql.possibly(said), sql.disjunction([sql.is_null(said.copy()), *presumed])])

    @property
    def firm_for(self) -> Sql:
        """Whether it recommends the service whatever comes to be documented."""
        if not self.with_criteria:
            return sql.boolean(False)
        known = [sql.negation(one) for one in self._presumed()]
        return sql.conjunction([sql.surely(sql.column(self.firmly_recommends)), *known])

    @property
    def firm_against(self) -> Sql:
        """Whether it does not, whatever comes to be documented."""
        if self.with_criteria:
            return sql.surely(sql.negation(sql.column(self.firmly_recommends)))
        return sql.boolean(not self.is_silent)

    def _presumed(self) -> list[Sql]:
        """For each exclusion that may be presumed absent whether it is not documented."""
        if not self.presumes or self.firmly_recommends != self.recommends:
            return []
        return [sql.is_null(sql.column(self.leaf(x))) for x in self.policy.exclusions if x.presumed_absent]


def firm_criteria(policies: Iterable[PolicyColumns]) -> Iterator[Added]:
    """For each scope and criterion that asks with `has`, what stands of it."""
    for columns in map(FirmColumns.of, policies):
        scope = columns.policy.scope
        if asks_has(scope):
            yield _looked_at(columns, columns.firmly_applies, firm_value(scope, columns.dialect))
        for leaf in columns.policy.leaves:
            if asks_has(leaf.node):
                value = firm_value(leaf.node, columns.dialect)
                yield _looked_at(columns, columns.leaf(leaf), value)


def firm_verdicts(policies: Iterable[PolicyColumns]) -> Iterator[Added]:
    """For each policy whose criteria ask with `has`, what stands of its verdict."""
    for columns in map(FirmColumns.of, policies):
        if columns.with_criteria and columns.firmly_recommends != columns.recommends:
            yield _looked_at(columns, columns.firmly_recommends, columns.verdict())


def _looked_at(columns: PolicyColumns, name: str, value: Sql) -> Added:
    return Added(name, sql.case([(columns.looked_at, value)]))
