"""Print the policies as a view for a warehouse.

The view gives a row for each request of the table `requests` (`--table` names another), whose columns
`imrpolicy schema --table` lists. POLICY is one policy, whatever governs; without it, the view is that of the
whole library. NULL is exactly "not documented".
"""

from __future__ import annotations

import argparse
import re

from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.options import (
    add_evaluation,
    add_format,
    add_policies,
    evaluation,
    one_of,
    policies_directory,
)
from imrpolicy.cli.output import print_json
from imrpolicy.cli.report import fail_with
from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.issues import IssuesError

EXAMPLE = """\
examples:
  imrpolicy sql --dialect snowflake > determinations.sql
  imrpolicy sql --dialect postgres odg/continuous-flow-cryotherapy
"""
# A name as all dialects have it, with the schema and the database in front; another one would need quotes.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$-]*(?:\.[A-Za-z_][A-Za-z0-9_$-]*){0,2}", re.ASCII)
_DIALECTS = ("duckdb", "spark", "snowflake", "bigquery", "postgres")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("policy", nargs="?", metavar="POLICY", help="one policy: `id` or `id@version`")
    parser.add_argument(
        "--dialect",
        type=one_of("dialect", _DIALECTS),
        default="duckdb",
        metavar="{" + ",".join(_DIALECTS) + "}",
        help="the dialect of SQL (default: duckdb)",
    )
    parser.add_argument(
        "--table", type=_name, default="requests", help="the table of requests (default: requests)"
    )
    parser.add_argument("--view", type=_name, default="determinations", help="the name of the view")
    add_evaluation(parser)
    parser.add_argument("--no-trace", action="store_true", help="leave out the trace of each policy")
    add_policies(parser)
    add_format(parser)


def _name(text: str) -> str:
    if _NAME.fullmatch(text):
        return text
    raise argparse.ArgumentTypeError(
        f"`{text[:60]}` is no name of a table; write letters, digits and `_`, as in `schema.requests`"
    )


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from imrpolicy.sql import Question

    try:
        library = PolicyLibrary.load(policies_directory(options.policies))
    except IssuesError as error:
        return fail_with(error.issues, options.format)
    try:
        policy = library.policy(options.policy) if options.policy else None
    except KeyError as error:
        raise WrongCallError(str(error.args[0])) from None
    question = Question(
        library=library,
        policy=policy,
        options=evaluation(options),
        trace=not options.no_trace,
    )
    query = question.query(options.dialect, options.table, pretty=True)
    view = f"CREATE OR REPLACE VIEW {options.view} AS\n{query};"
    if options.format == "json":
        print_json({"dialect": options.dialect, "view": options.view, "sql": view})
    else:
        print(view)
    return Exit.FINE
