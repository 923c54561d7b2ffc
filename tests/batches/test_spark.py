"""The same SQL on a real local Spark session."""

import pytest
from expression.strategies import with_cases
from hypothesis import HealthCheck, given, settings
from sql.crowd import crowd
from sql.expected import check_row
from sql.tables import requests_table, table
from sql.test_nodes import row_of

from imrpolicy.batches.spark import run_on_spark
from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.expression import compile_nodes, facts_of
from imrpolicy.sql.nodes import Writer
from imrpolicy.sql.question import Question
from imrpolicy.sql.warehouses import DIALECTS

pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("pyspark.sql")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

COUNT = 2_000


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(with_cases())
def test_spark_agrees_on_any_expression_and_case(spark, tmp_path_factory, drawn):
    text, node, cases = drawn
    rows = [row_of(case) for case in cases]
    file = tmp_path_factory.mktemp("rows") / "rows.parquet"
    pq.write_table(table(facts_of(node), rows), file)
    spark.read.parquet(str(file)).createOrReplaceTempView("cases")
    expression = Writer(DIALECTS["spark"]).write(node).sql(dialect="spark")
    found = spark.sql(f"SELECT {expression} AS value FROM cases ORDER BY row_number").collect()
    statuses = compile_nodes([node])
    assert [row.value for row in found] == [statuses(row)[0] for row in rows], text


def test_the_whole_library_says_the_same_on_spark(spark, tmp_path):
    """Two thousand cases, lists of records and dates included, field by field."""
    library = PolicyLibrary.load()
    cases = crowd(library, COUNT)
    pq.write_table(requests_table(library, cases).drop_columns("row_number"), tmp_path / "requests.parquet")
    result = run_on_spark(
        str(tmp_path / "requests.parquet"), str(tmp_path / "out"), Question(library=library), session=spark
    )
    assert (result.counts.rows, result.counts.written, result.counts.rejected) == (COUNT, COUNT, 0)
    rows = {row["case_id"]: row for row in pq.read_table(tmp_path / "out").to_pylist()}
    for case in cases:
        [determination] = library.evaluate(case)
        check_row(determination, rows[case["id"]])
