"""Between two versions of a policy there are days on which none is in force.

## Why

On those days the guideline is reported as not encoded, and the request stays undetermined. Where a new
edition follows on the old one, that is nearly always a day counted wrongly.

## Avoid

```yaml
effective: {from: 2009-07-18, to: 2017-11-30, by: service}   # versions/1.0.0.yaml
effective: {from: 2017-12-02, by: service}                   # policy.yaml
```

## Prefer

```yaml
effective: {from: 2017-12-01, by: service}                   # policy.yaml
```

## Source

Both the first and the last day of a period count, as in regulations that speak of services "on or after" a
day.

## What it does not see

A gap of a year or more is taken for an edition that nobody has encoded yet, and versions that are selected
by different dates of a case are not compared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule
from imrpolicy.policy import Policy

_AN_EDITION = dt.timedelta(days=365)
_DAY = dt.timedelta(days=1)


def check(project: Project) -> Iterator[Finding]:
    """Look at the days between the versions of each policy."""
    for versions in project.versions.values():
        if len({policy.effective.by for policy in versions}) == 1:
            yield from _gaps(versions)


def _gaps(versions: tuple[Policy, ...]) -> Iterator[Finding]:
    in_time = sorted(versions, key=lambda policy: policy.effective.start)
    last, covered = in_time[0], in_time[0].effective.end
    for policy in in_time[1:]:
        if covered is None:
            return
        start, end = policy.effective.start, policy.effective.end
        if _DAY < start - covered < _AN_EDITION:
            first = covered + _DAY
            yield Finding(
                subject=policy.id,
                file=policy.file,
                path=("effective", "from"),
                message=f"no version is in force {_days(first, start - _DAY)}: version {last.version} "
                f"ends on {covered}",
                help=f"start this version on {first}, or say why not in `lint.yaml`",
            )
        if end is None or end > covered:
            last, covered = policy, end


def _days(first: dt.date, last: dt.date) -> str:
    return f"on {first}" if first == last else f"from {first} to {last}"


RULE = Rule(id="period-gap", severity=Severity.ERROR, check=check, page=__doc__ or "")
