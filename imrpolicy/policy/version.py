"""Versions of policies: Semantic Versioning, read clinically.

MAJOR where some case can lose a recommendation, MINOR where some case can gain one, PATCH where no outcome
can change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version in three parts, such as 1.0.0.

    >>> Version.parse("1.2.0") < Version.parse("1.10.0")
    True
    """

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read a version.

        Raises:
            ValueError: The text is not three whole numbers joined by points.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise ValueError(f"`{text}` is not a version: write three numbers, such as 1.0.0")
        return cls(*(int(part) for part in found.groups()))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"
