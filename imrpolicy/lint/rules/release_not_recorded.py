"""A version says that it is released, and no release of it is recorded.

## Why

Without the record nobody knows since when it is released, nor whether it has been altered since.

## Avoid

Typing `status: released` by hand.

## Prefer

```sh
imrpolicy release odg/continuous-flow-cryotherapy
```

which checks and tests the version, sets the status and records the day and the hash.

## Source

The ledger of releases, `policies/releases.yaml`: a release is an act with a date, not a word in a file.

## What it does not see

A project without a ledger: `imrpolicy release --all` starts one.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.authoring.intact import ADDED
from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule


def check(project: Project) -> Iterator[Finding]:
    """Look for the record of each version that says it is released."""
    for issue in project.kept:
        if issue.rule == ADDED:
            yield Finding(subject=issue.place.file, issue=issue)


RULE = Rule(id=ADDED, severity=Severity.ERROR, check=check, page=__doc__ or "", may_be_allowed=False)
