"""The text of a criterion names a number that its expression does not have.

## Why

Reviewers and letters read the text; the evaluation reads the expression. Where one says 4 weeks and the
other 6, the letter gives a reason that did not decide the case.

## Avoid

```yaml
- id: conservative_care
  text: Conservative care has been given for at least 6 weeks.
  when: care.conservative_weeks >= 4
```

## Prefer

```yaml
- id: conservative_care
  text: Conservative care has been given for at least 4 weeks.
  when: care.conservative_weeks >= 4
```

## Source

An off-by-one limit and a change made in one of two places are among the slips that tests written by the
same editor tend to repeat.

## What it does not see

It looks only where the expression compares a fact that has a unit with a number, and the text names numbers
of that unit, none of which is in the expression. Spans of time it leaves alone where text and expression
have more than one unit of them. A number that is the same in another unit is fine, and so is 7 in the text
for `< 8`.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.quantities import Quantity, compared_units, numbers_in, quantities, says
from imrpolicy.lint.rule import Finding, Rule
from imrpolicy.policy import Criterion

_TIMES = frozenset({"hours", "days", "weeks", "months", "years"})


def check(project: Project) -> Iterator[Finding]:
    """Look at each criterion, exclusion and condition that compares a quantity with a number."""
    for policy in project.current:
        for leaf in policy.leaves:
            of_unit = _comparable(leaf)
            if not of_unit:
                continue
            known = numbers_in(leaf.node)
            if not any(says(known, quantity.value) for quantity in of_unit):
                words = of_unit[0].words
                yield Finding(
                    subject=f"{policy.id}#{leaf.id}",
                    file=policy.file,
                    leaf=leaf.id,
                    path=("text",),
                    words=words,
                    message=f"the text says `{words}`, and the expression says `{leaf.when.strip()}`",
                    help="make the two say the same",
                )


def _comparable(leaf: Criterion) -> tuple[Quantity, ...]:
    """The quantities of a text whose unit its expression has; none of time where time has several units."""
    named = quantities(leaf.text)
    units = compared_units(leaf.node) if named else frozenset()
    times = (units | {quantity.unit for quantity in named}) & _TIMES
    return tuple(q for q in named if q.unit in units and (len(times) < 2 or q.unit not in _TIMES))


RULE = Rule(id="text-number", severity=Severity.ERROR, check=check, page=__doc__ or "")
