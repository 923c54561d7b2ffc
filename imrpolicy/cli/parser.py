"""The arguments of the command line, and what is said where they are wrong."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from typing import Any, NoReturn

from imrpolicy.cli.exits import WrongCallError
from imrpolicy.issues import did_you_mean, nearest

# Each verb is a module of this package; they are imported only when asked for, which keeps the start quick.
VERBS = {
    "check": "find everything that is wrong in policies, tests, cases and schemas",
    "test": "run the tests beside the policies",
    "fmt": "bring files into their canonical form",
    "release": "release a version, which never changes from then on",
    "verify": "find released files that were altered, added or lost",
    "evaluate": "determine the requests of a case",
    "agreement": "compare published cases with what the policies say",
    "explain": "read a policy out in plain English",
    "facts": "list the facts that a case can hold",
    "new": "start a new policy",
    "generate": "make up a population of requests, for tests and load",
    "batch": "determine the requests of a population",
    "sql": "print the policies as a view for a warehouse",
    "schema": "tell the columns that a population needs",
    "prove": "prove what cannot be met, cannot matter, or contradicts itself",
    "diff": "say which patients a change of policies touches",
    "ask": "say which fact of a case to obtain next",
    "replay": "evaluate a stored determination again, and say whether it still holds",
    "site": "build the site of the policies, or show it while they are written",
    "lsp": "help an editor while policies are typed: the language server",
    "completion": "print a script with which a shell completes commands",
}

_EPILOG = """\
`imrpolicy COMMAND --help` says more about a command.

exit codes:
  0  nothing wrong
  1  problems were found in policies, tests, cases or schemas; a test fails; a replay does not hold
  2  the call is wrong
  3  the command could not do its work

examples:
  imrpolicy check
  imrpolicy evaluate case.yaml --as-of 2013-12-01
  imrpolicy explain odg/continuous-flow-cryotherapy
"""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of a command line; `run` of them runs the command.

    Raises:
        WrongCallError: The call is wrong.
        SystemExit: The call asks for help or the version, which was printed.
    """
    asked = next((word for word in arguments if not word.startswith("-")), None)
    if asked is not None and asked not in VERBS:
        raise WrongCallError(f"there is no command `{asked}`; {did_you_mean(asked, VERBS)}")
    options, unknown = build(asked).parse_known_args(arguments)
    if unknown:
        raise WrongCallError(_unknown(unknown[0], asked, options.known))
    return options


def build(asked: str | None) -> argparse.ArgumentParser:
    """The parser, with the arguments of one verb only."""
    parser = _Parser(
        prog="imrpolicy",
        description="Treatment guidelines as code: check, test and evaluate policies.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, help="print the version and stop")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an unexpected error")
    verbs = parser.add_subparsers(metavar="COMMAND", required=True, title="commands")
    for verb, summary in VERBS.items():
        sub = verbs.add_parser(
            verb, help=summary, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
        )
        if verb == asked:
            module = importlib.import_module(f"imrpolicy.cli.{verb}")
            sub.description, sub.epilog = module.__doc__, module.EXAMPLE
            module.add_arguments(sub)
            sub.set_defaults(run=module.run, known=sub.known)
    return parser


def _unknown(word: str, verb: str | None, known: Sequence[str]) -> str:
    if not word.startswith("-"):
        return f"`{word}` is one argument too many; see `imrpolicy {verb} --help`"
    near = nearest(word.partition("=")[0], known)
    hint = f"did you mean `{near}`?" if near else f"see `imrpolicy {verb} --help`"
    return f"there is no option `{word}`; {hint}"


class _Parser(argparse.ArgumentParser):
    """A parser that remembers its options, and whose complaints are wrong calls like any other."""

    def __init__(self, **keywords: Any) -> None:
        self.known: list[str] = []
        super().__init__(**keywords)

    def add_argument(self, *names: Any, **keywords: Any) -> argparse.Action:
        """Declare an argument, as the base class does."""
        self.known += [name for name in names if name.startswith("-")]
        return super().add_argument(*names, **keywords)

    def error(self, message: str) -> NoReturn:
        """Stop with a message."""
        raise WrongCallError(f"{message.removeprefix('argument ')}; see `{self.prog} --help`")


class _Version(argparse.Action):
    """Prints the version; reading it costs a look at the installation, so it is done only here."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"imrpolicy {version('imrpolicy')}")
        parser.exit()
