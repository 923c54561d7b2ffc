"""A progress bar with an estimate, on a terminal only."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_WIDTH = 30
_EVERY = 0.25


@contextmanager
def progress(stream: TextIO, label: str, share: Callable[[], float]) -> Iterator[None]:
    """Show how far something is while it runs.

    Args:
        stream: Where the bar goes; nothing is written unless it is a terminal.
        label: What is done.
        share: How much of it is done, from 0 to 1; below 0 where nobody knows.
    """
    if not stream.isatty():
        yield
        return
    stop = threading.Event()
    started = time.monotonic()

    def watch() -> None:
        while not stop.wait(_EVERY):
            stream.write("\r" + line(label, share(), time.monotonic() - started))
            stream.flush()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        stream.write("\r" + " " * (len(label) + _WIDTH + 40) + "\r")
        stream.flush()


def line(label: str, share: float, seconds: float) -> str:
    """The bar, with an estimate of what is left.

    >>> line("reading", 0.5, 30)
    'reading  [###############...............]  50%  about 30 s left'
    """
    if share <= 0:
        return f"{label}  [{'.' * _WIDTH}]   0%"
    share = min(share, 1.0)
    full = round(share * _WIDTH)
    left = seconds * (1 - share) / share
    return f"{label}  [{'#' * full}{'.' * (_WIDTH - full)}]  {share:3.0%}  about {_spent(left)} left"


def _spent(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
