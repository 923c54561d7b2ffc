"""How many requests there are of each kind: the steps of a query, ended by counts instead of by rows.

Every count is an aggregate over a column that is TRUE, FALSE or NULL. No trace is built and no list unnested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from imrpolicy.evaluate import Options, Outcome, PolicyLibrary, Reason, Recommendation, Status
from imrpolicy.facts import STRING
from imrpolicy.policy import Policy
from imrpolicy.sql import build as sql
from imrpolicy.sql.counting import Counting
from imrpolicy.sql.dialect import Dialect, Sql
from imrpolicy.sql.editions import PROBLEM, Editions
from imrpolicy.sql.library import library_steps
from imrpolicy.sql.open import facts_behind
from imrpolicy.sql.policy import PolicyColumns
from imrpolicy.sql.result import Result
from imrpolicy.sql.single import single_steps
from imrpolicy.sql.steps import Added, Step, assemble
from imrpolicy.sql.walk import Walk

SILENT, MISSING = "silent", "missing_facts"


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of request that is counted.

    Attributes:
        by: What is counted: `outcome`, `reason`, `policy`, `criterion` or `missing fact`; for one policy
            `applies`, `recommendation` or `criterion`.
        name: Which one, such as `upheld` or `pain.radicular`.
        status: The status of a criterion, or what a policy said; else empty.
    """

    by: str
    name: str
    status: str = ""


Counted = tuple[Category, Sql]


@dataclass(frozen=True, slots=True)
class CountsQuery:
    """A query that gives one row of counts.

    Attributes:
        tree: The query. Its first column is the number of requests; then comes one for each kind.
        categories: What the columns after the first count.
    """

    tree: exp.Select
    categories: tuple[Category, ...]


def counts_of_library(
    library: PolicyLibrary,
    dialect: Dialect,
    *,
    table: str,
    options: Options | None = None,
    trace: bool = True,
) -> CountsQuery:
    """The counts of what `library_query` gives; requests that lack a date that selects are left out.

    Args:
        library: The policies, the sources and the search sequences.
        dialect: The dialect.
        table: The table of requests.
        options: How the library is asked to evaluate.
        trace: Whether policies and their criteria are counted too.
    """
    walk = Walk(Editions.of(library, dialect, options or Options()))
    found = [*_of_words("outcome", Outcome), *_of_words("reason", Reason)]
    if trace:
        found += [one for policy in walk.editions.governing for one in _of_policy(policy)]
        found += [
            one
            for policy in walk.editions.governing
            for one in _of_criteria(policy, before=f"{policy.policy.reference} ", asked=True)
        ]
    # Listed first, as in the query of rows: nothing is looked for where nothing is open.
    listed = Added(MISSING, dialect.kept(Result(walk).undocumented()))
    for path, _ in facts_behind(Counting(walk), library.dictionary, dialect):
        named = dialect.has(sql.column(MISSING), sql.text(path), STRING)
        found.append((Category("missing fact", path), _if(named)))
    steps = [*library_steps(walk), Step("missing", "The facts behind what is left open.", [listed])]
    query = _query(dialect, table, steps, found)
    query.tree.where(sql.is_null(sql.column(PROBLEM)), copy=False)
    return query


def counts_of_policy(policy: Policy, dialect: Dialect, *, table: str, strict: bool = False) -> CountsQuery:
    """The counts of what `single_query` gives; criteria are counted where the policy applies or may.

    Args:
        policy: The policy.
        dialect: The dialect.
        table: The table of requests.
        strict: Whether nothing is presumed.
    """
    columns = PolicyColumns(policy=policy, name="p", dialect=dialect, strict=strict)
    found = [
        (Category("applies", status.value), number)
        for status, number in _statuses(sql.column(columns.applies))
    ]
    if not columns.is_silent:
        found += [(Category("recommendation", said.status), number) for said, number in _of_policy(columns)]
    found += _of_criteria(columns, asked=False)
    return _query(dialect, table, single_steps(columns), found)


def _query(dialect: Dialect, table: str, steps: list[Step], found: list[Counted]) -> CountsQuery:
    numbered = [
        Added(f"n{number}", count, _comment(category))
        for number, (category, count) in enumerate(found, start=1)
    ]
    final = Step("", "The counts: one row for all requests.", [Added("requests", _all()), *numbered])
    return CountsQuery(assemble(dialect, table, steps, final), tuple(category for category, _ in found))


def _comment(category: Category) -> str:
    return " ".join(filter(None, (f"{category.by}:", category.name, category.status)))


def _of_words(column: str, words: Iterable[Outcome] | Iterable[Reason]) -> Iterator[Counted]:
    for word in words:
        yield Category(column, word.value), _if(sql.compare("==", sql.column(column), sql.text(word.value)))


def _of_policy(columns: PolicyColumns) -> Iterator[Counted]:
    """What a policy says of the requests to which it applies or may."""
    asked = _if(columns.looked_at)
    against = Recommendation.NOT_RECOMMENDED.value
    reference = columns.policy.reference
    if not columns.with_criteria:
        yield Category("policy", reference, SILENT if columns.is_silent else against), asked
        return
    said = sql.column(columns.recommends)
    yield Category("policy", reference, against), _without(_known(said), _if(said))
    yield Category("policy", reference, Recommendation.RECOMMENDED.value), _if(said)
    yield Category("policy", reference, Recommendation.UNDETERMINED.value), _without(asked, _known(said))


def _of_criteria(columns: PolicyColumns, *, before: str = "", asked: bool) -> Iterator[Counted]:
    """The status of each criterion, among the requests to which the policy applies or may.

    Args:
        columns: The policy.
        before: What stands before the id of a criterion.
        asked: Whether criteria have been asked of these requests alone, and are NULL elsewhere.
    """
    for leaf in columns.policy.leaves:
        value = sql.column(columns.leaf(leaf))
        value = value if asked else sql.case([(columns.looked_at, value)])
        for status, number in _statuses(value, _if(columns.looked_at)):
            yield Category("criterion", before + leaf.id, status.value), number


def _statuses(value: Sql, among: Sql | None = None) -> Iterator[tuple[Status, Sql]]:
    """How often a value is TRUE, FALSE and NULL, which databases find out from two counts."""
    yield Status.MET, _if(value)
    yield Status.NOT_DOCUMENTED, _without(among or _all(), _known(value))
    yield Status.NOT_MET, _without(_known(value), _if(value))


def _all() -> Sql:
    return exp.Count(this=exp.Star())


def _if(condition: Sql) -> Sql:
    return exp.CountIf(this=condition.copy())


def _known(value: Sql) -> Sql:
    return exp.Count(this=value.copy())


def _without(all_: Sql, some: Sql) -> Sql:
    return sql.arithmetic("-", all_.copy(), some)
