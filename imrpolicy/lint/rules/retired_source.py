"""A policy is in force after its source was retired.

## Why

A publisher replaces or withdraws a guideline; what was encoded from it still decides cases until somebody
ends its period.

## Avoid

```yaml
# sources.yaml
old-manual: {title: Old manual, publisher: A society, kind: guideline, retired: 2020-06-30}
# old-manual/topic/policy.yaml
effective: {from: 2010-01-01, by: service}
```

## Prefer

```yaml
effective: {from: 2010-01-01, to: 2020-06-30, by: service}
```

A released file cannot be changed, so that takes a new version. Where the source has a successor, name it:
`superseded_by: new-manual`.

## Source

In the AGREE II instrument, item 14 asks for a procedure for updating a guideline.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.issues import Severity, did_you_mean
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule


def check(project: Project) -> Iterator[Finding]:
    """Look at the last day of each policy whose source was retired, and at the successors of sources."""
    sources = project.loaded.sources
    for name, source in sources.items():
        if source.superseded_by and source.superseded_by not in sources:
            yield Finding(
                subject=name,
                file=project.sources_file,
                path=("sources", name, "superseded_by"),
                message=f"there is no source `{source.superseded_by}`",
                help=did_you_mean(source.superseded_by, sources) or "declare it, or leave the successor out",
            )
    for policy in project.current:
        used = sources.get(policy.source.guideline)
        end = policy.effective.end
        if used is not None and used.retired is not None and (end is None or end > used.retired):
            follows = f"; its successor is `{used.superseded_by}`" if used.superseded_by else ""
            yield Finding(
                subject=policy.id,
                file=policy.file,
                path=("effective", "from" if end is None else "to"),
                message=f"`{used.id}` was retired on {used.retired}, and this policy is in force after that",
                help=f"end the period with `to: {used.retired}` or earlier{follows}",
            )


RULE = Rule(id="retired-source", severity=Severity.ERROR, check=check, page=__doc__ or "")
