"""The files of a directory of policies: their names, and how they are read and held against their schemas."""

from __future__ import annotations

from pathlib import Path

from imrpolicy.authored import Document, read_document, validate
from imrpolicy.issues import Issue, Place, has_errors, in_order
from imrpolicy.policy.blanks import blanks
from imrpolicy.policy.schemas import Schemas

POLICY_FILE = "policy.yaml"
TESTS_FILE = "tests.yaml"
VERSIONS = "versions"
SOURCES_FILE = "sources.yaml"
RELEASES_FILE = "releases.yaml"
SEQUENCES = "search-sequences"


def shown(path: Path) -> str:
    """A path as messages show it: relative to where the user is, with forward slashes."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def read_valid(path: Path, kind: str, schemas: Schemas, issues: list[Issue]) -> Document | None:
    """Read a file and hold it against its schema; None where it cannot be used."""
    document = read_document(path, shown=shown(path))
    found = list(document.issues)
    if document.root is not None and not has_errors(found) and not schemas.fits(kind, document.data()):
        found += against_schema(document, kind, schemas)
    issues += found
    return None if document.root is None or has_errors(found) else document


def against_schema(document: Document, kind: str, schemas: Schemas) -> tuple[Issue, ...]:
    """What a schema has against a file; a blank is told as one, whatever else it is not.

    Args:
        document: The file; it can be read.
        kind: The kind of the file, as the schemas are named.
        schemas: The schemas.
    """
    found = validate(document, schemas.validator(kind))
    empty = {issue.place: issue for issue in blanks(document)}
    if all(issue.place not in empty for issue in found):
        return found
    return in_order([*empty.values(), *(issue for issue in found if issue.place not in empty)])


def file_issue(path: Path, rule: str, message: str, help: str) -> Issue:
    """An issue about a whole file or folder."""
    return Issue(place=Place(shown(path)), rule=rule, message=message, help=help)
