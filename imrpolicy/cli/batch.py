"""Determine the requests of a population.

INPUT is a Parquet, CSV or JSON lines file, or a folder of them, with one row for each request;
`imrpolicy schema --table` lists its columns. OUTPUT is a file of one of these kinds, or a folder for a
partitioned result. Rows that break the schema go to a file of rejects with their numbers and the reason.
Without an OUTPUT, `--summary` and `--chart` count the requests in one pass, and no result is written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
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
from imrpolicy.cli.summary_text import print_summary
from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.issues import IssuesError

if TYPE_CHECKING:
    from imrpolicy.batches.counts import Counted
    from imrpolicy.batches.job import Result
    from imrpolicy.batches.summary import Line

EXAMPLE = """\
examples:
  imrpolicy batch population.parquet -o determinations.parquet
  imrpolicy batch population.csv -o determinations.csv --summary
  imrpolicy batch requests/ -o determinations/ --resume
  imrpolicy batch requests/ --summary --chart summary.png
"""
_KINDS = ("parquet", "csv", "jsonl")
# So many columns that nothing reads are named.
_MOST_IGNORED = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("input", metavar="INPUT", help="the population")
    parser.add_argument("-o", "--output", metavar="OUTPUT", help="where the result goes")
    parser.add_argument(
        "--as",
        dest="part_kind",
        type=one_of("kind of file", _KINDS),
        metavar="{" + ",".join(_KINDS) + "}",
        help="what the files of a partitioned result are (default: parquet)",
    )
    parser.add_argument(
        "--policy", metavar="POLICY", help="one policy, whatever governs: `id` or `id@version`"
    )
    add_evaluation(parser)
    parser.add_argument("--no-trace", action="store_true", help="leave out the trace of each policy")
    parser.add_argument(
        "--open",
        action="store_true",
        help="name exactly the facts that can still change each outcome, and the fewest that are enough",
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
    parser.add_argument(
        "--threads", type=_threads, metavar="N", help="the most threads (default: one for each core)"
    )
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

    _check_call(options)
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
    titles = {fact.path: fact.field.title for fact in library.dictionary.facts}
    if options.output is None:
        return _counts_alone(options, question, mapping, titles)
    result = _evaluated(options, question, mapping)
    lines: tuple[Line, ...] = ()
    if options.summary or options.chart:
        from imrpolicy.batches.summary import summarize

        lines = summarize(result.outputs)
    _draw(options, lines)
    _report(options, result, lines if options.summary else (), titles)
    return Exit.FINDINGS if result.counts.rejected else Exit.FINE


def _check_call(options: argparse.Namespace) -> None:
    """Fail if the options do not go together.

    Raises:
        WrongCallError: They do not.
    """
    if options.open and options.policy:
        raise WrongCallError("`--open` asks the whole library; leave `--policy` out")
    if options.output is None:
        if not (options.summary or options.chart):
            raise WrongCallError(
                "say where the result goes with `-o OUTPUT`, or ask for counts alone with `--summary`"
            )
        if options.open or options.resume or options.part_kind:
            raise WrongCallError("`--open`, `--resume` and `--as` are for a result; give `-o OUTPUT`")
        if options.engine == "spark":
            raise WrongCallError("counts alone are for the engine `duckdb`; give `-o OUTPUT`")
        return
    if options.part_kind and Path(options.output).suffix in (f".{kind}" for kind in (*_KINDS, "ndjson")):
        raise WrongCallError(f"`--as` is for a folder; what {options.output} is, its ending says")
    if options.engine == "spark" and (
        options.rejects or options.memory or options.threads or options.open or options.part_kind
    ):  # fmt: skip
        raise WrongCallError(
            "`--rejects`, `--as`, `--memory`, `--threads` and `--open` are for the engine `duckdb`"
        )


def _threads(text: str) -> int:
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"`{text}` is no number of threads; write it as 4")


def _counts_alone(options: argparse.Namespace, question: Any, mapping: Any, titles: Mapping[str, str]) -> int:
    from imrpolicy.batches.counts import count as count_requests

    counted = count_requests(
        Path(options.input),
        question,
        mapping=mapping,
        rejects=options.rejects,
        memory=options.memory,
        threads=options.threads,
    )
    _draw(options, counted.lines)
    _report_counts(options, counted, titles)
    return Exit.FINDINGS if counted.counts.rejected else Exit.FINE


def _draw(options: argparse.Namespace, lines: Sequence[Line]) -> None:
    if options.chart:
        from imrpolicy.batches.chart import draw

        draw(lines, options.chart)


def _evaluated(options: argparse.Namespace, question: Any, mapping: Any) -> Result:
    if options.engine == "spark":
        from imrpolicy.batches.spark import run_on_spark

        if (options.summary or options.chart) and "://" in options.output:
            raise WrongCallError("`--summary` and `--chart` count a result on this machine; leave them out")
        return run_on_spark(options.input, options.output, question, mapping=mapping, resume=options.resume)
    from imrpolicy.batches.job import run as run_job

    return run_job(
        Path(options.input),
        Path(options.output),
        question,
        mapping=mapping,
        rejects=options.rejects,
        resume=options.resume,
        part_kind=options.part_kind,
        memory=options.memory,
        threads=options.threads,
    )


def _policy(library: PolicyLibrary, reference: str | None) -> Any:
    if reference is None:
        return None
    try:
        return library.policy(reference)
    except KeyError as error:
        raise WrongCallError(str(error.args[0])) from None


def _report(
    options: argparse.Namespace, result: Result, lines: Sequence[Line], titles: Mapping[str, str]
) -> None:
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
                "summary": list(map(_as_data, lines)),
            }
        )
        return
    print_summary(lines, titles, Style.of(sys.stdout))
    _print_ignored(result.ignored)
    if result.skipped:
        print(f"{count(result.skipped, 'part')} done before")
    print(f"{_many(counts.rows, 'row')} in: {counts.written:,} out, {counts.rejected:,} rejected")
    for path in result.rejects:
        print(f"rejects: {path.as_posix()}")


def _report_counts(options: argparse.Namespace, counted: Counted, titles: Mapping[str, str]) -> None:
    counts = counted.counts
    if options.format == "json":
        first = [{"file": r.file, "row": r.row, "reason": r.reason} for r in counted.first_rejects]
        print_json(
            {
                "rows": counts.rows,
                "counted": counts.written,
                "rejected": counts.rejected,
                "rejects": [counted.rejects.as_posix()] if counted.rejects else [],
                "first_rejects": first,
                "ignored_columns": list(counted.ignored),
                "summary": list(map(_as_data, counted.lines)) if options.summary else [],
            }
        )
        return
    if options.summary:
        print_summary(counted.lines, titles, Style.of(sys.stdout))
    _print_ignored(counted.ignored)
    print(f"{_many(counts.rows, 'row')} in: {counts.written:,} counted, {counts.rejected:,} rejected")
    for reject in counted.first_rejects:
        print(f"rejected: {reject.file}, row {reject.row:,}: {reject.reason}")
    more = counts.rejected - len(counted.first_rejects)
    if counted.rejects:
        print(f"rejects: {counted.rejects.as_posix()}")
    elif more:
        print(f"and {more:,} more; `--rejects FILE` writes all of them")


def _print_ignored(ignored: Sequence[str]) -> None:
    if ignored:
        names = ", ".join(f"`{column}`" for column in ignored[:_MOST_IGNORED])
        more = len(ignored) - _MOST_IGNORED
        rest = f" and {more:,} more; `--format json` gives all" if more > 0 else ""
        print(f"{count(len(ignored), 'column')} that nothing reads: {names}{rest}")


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _as_data(line: Line) -> dict[str, Any]:
    return {
        "by": line.by, "name": line.name, "status": line.status, "requests": line.requests, "of": line.of
    }  # fmt: skip
