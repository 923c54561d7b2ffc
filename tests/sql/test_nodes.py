"""Expressions as SQL: DuckDB says for any case what the evaluator says."""

import duckdb
from expression.dictionary import DICTIONARY
from expression.strategies import values, with_cases
from hypothesis import HealthCheck, given, settings
from sql.tables import table

from imrpolicy.expression import compile_nodes, facts_of
from imrpolicy.facts import Kind, ValueReader
from imrpolicy.sql.nodes import Writer
from imrpolicy.sql.warehouses import DIALECTS

READER = ValueReader(DICTIONARY)


def row_of(case):
    row = [None] * len(DICTIONARY.facts)
    problems = []
    for group, facts in case.items():
        READER.read_group(group, facts, row, (group,), problems, partial=True)
    assert not problems
    return row


def in_duckdb(node, rows):
    expression = Writer(DIALECTS["duckdb"]).write(node).sql(dialect="duckdb")
    facts = table(facts_of(node), rows)
    with duckdb.connect() as connection:
        connection.register("cases", facts)
        found = connection.execute(f"SELECT {expression} FROM cases ORDER BY row_number").fetchall()
    return [value for (value,) in found]


def same(found, expected):
    if isinstance(expected, tuple | list):
        return len(found) == len(expected)
    if isinstance(expected, float):
        return found == expected
    return found == expected and type(found) is type(expected)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(with_cases())
def test_duckdb_agrees_on_any_expression_and_case(drawn):
    text, node, cases = drawn
    rows = [row_of(case) for case in cases]
    statuses = compile_nodes([node])
    assert in_duckdb(node, rows) == [statuses(row)[0] for row in rows], text


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(with_cases(values(), boolean=False))
def test_duckdb_agrees_on_values_too(drawn):
    text, node, cases = drawn
    if node.type.kind is Kind.RECORD or (node.type.kind is Kind.LIST and not facts_of(node)):
        return
    rows = [row_of(case) for case in cases]
    statuses = compile_nodes([node])
    for found, expected in zip(in_duckdb(node, rows), [statuses(row)[0] for row in rows], strict=True):
        assert same(found, expected), (text, found, expected)
