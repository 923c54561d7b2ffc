"""The entry point: runs the verb, and turns whatever happens into an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from imrpolicy.cli.exits import Exit
from imrpolicy.cli.failures import stop, wants_traceback
from imrpolicy.cli.output import show_whatever_comes
from imrpolicy.cli.parser import build, parse


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. No exception leaves this function.

    Args:
        arguments: The command line without the program's name; without it, that of the process.

    Returns:
        The exit code.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = wants_traceback(given)
    try:
        try:
            code = _run([word for word in given if word != "--debug"])
        except SystemExit as end:  # argparse ends this way after `--help` and `--version`
            code = int(end.code or 0)
        # What is still in the buffer may find that the reader has left.
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - whoever runs a command sees a sentence, and never a traceback
        return stop(error, debug=debug)
    return code


def _run(arguments: list[str]) -> int:
    if not arguments:
        build(None).print_help()
        return Exit.WRONG_CALL
    options = parse(arguments)
    return int(options.run(options))


def run() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        show_whatever_comes(stream)
    sys.exit(main())


if __name__ == "__main__":
    run()
