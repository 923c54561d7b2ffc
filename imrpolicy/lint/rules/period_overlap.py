"""A version is in force on days that another one states for itself, without replacing it.

## Why

Of the versions whose periods cover a day, the highest governs. A period that overlaps another one in part
therefore says something that is not so; and where the newer version ends first, the older one silently
comes back into force.

## Avoid

```yaml
effective: {from: 2012-01-01, to: 2017-12-31, by: decision}   # versions/1.0.0.yaml
effective: {from: 2017-12-01, by: decision}                   # policy.yaml
```

## Prefer

```yaml
effective: {from: 2018-01-01, by: decision}                   # policy.yaml
```

## Source

Which version governs is in the description of the evaluation: the highest whose period covers the day.

## What it does not see

A version that covers all days of the other one corrects it, which is fine. So does a successor of a version
that had no last day when it was released, since that file can no longer be changed. Versions that are
selected by different dates of a case are not compared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import combinations

from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule
from imrpolicy.policy import Effective, Policy


def check(project: Project) -> Iterator[Finding]:
    """Compare the periods of each two versions of a policy."""
    for versions in project.versions.values():
        for older, newer in combinations(versions, 2):
            what = _conflict(older, newer, versions)
            if what:
                yield Finding(
                    subject=newer.id,
                    file=newer.file,
                    path=("effective", "from"),
                    message=what,
                    help="let one period end on the day before the other starts, or let the newer version "
                    "cover all days of the older one",
                )


def _conflict(older: Policy, newer: Policy, versions: tuple[Policy, ...]) -> str:
    """What is wrong with the periods of two versions; nothing where that is empty."""
    old, new = older.effective, newer.effective
    if old.by is not new.by or not _overlap(old, new) or _contains(new, old):
        return ""
    if new.end is not None and (old.end is None or old.end > new.end):
        after = new.end + dt.timedelta(days=1)
        if any(other.version > older.version and other.effective.covers(after) for other in versions):
            return ""
        return f"version {older.version} comes back into force after {new.end}, when this version ends"
    if old.end is None:
        return ""
    return f"version {older.version} is in force until {old.end}, and this version already from {new.start}"


def _overlap(a: Effective, b: Effective) -> bool:
    first, second = sorted((a, b), key=lambda period: period.start)
    return first.end is None or first.end >= second.start


def _contains(a: Effective, b: Effective) -> bool:
    return a.start <= b.start and (a.end is None or (b.end is not None and b.end <= a.end))


RULE = Rule(id="period-overlap", severity=Severity.ERROR, check=check, page=__doc__ or "")
