"""Text for a terminal: color where there is one, lines that fit, columns that line up; and JSON."""

from __future__ import annotations

import codecs
import json
import os
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
# How wide lines are where nobody looks at them yet, and how wide text is at most where somebody does.
_UNSEEN, _WIDEST, _NARROWEST = 100, 110, 40
# How many characters the last column of a table needs, unless it is narrower anyway.
_LEAST_ROOM = 24
# Signs that a stream may not be able to show, and what comes nearest.
_NEAREST = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u2212": "-", "…": "...", "≤": "<=",
     "≥": ">=", "≠": "!=", "\u00d7": "x", "±": "+-", "•": "*", "·": "-", "\u00a0": " ", "\u202f": " "}
)  # fmt: skip


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
    width: int = _UNSEEN

    @classmethod
    def of(cls, stream: TextIO) -> Style:
        """The style that a stream can show."""
        terminal = stream.isatty()
        width = min(shutil.get_terminal_size((_UNSEEN, 24)).columns, _WIDEST) if terminal else _UNSEEN
        color = terminal and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")
        return cls(color=color and _shows_color(), signs=_is_utf8(stream), width=max(width, _NARROWEST))

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

    def table(self, rows: Iterable[Sequence[str]], indent: str = "") -> str:
        """Rows as columns that line up, separated by two spaces; the last column is wrapped where it must be.

        Where the other columns leave it no room, all of them go below the first.
        """
        listed = [tuple(row) for row in rows]
        if not listed:
            return ""
        widths = [max(len(row[column]) for row in listed) for column in range(len(listed[0]) - 1)]
        room = self.width - len(indent) - sum(width + 2 for width in widths)
        if room < min(_LEAST_ROOM, max(len(row[-1]) for row in listed)):
            return "\n".join(self._stacked(row, indent) for row in listed)
        lines = []
        for *cells, last in listed:
            head = indent + "".join(f"{cell:{width}}  " for cell, width in zip(cells, widths, strict=True))
            lines.append(self.wrap(last, head, " " * len(head)) if last else head.rstrip())
        return "\n".join(lines)

    def _stacked(self, row: Sequence[str], indent: str) -> str:
        rest = "  ".join(cell.strip() for cell in row[1:] if cell)
        first = self.wrap(row[0], indent, indent + "  ")
        return f"{first}\n{self.wrap(rest, indent + '    ')}" if rest else first


def _is_utf8(stream: TextIO) -> bool:
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "") in ("utf8", "utf8sig")


def _shows_color() -> bool:
    """Whether escape sequences are understood: on Windows by newer consoles only, which say so somehow."""
    if sys.platform != "win32":
        return True
    return any(os.environ.get(name) for name in ("WT_SESSION", "TERM_PROGRAM", "ANSICON", "TERM"))


def show_whatever_comes(stream: Any) -> None:
    """Let a stream show the nearest sign for one that its encoding lacks, and never fail for it."""
    if hasattr(stream, "reconfigure"):
        codecs.register_error("imrpolicy-nearest", _nearest)
        stream.reconfigure(errors="imrpolicy-nearest")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - streams that are written to only encode
    wanted = error.object[error.start : error.end].translate(_NEAREST)
    letters = (c for c in unicodedata.normalize("NFKD", wanted) if not unicodedata.combining(c))
    return "".join(c if c.isascii() else "?" for c in letters), error.end


def print_json(data: Any) -> None:
    """Print data as JSON, indented; it stays whole on a stream that cannot show every character."""
    json.dump(data, sys.stdout, indent=2, ensure_ascii=not _is_utf8(sys.stdout), allow_nan=False)
    print()


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: `1 policy`, `2 policies`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
