"""The entry point: runs the verb, and turns whatever happens into an exit code."""

from __future__ import annotations

import _thread
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from imrpolicy.cli.exits import Exit
from imrpolicy.cli.failures import stop, wants_traceback
from imrpolicy.cli.output import show_whatever_comes
from imrpolicy.cli.parser import build, parse

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

# Long enough for Python to leave what it was cleaning up, in seconds.
_SOON = 0.05


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


def interrupt_again(lost: UnraisableHookArgs) -> None:
    """Stop from the keyboard once more where the first time was lost.

    What is raised while Python cleans up an object goes nowhere, and the prover's objects are many.
    """
    if lost.exc_type is KeyboardInterrupt:
        threading.Timer(_SOON, _thread.interrupt_main).start()
    else:
        sys.__unraisablehook__(lost)


def run() -> None:
    """The console script."""
    sys.unraisablehook = interrupt_again
    # Whoever starts a program may close its streams, and Python has none then.
    if sys.stdout is None or sys.stderr is None:
        nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as the program runs
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        show_whatever_comes(stream)
    sys.exit(main())


if __name__ == "__main__":
    run()
