"""What Spark says when it fails, said for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from imrpolicy.batches.errors import BatchError

_FILE = re.compile(r"reading file (?P<file>\S.*?)\.\s")
_CAUSE = re.compile(r"^Caused by: (?:[\w.$]+: )?(?P<cause>.+)$", re.MULTILINE)
# The first two or three sentences say it; what follows is where in Spark it happened.
_LONGEST = 400


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Say for people what Spark says: where, what, and what is left.

    Args:
        where: What is read or written, for what does not name a file.

    Raises:
        BatchError: Spark failed.
    """
    try:
        yield
    except failures() as error:
        file = _FILE.search(f"{error} ")
        place = file["file"] if file is not None else where
        raise BatchError(
            f"{place} cannot be read or written: {reason_of(error)}; what was not done is not there"
        ) from None


def failures() -> tuple[type[Exception], ...]:
    """What Spark raises. A client of Spark Connect alone has no Java, and no package that speaks to it."""
    from pyspark.errors import PySparkException

    try:
        from py4j.protocol import Py4JError
    except ModuleNotFoundError:
        return (PySparkException,)
    return PySparkException, Py4JError


def reason_of(error: Exception) -> str:
    """The reason in one line: the innermost cause, or else the first line that is not empty."""
    said = str(error)
    causes, java = _CAUSE.findall(said), getattr(error, "java_exception", None)
    if causes:
        said = causes[-1]
    elif java is not None:
        said = str(java.getMessage())
    first = next((line for line in said.splitlines() if line.strip()), "unknown error")
    return " ".join(first.split())[:_LONGEST].rstrip(".:")
