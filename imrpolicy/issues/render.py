"""Issues as text that a person likes to read."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from imrpolicy.issues.issue import Issue

# A line longer than this is cut around the caret, so that a hostile line of a megabyte stays readable.
_WIDEST = 120
_CUT = "..."


class Rendered(NamedTuple):
    """The parts of an issue as text, for whoever lays them out; the excerpt and the help may be empty.

    Attributes:
        place: Where it is.
        kind: Its severity and rule.
        message: What is wrong.
        source: The line of the file, with its number.
        caret: The line below it, with the caret.
        help: The next step.
    """

    place: str
    kind: str
    message: str
    source: str
    caret: str
    help: str


def render(issue: Issue) -> str:
    """One issue as text: the place and the message, the line with a caret, and the next step.

    >>> from imrpolicy.issues import Place
    >>> print(render(Issue(place=Place("a.yaml", 2, 7), rule="unknown-fact", message="no fact `request.day`",
    ...     help="did you mean `request.days`?", source="when: request.day < 3", length=11)))
    a.yaml:2:7: error[unknown-fact]: no fact `request.day`
      2 | when: request.day < 3
        |       ^^^^^^^^^^^
      help: did you mean `request.days`?
    """
    parts = rendered(issue)
    lines = [f"{parts.place}: {parts.kind}: {parts.message}", parts.source, parts.caret]
    return "\n".join([line for line in lines if line] + ([f"  help: {parts.help}"] if parts.help else []))


def rendered(issue: Issue, width: int = _WIDEST) -> Rendered:
    """The parts of one issue.

    Args:
        issue: The issue.
        width: How long the lines of the excerpt may be, in characters.
    """
    source, caret = _excerpt(issue, min(width, _WIDEST)) if issue.source.strip() else ("", "")
    kind = f"{issue.severity.value}[{issue.rule}]"
    return Rendered(str(issue.place), kind, issue.message, source, caret, issue.help)


def _excerpt(issue: Issue, width: int) -> tuple[str, str]:
    number = str(issue.place.line)
    source = "".join(c if c.isprintable() else " " for c in issue.source).rstrip()
    column = issue.place.column - 1
    length = max(1, min(issue.length, len(source) - column))
    source, column, length = _cut(source, column, length, width - len(number) - len("   | "))
    before, marked = source[:column], source[column : column + length]
    caret = " " * (_columns(before) + column - len(before)) + "^" * max(1, _columns(marked))
    return f"  {number} | {source}", f"  {' ' * len(number)} | {caret}"


def _cut(source: str, column: int, length: int, room: int) -> tuple[str, int, int]:
    """A line of which only the part around the caret is shown where it is too long."""
    if len(source) <= room:
        return source, column, length
    start = 0
    if column + length > room - len(_CUT):
        # A third of the room for what stands before the caret, and more of it where the caret needs less.
        start = max(column - room // 3, column + length + len(_CUT) - room)
        start = max(0, min(start, column - len(_CUT), len(source) - room))
    shown = source[start : start + room]
    if start:
        shown = _CUT + shown[len(_CUT) :]
    if start + room < len(source):
        shown = shown[: -len(_CUT)] + _CUT
    column -= start
    return shown, column, max(1, min(length, len(shown) - column))


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: wide letters take two, accents of their own none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )
