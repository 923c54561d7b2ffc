"""Jobs on a real local Spark: files, parts, tables and data frames, and nothing half done."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from batches.files import with_values
from batches.sparks import SETTINGS, cases_of, rejects_of
from sql.crowd import crowd
from sql.tables import requests_table

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.job import run
from imrpolicy.batches.spark import evaluate_frame, rejected_frame, run_on_spark
from imrpolicy.batches.spark.failures import failures
from imrpolicy.batches.spark.job import SparkJob
from imrpolicy.sql.question import Question

duckdb = pytest.importorskip("duckdb")
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("pyspark.sql")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

COUNT = 40
DAY = dt.datetime(2014, 1, 1)  # noqa: DTZ001 - a time of no zone


@pytest.fixture(scope="module")
def table(library):
    return requests_table(library, crowd(library, COUNT, seed=5)).drop_columns("row_number")


@pytest.fixture
def folder(tmp_path, table):
    """Four files of ten rows, of which the sixth of each is out of range."""
    source = tmp_path / "requests [1] é"
    source.mkdir()
    for number in range(4):
        part = table.slice(number * 10, 10)
        days = part.column("request__duration_days").to_pylist()
        days[5] = 9_999
        pq.write_table(with_values(part, request__duration_days=pa.array(days, pa.int64())),
                       source / f"file {number}+.parquet")  # fmt: skip
    return source


# --- files -------------------------------------------------------------------------------------------------


def test_rejects_have_their_file_and_row_whatever_the_names(spark, tmp_path, folder, one):
    result = run_on_spark(str(folder), str(tmp_path / "out"), one, session=spark)
    assert (result.counts.rows, result.counts.written, result.counts.rejected) == (COUNT, COUNT - 4, 4)
    assert [(file, row) for file, row, *_ in rejects_of(result)] == [
        (f"file {n}+.parquet", "6") for n in range(4)
    ]
    again = run(folder, tmp_path / "duckdb", one)
    assert rejects_of(again) == rejects_of(result)
    assert spark.read.parquet(str(tmp_path / "out")).count() == COUNT - 4


def test_files_with_different_columns_lose_nothing(spark, tmp_path, table, one):
    source = tmp_path / "in"
    source.mkdir()
    pq.write_table(table.slice(0, 20).drop_columns("request__duration_days"), source / "a.parquet")
    pq.write_table(table.slice(20), source / "b.parquet")
    result = run_on_spark(str(source), str(tmp_path / "out"), one, session=spark)
    found = spark.read.parquet(str(tmp_path / "out")).where("criterion__duration IS NOT NULL").count()
    days = table.slice(20).column("request__duration_days")
    assert (result.counts.written, found) == (COUNT, len(days) - days.null_count)


def test_a_column_may_stand_in_the_names_of_folders(spark, tmp_path, table, one):
    inner = tmp_path / "in" / "jurisdiction=mars"
    inner.mkdir(parents=True)
    pq.write_table(table.slice(0, 2).drop_columns("jurisdiction"), inner / "a.parquet")
    result = run_on_spark(str(tmp_path / "in"), str(tmp_path / "out"), one, session=spark)
    assert [(file, row, reason) for file, row, _, reason in rejects_of(result)] == [
        ("jurisdiction=mars/a.parquet", str(row), "`jurisdiction` is none of its values") for row in (1, 2)
    ]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_text_files_are_left_to_duckdb(spark, tmp_path, one, ending):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"a.{ending}").write_text("case_id\n", encoding="utf-8")
    for source in (tmp_path / "in", tmp_path / "in" / f"a.{ending}"):
        with pytest.raises(BatchError, match="run `imrpolicy batch` without `--engine`"):
            run_on_spark(str(source), str(tmp_path / "out"), one, session=spark)


def test_a_corrupt_file_stops_and_is_named(spark, tmp_path, folder, one):
    damaged = folder / "file 2+.parquet"
    data = bytearray(damaged.read_bytes())
    data[200 : len(data) // 2] = bytes(len(data) // 2 - 200)
    damaged.write_bytes(data)
    spark.conf.set("spark.sql.files.ignoreCorruptFiles", "true")
    try:
        with pytest.raises(BatchError, match=r"/file 2\+\.parquet cannot be read"):
            run_on_spark(str(folder), str(tmp_path / "out"), one, session=spark)
    finally:
        spark.conf.set("spark.sql.files.ignoreCorruptFiles", "false")


def test_an_address_need_be_no_path_here(spark, tmp_path, folder, one):
    """A file system of Hadoop with names of its own, as HDFS and object stores have."""
    link = "fs.viewfs.mounttable.tests.link./all"
    spark.sparkContext._jsc.hadoopConfiguration().set(link, tmp_path.as_uri())
    source, output = f"viewfs://tests/all/{folder.name}", "viewfs://tests/all/out"
    result = run_on_spark(source, output, one, session=spark, part_bytes=1)
    assert (result.counts.rows, result.counts.written, result.outputs) == (COUNT, COUNT - 4, ())
    done = tmp_path / "out" / "_job" / "part=00002.json"
    done.unlink()
    again = run_on_spark(source, output, one, session=spark, part_bytes=1, resume=True)
    assert (again.skipped, again.counts, done.exists()) == (3, result.counts, True)
    here = run_on_spark(str(folder), str(tmp_path / "here"), one, session=spark)
    there, same = (
        sorted(spark.read.parquet(str(tmp_path / name)).drop("part").collect()) for name in ("out", "here")
    )
    assert there == same
    files = [next((tmp_path / "out/_rejects").glob(f"part=0000{n}/*.csv")).parent for n in range(4)]
    assert rejects_of(replace(again, rejects=tuple(files))) == rejects_of(here)


def test_what_cannot_be_reached_is_said(spark, tmp_path, folder, one):
    with pytest.raises(BatchError, match=r'^nowhere://a/b cannot .*: No FileSystem for scheme "nowhere"'):
        run_on_spark("nowhere://a/b", str(tmp_path / "out"), one, session=spark)
    below = folder / "file 0+.parquet" / "out"
    with pytest.raises(BatchError, match=r"/file 0\+\.parquet/out cannot be read or written: "):
        run_on_spark(str(folder), str(below), one, session=spark)


def test_a_client_of_connect_needs_no_java(monkeypatch):
    monkeypatch.setitem(sys.modules, "py4j.protocol", None)
    assert [error.__name__ for error in failures()] == ["PySparkException"]


def test_no_java_is_no_defect_of_ours(tmp_path, folder):
    call = [
        sys.executable,
        "-m",
        "imrpolicy",
        "batch",
        str(folder),
        "-o",
        str(tmp_path / "out"),
        "--engine",
        "spark",
    ]
    environment = {**os.environ, "JAVA_HOME": str(tmp_path / "no-java")}
    ended = subprocess.run(call, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 3
    assert "could not run: Spark does not start: " in ended.stderr


# --- in parts ----------------------------------------------------------------------------------------------


def test_a_job_that_was_stopped_goes_on(spark, tmp_path, folder, one, monkeypatch):
    whole, output = SparkJob._one_part, str(tmp_path / "out")
    done = []

    def stops_in_the_third(job, part, requests):
        if len(done) == 2:
            (tmp_path / "out" / part.name / "_temporary").mkdir(parents=True)
            raise KeyboardInterrupt
        done.append(part.name)
        return whole(job, part, requests)

    with monkeypatch.context() as patched:
        patched.setattr(SparkJob, "_one_part", stops_in_the_third)
        with pytest.raises(KeyboardInterrupt):
            run_on_spark(str(folder), output, one, session=spark, part_bytes=1)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("part=*/*.parquet")}
    assert done == ["part=00000", "part=00001"]
    with pytest.raises(BatchError, match="go on with it with `--resume`"):
        run_on_spark(str(folder), output, one, session=spark, part_bytes=1)
    result = run_on_spark(str(folder), output, one, session=spark, part_bytes=1, resume=True)
    assert (result.skipped, result.counts.rows, result.counts.written) == (2, COUNT, COUNT - 4)
    assert len(set(cases_of(result))) == COUNT - 4
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert len(rejects_of(result)) == 4


@pytest.mark.parametrize("change", ["lost", "doubled"])
def test_a_part_whose_files_are_others_is_done_again(spark, tmp_path, folder, one, change):
    """A driver that was taken for dead may write on; somebody may tidy up."""
    output = str(tmp_path / "out")
    first = run_on_spark(str(folder), output, one, session=spark, part_bytes=1)
    file = next(path for path in first.outputs if path.parent.name == "part=00001")
    if change == "lost":
        file.unlink()
    else:
        file.with_name("part-of-another.parquet").write_bytes(file.read_bytes())
    again = run_on_spark(str(folder), output, one, session=spark, part_bytes=1, resume=True)
    assert (again.skipped, again.counts) == (3, first.counts)
    assert spark.read.parquet(output).count() == COUNT - 4


def test_a_folder_is_not_shared_by_two_jobs(spark, tmp_path, folder, one, library):
    output = str(tmp_path / "out")
    run_on_spark(str(folder), output, one, session=spark)
    other = Question(library=library, policy=library.policy("odg/knee-cold-compression"))
    with pytest.raises(BatchError, match="another input, other policies or other options"):
        run_on_spark(str(folder), output, other, session=spark, resume=True)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BatchError, match="is not empty; name a new folder"):
        run_on_spark(str(folder), str(tmp_path / "full"), one, session=spark)


SCRIPT = """
import json, sys
from pyspark.sql import SparkSession
from imrpolicy.batches.spark import run_on_spark
from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.sql.question import Question
builder = SparkSession.builder.master("local[2]")
for name, value in json.loads(sys.argv[3]).items():
    builder = builder.config(name, value)
