"""Where things stand in the tree of a file: the path to a place, and the criteria of a policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from imrpolicy.authored import Document, Mapping, Node, Scalar, Sequence

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A key or value in a file.

    Attributes:
        path: The keys and positions that lead to it.
        scalar: The key or value as it is written.
        is_key: Whether it is a key.
    """

    path: Path
    scalar: Scalar
    is_key: bool


def spot_at(document: Document, offset: int) -> Spot | None:
    """The key or value that a place is in or at the end of."""
    if document.root is None:
        return None
    return next(
        (spot for spot in _spots(document.root, ()) if spot.scalar.start <= offset <= spot.scalar.end), None
    )


def _spots(node: Node, path: Path) -> Iterator[Spot]:
    if isinstance(node, Scalar):
        yield Spot(path, node, is_key=False)
    elif isinstance(node, Mapping):
        for name, entry in node.entries.items():
            yield Spot((*path, name), node.keys[name], is_key=True)
            yield from _spots(entry, (*path, name))
    else:
        for position, item in enumerate(node.items):
            yield from _spots(item, (*path, position))


def named_members(document: Document) -> dict[str, Mapping]:
    """The criteria, exclusions, conditions and groups of a policy that have an id, by id."""
    found: dict[str, Mapping] = {}
    if isinstance(document.root, Mapping):
        for key in ("criteria", "exclusions", "conditions"):
            if key in document.root.entries:
                for member in _members(document.root.entries[key]):
                    name = member.entries.get("id")
                    if isinstance(name, Scalar):
                        found.setdefault(name.text, member)
    return found


def _members(node: Node) -> Iterator[Mapping]:
    if isinstance(node, Mapping):
        yield node
        for entry in node.entries.values():
            yield from _members(entry)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _members(item)


def is_criterion_id(path: Path) -> bool:
    """Whether a path in a policy leads to the id of a criterion, exclusion, condition or group."""
    return len(path) > 1 and path[0] in ("criteria", "exclusions", "conditions") and path[-1] == "id"


def text_at(document: Document, *path: str | int) -> str:
    """The text at a path; empty where there is none."""
    node = document.node_at(path) if document.root is not None else None
    exists = node is not None and _reaches(document.root, path)
    return node.text if exists and isinstance(node, Scalar) else ""


def _reaches(node: Node | None, path: Path) -> bool:
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str) and step in node.entries:
            node = node.entries[step]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return False
    return True
