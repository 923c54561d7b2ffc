"""A criterion does not say which record shows it.

## Why

Where a fact is missing, the determination tells the requester what to send. It can do so only if the
criterion says which record would show it.

## Avoid

```yaml
- id: conservative_care
  text: Conservative care has been given for at least 4 weeks.
  when: care.conservative_weeks >= 4
```

## Prefer

```yaml
- id: conservative_care
  text: Conservative care has been given for at least 4 weeks.
  when: care.conservative_weeks >= 4
  evidence: Therapy notes with dates.
```

## Source

A request for information has to name what is missing: for utilization review in California 8 CCR
9792.9.1(f).

## What it does not see

Drafts: the evidence can be added until the release.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule
from imrpolicy.policy import PolicyStatus


def check(project: Project) -> Iterator[Finding]:
    """Look at each criterion, exclusion and condition of the released policies."""
    for policy in project.current:
        for leaf in policy.leaves if policy.status is PolicyStatus.RELEASED else ():
            if not leaf.evidence:
                yield Finding(
                    subject=f"{policy.id}#{leaf.id}",
                    file=policy.file,
                    leaf=leaf.id,
                    path=("id",),
                    message=f"nothing says which record shows `{leaf.id}`",
                    help="add `evidence`, such as `Therapy notes with dates.`",
                )


RULE = Rule(id="missing-evidence", severity=Severity.WARNING, check=check, page=__doc__ or "")