library = PolicyLibrary.load()
question = Question(library=library, policy=library.policy("odg/continuous-flow-cryotherapy"))
run_on_spark(sys.argv[1], sys.argv[2], question, session=builder.getOrCreate(), part_bytes=1, resume=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL here")
def test_killed_in_the_midst_nothing_is_lost_or_doubled(spark, tmp_path, folder, one):
    output = tmp_path / "out"
    arguments = [sys.executable, "-c", SCRIPT, str(folder), str(output), json.dumps(SETTINGS)]
    with (tmp_path / "said.txt").open("wb") as said:
        process = subprocess.Popen(arguments, stdout=said, stderr=said, start_new_session=True)
    deadline = time.monotonic() + 240
    while not list(output.glob("_job/part=*.json")):
        assert process.poll() is None, (tmp_path / "said.txt").read_text(encoding="utf-8")
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)  # its JVM too
    process.wait()
    result = run_on_spark(str(folder), str(output), one, session=spark, part_bytes=1, resume=True)
    assert 1 <= result.skipped < 4
    assert (result.counts.rows, result.counts.written, result.counts.rejected) == (COUNT, COUNT - 4, 4)
    assert len(set(cases_of(result))) == len(cases_of(result)) == COUNT - 4


# --- tables and data frames --------------------------------------------------------------------------------


