"""A real Spark session on this machine, for the tests of a module."""

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
