"""Case files: read, and their problems shown at their place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from imrpolicy.authored import Document, read_document
from imrpolicy.evaluate import CaseError, PolicyLibrary
from imrpolicy.facts import CaseProblem
from imrpolicy.issues import Issue, IssuesError, has_errors
from imrpolicy.policy import shown

# A case with many long records is still far smaller.
MOST_BYTES = 5_000_000


def read_case_file(path: Path) -> Document:
    """Read a case file, YAML or JSON.

    Raises:
        IssuesError: It cannot be read as YAML or JSON.
        OSError: It cannot be read at all.
    """
    document = read_document(path, shown=shown(path), max_bytes=MOST_BYTES)
    if has_errors(document.issues) or document.root is None:
        raise IssuesError(document.issues)
    return document


def case_issues(document: Document, problems: tuple[CaseProblem, ...]) -> tuple[Issue, ...]:
    """The problems of a case as issues of its file."""
    found = []
    for problem in problems:
        where = document.key_at(problem.path) if problem.key else document.node_at(problem.path)
        rule = "unknown-name" if problem.key else "wrong-value"
        found.append(document.issue(where, rule, problem.message, problem.help))
    return tuple(found)


def check_case(document: Document, library: PolicyLibrary) -> tuple[Issue, ...]:
    """Everything that is wrong in a case file that was read as YAML."""
    try:
        library.read_case(document.data())
    except CaseError as error:
        return case_issues(document, error.problems)
    return ()


def evaluate_file(document: Document, library: PolicyLibrary, **options: Any) -> Any:
    """The determinations of a case file.

    Raises:
        IssuesError: The case does not fit its schema.
    """
    try:
        return library.evaluate(document.data(), **options)
    except CaseError as error:
        raise IssuesError(case_issues(document, error.problems)) from error


def day(text: str) -> dt.date:
    """A date of the command line."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"`{text}` is not a date; write it as 2013-12-01") from None
