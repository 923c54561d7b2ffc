"""Puts what `batch.py` and `batch_spark.py` measured into `docs/batch.md`, and draws the chart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from measuring import HERE
from page import fill

DOCS = HERE.parent / "docs"
SPARK = HERE / "batch_spark_results.json"
SAID = {
    "trace": "full trace to Parquet, the query alone",
    "batch": "full trace to Parquet, `imrpolicy batch`, every row checked against the schema",
    "counts": "counts of outcomes, the query alone",
    "batch counts": "all counts, `imrpolicy batch --summary`, every row checked against the schema",
}
Lines = list[str]


def fill_page(results: dict[str, Any], docs: Path = DOCS) -> None:
    """Fill the page in place, and draw its chart."""
    page = docs / "batch.md"
    text = fill(page.read_text(encoding="utf-8"), parts(results))
    page.write_text(text, encoding="utf-8", newline="\n")
    plot(results, docs / "images" / "batch.svg")


def parts(results: dict[str, Any]) -> dict[str, Lines]:
    """Each part of the page, as lines of Markdown."""
    spark = json.loads(SPARK.read_text(encoding="utf-8")) if SPARK.is_file() else None
    return {
        "compared": _compared(results),
        "memory": _memory(results),
        "library": _library(results),
        "beside": _beside(results),
        "spark": _spark(spark) if spark else [],
    }


def _compared(results: dict[str, Any]) -> Lines:
    rows, processor = results["rows"], results["machine"]["processor"]
    lines = [
        f"One policy of eight criteria over {rows:,} rows, {results['threads']} threads, {processor}:",
        "",
        "| what | of the speed of the same query by hand | million rows a second |",
        "|---|---:|---:|",
    ]
    for name, said in SAID.items():
        speed = rows / results["compared"][name]["seconds"] / 1e6
        lines.append(f"| {said} | {results['ratios'][name]:.2f} | {speed:.1f} |")
    return lines


def _memory(results: dict[str, Any]) -> Lines:
    lines = ["| rows, in files of five million | seconds | peak memory, MB |", "|---:|---:|---:|"]
    for rows, found in results["by rows"].items():
        lines.append(f"| {int(rows):,} | {found['seconds']:.1f} | {found['peak_megabytes']:.0f} |")
    return lines


def _library(results: dict[str, Any]) -> Lines:
    found = results["library"]
    rows, seconds, peak = found["rows"], found["seconds"], found["peak_megabytes"]
    return [
        f"The whole library, every policy, rank and trace, takes {seconds:.0f} seconds for {rows:,}",
        f"requests, the planning of the query included, and {peak:,.0f} MB at its peak.",
    ]


def _beside(results: dict[str, Any]) -> Lines:
    compared, rows = results["compared"], results["rows"]
    mine = compared["counts"]["processor_seconds"] / rows * 1e6
    lines = [
        "| the same eight criteria | microseconds of a processor for each row | to get ready |",
        "|---|---:|---:|",
        f"| counts of outcomes, the query alone | {mine:.2f} | |",
    ]
    for engine, found in results.get("beside", {}).items():
        each, ready = (found[key] / found["rows"] * 1e6 for key in ("processor_seconds", "prepared_in"))
        lines.append(f"| {engine} | {each:.2f} | {ready:.2f} |")
    return lines


def _spark(results: dict[str, Any]) -> Lines:
    lines = [
        f"| Spark {results['spark']}, `{results['master']}` | rows | seconds to plan | seconds in all |",
        "|---|---:|---:|---:|",
    ]
    for name, found in results["measurements"].items():
        lines.append(
            f"| {name} | {found['rows']:,} | {found['seconds_to_plan']:.0f} | {found['seconds']:.0f} |"
        )
    return lines


def table(results: dict[str, Any]) -> str:
    """Everything that was measured, for a terminal."""
    lines = ["what | seconds | processor seconds | million rows a second | of by hand | peak MB"]
    for name, found in results.get("compared", {}).items():
        ratio = results["ratios"].get(name)
        lines.append(_line(name, results["rows"], found, f"{ratio:.2f}" if ratio else ""))
    lines += [_line(f"{int(n):,} rows", int(n), one, "") for n, one in results.get("by rows", {}).items()]
    if "library" in results:
        lines.append(_line("the whole library", results["library"]["rows"], results["library"], ""))
    return "\n".join(lines)


def _line(name: str, rows: int, found: dict[str, Any], ratio: str) -> str:
    speed = rows / found["seconds"] / 1e6
    return (
        f"{name} | {found['seconds']:.2f} | {found['processor_seconds']:.2f} | {speed:.3f} | {ratio} "
        f"| {found['peak_megabytes']:.0f}"
    )


def plot(results: dict[str, Any], path: Path) -> None:
    """How time grows with rows, with criteria and with policies."""
    import matplotlib

    matplotlib.use("Agg")
    from batch import CRITERIA_ROWS, POLICIES_ROWS
    from matplotlib import pyplot, ticker

    figure, axes = pyplot.subplots(1, 3, figsize=(12, 3.5), layout="constrained")
    drawn = (
        ("by rows", "rows", "imrpolicy batch, one policy"),
        ("by criteria", "criteria", f"full trace, {CRITERIA_ROWS:,} rows"),
        ("by policies", "policies", f"whole library, {POLICIES_ROWS:,} rows"),
    )
    for axis, (key, label, title) in zip(axes, drawn, strict=True):
        seconds = {int(size): found["processor_seconds"] for size, found in results[key].items()}
        axis.plot(list(seconds), list(seconds.values()), marker="o")
        axis.set(xlabel=label, ylabel="processor seconds", title=title)
        axis.set_ylim(bottom=0)
    axes[0].xaxis.set_major_formatter(ticker.EngFormatter())
    figure.savefig(path)
