"""Entries printed in the one canonical form.

Keys have the order of the schema, a level is two spaces, and the items of a list are one level below its key.
What is written in brackets stays in brackets, in as few lines as it needs, unless there are comments in it.
Quotes, the line breaks of texts and comments stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from imrpolicy.authored import Scalar
from imrpolicy.authoring.layout import BLANK, Branch, Entry
from imrpolicy.authoring.order import KeyOrder, Rule

WIDTH = 120
"""How long a line may be that ends within brackets."""

_STEP = 2
_INDICATOR = re.compile(r"[1-9]")
_Rules = tuple[tuple[Rule, Rule], ...]


def printed(branch: Branch, text: str, order: KeyOrder) -> str:
    """The canonical text of a file.

    Args:
        branch: The file as entries.
        text: Its text.
        order: The order of its keys.
    """
    printer = _Printer(text, order)
    lines = [*printer.head(branch), *printer.block(branch, 0, order.top)]
    return "\n".join(lines) + "\n"


class _Printer:
    def __init__(self, text: str, order: KeyOrder) -> None:
        self._text = text
        self._order = order
        self._first: Entry | None = None

    def head(self, branch: Branch) -> tuple[str, ...]:
        """What stands above the first key is about the file, and stays at its top."""
        self._first = branch.entries[0] if branch.entries else None
        return _trimmed(self._first.above) if self._first else ()

    def block(self, branch: Branch, indent: int, rules: _Rules) -> Iterator[str]:
        """A list or mapping, one line or more for each entry."""
        if not branch.entries:
            yield " " * indent + ("{}" if branch.is_mapping else "[]")
        first = True
        for entry in self._sorted(branch, rules):
            inner = self._order.below(rules, entry.key.text if entry.key else None)
            lines = list(self._above(entry, indent))
            lines += self._pair(entry, indent, inner) if entry.key else self._item(entry, indent, inner)
            yield from _trimmed(tuple(lines)) if first else lines
            first = False
        yield from _indented(branch.after, indent)

    def _sorted(self, branch: Branch, rules: _Rules) -> list[Entry]:
        if not branch.is_mapping:
            return list(branch.entries)
        entries = {entry.key.text: entry for entry in branch.entries if entry.key}
        return [entries[key] for key in self._order.sorted_keys(rules, entries)]

    def _above(self, entry: Entry, indent: int) -> Iterator[str]:
        if entry is not self._first:
            yield from _indented(entry.above, indent)

    def _pair(self, entry: Entry, indent: int, rules: _Rules) -> Iterator[str]:
        assert entry.key is not None  # noqa: S101 - of a mapping
        head = f"{' ' * indent}{self._written(entry.key)}:"
        yield from self._value(entry, head, indent, rules)

    def _item(self, entry: Entry, indent: int, rules: _Rules) -> Iterator[str]:
        dash = " " * indent + "-"
        if isinstance(entry.value, Scalar) or self._in_brackets(entry.value, dash, indent + 3, rules):
            yield from self._value(entry, dash, indent, rules)
            return
        lines = list(self.block(entry.value, indent + _STEP, rules))
        # Comments above what has become the first key go above the dash.
        while lines[0].lstrip().startswith("#"):
            yield " " * indent + lines.pop(0).lstrip()
        yield from [f"{dash} {lines[0].lstrip()}", *lines[1:]]

    def _value(self, entry: Entry, head: str, indent: int, rules: _Rules) -> Iterator[str]:
        """What comes after a colon or a dash."""
        if isinstance(entry.value, Scalar):
            yield from _commented(self._scalar(entry.value, head, indent + _STEP), entry.beside)
            return
        within = indent + (_STEP if entry.key else _STEP + 1)
        lines = self._in_brackets(entry.value, head, within, rules)
        if lines:
            yield from _commented(lines, entry.beside)
        else:
            yield from _commented([head], entry.beside)
            yield from self.block(entry.value, indent + _STEP, rules)

    def _scalar(self, scalar: Scalar, head: str, indent: int) -> list[str]:
        first, *more = self._written(scalar).split("\n")
        if scalar.style in ("|", ">"):
            depth = _depth(more, scalar)
            first = _INDICATOR.sub(str(_STEP), first.partition("#")[0]) + "".join(first.partition("#")[1:])
            more = [" " * indent + line[depth:] if len(line) > depth else "" for line in more]
            while more and not more[-1] and "+" not in first.partition("#")[0]:
                more.pop()
        else:
            more = [" " * indent + line.lstrip() if line.strip() else "" for line in more]
        return [f"{head} {first}" if first else head, *more]

    def _in_brackets(self, branch: Branch, head: str, indent: int, rules: _Rules) -> list[str]:
        """The lines of what is in brackets; none where it cannot be."""
        parts = self._parts(branch, rules)
        if (branch.entries and not branch.in_brackets) or parts is None:
            return []
        opening, closing = "{}" if branch.is_mapping else "[]"
        lines = [f"{head} {opening}"]
        for part in [f"{part}, " for part in parts[:-1]] + parts[-1:]:
            if len(lines[-1]) + len(part.rstrip()) + 1 > WIDTH and not lines[-1].endswith(opening):
                lines.append(" " * indent)
            lines[-1] += part
        lines[-1] += closing
        fits = all(len(line.rstrip()) <= WIDTH for line in lines)
        return [line.rstrip() for line in lines] if fits else []

    def _parts(self, branch: Branch, rules: _Rules) -> list[str] | None:
        """What is between the commas of brackets; none where it has comments or lines of its own."""
        if branch.has_comments:
            return None
        parts = []
        for entry in self._sorted(branch, rules):
            inner = self._order.below(rules, entry.key.text if entry.key else None)
            value = self._part(entry.value, inner)
            if value is None or "\n" in value:
                return None
            parts.append(f"{self._written(entry.key)}: {value}" if entry.key else value)
        return parts

    def _part(self, value: Scalar | Branch, rules: _Rules) -> str | None:
        if isinstance(value, Scalar):
            return self._written(value) or "null"
        parts = self._parts(value, rules)
        if parts is None:
            return None
        return f"{{{', '.join(parts)}}}" if value.is_mapping else f"[{', '.join(parts)}]"

    def _written(self, scalar: Scalar) -> str:
        """A scalar as its author wrote it."""
        written = self._text[scalar.start : scalar.end]
        return written.removesuffix("\n") if scalar.style in ("|", ">") else written


def _depth(body: list[str], scalar: Scalar) -> int:
    """How far the text of a block is indented."""
    written = next((line for line in body if line.strip(" ")), "")
    read = next((line for line in scalar.text.split("\n") if line.strip(" ")), "")
    return (len(written) - len(written.lstrip(" "))) - (len(read) - len(read.lstrip(" ")))


def _commented(lines: list[str], comment: str) -> list[str]:
    return [*lines[:-1], f"{lines[-1]}  {comment}"] if comment else lines


def _indented(comments: tuple[str, ...], indent: int) -> Iterator[str]:
    return (" " * indent + comment if comment else BLANK for comment in comments)


def _trimmed(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines without empty ones at the top."""
    start = next((number for number, line in enumerate(lines) if line), len(lines))
    return lines[start:]
