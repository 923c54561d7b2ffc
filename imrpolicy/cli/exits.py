"""Exit codes, and the two ways in which a command stops early."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a command found.

    A script can tell problems in authored files from a command that could not do its work.
    """

    FINE = 0
    """The command did its work and found nothing wrong."""
    FINDINGS = 1
    """Problems were found: in policies, tests or a case; or a replay does not hold."""
    WRONG_CALL = 2
    """The call is wrong: an unknown option, a file or a policy that does not exist."""
    COULD_NOT_RUN = 3
    """The command could not do its work: a file that cannot be read or written, or a defect of the program."""


class WrongCallError(Exception):
    """The call is wrong; the message says how, and what to do next."""
