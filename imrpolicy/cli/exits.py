"""Exit codes, and how a command says that the call is wrong."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a command found.

    A script can tell problems in authored files from a command that could not do its work.
    """

    FINE = 0
    """The command did its work and found nothing wrong."""
    FINDINGS = 1
    """Problems were found in policies, tests, cases or schemas; a test fails; a replay does not hold."""
    WRONG_CALL = 2
    """The call is wrong: an unknown option, a file or a policy that does not exist."""
    COULD_NOT_RUN = 3
    """The command could not do its work: a file cannot be read or written, a package of an extra is not
    installed, or the program has a defect."""
    INTERRUPTED = 130
    """Stopped from the keyboard; shells give this number to every program that is."""
    READER_LEFT = 141
    """Whoever read the output went away, as `head` does; shells give this number too."""


class WrongCallError(Exception):
    """The call is wrong; the message says how, and what to do next."""


class CouldNotRunError(Exception):
    """The command cannot do its work, though the call is right; the message says why, and what to do next."""
