"""The file of a released version is gone.

## Why

A determination that cites the version can no longer be replayed, and a case of those days has no policy.

## Avoid

Writing a new version over the old one, or deleting a file below `versions/`.

## Prefer

`imrpolicy new version`, which keeps the old text. What is lost already, `imrpolicy release` puts back where
the history of git has it.

## Source

Records on which decisions rest are kept: a superseded guideline is an old version, never a deleted one.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.authoring.intact import LOST
from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule


def check(project: Project) -> Iterator[Finding]:
    """Look for the file of each recorded release."""
    for issue in project.kept:
        if issue.rule == LOST:
            yield Finding(subject=issue.place.file, issue=issue)


RULE = Rule(id=LOST, severity=Severity.ERROR, check=check, page=__doc__ or "", may_be_allowed=False)
