"""What the builds of one session keep, while somebody writes: all that was made from what has not changed.

A thing is kept under a key that holds everything it was made from. Files count by what is in them, not by the
time at which they were saved, so that nothing old can pass for new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class Memory:
    """What was made, by name, each with the key of what it was made from."""

    def __init__(self) -> None:
        self._made: dict[Hashable, tuple[Hashable, Any]] = {}

    def get(self, name: Hashable, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under a name if it was made from the same, else what is made now.

        Args:
            name: What it is.
            key: All that it is made from; none where nothing is to be kept.
            make: Makes it.
        """
        if key is None:
            return make()
        known = self._made.get(name)
        if known is None or known[0] != key:
            known = (key, make())
            self._made[name] = known
        made: T = known[1]
        return made


def mark(paths: Iterable[Path]) -> str:
    """A short text that is another one when a file in some folders, or one of some files, is another one.

    Raises:
        OSError: A file cannot be read.
    """
    digest = hashlib.blake2b(digest_size=16)
    for top in paths:
        for file in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if file.is_file():
                text = file.read_bytes()
                digest.update(f"{file.as_posix()}\0{len(text)}\0".encode())
                digest.update(text)
    return digest.hexdigest()
