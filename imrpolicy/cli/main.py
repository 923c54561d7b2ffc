"""The entry point: finds the verb, and imports no more than it needs."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from imrpolicy.cli.exits import Exit, WrongCallError

# Each verb is a module of this package; they are imported only when asked for, which keeps the start quick.
VERBS = {
    "check": "find everything that is wrong in policies, tests and cases",
    "test": "run the tests beside the policies",
    "evaluate": "determine the requests of a case",
    "explain": "read a policy out in plain English",
    "facts": "list the facts that a case can hold",
    "new": "start a new policy",
    "replay": "evaluate a stored determination again, and say whether it still holds",
}

_EPILOG = """\
exit codes:
  0  nothing wrong
  1  problems were found in policies, tests or a case
  2  the call is wrong
  3  the command could not do its work

examples:
  imrpolicy check
  imrpolicy evaluate case.yaml --as-of 2013-12-01
  imrpolicy explain odg/continuous-flow-cryotherapy
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: The command line without the program's name; without it, that of the process.

    Returns:
        The exit code.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser(given).parse_args(given)
    try:
        return int(options.run(options))
    except WrongCallError as error:
        print(f"imrpolicy: {error}", file=sys.stderr)
        return Exit.WRONG_CALL
    except FileNotFoundError as error:
        print(f"imrpolicy: {_file_message(error)}", file=sys.stderr)
        return Exit.WRONG_CALL
    except BrokenPipeError:
        # The reader went away, as `head` does; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FINE
    except OSError as error:
        print(f"imrpolicy: could not run: {_file_message(error)}", file=sys.stderr)
        return Exit.COULD_NOT_RUN


def run() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show a sign must not stop a determination.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(main())


def _file_message(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="imrpolicy",
        description="Treatment guidelines as code: check, test and evaluate policies.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, help="print the version and stop")
    verbs = parser.add_subparsers(metavar="COMMAND", required=True, title="commands")
    asked = next((word for word in arguments if not word.startswith("-")), None)
    for verb, summary in VERBS.items():
        sub = verbs.add_parser(verb, help=summary, formatter_class=argparse.RawDescriptionHelpFormatter)
        if verb == asked:
            module = importlib.import_module(f"imrpolicy.cli.{verb}")
            sub.description, sub.epilog = module.__doc__, module.EXAMPLE
            module.add_arguments(sub)
            sub.set_defaults(run=module.run)
    return parser


class _Version(argparse.Action):
    """Prints the version; reading it costs a look at the installation, so it is done only here."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"imrpolicy {version('imrpolicy')}")
        parser.exit()


if __name__ == "__main__":
    run()
