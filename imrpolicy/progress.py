"""A progress bar with an estimate, on a terminal only."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

# Beside a detail the bar is short, so that it fits into 80 columns.
_WIDTH, _SHORT = 30, 10
_EVERY = 0.25


@contextmanager
def progress(
    stream: TextIO, label: str, share: Callable[[], float], detail: Callable[[], str] = lambda: ""
) -> Iterator[None]:
    """Show how far something is while it runs.

    Args:
        stream: Where the bar goes; nothing is written unless it is a terminal.
        label: What is done.
        share: How much of it is done, from 0 to 1; below 0 where nobody knows.
        detail: What is said behind the bar, as far as there is room on the line.
    """
    if not stream.isatty():
        yield
        return
    stop = threading.Event()
    started = time.monotonic()
    longest = 0

    def watch() -> None:
        nonlocal longest
        while not stop.wait(_EVERY):
            # A line that goes on below could not be written over.
            room = shutil.get_terminal_size().columns - 1
            said = detail()
            bar = line(label, share(), time.monotonic() - started, _SHORT if said else _WIDTH)
            text = f"{bar}  {said}".rstrip()[:room]
            stream.write("\r" + text.ljust(min(longest, room)))
            stream.flush()
            longest = len(text)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        stream.write("\r" + " " * longest + "\r")
        stream.flush()


def line(label: str, share: float, seconds: float, width: int = _WIDTH) -> str:
    """The bar, with an estimate of what is left.

    >>> line("reading", 0.5, 30)
    'reading  [###############...............]  50%  about 30 s left'
    """
    if share <= 0:
        return f"{label}  [{'.' * width}]   0%"
    share = min(share, 1.0)
    full = round(share * width)
    left = seconds * (1 - share) / share
    return f"{label}  [{'#' * full}{'.' * (width - full)}]  {share:3.0%}  about {_spent(left)} left"


def _spent(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
