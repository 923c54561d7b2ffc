"""Determine the requests of a population.

INPUT is a Parquet, CSV or JSON lines file, or a folder of them, with one row for each request;
`imrpolicy schema --table` lists its columns. OUTPUT is a file of one of these kinds, or a folder for a
partitioned result. Rows that break the schema go to a file of rejects with their numbers and the reason.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imrpolicy.cli.exits import CouldNotRunError, Exit, WrongCallError
from imrpolicy.cli.options import (
    add_evaluation,
    add_format,
    add_policies,
    evaluation,
    existing,
    one_of,
    policies_directory,
)
from imrpolicy.cli.output import Style, count, print_json
from imrpolicy.cli.report import fail_with
from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.issues import IssuesError

if TYPE_CHECKING:
    from imrpolicy.batches.job import Result
    from imrpolicy.batches.summary import Line

EXAMPLE = """\
examples:
  imrpolicy batch population.parquet -o determinations.parquet
  imrpolicy batch population.csv -o determinations.csv --summary
  imrpolicy batch requests/ -o determinations/ --resume
"""
_MOST_LINES = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("input", metavar="INPUT", help="the population")
    parser.add_argument("-o", "--output", required=True, metavar="OUTPUT", help="where the result goes")
    parser.add_argument(
        "--policy", metavar="POLICY", help="one policy, whatever governs: `id` or `id@version`"
    )
    add_evaluation(parser)
    parser.add_argument("--no-trace", action="store_true", help="leave out the trace of each policy")
    parser.add_argument(
        "--open", action="store_true", help="name exactly the facts that can still change each outcome"
    )
    parser.add_argument(
        "--mapping", type=Path, metavar="FILE", help="how other columns and values become ours"
    )
    parser.add_argument(
        "--rejects", type=Path, metavar="FILE", help="where rows that break the schema go (a CSV file)"
    )
    parser.add_argument("--resume", action="store_true", help="go on with a partitioned job")
    parser.add_argument(
        "--summary", action="store_true", help="count by outcome, policy, criterion and missing fact"
    )
    parser.add_argument(
        "--chart", type=Path, metavar="FILE", help="the summary as a picture: `.png` or `.svg`"
    )
    parser.add_argument(
        "--engine",
        type=one_of("engine", ("duckdb", "spark")),
        default="duckdb",
        metavar="{duckdb,spark}",
        help="what runs the query (default: duckdb)",
    )
    parser.add_argument("--memory", metavar="SIZE", help="the most memory, such as 4GB")
    add_policies(parser)
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from imrpolicy.batches.errors import BatchError

    try:
        return _run(options)
    except IssuesError as error:
        return fail_with(error.issues, options.format)
    except BatchError as error:
        raise CouldNotRunError(str(error)) from error


def _run(options: argparse.Namespace) -> int:
    from imrpolicy.batches import Question, TableMapping, read_mapping

    if options.open and options.policy:
        raise WrongCallError("`--open` asks the whole library; leave `--policy` out")
    library = PolicyLibrary.load(policies_directory(options.policies))
    if options.engine == "duckdb":  # Spark reads addresses that are no paths here
        existing(Path(options.input))
    question = Question(
        library=library,
        policy=_policy(library, options.policy),
        options=evaluation(options),
        trace=not options.no_trace,
        exact=options.open,
    )
    mapping = (
        read_mapping(existing(options.mapping), library.dictionary) if options.mapping else TableMapping()
    )
    result = _evaluated(options, question, mapping)
    lines: tuple[Line, ...] = ()
    if options.summary or options.chart:
        from imrpolicy.batches.summary import summarize

        lines = summarize(result.outputs)
    if options.chart:
        from imrpolicy.batches.chart import draw

        draw(lines, options.chart)
    _report(options, result, lines if options.summary else ())
    return Exit.FINDINGS if result.counts.rejected else Exit.FINE


def _evaluated(options: argparse.Namespace, question: Any, mapping: Any) -> Result:
    if options.engine == "spark":
        if options.rejects or options.resume or options.memory or options.open:
            raise WrongCallError(
                "`--rejects`, `--resume`, `--memory` and `--open` are for the engine `duckdb`"
            )
        from imrpolicy.batches.spark import run_on_spark

        return run_on_spark(options.input, options.output, question, mapping=mapping)
    from imrpolicy.batches.job import run as run_job

    return run_job(
        Path(options.input),
        Path(options.output),
        question,
        mapping=mapping,
        rejects=options.rejects,
        resume=options.resume,
        memory=options.memory,
    )


def _policy(library: PolicyLibrary, reference: str | None) -> Any:
    if reference is None:
        return None
    try:
        return library.policy(reference)
    except KeyError as error:
        raise WrongCallError(str(error.args[0])) from None


def _report(options: argparse.Namespace, result: Result, lines: tuple[Line, ...]) -> None:
    counts = result.counts
    if options.format == "json":
        print_json(
            {
                "rows": counts.rows,
                "written": counts.written,
                "rejected": counts.rejected,
                "outputs": [path.as_posix() for path in result.outputs],
                "rejects": [path.as_posix() for path in result.rejects],
                "ignored_columns": list(result.ignored),
                "summary": [
                    {"by": line.by, "name": line.name, "status": line.status, "requests": line.requests}
                    for line in lines
                ],
            }
        )
        return
    if lines:
        _print_summary(lines)
    if result.ignored:
        names = ", ".join(f"`{column}`" for column in result.ignored)
        print(f"{count(len(result.ignored), 'column')} that nothing reads: {names}")
    if result.skipped:
        print(f"{count(result.skipped, 'part')} done before")
    print(f"{count(counts.rows, 'row')} in: {counts.written} out, {counts.rejected} rejected")
    for path in result.rejects:
        print(f"rejects: {path.as_posix()}")


def _print_summary(lines: tuple[Line, ...]) -> None:
    style = Style.of(sys.stdout)
    for by in dict.fromkeys(line.by for line in lines):
        shown = [line for line in lines if line.by == by]
        print(style.paint(f"requests by {by}", "bold"))
        rows = [(line.name, line.status.replace("_", " "), str(line.requests)) for line in shown]
        print(style.table(rows if by in ("policy", "criterion") else rows[:_MOST_LINES], "  "))
        print()
