"""Help an editor while policies, tests and cases are typed: the language server.

An editor starts it and talks to it over the standard input and output; nobody types this command. It shows
the problems of `imrpolicy check` while a file is typed, completes the names and values of expressions, says
what a name means, goes to where it is declared, renames a criterion and formats a file. The page on editors
in the documentation says how an editor is told to start it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys

from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.extras import missing

EXAMPLE = """\
example, as an editor calls it:
  imrpolicy lsp
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--stdio", action="store_true", help="talk over the standard input and output, as it does anyway"
    )


def run(options: argparse.Namespace) -> int:  # noqa: ARG001 - every command gets its options
    """Run the command."""
    try:
        from imrpolicy.lsp.server import build
    except ModuleNotFoundError as error:
        raise missing(error.name or "pygls", "lsp") from error
    if sys.stdin is None:
        raise WrongCallError("an editor starts the language server and talks to its standard input")
    # The server closes what it writes to, and whatever else was printed there would break the protocol.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with contextlib.redirect_stdout(sys.stderr):
        build().start_io(stdout=output)
    return Exit.FINE
