"""What a real local Spark reads of each type: the same rows and reasons as in DuckDB."""

import datetime as dt

import pytest
from batches.files import COUNT, with_values
from batches.sparks import cases_of, rejects_of

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.job import run
from imrpolicy.batches.mapping import TableMapping
from imrpolicy.batches.spark import evaluate_frame, rejected_frame, run_on_spark
from imrpolicy.population.columns import columns
from imrpolicy.sql.types import duckdb_type

duckdb = pytest.importorskip("duckdb")
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("pyspark.sql")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

DAY = dt.datetime(2014, 1, 1)  # noqa: DTZ001 - a time of no zone
GOOD = {
    "case_id": "good", "request_id": "r", "jurisdiction": "ca_workers_compensation",
    "request__service": "continuous_flow_cryotherapy",
}  # fmt: skip
MESSY = {
    "request__level_count": ["1", " 2 ", "+1", "3.0", "7.5", "1e1", "x", "", "9223372036854775808", "-0"],
    "pain__severity_score": ["1", ".5", "7.", "1e0", "nan", "inf", "1e999", "0x1", "1d", "-1", "10.5"],
    "exam__facet_tenderness": ["true", "FALSE", "True", "yes", "1", "t", " true", "true\n"],
    "dates__decision": ["2014-01-01", "2013-13-01", "2014-1-5", "2014-02-30", "2014-01-01 ", "0000-01-01",
                        "2014-01-01\n"],
    "care__conservative_types": ['["physical_therapy"]', "[]", '["exercise"]', "[null]", '{"a": 1}', "[1",
                                 '"physical_therapy"', "['physical_therapy']", '["physical_therapy"] ]',
                                 '["physical_therapy"],"w":[]', ' ["physical_therapy"] ',
                                 '["physical_therapy","physical_therapy"]'],
    "history__prior_blocks": ['[{"relief_percent": 120}]', '[{"relief_percent": 50}]',
                              '[{"relief_percent": 5.5}]', '[{"kind": "medial_branch_block"}]',
                              '[{"relief_percent": "80"}]', '[{"kimd": "x"}]',
                              "[null]", "[1]", '["x"]', '[{"relief_percent": null, "diary_kept": true}]',
                              '[{"date": "2014-13-01"}]', '[{"date": "2014-02-01"}]',
                              '[{"relief_hours": "x"}]',
                              "[{}]", '[{"relief_hours": 1.50}]'],
    "conflicting": ['["pain.radiclar"]', '["pain.radicular"]', "[]", "no list"],
    "jurisdiction": ["mars"],
    "request__service": [None],
}  # fmt: skip


@pytest.mark.parametrize("ansi", ["true", "false"])
def test_texts_are_accepted_and_rejected_as_in_duckdb(spark, tmp_path, one, ansi):
    spark.conf.set("spark.sql.ansi.enabled", ansi)
    rows = [
        {**GOOD, name: text, "case_id": f"{name} {text!r}"} for name, texts in MESSY.items() for text in texts
    ]
    names = list(dict.fromkeys(name for row in rows for name in row))
    texts = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})
    pq.write_table(texts, tmp_path / "in.parquet")
    on_spark = run_on_spark(str(tmp_path / "in.parquet"), str(tmp_path / "spark"), one, session=spark)
    in_duckdb = run(tmp_path / "in.parquet", tmp_path / "duckdb.parquet", one)
    assert rejects_of(on_spark) == rejects_of(in_duckdb)
    assert on_spark.counts == in_duckdb.counts
    assert 20 < on_spark.counts.rejected < len(rows) - 20
    assert cases_of(on_spark) == cases_of(in_duckdb)
    spark.conf.set("spark.sql.ansi.enabled", "true")


def test_the_same_columns_are_read_from_text_as_from_types(spark, tmp_path, table, one):
    """Lists as JSON and all else as text give the determinations that the typed table gives."""
    with duckdb.connect() as connection:
        connection.register("t", table)
        described = connection.execute("DESCRIBE t").fetchall()
        values = [(n, f'to_json("{n}")' if "[" in kind else f'"{n}"') for n, kind, *_ in described]
        chosen = [f'CAST({value} AS VARCHAR) AS "{n}"' for n, value in values]
        texts = connection.execute(f"SELECT {', '.join(chosen)} FROM t").to_arrow_table()
    assert set(texts.schema.types) == {pa.string()}
    pq.write_table(texts, tmp_path / "text.parquet")
    pq.write_table(table, tmp_path / "typed.parquet")
    text, typed = (
        sorted(evaluate_frame(spark.read.parquet(str(tmp_path / name)), one).collect())
        for name in ("text.parquet", "typed.parquet")
    )
    assert text == typed
    assert len(typed) == COUNT


def test_values_that_would_lose_something_are_rejected_as_in_duckdb(spark, tmp_path, one):
    days = [DAY, DAY + dt.timedelta(microseconds=1), DAY + dt.timedelta(hours=12), None]
    data = {
        **{name: [value] * 4 for name, value in GOOD.items() if name != "case_id"},
        "case_id": list("abcd"),
        "request__duration_days": pa.array([7.0, 8.0, 7.5, float("nan")], pa.float64()),
        "dates__decision": pa.array(days, pa.timestamp("us")),
        "pain__severity_score": pa.array([1, 2, 3, 4], pa.int8()),
    }
    pq.write_table(pa.table(data), tmp_path / "in.parquet")
    on_spark = run_on_spark(str(tmp_path / "in.parquet"), str(tmp_path / "spark"), one, session=spark)
    in_duckdb = run(tmp_path / "in.parquet", tmp_path / "duckdb.parquet", one)
    assert rejects_of(on_spark) == rejects_of(in_duckdb)
    assert [(row, case) for _, row, case, _ in rejects_of(on_spark)] == [("2", "b"), ("3", "c"), ("4", "d")]


