"""Case files: read, evaluated, and their problems shown at their place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from imrpolicy.authored import Document
from imrpolicy.authored.json_files import read_file
from imrpolicy.evaluate import CaseError, Determination, Options, PolicyLibrary
from imrpolicy.evaluate.case_files import MOST_BYTES, case_issues
from imrpolicy.issues import IssuesError, has_errors
from imrpolicy.policy import shown

__all__ = ["case_issues", "evaluate_file", "read_case_file"]


def read_case_file(path: Path) -> Document:
    """Read a case file, YAML or JSON.

    Raises:
        IssuesError: It cannot be read as YAML or JSON.
        OSError: It cannot be read at all.
    """
    document = read_file(path, shown(path), MOST_BYTES)
    if has_errors(document.issues) or document.root is None:
        raise IssuesError(document.issues)
    return document


def evaluate_file(document: Document, library: PolicyLibrary, how: Options) -> Sequence[Determination]:
    """The determinations of a case file.

    Raises:
        IssuesError: The case does not fit its schema.
    """
    try:
        return library.evaluate_as(document.data(), how)
    except CaseError as error:
        raise IssuesError(case_issues(document, error.problems)) from error
