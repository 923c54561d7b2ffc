"""Case files: read, and their problems shown at their place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from imrpolicy.authored import Document, validate
from imrpolicy.cli.json_files import read_file
from imrpolicy.evaluate import CaseError, Determination, PolicyLibrary
from imrpolicy.evaluate.reader import CaseReader
from imrpolicy.facts import CaseProblem
from imrpolicy.issues import Issue, IssuesError, has_errors, in_order
from imrpolicy.policy import Schemas, shown

# A case with many long records is still far smaller.
MOST_BYTES = 5_000_000


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


def check_case(path: Path, schemas: Schemas) -> tuple[Issue, ...]:
    """Everything that is wrong in a case file, also in the parts of it that no evaluation reads."""
    document = read_file(path, shown(path), MOST_BYTES)
    if document.root is None or has_errors(document.issues):
        return document.issues
    found: tuple[Issue, ...] = ()
    try:
        CaseReader(schemas.dictionary).read(document.data())
    except CaseError as error:
        found = case_issues(document, error.problems)
    # The schema says the same of the facts, in words that know less of them.
    told = {issue.place.line for issue in found}
    rest = (issue for issue in validate(document, schemas.validator("case")) if issue.place.line not in told)
    return in_order([*document.issues, *found, *rest])


def evaluate_file(document: Document, library: PolicyLibrary, **options: Any) -> Sequence[Determination]:
    """The determinations of a case file.

    Raises:
        IssuesError: The case does not fit its schema.
    """
    try:
        return library.evaluate(document.data(), **options)
    except CaseError as error:
        raise IssuesError(case_issues(document, error.problems)) from error


def case_issues(document: Document, problems: tuple[CaseProblem, ...]) -> tuple[Issue, ...]:
    """What is wrong in a case, at its place in the file."""
    found = []
    for problem in problems:
        where = document.key_at(problem.path) if problem.key else document.node_at(problem.path)
        rule = "unknown-name" if problem.key else "wrong-value"
        found.append(document.issue(where, rule, problem.message, problem.help))
    return tuple(found)
