"""How long Spark takes on this machine, for the whole library and for one policy.

    python benchmarks/batch_spark.py --library-rows 200000 --policy-rows 2000000

Both go through `imrpolicy batch --engine spark` as a program calls it: planned, run, written as Parquet, and
the counts added up. Planning is measured once more by itself. Beside the clock stands the processor time of
the Java process, compiling included, since a machine may work for others meanwhile. Results go to
`benchmarks/batch_spark_results.json`, and a table to the standard output.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from imrpolicy.batches.spark import evaluate_frame, run_on_spark
from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.sql.question import Question

RESULTS = Path(__file__).with_name("batch_spark_results.json")
POLICY = "odg/lumbar-medial-branch-block"


def session(memory: str) -> Any:
    """Spark on this machine, with two threads."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("imrpolicy benchmark")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.driver.memory": memory,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.log.level": "ERROR",
    }.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def generated(folder: Path, rows: int) -> Path:
    """A generated population in one file for each thread, so that both have something to do."""
    import pyarrow.parquet as pq

    path, source = folder / f"{rows}.parquet", folder / f"requests-{rows}"
    call = [sys.executable, "-m", "imrpolicy", "generate", "--count", str(rows), "-o", str(path)]
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL)
    source.mkdir()
    table = pq.read_table(path)
    for number in range(2):
        half = table.slice(number * rows // 2, rows // 2)
        pq.write_table(half, source / f"{number}.parquet")
    return source


def measure(spark: Any, source: Path, output: Path, question: Question, rows: int) -> dict[str, Any]:
    """One run, and its planning alone."""
    frame = spark.read.parquet(str(source))
    start = time.perf_counter()
    evaluate_frame(frame, question)._jdf.queryExecution().executedPlan()  # noqa: SLF001 - planned, not run
    planned = time.perf_counter()
    cpu = processor_seconds(spark)
    result = run_on_spark(str(source), str(output), question, session=spark)
    ended = time.perf_counter()
    assert (result.counts.rows, result.counts.written) == (rows, rows)
    return {
        "rows": rows,
        "seconds_to_plan": round(planned - start, 1),
        "seconds": round(ended - planned, 1),
        "processor_seconds": round(processor_seconds(spark) - cpu, 1),
        "load_average_before": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def processor_seconds(spark: Any) -> float:
    """The processor time of the Java process so far, as Linux counts it; 0 elsewhere."""
    stat = Path("/proc", str(spark._jvm.java.lang.ProcessHandle.current().pid()), "stat")  # noqa: SLF001
    if not stat.exists():
        return 0.0
    fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure, write and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--library-rows", type=int, default=200_000)
    parser.add_argument("--policy-rows", type=int, default=2_000_000)
    parser.add_argument("--memory", default="6g", help="the memory of Java (default: 6g)")
    options = parser.parse_args()
    library, spark = PolicyLibrary.load(), session(options.memory)
    asked = {
        f"one policy, {POLICY}": (
            Question(library=library, policy=library.policy(POLICY)),
            options.policy_rows,
        ),
        "the whole library, with trace": (Question(library=library), options.library_rows),
        "the whole library, without trace": (Question(library=library, trace=False), options.library_rows),
    }
    found: dict[str, Any] = {
        "command": f"python benchmarks/batch_spark.py --library-rows {options.library_rows} "
        f"--policy-rows {options.policy_rows}",
        "spark": spark.version,
        "master": "local[2]",
        "python": platform.python_version(),
        "measurements": {},
    }
    with tempfile.TemporaryDirectory() as folder:
        sources = {
            rows: generated(Path(folder), rows) for rows in {rows for _, rows in asked.values()} if rows
        }
        for number, (name, (question, rows)) in enumerate(asked.items()):
            if not rows:
                continue
            measured = measure(spark, sources[rows], Path(folder) / f"out-{number}", question, rows)
            found["measurements"][name] = measured
            RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8", newline="\n")
            print(f"{name}: {measured}", flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
