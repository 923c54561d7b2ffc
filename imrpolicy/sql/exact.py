"""The call that gives what is missing in a row exactly; `batches.exact_open` is the function behind it."""

from __future__ import annotations

from sqlglot import parse_one

from imrpolicy.facts import FactDictionary
from imrpolicy.population.columns import CONFLICTING, JURISDICTION, REVIEW, TIMING, column_of
from imrpolicy.sql import build as sql
from imrpolicy.sql.dialect import Sql
from imrpolicy.sql.types import duckdb_type

FUNCTION = "imrpolicy_missing"
# What it gives, as `determination.missing` names it.
OPEN, TO_RECOMMEND = "open", "to_recommend"
ABOUT = (JURISDICTION, REVIEW, TIMING)


def call_missing(signature: Sql, dictionary: FactDictionary) -> Sql:
    """The call: the signature, and the row as a record."""
    record = [
        f"{sql.name(name).sql(dialect='duckdb')} := {sql.column(name).sql(dialect='duckdb')}"
        for name, _ in read_columns(dictionary)
    ]
    row = parse_one(f"struct_pack({', '.join(record)})", dialect="duckdb")
    return sql.call(FUNCTION, signature, row)


def read_columns(dictionary: FactDictionary) -> list[tuple[str, str]]:
    """What the evaluator reads of a row, with the types."""
    about = [(name, "VARCHAR") for name in ABOUT] + [(CONFLICTING, "VARCHAR[]")]
    return about + [(column_of(fact.path), duckdb_type(fact.type)) for fact in dictionary.facts]
