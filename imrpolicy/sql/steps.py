"""A query as steps, each of which adds columns to the one before, with comments that people can follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from imrpolicy.sql.build import name
from imrpolicy.sql.dialect import Dialect, Sql


@dataclass(frozen=True, slots=True)
class Added:
    """One column that a step adds.

    Attributes:
        name: Its name.
        value: Its SQL.
        comment: What it means; may be empty.
    """

    name: str
    value: Sql
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a query.

    Attributes:
        name: Its name, as the next step reads from it.
        comment: What it finds out.
        columns: What it adds.
    """

    name: str
    comment: str
    columns: Sequence[Added]


def assemble(dialect: Dialect, table: str, steps: Sequence[Step], final: Step) -> exp.Select:
    """The query: a common table expression for each step, and the columns that it gives.

    Args:
        dialect: The dialect.
        table: The table of requests.
        steps: The steps, in order; those that add nothing are left out.
        final: The columns that the query gives.
    """
    before: exp.Expr = exp.to_table(table)
    expressions = []
    for step in steps:
        if not step.columns:
            continue
        query = exp.Select(expressions=[exp.Star(), *map(_aliased, step.columns)])
        query.set("from_", exp.From(this=before.copy()))
        if dialect.name == "postgres":
            # PostgreSQL would otherwise write each column out wherever it is used, again and again.
            query.set("offset", exp.Offset(expression=exp.Literal.number(0)))
        query.add_comments([f" {step.comment} "])
        expressions.append(exp.CTE(this=query, alias=exp.TableAlias(this=name(step.name))))
        before = exp.to_table(step.name)
    query = exp.Select(expressions=list(map(_aliased, final.columns)))
    query.set("from_", exp.From(this=before.copy()))
    query.add_comments([f" {final.comment} "])
    if expressions:
        query.set("with_", exp.With(expressions=expressions))
    return query


def _aliased(added: Added) -> exp.Expr:
    aliased = exp.Alias(this=added.value, alias=name(added.name))
    if added.comment:
        aliased.add_comments([f" {_safe(added.comment)} "])
    return aliased


def _safe(comment: str) -> str:
    """Text that cannot end a comment early."""
    return " ".join(comment.split()).replace("*/", "* /").replace("/*", "/ *")
