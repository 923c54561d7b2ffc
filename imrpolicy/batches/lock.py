"""One run at a time for each output: a second would write into the unfinished file of the first."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from imrpolicy.batches.errors import BatchError

LOCK = ".lock"


@contextmanager
def only_one(lock: Path, output: Path) -> Iterator[None]:
    """Keep other runs from an output.

    The system lets go of the file when a run ends, however it ends: what a killed one leaves stops nobody.

    Args:
        lock: The file that is held, which is gone afterwards.
        output: What is written, for the message.

    Raises:
        BatchError: Another run writes it.
    """
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not (_hold(handle) and _is(handle, lock)):
            raise BatchError(f"another run writes {output.as_posix()}; wait for it, or name another output")
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes no file that is open
                lock.unlink()
    finally:
        os.close(handle)


def _hold(handle: int) -> bool:
    """Whether an open file is ours now, and nobody else's."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True  # a file system that knows no locks
    return True


def _is(handle: int, lock: Path) -> bool:
    """Whether the file is still there under its name, and not one that another run has just removed."""
    try:
        return os.path.samestat(os.fstat(handle), lock.stat())
    except OSError:
        return False
