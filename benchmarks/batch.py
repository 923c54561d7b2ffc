"""How fast and in how much memory populations are evaluated, beside the same query written by hand in SQL.

    python benchmarks/batch.py --rows 10000000 --threads 2
    python benchmarks/batch.py --rows 1000000 --memory-rows 10000000 100000000 --plot docs/images/batch.svg

Each measurement runs in a process of its own, all of them in turn, `--repeat` times; the best
counts. Ratios are of processor time, which leaves out the moments in which a shared machine works for
somebody else. Results go to `benchmarks/batch_results.json`, and a table to the standard output.
`batch_beside.py` measures other engines on the same rows.
"""

# ruff: noqa: S608 - the queries are written here

from __future__ import annotations

import argparse
import datetime as dt
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
from criteria import CEL
from synthetic import write_directory

from imrpolicy.batches.job import run
from imrpolicy.evaluate import Options, PolicyLibrary
from imrpolicy.expression import check
from imrpolicy.facts import FactDictionary
from imrpolicy.policy import (
    Criterion,
    Effective,
    Group,
    GuidelineReference,
    Policy,
    PolicyStatus,
    Stance,
    Version,
)
from imrpolicy.sql.question import Question

RESULTS = Path(__file__).with_name("batch_results.json")

# The population: the columns that the eight criteria read, about one in seven of the values not documented.
POPULATION = """
SELECT 'case-' || i AS case_id, 'request' AS request_id, 'ca_workers_compensation' AS jurisdiction,
    'prospective' AS timing, 'lumbar_medial_branch_block' AS request__service,
    {purpose} AS request__purpose, {radicular} AS pain__radicular, {weeks} AS care__conservative_weeks,
    {types} AS care__conservative_types, {sensory} AS exam__sensory_deficit,
    {foraminal} AS imaging__foraminal_facet_encroachment, {levels} AS request__level_count,
    {axial} AS exam__axial_loading_pain, {loading} AS exam__facet_loading_pain,
    {blocks} AS history__prior_blocks, CAST(NULL AS VARCHAR[]) AS conflicting
FROM range({rows}) AS r(i)
"""


def _several(salt: int, *values: str) -> str:
    """One of some values, or NULL about once in seven times, by the number of the row."""
    return (
        f"CASE hash(i * 31 + {salt}) % {round(len(values) * 1.15) + 1} "
        + " ".join(f"WHEN {n} THEN {value}" for n, value in enumerate(values))
        + " END"
    )


_TRUTH = ("TRUE", "FALSE", "TRUE", "FALSE", "TRUE", "FALSE")
_BLOCK = "{{'kind': '{0}', 'level': '{1}', 'relief_percent': {2}}}"
_BLOCKS = (
    "[]",
    "[" + _BLOCK.format("medial_branch_block", "L4-L5", "CAST(80 AS BIGINT)") + "]",
    "[" + _BLOCK.format("epidural_steroid_injection", "L4-L5", "NULL") + "]",
    "[" + _BLOCK.format("epidural_steroid_injection", "L5-S1", "CAST(50 AS BIGINT)") + ", "
    + _BLOCK.format("medial_branch_block", "L3-L4", "CAST(70 AS BIGINT)") + "]",
)  # fmt: skip


def population(path: Path, rows: int) -> None:
    """Write a population."""
    query = POPULATION.format(
        rows=rows,
        purpose=_several(1, "'diagnostic'", "'therapeutic'", "'diagnostic'", "'diagnostic'"),
        radicular=_several(2, "'none'", "'present_but_axial_predominant'", "'predominant'", "'none'"),
        weeks=_several(3, *(f"CAST({n} AS BIGINT)" for n in (0, 2, 4, 6, 8, 12))),
        types=_several(4, "['physical_therapy', 'nsaid']", "['medication']",
                       "['physical_therapy', 'medication']", "CAST([] AS VARCHAR[])"),
        sensory=_several(5, *_TRUTH),
        foraminal=_several(6, *_TRUTH),
        levels=_several(7, *(f"CAST({n} AS BIGINT)" for n in (1, 2, 2, 3))),
        axial=_several(8, *_TRUTH),
        loading=_several(9, *_TRUTH),
        blocks=_several(10, *_BLOCKS),
    )  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path.as_posix()}' (FORMAT parquet, COMPRESSION zstd)")


# --- the same query by hand --------------------------------------------------------------------------------

