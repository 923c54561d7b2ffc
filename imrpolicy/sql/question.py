"""The query of a batch: the whole library, or one policy."""

from __future__ import annotations

from dataclasses import dataclass, field

from imrpolicy.evaluate import Options, PolicyLibrary
from imrpolicy.expression import walk
from imrpolicy.expression.nodes import FieldValue
from imrpolicy.policy import Policy
from imrpolicy.sql.checks import NOTHING, Known, check_query, sound_rows
from imrpolicy.sql.counts import Category, counts_of_library, counts_of_policy
from imrpolicy.sql.library import library_query
from imrpolicy.sql.single import single_query
from imrpolicy.sql.warehouses import DIALECTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a table of requests.

    Attributes:
        library: The policies.
        policy: The one policy that is asked for, whatever governs; none for the whole library.
        options: How the library is asked to evaluate.
        trace: Whether every policy that was looked at is given, criterion by criterion.
        exact: Whether `open` is given, exactly the facts that can change the outcome; DuckDB alone can.
    """

    library: PolicyLibrary
    policy: Policy | None = None
    options: Options = field(default_factory=Options)
    trace: bool = True
    exact: bool = False

    @property
    def fields(self) -> frozenset[str] | None:
        """The fields of records in lists that one policy reads; none for the whole library."""
        if self.policy is None:
            return None
        nodes = (self.policy.scope, *(leaf.node for leaf in self.policy.leaves))
        return frozenset(part.path for node in nodes for part in walk(node) if isinstance(part, FieldValue))

    def query(self, dialect: str, table: str, *, pretty: bool = False, numbered: bool = False) -> str:
        """The query in a dialect.

        Args:
            dialect: The dialect.
            table: The table of requests.
            pretty: Whether it is for people, with comments.
            numbered: Whether the `row_number` of the table is the last column; no query keeps an order.
        """
        spoken = DIALECTS[dialect]
        if self.policy is not None:
            tree = single_query(self.policy, spoken, table=table, strict=self.options.strict)
        else:
            tree = library_query(
                self.library,
                spoken,
                table=table,
                options=self.options,
                trace=self.trace,
                exact=self.exact and dialect == "duckdb",
            )
        if numbered:
            tree = tree.select("row_number")
        return tree.sql(dialect=dialect, pretty=pretty, comments=pretty)

    def counts(self, dialect: str, table: str) -> tuple[str, tuple[Category, ...]]:
        """The query that counts what `query` gives, in one row; and what columns count after the first."""
        spoken, options = DIALECTS[dialect], self.options
        if self.policy is not None:
            found = counts_of_policy(self.policy, spoken, table=table, strict=options.strict)
        else:
            found = counts_of_library(self.library, spoken, table=table, options=options, trace=self.trace)
        return found.tree.sql(dialect=dialect, comments=False), found.categories

    def check(self, dialect: str, table: str, known: Known = NOTHING) -> str:
        """The query that says what is wrong in each row."""
        options = None if self.policy is not None else self.options
        tree = check_query(self.library, DIALECTS[dialect], table=table, options=options, known=known)
        return tree.sql(dialect=dialect, comments=False)

    def sound(self, dialect: str, table: str, known: Known = NOTHING) -> str:
        """The query for the rows with which nothing is wrong; `query` tells of those that lack a date."""
        tree = sound_rows(self.library, DIALECTS[dialect], table=table, known=known)
        return tree.sql(dialect=dialect, comments=False)
