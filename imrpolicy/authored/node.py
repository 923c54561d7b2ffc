"""The tree of an authored file: what the author wrote, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from imrpolicy.issues import Place


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value: text, a number, true, false or nothing.

    Attributes:
        place: Where it starts.
        value: The value. A date stays text.
        text: What the author wrote, unfolded and without its quotes: `1.10` where the value is 1.1.
        style: How it is written: `'`, `"`, `|` or `>`, or empty for plain text.
        start: Where it starts in the text of the file, counted in characters from 0.
        end: Where it ends.
    """

    place: Place
    value: str | int | float | bool | None
    text: str
    style: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list.

    Attributes:
        place: Where it starts.
        items: Its items, in their order.
    """

    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values.

    Attributes:
        place: Where it starts, which is its first key.
        entries: The values by key, in their order.
        keys: Each key as it is written; a key is always text.
    """

    place: Place
    entries: dict[str, Node]
    keys: dict[str, Scalar]


Node: TypeAlias = Scalar | Sequence | Mapping


def plain_data(node: Node | None) -> Any:
    """The tree as JSON-like data, without its places."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {key: plain_data(entry) for key, entry in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain_data(item) for item in node.items]
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
