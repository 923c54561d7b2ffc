"""Print a script with which a shell completes commands, options and the ids of policies.

The script has all the words in it, so that completing costs no start of imrpolicy. Print it again after an
update.
"""

from __future__ import annotations

import argparse

from imrpolicy.cli.exits import Exit
from imrpolicy.cli.options import one_of

_SHELLS = ("bash", "zsh", "fish", "powershell")

EXAMPLE = """\
examples, for a profile:
  source <(imrpolicy completion bash)
  imrpolicy completion powershell | Out-String | Invoke-Expression
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "shell",
        type=one_of("shell", _SHELLS),
        metavar="{" + ",".join(_SHELLS) + "}",
        help="the shell that reads the script",
    )


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    # Imported here: this module is imported while the words are gathered, and they need the parsers.
    from imrpolicy.cli.completion_shells import SHELLS
    from imrpolicy.cli.completion_words import commands

    print(SHELLS[options.shell](commands()), end="")
    return Exit.FINE
