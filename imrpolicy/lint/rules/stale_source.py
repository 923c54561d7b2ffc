"""A source was to be looked at again by a day that has passed.

## Why

Guidelines change without telling anybody who encoded them. The day by which somebody looks again stands
beside the source, and this rule reminds of it.

## Avoid

```yaml
odg:
  title: Official Disability Guidelines
  publisher: MCG Health
  kind: guideline
  check_by: 2020-01-01
```

## Prefer

Look whether the source has changed, encode what is new, and set the next day:

```yaml
  check_by: 2027-01-01
```

## Source

P. G. Shekelle and others, Validity of the Agency for Healthcare Research and Quality clinical practice
guidelines: how quickly do guidelines become outdated?, JAMA 2001;286:1461-1467: half of them were outdated
in under six years.

## What it does not see

Sources without `check_by`, and those that are retired.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule


def check(project: Project) -> Iterator[Finding]:
    """Look at the day by which each source is to be looked at again."""
    for name, source in project.loaded.sources.items():
        if source.retired is None and source.check_by is not None and source.check_by < project.today:
            yield Finding(
                subject=name,
                file=project.sources_file,
                path=("sources", name, "check_by"),
                message=f"`{name}` was to be looked at again by {source.check_by}",
                help="see whether it has changed, bring its policies up to date, and set the next day",
            )


RULE = Rule(id="stale-source", severity=Severity.WARNING, check=check, page=__doc__ or "")
