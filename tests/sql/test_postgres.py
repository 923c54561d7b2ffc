"""The same SQL on a real PostgreSQL, with lists as JSONB."""

import os
import tempfile

import pytest
from expression.strategies import with_cases
from hypothesis import HealthCheck, given, settings
from sql.crowd import crowd
from sql.expected import check_row
from sql.postgres import BINARIES, Cluster, plain
from sql.tables import requests_table, table
from sql.test_nodes import row_of

from imrpolicy.evaluate import Options, PolicyLibrary
from imrpolicy.expression import compile_nodes, facts_of
from imrpolicy.facts import Kind
from imrpolicy.population.columns import column_of, columns
from imrpolicy.sql.nodes import Writer
from imrpolicy.sql.question import Question
from imrpolicy.sql.warehouses import DIALECTS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix" or not BINARIES, reason="there is no PostgreSQL here"),
]


@pytest.fixture(scope="module")
def cluster():
    # Not below the folder of pytest, which another user may not enter.
    with tempfile.TemporaryDirectory(prefix="imrpolicy-pg-", ignore_cleanup_errors=True) as folder:
        server = Cluster(folder)
        server.start()
        yield server
        server.stop()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(with_cases())
def test_postgres_agrees_on_any_expression_and_case(cluster, drawn):
    text, node, cases = drawn
    rows = [row_of(case) for case in cases]
    facts = facts_of(node)
    data = [plain(row) for row in table(facts, rows).to_pylist()]
    cluster.load(
        "cases", [("row_number", Kind.INT), *((column_of(f.path), f.type.kind) for f in facts)], data
    )
    expression = Writer(DIALECTS["postgres"]).write(node).sql(dialect="postgres")
    found = cluster.rows(f"SELECT {expression} AS value FROM cases ORDER BY row_number")
    statuses = compile_nodes([node])
    assert [row["value"] for row in found] == [statuses(row)[0] for row in rows], text


@pytest.mark.parametrize(
    "options", [{}, {"strict": True, "allow_not_encoded": True}], ids=lambda o: "-".join(o) or "default"
)
def test_the_whole_library_says_the_same_in_postgres(cluster, options):
    library = PolicyLibrary.load()
    cases = crowd(library, 1_000, seed=len(options))
    layout = columns(library.dictionary)
    data = [plain(row) for row in requests_table(library, cases).drop_columns("row_number").to_pylist()]
    cluster.load("requests", [(column.name, column.type.kind) for column in layout], data)
    view = Question(library=library, options=Options(**options)).query("postgres", "requests", pretty=True)
    cluster.run(f"DROP VIEW IF EXISTS determinations; CREATE VIEW determinations AS {view};")
    rows = {row["case_id"]: row for row in cluster.rows("SELECT * FROM determinations")}
    reasons = set()
    for case in cases:
        [determination] = library.evaluate(case, **options)
        reasons.add(determination.reason)
        check_row(determination, rows[case["id"]])
    assert len(reasons) >= 4
