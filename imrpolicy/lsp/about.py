"""Which versions of a policy a test is about, as far as its file says so."""

from __future__ import annotations

from imrpolicy.authored import Document, Mapping, Scalar, Sequence
from imrpolicy.testing.chosen import ends

_VERSION = "version"


def named(document: Document, position: int) -> tuple[str, ...]:
    """The ends of the versions that a test is about: those of a range, or all of a list.

    What comes last is empty where the newest version is among them because no last one is named.

    Args:
        document: The file of tests.
        position: The position of the test.
    """
    root, test = document.root, document.node_at(("tests", position))
    for owner in (test, root):
        node = owner.entries.get(_VERSION) if isinstance(owner, Mapping) else None
        if isinstance(node, Scalar):
            return tuple(dict.fromkeys(ends(node.text)))
        if isinstance(node, Sequence):
            return tuple(item.text for item in node.items if isinstance(item, Scalar))
    return ("",)


def last(document: Document, position: int) -> str:
    """The last version that a test is about; empty for the newest."""
    return named(document, position)[-1]


def is_about(versions: tuple[str, ...], newest: str) -> bool:
    """Whether the newest version is among those that `named` gives."""
    return newest in versions or versions[-1] == ""


def is_about_others(versions: tuple[str, ...], newest: str) -> bool:
    """Whether other versions than the newest are among them."""
    return any(version not in ("", newest) for version in versions)