def test_a_table_of_the_catalogue(spark, tmp_path, folder, one):
    spark.read.parquet(str(folder).replace("[", "\\[").replace("]", "\\]")).write.saveAsTable("asked")
    try:
        result = run_on_spark("spark_catalog.default.asked", str(tmp_path / "out"), one, session=spark)
        assert (result.counts.rows, result.counts.rejected) == (COUNT, 4)
        assert {(file, row) for file, row, *_ in rejects_of(result)} == {
            ("spark_catalog.default.asked", None)
        }
        with pytest.raises(BatchError, match="a table may change between two runs"):
            run_on_spark("spark_catalog.default.asked", str(tmp_path / "b"), one, session=spark, resume=True)
    finally:
        spark.sql("DROP TABLE asked")
    with pytest.raises(BatchError, match="there is no file, folder or table asked"):
        run_on_spark("asked", str(tmp_path / "c"), one, session=spark)


def test_a_data_frame_is_evaluated_where_it_is(spark, folder, one):
    frame = spark.read.parquet(str(folder).replace("[", "\\[").replace("]", "\\]"))
    rejected = rejected_frame(frame, one)
    assert rejected.columns == ["case_id", "request_id", "reason"]
    assert (evaluate_frame(frame, one).count(), rejected.count()) == (COUNT - 4, 4)


def test_what_spark_cannot_give_is_said(spark, folder, library):
    with pytest.raises(BatchError, match="gives no `open`"):
        run_on_spark(str(folder), "out", Question(library=library, exact=True), session=spark)
