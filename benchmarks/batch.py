"""How fast and in how much memory populations are evaluated, beside the same query written by hand in SQL.

    python benchmarks/batch.py --rows 10000000 --memory-rows 1000000 10000000 100000000 --page
    python benchmarks/batch.py --beside cel-expr-python=python --beside openfisca=other/bin/python

Each measurement runs in a process of its own, all that are compared in turn, `--repeat` times; the best
counts. Ratios are of processor time, which leaves out the moments in which a shared machine works for
somebody else. Results go to `benchmarks/batch_results.json` and a table to the standard output; `--page` puts
them into `docs/batch.md` and its chart. `--beside` measures another engine on the same rows with a Python
that has it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
from batch_page import fill_page, table
from batch_subject import TRACE_BY_HAND, policy, population
from measuring import HERE, machine, versions, write_json
from synthetic import write_directory

from imrpolicy.batches.counts import count
from imrpolicy.batches.job import run
from imrpolicy.evaluate import Options, PolicyLibrary
from imrpolicy.sql import Question

RESULTS = HERE / "batch_results.json"
# What runs in turn, on the same rows.
COMPARED = ("trace by hand", "trace", "batch", "counts by hand", "counts", "batch counts")
RATIOS = {
    "trace": "trace by hand",
    "batch": "trace by hand",
    "counts": "counts by hand",
    "batch counts": "counts by hand",
}
# The rows on which policies of many criteria, libraries of many policies and other engines are measured.
CRITERIA_ROWS = 1_000_000
POLICIES_ROWS = 50_000
BESIDE_ROWS = {"cel-expr-python": 100_000, "openfisca": 1_000_000}
# The rows of each file of a population that is a folder.
FILE_ROWS = 5_000_000
FIGURES = ("seconds", "processor_seconds", "peak_megabytes")


# --- one measurement, in this process ----------------------------------------------------------------------


def _copy(query: str, source: Path, output: Path, threads: int) -> None:
    with duckdb.connect(config={"threads": threads, "preserve_insertion_order": False}) as connection:
        connection.execute(f"CREATE VIEW requests AS SELECT * FROM '{source.as_posix()}'")  # noqa: S608
        connection.execute(f"COPY ({query}) TO '{output.as_posix()}' (FORMAT parquet, COMPRESSION zstd)")


def _counts(query: str, source: Path, threads: int) -> list[tuple[Any, ...]]:
    with duckdb.connect(config={"threads": threads}) as connection:
        connection.execute(f"CREATE VIEW requests AS SELECT * FROM '{source.as_posix()}'")  # noqa: S608
        grouped = f"SELECT recommendation, count(*) FROM ({query}) GROUP BY 1 ORDER BY 1"  # noqa: S608
        return connection.execute(grouped).fetchall()


def _counted(source: Path, question: Question, threads: int) -> list[tuple[Any, ...]]:
    counted = count(source, question, threads=threads)
    assert not counted.counts.rejected, "the population breaks the schema"
    return sorted((line.name, line.requests) for line in counted.lines if line.by == "recommendation")


def _evaluated(source: Path, output: Path, question: Question, threads: int) -> None:
    counts = run(source, output, question, threads=threads).counts
    assert not counts.rejected, "the population breaks the schema"


def measure(name: str, source: Path, output: Path, threads: int, criteria: int) -> dict[str, Any]:
    """Run one measurement in this process."""
    library = PolicyLibrary.load()
    if name == "policies":
        library = _of_policies(library, output.with_suffix(".policies"), criteria)
    question = Question(library=library, policy=policy(library.dictionary, criteria))
    # The population has no dates.
    whole = Question(library=library, options=Options(as_of=dt.date(2014, 1, 1)))
    ours = question.query("duckdb", "requests")
    tasks: dict[str, Callable[[], Any]] = {
        "trace": lambda: _copy(ours, source, output, threads),
        "trace by hand": lambda: _copy(TRACE_BY_HAND, source, output, threads),
        "batch": lambda: _evaluated(source, output, question, threads),
        "counts": lambda: _counts(ours, source, threads),
        "counts by hand": lambda: _counts(TRACE_BY_HAND, source, threads),
        "batch counts": lambda: _counted(source, question, threads),
        "library": lambda: _evaluated(source, output, whole, threads),
        "policies": lambda: _evaluated(source, output, whole, threads),
    }
    started, before = time.perf_counter(), time.process_time()
    found = tasks[name]()
    seconds, spent = time.perf_counter() - started, time.process_time() - before
    return {
        "seconds": seconds,
        "processor_seconds": spent,
        "peak_megabytes": _peak(),
        "found": [list(row) for row in found] if found else None,
    }


def _of_policies(library: PolicyLibrary, root: Path, count: int) -> PolicyLibrary:
    """A library of so many made-up policies."""
    shutil.rmtree(root, ignore_errors=True)
    write_directory(root, library.dictionary, count)
    return PolicyLibrary.load(root)


def _peak() -> float:
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


# --- all of them -------------------------------------------------------------------------------------------


class Bench:
    """Runs measurements, each in a process of its own."""

    def __init__(self, folder: Path, threads: int, repeat: int) -> None:
        self._folder = folder
        self._threads = threads
        self._repeat = repeat

    def compared(self, names: Sequence[str], source: Path) -> dict[str, dict[str, Any]]:
        """Several measurements in turn, the best of each."""
        runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
        for _ in range(self._repeat):
            for name, found in runs.items():
                found.append(self.once(name, source))
        return {name: _best(found) for name, found in runs.items()}

    def best(self, name: str, source: Path, *, criteria: int = 8) -> dict[str, Any]:
        """The best of a few runs of one measurement."""
        return _best([self.once(name, source, criteria=criteria) for _ in range(self._repeat)])

    def once(
        self, name: str, source: Path, *, criteria: int = 8, into_folder: bool = False
    ) -> dict[str, Any]:
        """One run of a measurement."""
        output = self._folder / ("out" if into_folder else "out.parquet")
        output.unlink(missing_ok=True) if output.is_file() else shutil.rmtree(output, ignore_errors=True)
        command = [sys.executable, __file__, "--measure", name, "--source", str(source)]
        command += ["--output", str(output), "--threads", str(self._threads), "--criteria", str(criteria)]
        return _json_of(command)


def _json_of(command: Sequence[str]) -> dict[str, Any]:
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if ran.returncode:
        raise SystemExit(ran.stderr)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def _best(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The least of each figure."""
    return runs[0] | {figure: min(one[figure] for one in runs) for figure in FIGURES}


