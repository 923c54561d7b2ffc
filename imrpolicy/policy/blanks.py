"""The blanks that a scaffold leaves: until each is filled in, it is an issue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imrpolicy.authored import Document, Mapping, Node, Scalar, Sequence
from imrpolicy.issues import Issue

# Such as `<which record shows it>`.
_BLANK = re.compile(r"\s*<[^<>]*>\s*")
_DAYS = {
    "from": "write the first day on which this version holds, such as 2014-01-01, in place of `<...>`",
    "to": "write the last day in place of `<...>`, or take out `to` where no end is known",
}


def blanks(document: Document) -> Iterator[Issue]:
    """The blanks of a file, each at its place."""
    if document.root is not None:
        yield from _blanks(document, document.root, "")


def _blanks(document: Document, node: Node, name: str) -> Iterator[Issue]:
    if isinstance(node, Mapping):
        for key, entry in node.entries.items():
            yield from _blanks(document, entry, key)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _blanks(document, item, name)
    elif isinstance(node, Scalar) and isinstance(node.value, str) and _BLANK.fullmatch(node.value):
        help = _DAYS.get(name, "write the text in place of `<...>`")
        yield document.issue(node, "blank", f"`{name}` is still a blank", help)
