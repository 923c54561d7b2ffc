"""The strength of a criterion is not one of the grades of its source.

## Why

`strength` quotes the source's own scale. A grade that the source does not have misleads whoever weighs two
recommendations against each other.

## Avoid

```yaml
strength: Strong     # of a source whose scale is A, B, C and I
```

## Prefer

```yaml
strength: A
```

or, where the source has more grades than `strength_scale` in `sources.yaml` lists, the missing ones there.

## Source

8 CCR 9792.25.1 and the GRADE working group alike: a strength of evidence means something within its scale
only.

## What it does not see

Sources that declare no scale.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.issues import Severity, did_you_mean
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule


def check(project: Project) -> Iterator[Finding]:
    """Look at the strength of each criterion."""
    for policy in project.current:
        source = project.loaded.sources.get(policy.source.guideline)
        scale = source.strength_scale if source is not None else ()
        for leaf in policy.leaves:
            if scale and leaf.strength and leaf.strength not in scale:
                yield Finding(
                    subject=f"{policy.id}#{leaf.id}",
                    file=policy.file,
                    leaf=leaf.id,
                    path=("strength",),
                    message=f"`{leaf.strength}` is not a grade of `{policy.source.guideline}`",
                    help=did_you_mean(leaf.strength, scale)
                    or "its grades are in `strength_scale` in `sources.yaml`",
                )


RULE = Rule(id="unknown-strength", severity=Severity.ERROR, check=check, page=__doc__ or "")
