"""Case files checked, also in the parts of them that no evaluation reads."""

from __future__ import annotations

from pathlib import Path

from imrpolicy.authored import Document, validate
from imrpolicy.authored.json_files import read_file
from imrpolicy.evaluate.case import CaseError
from imrpolicy.evaluate.reader import CaseReader
from imrpolicy.facts import CaseProblem
from imrpolicy.issues import Issue, has_errors, in_order
from imrpolicy.policy import Schemas, shown

# A case with many long records is still far smaller.
MOST_BYTES = 5_000_000


def check_case(path: Path, schemas: Schemas) -> tuple[Issue, ...]:
    """Everything that is wrong in a case file.

    Args:
        path: The file, YAML or JSON.
        schemas: The schemas with the facts that it may give.

    Raises:
        OSError: It cannot be read at all.
    """
    return check_case_document(read_file(path, shown(path), MOST_BYTES), schemas)


def check_case_document(document: Document, schemas: Schemas) -> tuple[Issue, ...]:
    """Everything that is wrong in a case that was read already."""
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


def case_issues(document: Document, problems: tuple[CaseProblem, ...]) -> tuple[Issue, ...]:
    """What is wrong in a case, at its place in the file."""
    found = []
    for problem in problems:
        where = document.key_at(problem.path) if problem.key else document.node_at(problem.path)
        rule = "unknown-name" if problem.key else "wrong-value"
        found.append(document.issue(where, rule, problem.message, problem.help))
    return tuple(found)
