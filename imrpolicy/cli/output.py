"""Text for a terminal: color where there is one, tables that line up, JSON where it was asked for."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


@dataclass(frozen=True, slots=True)
class Style:
    """How text is written to a stream.

    Attributes:
        color: Whether colors are used: on a terminal only, and never against `NO_COLOR` (no-color.org).
        signs: Whether the stream can show signs beyond ASCII.
        width: How wide a line may be, in characters.
    """

    color: bool = False
    signs: bool = False
    width: int = 100

    @classmethod
    def of(cls, stream: TextIO) -> Style:
        """The style that a stream can show."""
        terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
        encoding = (getattr(stream, "encoding", None) or "").lower().replace("-", "")
        width = min(shutil.get_terminal_size((100, 24)).columns, 110) if terminal else 100
        return cls(color=terminal and not os.environ.get("NO_COLOR"), signs=encoding == "utf8", width=max(width, 40))

    def paint(self, text: str, *names: str) -> str:
        """The text in a color or weight."""
        if not self.color or not text:
            return text
        return f"\033[{';'.join(_CODES[name] for name in names)}m{text}\033[0m"

    def wrap(self, text: str, indent: str = "", hanging: str | None = None) -> str:
        """The text in lines that fit, indented; `hanging` is the indentation of all lines but the first."""
        return textwrap.fill(
            text,
            self.width,
            initial_indent=indent,
            subsequent_indent=indent if hanging is None else hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )


def print_json(data: Any) -> None:
    """Print data as JSON, indented."""
    json.dump(data, sys.stdout, indent=2, ensure_ascii=False)
    print()


def table(rows: Iterable[Sequence[str]], indent: str = "") -> str:
    """Rows as columns that line up, separated by two spaces."""
    listed = [tuple(row) for row in rows]
    if not listed:
        return ""
    widths = [max(len(row[column]) for row in listed) for column in range(len(listed[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in listed)
    return "\n".join((indent + line).rstrip() for line in lines)


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: `1 policy`, `2 policies`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
