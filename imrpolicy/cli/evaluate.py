"""Determine the requests of a case.

CASE is a YAML or JSON file that fits the case schema. Editions and the search sequence are selected by the
dates of the case; `--as-of` stands in for those that it lacks. With `--case`, CASE is a table that
`imrpolicy batch` reads (Parquet, CSV, JSON lines, or a folder of them), and one case of it is determined.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from imrpolicy.cli.cases import evaluate_file, read_case_file
from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.options import (
    add_evaluation,
    add_format,
    add_policies,
    evaluation,
    existing_file,
    policies_directory,
)
from imrpolicy.cli.output import Style, print_json
from imrpolicy.cli.paths import CASE_ENDINGS
from imrpolicy.cli.report import fail_with
from imrpolicy.cli.table_rows import add_row, evaluate_rows, names_row
from imrpolicy.cli.write import write_whole
from imrpolicy.evaluate import Determination, PolicyLibrary
from imrpolicy.issues import IssuesError

EXAMPLE = """\
examples:
  imrpolicy evaluate case.yaml --as-of 2013-12-01
  imrpolicy evaluate case.yaml --format json > determination.json
  imrpolicy evaluate case.yaml --format letter --output letter.html
  imrpolicy evaluate population.parquet --case CASE_ID --format letter
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("case", type=Path, metavar="CASE", help="the case file, or a table")
    add_row(parser)
    add_evaluation(parser)
    parser.add_argument(
        "--output",
        metavar="FILE",
        type=Path,
        help="where the letter goes: `.md` for Markdown, `.html` to print it",
    )
    add_policies(parser)
    add_format(parser, ("text", "json", "letter"))


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    _check_output(options)
    try:
        determinations = _determined(options)
    except IssuesError as error:
        return fail_with(error.issues, options.format)
    if options.format == "json":
        print_json([determination.to_dict() for determination in determinations])
    elif options.format == "letter":
        _letter(determinations, options.output)
    else:
        from imrpolicy.cli.determination_text import print_determinations  # JSON does not need it

        print_determinations(determinations, Style.of(sys.stdout))
    return Exit.FINE


def _determined(options: argparse.Namespace) -> Sequence[Determination]:
    how = evaluation(options)
    if names_row(options):
        return evaluate_rows(options, PolicyLibrary.load(policies_directory(options.policies)), how)
    document = read_case_file(existing_file(options.case, "one case", CASE_ENDINGS))
    return evaluate_file(document, PolicyLibrary.load(policies_directory(options.policies)), how)


def _check_output(options: argparse.Namespace) -> None:
    output = options.output
    if output is None:
        return
    if options.format != "letter":
        raise WrongCallError("`--output` goes with `--format letter`")
    if output.suffix not in (".md", ".html"):
        raise WrongCallError("a letter is written to a file that ends in `.md` or `.html`")
    if not output.parent.is_dir():
        raise WrongCallError(f"there is no directory {output.parent.as_posix()}")


def _letter(determinations: Sequence[Determination], output: Path | None) -> None:
    from imrpolicy.letter import as_html, as_markdown  # most calls print no letter

    if output is None:
        print(as_markdown(determinations), end="")
        return
    render = as_html if output.suffix == ".html" else as_markdown
    write_whole(output, render(determinations))
    print(f"wrote {output.as_posix()}")