BY_HAND = """
SELECT *, CASE WHEN COALESCE(applies, TRUE) THEN
    c1 AND c2 AND c3 AND c4 AND c5 AND c6 AND c7 AND c8 END AS recommends
FROM (SELECT case_id, request_id,
    request__service = 'lumbar_medial_branch_block' AS applies,
    request__purpose = 'diagnostic' AS c1,
    pain__radicular IN ('none', 'present_but_axial_predominant') AS c2,
    care__conservative_weeks >= 4 AS c3,
    list_contains(care__conservative_types, 'physical_therapy')
        AND (list_contains(care__conservative_types, 'nsaid')
            OR list_contains(care__conservative_types, 'medication')) AS c4,
    NOT exam__sensory_deficit OR imaging__foraminal_facet_encroachment AS c5,
    request__level_count <= 2 AS c6,
    exam__axial_loading_pain AND exam__facet_loading_pain AS c7,
    CASE WHEN history__prior_blocks IS NULL THEN NULL
        WHEN list_bool_or(list_transform(history__prior_blocks,
            lambda b: b.kind = 'medial_branch_block' AND b.level = 'L4-L5')) THEN TRUE
        WHEN len(list_filter(history__prior_blocks, lambda b:
            (b.kind = 'medial_branch_block' AND b.level = 'L4-L5') IS NULL)) > 0 THEN NULL
        ELSE FALSE END AS c8
    FROM requests)
"""
WORDS = "CASE {0} WHEN TRUE THEN '{1}' WHEN FALSE THEN '{2}' ELSE '{3}' END"
TRACE_BY_HAND = f"""
SELECT case_id, request_id, {WORDS.format("applies", "met", "not_met", "not_documented")} AS applies,
    CASE WHEN COALESCE(applies, TRUE) THEN
        {WORDS.format("recommends", "recommended", "not_recommended", "undetermined")} END AS recommendation,
    c1, c2, c3, c4, c5, c6, c7, c8 FROM ({BY_HAND})
"""


def policy(dictionary: FactDictionary, count: int = len(CEL)) -> Policy:
    """One policy of the eight criteria, or of another number of them."""
    leaves = tuple(
        Criterion(id=f"c{n + 1}", text=f"Criterion {n + 1}.", when=CEL[n % len(CEL)],
                  node=check(CEL[n % len(CEL)], dictionary))
        for n in range(count)
    )  # fmt: skip
    scope = 'request.service == "lumbar_medial_branch_block"'
    return Policy(
        id="benchmark/eight-criteria",
        version=Version.parse("1.0.0"),
        status=PolicyStatus.RELEASED,
        title="Eight criteria",
        source=GuidelineReference(guideline="benchmark", section="none", edition="none"),
        effective=Effective(start=dt.date(2009, 1, 1)),
        summary="",
        applies_when=scope,
        scope=check(scope, dictionary),
        stance=Stance.CRITERIA,
        criteria=Group(kind="all", members=leaves, count=0),
    )


# --- what is measured --------------------------------------------------------------------------------------


def _copy(query: str, source: Path, output: Path, threads: int) -> None:
    with duckdb.connect(config={"threads": threads, "preserve_insertion_order": False}) as connection:
        connection.execute(f"CREATE VIEW requests AS SELECT * FROM '{source.as_posix()}'")
        connection.execute(f"COPY ({query}) TO '{output.as_posix()}' (FORMAT parquet, COMPRESSION zstd)")


