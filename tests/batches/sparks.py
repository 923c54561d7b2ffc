"""A real Spark session on this machine, for the tests of a module, and what it wrote."""

import signal
from contextlib import contextmanager

import pytest

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.memory": "2g",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}


@contextmanager
def local_session(warehouse):
    """A session, or a test that is left out where none starts; Ctrl-C is Python's again afterwards."""
    keyboard = signal.getsignal(signal.SIGINT)
    session = _started(warehouse)
    try:
        yield session
    finally:
        session.stop()
        signal.signal(signal.SIGINT, keyboard)


def _started(warehouse):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("imrpolicy tests")
    for name, value in {**SETTINGS, "spark.sql.warehouse.dir": str(warehouse)}.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:  # noqa: BLE001 - no Java, or none that Spark can use
        pytest.skip(f"Spark does not start here: {error}")


def rejects_of(result):
    """The rows that were rejected, of either engine."""
    import duckdb

    found = []
    with duckdb.connect() as connection:
        for path in result.rejects:
            pattern = (path / "*.csv" if path.is_dir() else path).as_posix().replace("[", "[[]")
            query = "SELECT file, row, case_id, reason FROM read_csv(?, all_varchar => TRUE)"
            found += connection.execute(query, [pattern]).fetchall()
    return sorted(found, key=str)


def cases_of(result):
    from pyarrow import parquet

    tables = [parquet.ParquetFile(path).read() for path in result.outputs]
    return sorted(case for table in tables for case in table.column("case_id").to_pylist())
