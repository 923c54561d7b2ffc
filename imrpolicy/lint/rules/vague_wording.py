"""The text of a criterion uses a word that a reader cannot check.

## Why

"An adequate trial of therapy" means one thing to the requester and another to the reviewer. What decides
must be something that two readers of the same record find alike: a number, a finding, a kind of care.

## Avoid

```yaml
- id: conservative_care
  text: There was an adequate trial of conservative care.
  when: care.conservative_failed
```

## Prefer

```yaml
- id: conservative_care
  text: Conservative care has been given for at least 6 weeks.
  when: care.conservative_weeks >= 6
```

## Source

Criteria have to be explicit enough to be applied alike: see the attributes of good guidelines of the
Institute of Medicine, *Guidelines for Clinical Practice: From Development to Use*, 1992 (clarity, and
reliability).

## What it does not see

Words in quotation marks, and a criterion whose expression compares a number or a value: there the
expression says what the word means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from imrpolicy.expression import Node, walk
from imrpolicy.expression.nodes import Constant, ListConstant, Size, TextTest
from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule

_VAGUE = re.compile(
    r"\b(?:in)?(?:appropriate|adequate|sufficient)(?:ly)?\b"
    r"|\b(?:significant(?:ly)?|(?:un)?reasonabl[ey]|(?:un)?suitabl[ey]|(?:un)?satisfactor(?:y|ily))\b"
    r"|\b(?:as|if|when|where) (?:needed|necessary|indicated|appropriate)\b"
    r"|\b(?:medically necessary|clinically (?:indicated|significant))\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|`[^`]*`")


def check(project: Project) -> Iterator[Finding]:
    """Look at each criterion, exclusion and condition that its expression does not define."""
    for policy in project.current:
        for leaf in policy.leaves:
            found = _VAGUE.search(_QUOTED.sub(lambda quoted: " " * len(quoted[0]), leaf.text))
            if found is not None and not _defines(leaf.node):
                yield Finding(
                    subject=f"{policy.id}#{leaf.id}",
                    file=policy.file,
                    leaf=leaf.id,
                    path=("text",),
                    words=found[0],
                    message=f"two readers may differ on what is `{found[0]}`",
                    help="say what the record must show: a number, a finding, a kind of care",
                )


def _defines(node: Node) -> bool:
    """Whether an expression has more in it than facts that are true or false."""
    return any(
        isinstance(part, ListConstant | Size | TextTest)
        or (isinstance(part, Constant) and not isinstance(part.value, bool))
        for part in walk(node)
    )


RULE = Rule(id="vague-wording", severity=Severity.WARNING, check=check, page=__doc__ or "")
