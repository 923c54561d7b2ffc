"""A file as entries with the comments that belong to them, from which it can be printed anew.

A comment above a key or an item belongs to that, wherever it moves; so does one at the end of its line. One
that comes last belongs to the list or mapping that it is indented like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from imrpolicy.authored import Document, Mapping, Node, Scalar, Sequence

BLANK = ""
"""An empty line among comments."""

_COMMENT = re.compile(r"#[^\n]*")
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_CLOSING = re.compile(r"[\]}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A key with its value, or an item of a list.

    Attributes:
        key: The key; none in a list.
        value: A scalar, or a list or mapping.
        above: The lines of comments above it, empty lines included.
        beside: The comment at the end of its line.
    """

    key: Scalar | None
    value: Scalar | Branch
    above: tuple[str, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A list or a mapping.

    Attributes:
        entries: What is in it, as written.
        is_mapping: Whether these are keys with values.
        in_brackets: Whether it is written in brackets or braces.
        after: The lines of comments after the last entry, empty lines included.
    """

    entries: tuple[Entry, ...]
    is_mapping: bool
    in_brackets: bool
    after: tuple[str, ...] = ()

    @property
    def has_comments(self) -> bool:
        """Whether a comment or an empty line stands somewhere in it."""
        return bool(self.after) or any(
            entry.above or entry.beside or (isinstance(entry.value, Branch) and entry.value.has_comments)
            for entry in self.entries
        )


@dataclass(frozen=True, slots=True)
class _Comment:
    text: str
    start: int
    column: int
    alone: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def lay_out(document: Document) -> Branch:
    """The file as entries; it must be one with a list or mapping at its top."""
    root = document.root
    assert isinstance(root, Mapping | Sequence)  # noqa: S101 - asked before
    return _Layout(document).branch(root, len(document.text), in_brackets=False, column=0)


def comments(document: Document) -> list[str]:
    """The comments of a file, in their order."""
    return [comment.text for comment in _Layout(document).comments]


class _Layout:
    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._starts = [0]
        for line in document.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        assert document.root is not None  # noqa: S101 - asked before
        self.comments = list(self._found(document.root))
        self._done = 0  # how many of the comments have their place
        self._behind = 0  # where what was read last ends

    def _found(self, root: Node) -> Iterator[_Comment]:
        """Comments are what begins with `#` between the scalars: there it can be nothing else."""
        before = 0
        for start, end in [*sorted(_spans(root, self._text)), (len(self._text), 0)]:
            for match in _COMMENT.finditer(self._text, before, start):
                line_start = self._text.rfind("\n", 0, match.start()) + 1
                alone = not self._text[line_start : match.start()].strip()
                yield _Comment(match[0].rstrip(), match.start(), match.start() - line_start + 1, alone)
            before = end

    def branch(self, node: Mapping | Sequence, limit: int, *, in_brackets: bool, column: int) -> Branch:
        """A list or mapping that ends before an offset."""
        start = self._offset(node)
        opens = self._text[start] in "[{"
        if not in_brackets:
            # The dashes may stand below the key itself. A comment there is about what comes after the list.
            column = node.place.column + (node.place.column == column)
        if opens:
            self._behind = start + 1
        pairs = _pairs(node)
        starts = [self._offset(key or value) for key, value in pairs]
        flow = opens or in_brackets
        last = self._closing(node) if opens else limit
        entries = [
            self._entry(key, value, starts[i], [*starts, last][i + 1], flow=flow, column=column)
            for i, (key, value) in enumerate(pairs)
        ]
        after = self._lines(last, 0 if opens else column)
        if opens:
            self._behind = last + 1
        return Branch(entries=tuple(entries), is_mapping=isinstance(node, Mapping), in_brackets=flow,
                      after=after)  # fmt: skip

    def _entry(
        self, key: Scalar | None, value: Node, start: int, limit: int, *, flow: bool, column: int
    ) -> Entry:
        above = self._lines(start, 0)
        above += (BLANK,) if self._blank(start) and not flow else ()
        if key is not None:
            self._behind = key.end
        inner: Scalar | Branch
        if isinstance(value, Scalar):
            beside = self._beside(self._offset(value))
            self._behind = max(self._behind, _end(value, self._text))
            inner = value
        else:
            beside = self._beside(self._offset(value))
            inner = self.branch(value, limit, in_brackets=flow, column=column)
        beside = " ".join(part for part in (beside, self._beside(limit)) if part)
        return Entry(key=key, value=inner, above=above, beside=beside)

    def _lines(self, limit: int, column: int) -> tuple[str, ...]:
        """Comments that come next, before an offset and no less indented than a column."""
        lines: list[str] = []
        while comment := self._next(limit):
            if comment.alone and comment.column < column:
                break
            if self._blank(comment.start):
                lines.append(BLANK)
            lines.append(comment.text)
            self._take(comment)
        return tuple(lines)

    def _beside(self, limit: int) -> str:
        """The comment that comes next, if it stands on the line of what was read last."""
        comment = self._next(limit)
        if comment is None or comment.alone or "\n" in self._text[self._behind : comment.start]:
            return ""
        self._take(comment)
        return comment.text

    def _next(self, limit: int) -> _Comment | None:
        comment = self.comments[self._done] if self._done < len(self.comments) else None
        return comment if comment and comment.start < limit else None

    def _take(self, comment: _Comment) -> None:
        self._done += 1
        self._behind = comment.end

    def _blank(self, start: int) -> bool:
        return self._behind > 0 and bool(_EMPTY_LINE.search(self._text, self._behind, start))

    def _closing(self, node: Mapping | Sequence) -> int:
        """Where the bracket stands that closes a list or mapping."""
        pairs = _pairs(node)
        behind = self._offset(node) + 1
        if pairs:
            key, value = pairs[-1]
            inside = not isinstance(value, Scalar) and self._text[self._offset(value)] in "[{"
            behind = self._closing(value) + 1 if inside else self._last(key, value)  # type: ignore[arg-type]
        while comment := _COMMENT.match(self._text, self._skipped(behind)):
            behind = comment.end()
        closing = _CLOSING.search(self._text, behind)
        assert closing is not None  # noqa: S101 - the file was read
        return closing.start()

    def _skipped(self, offset: int) -> int:
        while offset < len(self._text) and self._text[offset] in " \t\n,:":
            offset += 1
        return offset

    def _last(self, key: Scalar | None, value: Node) -> int:
        if isinstance(value, Scalar):
            return max(value.end, key.end if key else 0)
        return max(self._last(inner, below) for inner, below in _pairs(value))

    def _offset(self, node: Node) -> int:
        if isinstance(node, Scalar):
            return node.start
        return self._starts[node.place.line - 1] + node.place.column - 1


def _pairs(node: Node) -> list[tuple[Scalar | None, Node]]:
    if isinstance(node, Mapping):
        return [(node.keys[name], value) for name, value in node.entries.items()]
    return [(None, item) for item in node.items] if isinstance(node, Sequence) else []


def _end(scalar: Scalar, text: str) -> int:
    """Where a scalar ends; the empty lines below a block are not its own unless its header says so."""
    written = text[scalar.start : scalar.end]
    header = written.partition("\n")[0].partition("#")[0]
    if scalar.style not in ("|", ">") or "+" in header:
        return scalar.end
    return scalar.start + len(written.rstrip())


def _spans(node: Node, text: str) -> Iterator[tuple[int, int]]:
    if isinstance(node, Scalar):
        yield node.start, _end(node, text)
    for key, value in _pairs(node):
        if key is not None:
            yield key.start, key.end
        yield from _spans(value, text)
