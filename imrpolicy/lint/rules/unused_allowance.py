"""An entry of `lint.yaml` allows what is not found any more.

## Why

An allowance is an exception with a reason. Once the reason is gone, it would let the next mistake of the
same kind pass unseen.

## Avoid

```yaml
allow:
  - rule: vague-wording
    at: odg/a-policy-that-was-mended#conservative_care
    reason: The guideline has no number.
```

## Prefer

Delete the entry.

## Source

ESLint's `--report-unused-disable-directives` and Ruff's rule RUF100 do this for exceptions in code.

## What it does not see

Anything, while another file has an error: what is not read cannot be found.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.issues import Severity
from imrpolicy.lint.allow import UNUSED
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule


def check(project: Project) -> Iterator[Finding]:
    """Find nothing: what is allowed is known only when every other rule has run, and the run reports it."""
    del project
    yield from ()


RULE = Rule(
    id=UNUSED, severity=Severity.WARNING, check=check, page=__doc__ or "", may_be_allowed=False, whole=True
)
