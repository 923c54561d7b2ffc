"""A criterion rests on a number, and nothing says where the guideline has it.

## Why

A number decides cases. Whoever doubts it must be able to look it up, and so must the next editor.

## Avoid

```yaml
source:
  guideline: odg
  section: n/a
  edition: "2013"
criteria:
  all:
    - id: duration
      text: Use is limited to 7 days.
      when: request.duration_days <= 7
```

## Prefer

```yaml
source:
  guideline: odg
  section: Shoulder Chapter, Continuous-flow cryotherapy
  edition: "2013"
```

or, where the number stands in another place, a `citation` of its own beside the criterion.

## Source

In the AGREE II instrument, item 12 asks for an explicit link between each recommendation and its evidence.

## What it does not see

The section of the policy counts for all of its criteria. It counts as missing only where it is a
placeholder, such as `n/a`, `unknown` or `various`, or just the name of the guideline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.quantities import numbers_in
from imrpolicy.lint.rule import Finding, Rule
from imrpolicy.policy import Policy, Source

_NOTHING = frozenset(
    {
        "",
        "na",
        "none",
        "unknown",
        "tbd",
        "todo",
        "various",
        "general",
        "see source",
        "see guideline",
        "unclear",
    }
)


def check(project: Project) -> Iterator[Finding]:
    """Look at the criteria of each policy that cites no section."""
    for policy in project.current:
        source = project.loaded.sources.get(policy.source.guideline)
        if not _is_nothing(policy.source.section, source):
            continue
        for leaf in policy.leaves:
            if numbers_in(leaf.node) and _is_nothing(leaf.citation, source):
                yield Finding(
                    subject=f"{policy.id}#{leaf.id}",
                    file=policy.file,
                    leaf=leaf.id,
                    path=("when",),
                    message=f"nothing says where the guideline has this number: {_what(policy)}",
                    help="name the section in `source`, or give the criterion a `citation`",
                )


def _what(policy: Policy) -> str:
    return f"the section is `{policy.source.section}`"


def _is_nothing(text: str, source: Source | None) -> bool:
    own = {_plain(name) for name in (source.id, source.title, source.publisher)} if source else set()
    return _plain(text) in _NOTHING | own


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text).lower().split())


RULE = Rule(id="uncited-number", severity=Severity.ERROR, check=check, page=__doc__ or "")
