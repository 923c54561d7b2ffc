"""Whatever stops a command, as one line for people and an exit code for scripts."""

from __future__ import annotations

import os
import sys
import traceback

from imrpolicy.cli.exits import CouldNotRunError, Exit, WrongCallError
from imrpolicy.extras import MissingExtraError

_DEBUG = "IMRPOLICY_DEBUG"


def wants_traceback(arguments: list[str]) -> bool:
    """Whether `--debug` or the environment asks for the traceback of an unexpected error."""
    return "--debug" in arguments or os.environ.get(_DEBUG, "") not in ("", "0")


def stop(error: BaseException, *, debug: bool = False) -> Exit:
    """Say what stopped a command, and give the exit code.

    Args:
        error: The exception that came out of the command.
        debug: Whether an unexpected one is shown with its traceback.
    """
    match error:
        case WrongCallError():
            return _say(str(error), Exit.WRONG_CALL)
        case CouldNotRunError() | MissingExtraError():
            return _say(f"could not run: {error}", Exit.COULD_NOT_RUN)
        case KeyboardInterrupt():
            return _say("interrupted", Exit.INTERRUPTED)
        case BrokenPipeError():
            _drop_output()
            return Exit.READER_LEFT
        case OSError():
            try:
                sys.stdout.flush()
            except OSError:  # it is the output itself that cannot be written, to a full disk for example
                _drop_output()
            return _say(f"could not run: {_file_message(error)}", Exit.COULD_NOT_RUN)
        case _:
            return _unexpected(error, debug)


def _drop_output() -> None:
    """Let what is still to be printed go nowhere, or Python complains once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str, code: Exit) -> Exit:
    print(f"imrpolicy: {message}", file=sys.stderr)
    return code


def _file_message(error: OSError) -> str:
    if not error.strerror:
        return str(error)
    reason = error.strerror[:1].lower() + error.strerror[1:]
    return f"{os.fspath(error.filename)}: {reason}" if error.filename else reason


def _unexpected(error: BaseException, debug: bool) -> Exit:
    # Imported here, since most commands end without any trouble.
    from imrpolicy.facts import SchemaError
    from imrpolicy.issues import IssuesError

    if isinstance(error, IssuesError):
        from imrpolicy.cli.report import fail_with

        return fail_with(error.issues)
    if isinstance(error, SchemaError) or type(error).__module__.partition(".")[0] in (
        "jsonschema",
        "referencing",
    ):
        message = str(error).partition("\n")[0]
        return _say(f"could not run: the schemas cannot be used: {message}; `imrpolicy check` says where",
                    Exit.COULD_NOT_RUN)  # fmt: skip
    if debug:
        traceback.print_exception(error)
    said = " ".join(str(error).split())[:200]
    what = f"{type(error).__name__}: {said}" if said else type(error).__name__
    how = (
        "report what is printed above"
        if debug
        else f"run it again with `--debug` or {_DEBUG}=1 and report what it prints"
    )
    return _say(f"unexpected error, which is a defect of imrpolicy and not of your files ({what}); "
                f"please {how}, without the data of patients", Exit.COULD_NOT_RUN)  # fmt: skip
