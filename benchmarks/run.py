"""Runs all benchmarks, prints their tables, and writes the results: `python benchmarks/run.py`.

The results go to `benchmarks/results.json` and from there into `docs/performance.md`, and the chart to
`docs/images/`. With `--output` results and chart go to another folder, and the page stays as it is. `--quick`
measures next to nothing, to see that everything works.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import evaluate
import load
import start
import statuses
from chart import draw
from engines import DISTRIBUTIONS
from measuring import HERE, machine, versions, write_json
from page import fill_file

DOCS = HERE.parent / "docs"


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one short round of everything")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="where results and charts go")
    options = parser.parse_args()
    rounds, duration, policies = (1, 0.001, 8) if options.quick else (25, 0.05, 1_000)
    results: dict[str, Any] = {"machine": machine(), "versions": versions(DISTRIBUTIONS)}

    times = statuses.measure(rounds, duration)
    results["statuses"] = statuses.results(times)
    print(statuses.report(times), end="\n\n")

    case = evaluate.measure(rounds, duration)
    results["evaluate"] = evaluate.results(case)
    print(evaluate.report(case), end="\n\n")

    loading = load.measure(min(rounds, 9), policies)
    results["load"] = load.results(loading, policies)
    print(load.report(loading, policies), end="\n\n")

    started = start.measure(rounds)
    results["start"] = start.results(started)
    print(start.report(started))

    write_json((options.output or HERE) / "results.json", results)
    draw(results["statuses"], options.output or DOCS / "images")
    if options.output is None:
        fill_file(DOCS / "performance.md", results)


if __name__ == "__main__":
    main()
