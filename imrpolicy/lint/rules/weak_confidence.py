"""A released policy rests on medium or low confidence.

## Why

A released policy decides cases. Where the editor is not sure that the guideline says this, it is a draft.

## Avoid

```yaml
status: released
provenance:
  basis: memory
  confidence: medium
```

## Prefer

Read what the guideline says, correct the policy, and say how it was read:

```yaml
status: released
provenance:
  basis: source
  confidence: high
```

or leave it a draft: `status: draft`.

## Source

The rule of this project that nothing is decided on a memory of a guideline that nobody has checked.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule
from imrpolicy.policy import PolicyStatus

_WEAK = ("medium", "low")


def check(project: Project) -> Iterator[Finding]:
    """Look at the provenance of each released policy."""
    for policy in project.current:
        provenance = policy.provenance
        is_weak = provenance is not None and provenance.confidence in _WEAK
        if provenance is not None and is_weak and policy.status is PolicyStatus.RELEASED:
            yield Finding(
                subject=policy.id,
                file=policy.file,
                path=("provenance", "confidence"),
                message=f"a policy that rests on {provenance.confidence} confidence is not released",
                help="read what the guideline says, correct the policy and its `provenance`, "
                "or leave it a draft",
            )


RULE = Rule(id="weak-confidence", severity=Severity.ERROR, check=check, page=__doc__ or "")