def test_a_mapping_adapts_columns_and_values_as_in_duckdb(spark, tmp_path, one):
    data = {
        **{name: [value] * 3 for name, value in GOOD.items() if name != "case_id"},
        "claim'": ["C 1", "C 2", "C 3"],
        "post op": ["Y", "N", "maybe"],
        "days": [5, 6, 7],
        "side": ["n/a", "left", "left"],
    }
    pq.write_table(pa.table(data), tmp_path / "in.parquet")
    mapping = TableMapping(
        columns={"case_id": "claim'", "request__postoperative": "post op", "request__duration_days": "days",
                 "request__laterality": "side"},
        values={"request__postoperative": {"Y": "true", "N": "false", "it's": "\\"},
                "request__duration_days": {"6": "9999"}, "request__laterality": {"n/a": "not_documented"}},
    )  # fmt: skip
    source = str(tmp_path / "in.parquet")
    on_spark = run_on_spark(source, str(tmp_path / "spark"), one, mapping=mapping, session=spark)
    in_duckdb = run(tmp_path / "in.parquet", tmp_path / "duckdb.parquet", one, mapping=mapping)
    assert rejects_of(on_spark) == rejects_of(in_duckdb)
    assert [case for _, _, case, _ in rejects_of(on_spark)] == ["C 2", "C 3"]
    [row] = (
        pq.ParquetFile(next(p for p in on_spark.outputs if pq.read_metadata(p).num_rows)).read().to_pylist()
    )
    assert (row["case_id"], row["criterion__duration"], row["criterion__postoperative"]) == (
        "C 1",
        True,
        True,
    )


IN_UTC = pa.array([DAY] * COUNT, pa.timestamp("us", "UTC"))
NOT_OURS = {
    "request__duration_days": (
        pa.array([True] * COUNT),
        r"is boolean, and .* of days \(bigint\); cast it before",
    ),
    "dates__decision": (IN_UTC, "is timestamp, and .*; make it a DATE in the right time zone before"),
    "request__levels": (pa.array([{"a": 1}] * COUNT), "is struct<a:bigint>, and"),
    "history__prior_blocks": (pa.array([[{"kimd": "x"}]] * COUNT), "have a field `kimd`; did you mean"),
    "case_id": (None, "has no column"),
}


@pytest.mark.parametrize("column", NOT_OURS)
def test_a_column_that_cannot_be_ours_stops(spark, tmp_path, table, one, column):
    values, message = NOT_OURS[column]
    wrong = table.drop_columns(column) if values is None else with_values(table, **{column: values})
    pq.write_table(wrong, tmp_path / "in.parquet")
    with pytest.raises(
        BatchError, match=rf"`{column}`.* {message}|`{column}` {message}|{message} `{column}`"
    ):
        run_on_spark(str(tmp_path / "in.parquet"), str(tmp_path / "out"), one, session=spark)
    assert not (tmp_path / "out").exists()


def test_fields_of_records_are_typed_too(spark, tmp_path, table, one):
    """Fewer fields in another order, a wider type that loses nothing, and one that does."""
    blocks = [[{"relief_percent": 80.0, "kind": "medial_branch_block"}, None], [{"relief_percent": 7.5}]] + [
        None
    ] * (COUNT - 2)
    type_ = pa.list_(pa.struct([("relief_percent", pa.float64()), ("kind", pa.string())]))
    pq.write_table(with_values(table, history__prior_blocks=pa.array(blocks, type_)), tmp_path / "in.parquet")
    result = run_on_spark(str(tmp_path / "in.parquet"), str(tmp_path / "out"), one, session=spark)
    assert [(row, reason) for _, row, _, reason in rejects_of(result)] == [
        ("1", "`history__prior_blocks` has an element that is not given"),
        ("2", "`history__prior_blocks` must be a list of records"),
    ]


def test_a_record_is_read_as_strictly_as_a_column(spark, one):
    """DuckDB takes `yes` for true inside a record."""
    texts = ['[{"diary_kept": "yes"}]', '[{"diary_kept": true}]', '[{"date": "2014-1-5"}]']
    rows = [{**GOOD, "case_id": text, "history__prior_blocks": text} for text in texts]
    frame = spark.createDataFrame(rows)
    assert {row.case_id for row in rejected_frame(frame, one).collect()} == {texts[0], texts[2]}


def test_every_type_of_the_layout_is_read_back(spark, library):
    """An empty frame of our own types passes through without a cast."""
    from imrpolicy.batches.spark.typed import spark_typed
    from imrpolicy.sql.types import spark_type

    layout = columns(library.dictionary)
    frame = spark.createDataFrame([], ", ".join(f"{c.name} {spark_type(c.type)}" for c in layout))
    typed = spark_typed(frame.schema, library.dictionary, TableMapping(), "the frame")
    assert typed.select == tuple(f"`{c.name}` AS `{c.name}`" for c in layout)
    assert (typed.known.unreadable, typed.ignored) == ((), ())
    assert {duckdb_type(c.type) for c in layout} >= {"BIGINT", "DATE", "VARCHAR[]"}
