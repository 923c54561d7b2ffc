"""The tree of an authored file: what the author wrote, and where."""

from __future__ import annotations

from typing import Any, TypeAlias

from imrpolicy.authored.plain import Value
from imrpolicy.issues import Place


class _Placed:
    """What stands somewhere in a file.

    A file has a node for every few characters, and of most of them nobody asks where they are. So a node
    keeps the event of the parser that it was made from and little else: to work out the place of each would
    take longer than all the rest of reading the file.
    """

    __slots__ = ("_event", "_file")

    def __init__(self, file: str, event: Any) -> None:
        self._file = file
        self._event = event

    @property
    def place(self) -> Place:
        """Where it starts; of a mapping, that is its first key."""
        mark = self._event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1)


class Scalar(_Placed):
    """One value: text, a number, true, false or nothing.

    Args:
        file: The file that it is in.
        event: The event of the parser.
        value: The value. A date stays text.

    Attributes:
        value: The value.
    """

    __slots__ = ("value",)

    def __init__(self, file: str, event: Any, value: Value) -> None:
        self._file = file
        self._event = event
        self.value = value

    @property
    def text(self) -> str:
        """What the author wrote, unfolded and without its quotes: `1.10` where the value is 1.1."""
        return getattr(self._event, "value", "")

    @property
    def style(self) -> str:
        """How it is written: `'`, `"`, `|` or `>`, `*` for an alias, or empty for plain text."""
        return getattr(self._event, "style", "*") or ""

    @property
    def start(self) -> int:
        """Where it starts in the text of the file, counted in characters from 0."""
        return int(self._event.start_mark.index)

    @property
    def end(self) -> int:
        """Where it ends."""
        return int(self._event.end_mark.index)


class Sequence(_Placed):
    """A list.

    Args:
        file: The file that it is in.
        event: The event of the parser.
        items: Its items, in their order.

    Attributes:
        items: Its items.
    """

    __slots__ = ("items",)

    def __init__(self, file: str, event: Any, items: tuple[Node, ...]) -> None:
        self._file = file
        self._event = event
        self.items = items


class Mapping(_Placed):
    """Keys with their values.

    Args:
        file: The file that it is in.
        event: The event of the parser.
        entries: The values by key, in their order.
        written: The event of each key.

    Attributes:
        entries: The values by key.
    """

    __slots__ = ("_written", "entries")

    def __init__(self, file: str, event: Any, entries: dict[str, Node], written: dict[str, Any]) -> None:
        self._file = file
        self._event = event
        self.entries = entries
        self._written = written

    @property
    def keys(self) -> dict[str, Scalar]:
        """Each key as it is written; a key is always text."""
        return {key: Scalar(self._file, event, key) for key, event in self._written.items()}


Node: TypeAlias = Scalar | Sequence | Mapping


def plain_data(node: Node | None) -> Any:
    """The tree as JSON-like data, without its places."""
    kind = type(node)
    if kind is Scalar:
        return node.value  # type: ignore[union-attr]
    if kind is Mapping:
        return {
            key: entry.value if type(entry) is Scalar else plain_data(entry)
            for key, entry in node.entries.items()  # type: ignore[union-attr]
        }
    if kind is Sequence:
        return [plain_data(item) for item in node.items]  # type: ignore[union-attr]
    return None


def deepest(root: Node, path: tuple[str | int, ...]) -> Node:
    """The node at a path of keys and positions, or the last one on the way that exists."""
    node = root
    for step in path:
        inner: Node | None = None
        if isinstance(node, Mapping) and isinstance(step, str):
            inner = node.entries.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
            inner = node.items[step]
        if inner is None:
            break
        node = inner
    return node
