"""Authored YAML files, read strictly, with the place of everything in them."""

from imrpolicy.authored.document import Document, parse_document, read_document
from imrpolicy.authored.fit import fits_surely
from imrpolicy.authored.node import Mapping, Node, Scalar, Sequence
from imrpolicy.authored.schema import validate

__all__ = [
    "Document",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "fits_surely",
    "parse_document",
    "read_document",
    "validate",
]
