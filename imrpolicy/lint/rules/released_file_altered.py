"""A released file was altered.

## Why

A determination cites the version of each policy and the hash of its text. If the text changes afterwards,
nobody can see any more what decided the case.

## Avoid

Correcting a threshold, or only a spelling, in a `policy.yaml` that says `status: released`.

## Prefer

```sh
imrpolicy new version odg/continuous-flow-cryotherapy 1.0.1
```

puts the released text aside, unchanged, and opens a draft for the correction. If the change was a mistake,
put the released text back.

## Source

Semantic Versioning 2.0.0, item 3: once a version has been released, its contents must not be modified.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.authoring.intact import ALTERED
from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule


def check(project: Project) -> Iterator[Finding]:
    """Compare each released file with the hash that its release recorded."""
    for issue in project.kept:
        if issue.rule == ALTERED:
            yield Finding(subject=issue.place.file, issue=issue)


RULE = Rule(id=ALTERED, severity=Severity.ERROR, check=check, page=__doc__ or "", may_be_allowed=False)
