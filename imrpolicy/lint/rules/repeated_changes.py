"""A version says of its changes what the version before it says.

## Why

`changes` tells a clinician what is new in this version, and for whom. Text that was copied from the version
before says that nothing is, or repeats what was new then.

## Avoid

```yaml
version: 1.1.0
changes: First version.
```

## Prefer

```yaml
version: 1.1.0
changes: Conservative care of 4 weeks is enough. Requests after 4 to 6 weeks can now be supported.
```

## Source

Keep a Changelog 1.1.0: an entry for every single version.

## What it does not see

A text that is different and says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule


def check(project: Project) -> Iterator[Finding]:
    """Compare what is new in each newest version with what the one before says."""
    for policy in project.current:
        before = [other for other in project.versions[policy.id] if other.version < policy.version]
        if before and _words(before[-1].changes) == _words(policy.changes):
            yield Finding(
                subject=policy.id,
                file=policy.file,
                path=("changes",),
                message=f"version {before[-1].version} says the same of its changes",
                help=f"say what is new in version {policy.version}, and for whom",
            )


def _words(text: str) -> list[str]:
    return text.lower().split()


RULE = Rule(id="repeated-changes", severity=Severity.ERROR, check=check, page=__doc__ or "")