def _counts(query: str, source: Path, threads: int) -> list[tuple[Any, ...]]:
    with duckdb.connect(config={"threads": threads}) as connection:
        connection.execute(f"CREATE VIEW requests AS SELECT * FROM '{source.as_posix()}'")
        grouped = f"SELECT recommendation, count(*) FROM ({query}) GROUP BY 1 ORDER BY 1"
        return connection.execute(grouped).fetchall()


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
        "counts": lambda: _counts(ours, source, threads),
        "counts by hand": lambda: _counts(TRACE_BY_HAND, source, threads),
        "batch": lambda: run(source, output, question, threads=threads).counts.rejected,
        "library": lambda: run(source, output, whole, threads=threads).counts.rejected,
        "policies": lambda: run(source, output, whole, threads=threads).counts.rejected,
    }
    started, before = time.perf_counter(), time.process_time()
    found = tasks[name]()
    seconds, spent = time.perf_counter() - started, time.process_time() - before
    assert name not in ("batch", "library", "policies") or not found, "the population breaks the schema"
    return {
        "seconds": seconds,
        "processor_seconds": spent,
        "peak_megabytes": _peak(),
        "found": found if "counts" in name else None,
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


def in_a_process(
    name: str, source: Path, folder: Path, options: argparse.Namespace, criteria: int = 8
) -> dict[str, Any]:
    """The best of a few runs of a measurement, each in a process of its own."""
    runs = [once(name, source, folder, options, criteria) for _ in range(options.repeat)]
    return best(runs)


def best(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The least of each figure."""
    figures = ("seconds", "processor_seconds", "peak_megabytes")
    return runs[0] | {figure: min(one[figure] for one in runs) for figure in figures}


def once(
    name: str, source: Path, folder: Path, options: argparse.Namespace, criteria: int = 8
) -> dict[str, Any]:
    """One run of a measurement, in a process of its own."""
    output = folder / "out.parquet"
    output.unlink(missing_ok=True)
    command = [sys.executable, __file__, "--measure", name, "--source", str(source), "--output", str(output)]
    command += ["--threads", str(options.threads), "--criteria", str(criteria)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if ran.returncode:
        raise SystemExit(ran.stderr)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


COMPARED = ("trace by hand", "trace", "batch", "counts by hand", "counts")
# The rows on which policies of many criteria, and libraries of many policies, are measured.
CRITERIA_ROWS = 1_000_000
POLICIES_ROWS = 50_000


def compare(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Everything, on populations of the sizes that are asked for."""
    source = folder / "population.parquet"
    population(source, options.rows)
    results: dict[str, Any] = {
        "rows": options.rows,
        "threads": options.threads,
        "machine": platform.machine(),
    }
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in COMPARED}
    for _ in range(options.repeat):
        for name, found in runs.items():
            found.append(once(name, source, folder, options))
    results |= {name: best(found) for name, found in runs.items()}
    assert results["counts"]["found"] == results["counts by hand"]["found"], (
        "the two queries say different things"
    )
    for name, other in (("trace", "trace"), ("batch", "trace"), ("counts", "counts")):
        by_hand = results[f"{other} by hand"]["processor_seconds"]
        results[f"{name} ratio"] = by_hand / results[name]["processor_seconds"]
    population(source, CRITERIA_ROWS)
    results["by criteria"] = {
        count: in_a_process("trace", source, folder, options, count)["processor_seconds"]
        for count in options.by_criteria
    }
    if options.library_rows:
        population(source, options.library_rows)
        results["library_rows"] = options.library_rows
        results["library"] = once("library", source, folder, options)
    if options.by_policies:
        population(source, POLICIES_ROWS)
        results["by policies"] = {
            count: once("policies", source, folder, options, count)["processor_seconds"]
            for count in options.by_policies
        }
    results["by rows"] = {}
    for rows in options.memory_rows:
        population(source, rows)
        results["by rows"][rows] = once("batch", source, folder, options)
    return results


def table(results: dict[str, Any]) -> str:
    """The figures as a table in Markdown."""
    rows = results["rows"]
    lines = [
        "| what | seconds | processor seconds | million rows a second | of by hand | peak MB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name in COMPARED:
        found = results[name]
        ratio = results.get(f"{name} ratio")
        share = f"{ratio:.2f}" if ratio else ""
        speed = rows / found["seconds"] / 1e6
        lines.append(
            f"| {name} | {found['seconds']:.2f} | {found['processor_seconds']:.2f} | {speed:.2f} | {share} "
            f"| {found['peak_megabytes']:.0f} |"
        )
    lines += [
        f"| batch, {int(count):,} rows | {found['seconds']:.2f} | {found['processor_seconds']:.2f} "
        f"| {int(count) / found['seconds'] / 1e6:.2f} | | {found['peak_megabytes']:.0f} |"
        for count, found in results["by rows"].items()
    ]
    if "library" in results:
        found, rows = results["library"], results["library_rows"]
        lines.append(
            f"| the whole library, {rows:,} rows | {found['seconds']:.2f} | {found['processor_seconds']:.2f} "
            f"| {rows / found['seconds'] / 1e6:.3f} | | {found['peak_megabytes']:.0f} |"
        )
    return "\n".join(lines)


def plot(results: dict[str, Any], path: Path) -> None:
    """How time grows with rows, with criteria and with policies."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(12, 3.5), layout="constrained")
    by_rows = {int(rows): found["processor_seconds"] for rows, found in results["by rows"].items()}
    axes[0].plot(list(by_rows), list(by_rows.values()), marker="o")
    axes[0].set(xlabel="rows", ylabel="processor seconds", title="imrpolicy batch, one policy")
    by_criteria = {int(count): seconds for count, seconds in results["by criteria"].items()}
    axes[1].plot(list(by_criteria), list(by_criteria.values()), marker="o")
    axes[1].set(xlabel="criteria", ylabel="processor seconds", title=f"full trace, {CRITERIA_ROWS:,} rows")
    by_policies = {int(count): seconds for count, seconds in results.get("by policies", {}).items()}
    axes[2].plot(list(by_policies), list(by_policies.values()), marker="o")
    axes[2].set(xlabel="policies", ylabel="processor seconds", title=f"whole library, {POLICIES_ROWS:,} rows")
    for axis in axes:
        axis.set_ylim(bottom=0)
    figure.savefig(path)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark, or one measurement of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--memory-rows", type=int, nargs="*", default=[])
    parser.add_argument("--by-criteria", type=int, nargs="*", default=[1, 4, 8, 16, 32])
    parser.add_argument("--library-rows", type=int, default=0)
    parser.add_argument("--by-policies", type=int, nargs="*", default=[])
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--output", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--criteria", type=int, default=8, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        found = measure(options.measure, options.source, options.output, options.threads, options.criteria)
        print(json.dumps(found))
        return
    with tempfile.TemporaryDirectory() as folder:
        results = json.loads(json.dumps(compare(options, Path(folder))))
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8", newline="\n")
    print(table(results))
    if options.plot:
        plot(results, options.plot)


if __name__ == "__main__":
    main()
