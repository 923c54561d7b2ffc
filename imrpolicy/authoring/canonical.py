"""The canonical form of an authored file, proven to say the same."""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.authored import Document, Mapping, Node, Scalar, Sequence, parse_document
from imrpolicy.authoring.layout import comments, lay_out
from imrpolicy.authoring.order import KeyOrder
from imrpolicy.authoring.printing import printed
from imrpolicy.issues import has_errors
from imrpolicy.policy import Schemas


class NotCanonicalError(Exception):
    """A file has no canonical form that says the same; nothing is changed then."""


def key_order(schemas: Schemas, kind: str) -> KeyOrder:
    """The order of the keys in files of a kind, such as `policy`.

    Raises:
        OSError: The schema cannot be read.
    """
    return KeyOrder(schemas.schema(kind), lambda uri: schemas.schema(uri.rpartition(":")[2]))


def canonical(document: Document, order: KeyOrder) -> str:
    """The text of a file in its canonical form.

    Args:
        document: The file; it must have been read without errors.
        order: The order of its keys.

    Raises:
        NotCanonicalError: It has none.
    """
    if document.root is None or isinstance(document.root, Scalar) or has_errors(document.issues):
        raise NotCanonicalError(f"{document.path} cannot be read as keys with values")
    text = printed(lay_out(document), document.text, order)
    again = parse_document(text.encode(), document.path)
    if again.root is None or has_errors(again.issues) or not _says_the_same(document, again):
        raise NotCanonicalError(f"{document.path} would not say the same in canonical form")
    if printed(lay_out(again), text, order) != text:
        raise NotCanonicalError(f"{document.path} would change once more when brought into canonical form")
    return text


def _says_the_same(before: Document, after: Document) -> bool:
    return (
        before.data() == after.data()
        and list(_texts(before.root)) == list(_texts(after.root))
        and sorted(comments(before)) == sorted(comments(after))
    )


def _texts(node: Node | None) -> Iterator[tuple[str, str]]:
    """Every text with its quotes, whatever the order of the keys; nothing may be written in several ways."""
    if isinstance(node, Scalar) and node.value is not None:
        yield node.text, node.style
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _texts(item)
    elif isinstance(node, Mapping):
        for key in sorted(node.entries):
            yield from _texts(node.entries[key])