def compare(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Everything, on populations of the sizes that are asked for."""
    bench = Bench(folder, options.threads, options.repeat)
    source = folder / "population.parquet"
    population(source, options.rows)
    compared = bench.compared(COMPARED, source)
    said = {json.dumps(compared[name]["found"]) for name in ("counts", "counts by hand", "batch counts")}
    assert len(said) == 1, "the queries say different things"
    results: dict[str, Any] = {
        "machine": machine(),
        "versions": versions(["duckdb", "sqlglot"]),
        "rows": options.rows,
        "threads": options.threads,
        "compared": compared,
        "ratios": {
            name: compared[by_hand]["processor_seconds"] / compared[name]["processor_seconds"]
            for name, by_hand in RATIOS.items()
        },
    }
    population(source, CRITERIA_ROWS)
    results["by criteria"] = {
        count: bench.best("trace", source, criteria=count) for count in options.by_criteria
    }
    if options.library_rows:
        population(source, options.library_rows)
        results["library"] = {"rows": options.library_rows} | bench.once("library", source)
    population(source, POLICIES_ROWS)
    results["by policies"] = {
        count: bench.once("policies", source, criteria=count) for count in options.by_policies
    }
    results["by rows"] = {}
    for rows in options.memory_rows:
        several = _files(folder, rows)
        results["by rows"][rows] = bench.once("batch", several, into_folder=True)
    return results


def _files(folder: Path, rows: int) -> Path:
    """A population as a folder of files of the same size."""
    several = folder / "population"
    shutil.rmtree(several, ignore_errors=True)
    several.mkdir()
    for first in range(0, rows, FILE_ROWS):
        population(several / f"{first:012}.parquet", min(FILE_ROWS, rows - first), first)
    return several


def beside(engines: Sequence[str], folder: Path) -> dict[str, Any]:
    """Other engines, each named with a Python that has it."""
    source = folder / "population.parquet"
    population(source, max(BESIDE_ROWS.values()))
    found = {}
    for named in engines:
        engine, _, python = named.partition("=")
        command = [shutil.which(python) or python, str(HERE / "batch_beside.py"), engine, str(source)]
        found[engine] = _json_of([*command, "--rows", str(BESIDE_ROWS[engine])])
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark, or one measurement of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--memory-rows", type=int, nargs="*", default=[])
    parser.add_argument("--by-criteria", type=int, nargs="*", default=[1, 4, 8, 16, 32])
    parser.add_argument("--library-rows", type=int, default=1_000_000)
    parser.add_argument("--by-policies", type=int, nargs="*", default=[4, 8, 16, 32])
    parser.add_argument("--beside", action="append", default=[], metavar="ENGINE=PYTHON")
    parser.add_argument("--page", action="store_true", help="put the results into docs/batch.md")
    parser.add_argument("--output", type=Path, default=RESULTS, help="where the results go")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--criteria", type=int, default=8, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        found = measure(options.measure, options.source, options.output, options.threads, options.criteria)
        print(json.dumps(found))
        return
    results = json.loads(options.output.read_text(encoding="utf-8")) if options.output.is_file() else {}
    with tempfile.TemporaryDirectory() as folder:
        if options.rows:
            results |= json.loads(json.dumps(compare(options, Path(folder))))
        if options.beside:
            results["beside"] = results.get("beside", {}) | beside(options.beside, Path(folder))
    write_json(options.output, results)
    print(table(results))
    if options.page:
        fill_page(results)


if __name__ == "__main__":
    main()
