"""One authored file that was read: its tree, its issues, and how to report more of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence as AbstractSequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imrpolicy.authored.compose import compose
from imrpolicy.authored.decode import decode
from imrpolicy.authored.node import Mapping, Node, Scalar, deepest, plain_data
from imrpolicy.authored.scalars import offsets
from imrpolicy.authored.text import FileText
from imrpolicy.issues import Issue, Place, Severity, in_order

_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file as it was read.

    Attributes:
        source: The text of the file.
        root: The tree; none where the file could not be read.
        issues: What is wrong with the file as YAML, sorted by place.
    """

    source: FileText
    root: Node | None
    issues: tuple[Issue, ...]
    # The data is asked for several times, by the schema and by each reader, and takes as long as they do.
    _data: list[Any] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def path(self) -> str:
        """The path as shown to the user, with forward slashes."""
        return self.source.path

    @property
    def text(self) -> str:
        """The text, with line feeds only and without a byte-order mark."""
        return self.source.text

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the text, without their ends."""
        return self.source.lines

    @property
    def content_hash(self) -> str:
        """The hash of the text: the same whichever line ends the file has on this machine."""
        return "sha256:" + hashlib.sha256(self.text.encode()).hexdigest()

    def data(self) -> Any:
        """The tree as JSON-like data; dates stay text. It is made once, and not to be changed."""
        if not self._data:
            self._data.append(plain_data(self.root))
        return self._data[0]

    def node_at(self, path: AbstractSequence[str | int]) -> Node:
        """The node at a path of keys and positions, or the last one on the way that exists."""
        if self.root is None:
            raise ValueError(f"{self.path} could not be read, so it has no nodes")
        return deepest(self.root, tuple(path))

    def key_at(self, path: AbstractSequence[str | int]) -> Node:
        """The key at the end of a path as it is written, or the node there where it is no key."""
        parent = self.node_at(path[:-1])
        key = path[-1] if path else None
        if isinstance(parent, Mapping) and isinstance(key, str) and key in parent.keys:
            return parent.keys[key]
        return self.node_at(path)

    def issue(
        self,
        where: Node | Place,
        rule: str,
        message: str,
        help: str = "",
        *,
        length: int | None = None,
        severity: Severity = Severity.ERROR,
    ) -> Issue:
        """An issue at a node or place of this file, underlining the whole scalar if no length is given."""
        place = where if isinstance(where, Place) else where.place
        if length is None:
            length = self._length(where.start, where.end) if isinstance(where, Scalar) else 1
        return self.source.issue(place, rule, message, help, length=length, severity=severity)

    def issue_in(
        self,
        scalar: Scalar,
        start: int,
        end: int,
        rule: str,
        message: str,
        help: str = "",
        *,
        severity: Severity = Severity.ERROR,
    ) -> Issue:
        """An issue at a part of a scalar's text, from the character at `start` to the one before `end`.

        It points at what the author wrote, whatever quotes, folding or indentation the scalar has.
        """
        places = offsets(scalar, self.text)
        if places is None:
            return self.issue(scalar, rule, message, help, severity=severity)
        last = len(places) - 1
        first = places[min(max(start, 0), last)]
        beyond = places[min(max(end, 0), last)]
        place = self.source.place(first)
        length = self._length(first, beyond)
        return self.source.issue(place, rule, message, help, length=length, severity=severity)

    def _length(self, start: int, end: int) -> int:
        """How much of a stretch of the text is on its first line."""
        return len(self.text[start:end].partition("\n")[0].rstrip())


def read_document(path: Path, *, shown: str | None = None, max_bytes: int = _MOST_BYTES) -> Document:
    """Reads an authored file.

    Args:
        path: The file.
        shown: The path as issues name it; the path itself if not given.
        max_bytes: A file larger than this is not read.

    Returns:
        The document, with everything that is wrong with it as issues.

    Raises:
        OSError: The file cannot be opened.
    """
    name = shown if shown is not None else path.as_posix()
    size = path.stat().st_size
    if size <= max_bytes:
        with path.open("rb") as file:
            raw = file.read(max_bytes + 1)
        size = len(raw)
    if size > max_bytes:
        return _too_large(name, max_bytes)
    return parse_document(raw, name)


def parse_document(raw: bytes, shown: str) -> Document:
    """Reads the bytes of an authored file that issues name `shown`."""
    text, issues, readable = decode(raw, shown)
    if not readable:
        return Document(source=text, root=None, issues=in_order(issues))
    root, found = compose(text)
    return Document(source=text, root=root, issues=in_order([*issues, *found]))


def _too_large(shown: str, max_bytes: int) -> Document:
    text = FileText.of(shown, "")
    message = f"the file has more than {max_bytes:,} bytes and was not read"
    issue = text.issue(Place(shown), "too-large", message, "split it, or check that it is the file you mean")
    return Document(source=text, root=None, issues=(issue,))
