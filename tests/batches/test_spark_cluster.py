"""The documented command on executors that are processes of their own and can run no Python at all."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from imrpolicy.batches.job import run

duckdb = pytest.importorskip("duckdb")
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
pyspark = pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="the command is one of a Unix shell"),
]

UNIT = "odg/continuous-flow-cryotherapy"
PAGE = Path(__file__).parents[2] / "docs" / "batch.md"
SETTINGS = "--conf spark.ui.enabled=false --conf spark.executor.memory=1g"
NO_PYTHON = """
from pyspark import SparkContext
SparkContext().parallelize([1]).map(str).collect()
"""


@pytest.fixture
def submit(tmp_path):
    """A command of `spark-submit`, on one executor whose Python is not there."""
    home, here = tmp_path / "spark", Path(pyspark.__file__).parent
    home.mkdir()  # a worker keeps its executors' logs in a folder of Spark's home
    for entry in here.iterdir():
        (home / entry.name).symlink_to(entry)
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": str(tmp_path / "no-python"),
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }

    def submitted(command):
        master = f"--master local-cluster[1,1,1024] {SETTINGS}"
        command = re.sub("--master yarn --deploy-mode client", master, command)
        return subprocess.run(
            ["/bin/sh", "-c", command],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return submitted


def documented():
    """The command of the page, in one line."""
    [block] = re.findall(r"```sh\n(spark-submit .*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return block.replace("\\\n", " ")


def test_the_documented_command_gives_the_rows_of_duckdb(submit, tmp_path, table, one):
    days = [9_999, *table.column("request__duration_days").to_pylist()[1:]]
    place = table.column_names.index("request__duration_days")
    (tmp_path / "in").mkdir()
    pq.write_table(
        table.set_column(place, "request__duration_days", pa.array(days, pa.int64())),
        tmp_path / "in/a.parquet",
    )
    addresses = [(tmp_path / name).as_uri() for name in ("in", "out")]
    command = documented().replace("hdfs:///requests", addresses[0])
    command = command.replace("hdfs:///determinations", addresses[1])
    ended = submit(f"{command.rstrip()} --policy {UNIT}")
    assert ended.returncode == 1, ended.stderr[-4000:]  # a row was rejected
    assert f"{len(days)} rows in: {len(days) - 1} out, 1 rejected" in ended.stdout
    assert list(tmp_path.glob("spark/work/app-*/*/stderr")), "no executor was a process of its own"
    in_duckdb = run(tmp_path / "in/a.parquet", tmp_path / "duckdb.parquet", one)
    with duckdb.connect() as connection:
        on_spark, there = (
            connection.execute(
                f"SELECT * FROM read_parquet('{path}', hive_partitioning => FALSE) ORDER BY ALL"
            ).fetchall()
            for path in (f"{tmp_path}/out/part=*/*.parquet", in_duckdb.outputs[0])
        )
        rejects, rejects_there = (
            connection.execute(
                f"SELECT * FROM read_csv('{path}', all_varchar => TRUE, hive_partitioning => FALSE)"
            ).fetchall()
            for path in (f"{tmp_path}/out/_rejects/part=00000/*.csv", in_duckdb.rejects[0])
        )
    assert on_spark == there
    assert rejects == rejects_there
    assert (len(there), len(rejects_there)) == (len(days) - 1, 1)


def test_there_is_no_python_on_that_executor(submit, tmp_path):
    """Or the test before would say nothing."""
    (tmp_path / "uses_python.py").write_text(NO_PYTHON, encoding="utf-8")
    ended = submit(f"spark-submit --master yarn --deploy-mode client {tmp_path / 'uses_python.py'}")
    assert ended.returncode != 0
    assert "no-python" in ended.stderr + ended.stdout
