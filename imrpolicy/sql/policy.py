"""One policy as columns: where it applies, the value of each criterion, and what it recommends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from imrpolicy.expression import Node, facts_of
from imrpolicy.policy import Criterion, Group, Policy, Stance
from imrpolicy.population.columns import CONFLICTING
from imrpolicy.sql import build as sql
from imrpolicy.sql.dialect import Dialect, Sql
from imrpolicy.sql.nodes import Writer

RETROSPECTIVE = "retrospective"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyColumns:
    """The names of a policy's columns, and the SQL behind them.

    Attributes:
        policy: The policy.
        name: What its columns start with, such as `p07`; short, since some databases cut long names.
        dialect: The dialect.
        strict: Whether nothing is presumed.
        instead: What stands for facts instead of their columns, by path; used to cut quantities.
    """

    policy: Policy
    name: str
    dialect: Dialect
    strict: bool = False
    instead: Mapping[str, Sql] | None = None

    @property
    def applies(self) -> str:
        """The column of its scope: TRUE, FALSE, or NULL where it may apply."""
        return f"{self.name}_applies"

    @property
    def recommends(self) -> str:
        """The column of what it says: TRUE, FALSE, or NULL where that is open."""
        return f"{self.name}_recommends"

    @property
    def reached(self) -> str:
        """The column that says whether the search comes down to its source."""
        return source_name(self.policy.source.guideline) + "_reached"

    @property
    def governs(self) -> str:
        """The column that says whether it governs, or may."""
        return f"{self.name}_governs"

    @property
    def trace(self) -> str:
        """The column of its trace."""
        return f"{self.name}_trace"

    def leaf(self, criterion: Criterion) -> str:
        """The column of a criterion, exclusion or condition."""
        return f"{self.name}__{criterion.id.replace('-', '_')}"

    @property
    def looked_at(self) -> Sql:
        """Whether it applies or may."""
        return sql.possibly(sql.column(self.applies))

    @property
    def surely_applies(self) -> Sql:
        """Whether it is known to apply."""
        return sql.surely(sql.column(self.applies))

    @property
    def is_silent(self) -> bool:
        """Whether its guideline says nothing on the topic."""
        return self.policy.stance is Stance.SILENT

    @property
    def with_criteria(self) -> bool:
        """Whether criteria decide."""
        return self.policy.stance is Stance.CRITERIA

    def scope(self) -> Sql:
        """The SQL of its scope."""
        return self._write(self.policy.scope)

    def leaves(self) -> Iterator[tuple[str, Criterion, Sql]]:
        """The column, the criterion and the SQL of each leaf."""
        for leaf in self.policy.leaves:
            yield self.leaf(leaf), leaf, self._write(leaf.node)

    def with_facts(self, instead: Mapping[str, Sql]) -> PolicyColumns:
        """The same policy for other values of some facts."""
        return replace(self, instead=instead)

    def verdict(self) -> Sql:
        """The SQL of what it recommends, from the columns of its leaves."""
        policy = self.policy
        parts = [self.truth_of(policy.criteria)] if policy.criteria is not None else []
        parts += [sql.negation(self._exclusion(leaf)) for leaf in policy.exclusions]
        before = sql.negation(sql.column(RETROSPECTIVE))
        parts += [sql.disjunction([before, self.value_of(leaf)]) for leaf in policy.conditions]
        return sql.conjunction(parts)

    def truth_of(self, group: Group) -> Sql:
        """Whether a group is met."""
        parts = [self.truth_of(m) if isinstance(m, Group) else self.value_of(m) for m in group.members]
        if group.kind == "all" or (group.kind == "at_least" and group.count == len(parts)):
            return sql.conjunction(parts)
        if group.kind == "any" or group.count == 1:
            return sql.disjunction(parts)
        enough = sql.compare(">=", _count(parts, met=True), sql.whole(group.count))
        too_few = sql.compare(">", _count(parts, met=False), sql.whole(len(parts) - group.count))
        return sql.case([(enough, sql.boolean(True)), (too_few, sql.boolean(False))])

    def value_of(self, leaf: Criterion) -> Sql:
        """The column of a leaf, or its SQL where a quantity that it reads is cut."""
        read = {fact.path for fact in facts_of(leaf.node)}
        if self.instead and not read.isdisjoint(self.instead):
            return self._write(leaf.node)
        return sql.column(self.leaf(leaf))

    def may_presume(self, leaf: Criterion) -> Sql | None:
        """Whether an exclusion that is not documented is taken not to hold; none where it never is."""
        if self.strict or not leaf.presumed_absent:
            return None
        facts = [fact.path for fact in facts_of(leaf.node)]
        return sql.negation(self.dialect.overlaps(sql.column(CONFLICTING), facts))

    def _exclusion(self, leaf: Criterion) -> Sql:
        value, presumed = self.value_of(leaf), self.may_presume(leaf)
        if presumed is None:
            return value
        # What is presumed absent does not hold unless it is documented, or records are in conflict on it.
        return sql.case([(sql.conjunction([sql.is_null(value), presumed]), sql.boolean(False))], value.copy())

    def _write(self, node: Node) -> Sql:
        return Writer(self.dialect, self.instead or {}).write(node)


def source_name(source: str) -> str:
    """What the columns of a source start with."""
    return "source_" + source.replace("-", "_")


def _count(parts: list[Sql], *, met: bool) -> Sql:
    """How many parts are met, or are not."""
    ones = [
        sql.case([(part.copy() if met else sql.negation(part.copy()), sql.whole(1))], sql.whole(0))
        for part in parts
    ]
    total = ones[0]
    for one in ones[1:]:
        total = sql.arithmetic("+", total, one)
    return total
