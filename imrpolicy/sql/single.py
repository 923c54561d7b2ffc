"""One policy over a table of requests, whatever the search sequence and the dates say."""

from __future__ import annotations

from sqlglot import exp

from imrpolicy.evaluate import Status
from imrpolicy.policy import Policy
from imrpolicy.population.columns import CASE_ID, REQUEST_ID, TIMING
from imrpolicy.sql import build as sql
from imrpolicy.sql.dialect import Dialect, Sql
from imrpolicy.sql.policy import RETROSPECTIVE, PolicyColumns
from imrpolicy.sql.steps import Added, Step, assemble
from imrpolicy.sql.supported import offers, supported_of_one

CRITERION = "criterion__"


def single_query(policy: Policy, dialect: Dialect, *, table: str, strict: bool = False) -> exp.Select:
    """The query of one policy: its scope, each criterion, what it recommends and what it supports.

    A criterion is TRUE where it is met, FALSE where it is not, and NULL where that is not documented.

    Args:
        policy: The policy.
        dialect: The dialect.
        table: The table of requests.
        strict: Whether nothing is presumed.
    """
    columns = PolicyColumns(policy=policy, name="p", dialect=dialect, strict=strict)
    steps = single_steps(columns)
    final = [
        Added(CASE_ID, sql.column(CASE_ID)),
        Added(REQUEST_ID, sql.column(REQUEST_ID)),
        Added("applies", status_word(sql.column(columns.applies))),
        Added("recommendation", _recommendation(columns)),
        *(
            Added(CRITERION + leaf.id, sql.column(columns.leaf(leaf)), leaf.text)
            for leaf in policy.leaves
        ),
    ]  # fmt: skip
    if columns.with_criteria and offers([policy]):
        final.append(Added("supported", supported_of_one(columns)))
    return assemble(dialect, table, steps, Step("", "The result: one row for each request.", final))


def single_steps(columns: PolicyColumns) -> list[Step]:
    """The steps that find what one policy says.

    Args:
        columns: The policy.
    """
    policy = columns.policy
    return [
        Step("timed", "Conditions count only after the service was performed.",
             [Added(RETROSPECTIVE, retrospective())] if policy.conditions else []),
        Step("statuses", f"{policy.reference}: TRUE is met, FALSE is not met, NULL is not documented.", [
            Added(columns.applies, columns.scope(), f"Scope: {policy.applies_when}"),
            *(Added(column, value, leaf.text) for column, leaf, value in columns.leaves()),
        ]),
        Step("verdict", "What the policy says of the request, by its groups, exclusions and conditions.",
             [Added(columns.recommends, said(columns))] if columns.with_criteria else []),
    ]  # fmt: skip


def retrospective() -> Sql:
    """Whether the service was performed already."""
    return sql.surely(sql.compare("==", sql.column(TIMING), sql.text(RETROSPECTIVE)))


def said(columns: PolicyColumns) -> Sql:
    """The verdict, where the policy applies or may."""
    return sql.case([(columns.looked_at, columns.verdict())])


def status_word(value: Sql) -> Sql:
    """Met, not met or not documented, in a word."""
    branches = [
        (sql.boolean(True), sql.text(Status.MET.value)),
        (sql.boolean(False), sql.text(Status.NOT_MET.value)),
    ]
    return sql.choose(value, branches, sql.text(Status.NOT_DOCUMENTED.value))


def recommendation_word(value: Sql) -> Sql:
    """What a policy says, in a word."""
    branches = [
        (sql.boolean(True), sql.text("recommended")),
        (sql.boolean(False), sql.text("not_recommended")),
    ]
    return sql.choose(value, branches, sql.text("undetermined"))


def _recommendation(columns: PolicyColumns) -> Sql:
    """What the policy recommends; NULL where it does not apply or is silent."""
    if columns.is_silent:
        return sql.cast(sql.null(), "TEXT")
    if not columns.with_criteria:
        return sql.case([(columns.looked_at, sql.text("not_recommended"))])
    return sql.case([(columns.looked_at, recommendation_word(sql.column(columns.recommends)))])
