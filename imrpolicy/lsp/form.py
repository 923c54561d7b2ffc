"""The canonical form of an opened file."""

from __future__ import annotations

from pathlib import Path

from imrpolicy.authored import parse_document
from imrpolicy.authoring.canonical import NotCanonicalError, canonical, key_order
from imrpolicy.issues import has_errors
from imrpolicy.lsp.project import FileKind, Project
from imrpolicy.lsp.tree import text_at


class FormError(ValueError):
    """A file is not formatted; the message says why and what to do next."""


def formatted(text: str, path: Path, kind: FileKind, project: Project) -> str:
    """The canonical form of a text.

    Raises:
        FormError: It has none, or must not change.
        OSError: The schema cannot be read.
    """
    document = parse_document(text.encode(errors="replace"), path.name)
    if kind is FileKind.VERSION or (kind is FileKind.POLICY and text_at(document, "status") == "released"):
        raise FormError("a released version never changes, so it is not formatted")
    if has_errors(document.issues):
        raise FormError("the file has errors, so it cannot be formatted; mend them first")
    try:
        return canonical(document, key_order(project.schemas, kind.schema))
    except NotCanonicalError as error:
        raise FormError(f"{error}; write what is unusual in its layout in another way") from error
