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

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
pyspark = pytest.importorskip("pyspark.sql")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    builder = pyspark.SparkSession.builder.master("local[2]").appName("imrpolicy tests")
    options = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.memory": "2g",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }
    for name, value in options.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # noqa: BLE001 - no Java, or none that Spark can use
        pytest.skip(f"Spark does not start here: {error}")
    yield session
    session.stop()


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
    library = PolicyLibrary.load()
    cases = crowd(library, 300)
    pq.write_table(requests_table(library, cases).drop_columns("row_number"), tmp_path / "requests.parquet")
    result = run_on_spark(
        str(tmp_path / "requests.parquet"), str(tmp_path / "out"), Question(library=library), session=spark
    )
    assert (result.counts.rows, result.counts.written, result.counts.rejected) == (300, 300, 0)
    rows = {row["case_id"]: row for row in pq.read_table(tmp_path / "out").to_pylist()}
    for case in cases:
        [determination] = library.evaluate(case)
        check_row(determination, rows[case["id"]])


def test_rows_that_break_the_schema_are_rejected_on_spark(spark, tmp_path):
    library = PolicyLibrary.load()
    table = requests_table(library, crowd(library, 20)).drop_columns("row_number")
    days = table.column("request__duration_days").to_pylist()
    days[3], days[17] = 9_999, 0
    place = table.column_names.index("request__duration_days")
    broken = table.set_column(place, "request__duration_days", pa.array(days, pa.int64()))
    pq.write_table(broken, tmp_path / "requests.parquet")
    question = Question(library=library, policy=library.policy("odg/continuous-flow-cryotherapy"))
    result = run_on_spark(str(tmp_path / "requests.parquet"), str(tmp_path / "out"), question, session=spark)
    assert (result.counts.rows, result.counts.written, result.counts.rejected) == (20, 18, 2)
    [rejects] = result.rejects
    found = spark.read.option("header", True).csv(str(rejects)).collect()
    assert sorted((row.case_id, row.reject) for row in found) == [
        (name, "`request__duration_days` is out of range: it lies between 1 day and 3650 days")
        for name in ("case-17", "case-3")
    ]
    written = pq.read_table(tmp_path / "out").column("case_id").to_pylist()
    assert sorted(written) == sorted(f"case-{n}" for n in range(20) if n not in (3, 17))
