"""The summary names a number that the criteria do not have.

## Why

The summary is what most readers see, in lists and at the top of a letter. When a threshold changes, the
criterion is changed and the summary forgotten, and from then on the two contradict each other.

## Avoid

```yaml
summary: Supported after at least 6 weeks of conservative care.
criteria:
  all:
    - id: conservative_care
      text: Conservative care has been given for at least 4 weeks.
      when: care.conservative_weeks >= 4
```

## Prefer

```yaml
summary: Supported after at least 4 weeks of conservative care.
```

## Source

A summary that is written by hand repeats what the criteria say, and repetitions drift apart.

## What it does not see

Numbers without a unit, and the number one. A number also counts as known where a criterion's own text or
the description of one of its facts has it, or where it is the same in another unit, such as 42 days for 6
weeks.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.expression import facts_of
from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.quantities import numbers_in, quantities, says
from imrpolicy.lint.rule import Finding, Rule
from imrpolicy.policy import Policy, Stance


def check(project: Project) -> Iterator[Finding]:
    """Look at the summary of each policy that has criteria."""
    for policy in project.current:
        named = quantities(policy.summary) if policy.stance is Stance.CRITERIA else ()
        if not named:
            continue
        known = frozenset(_numbers(policy))
        lacking = [quantity for quantity in named if not says(known, quantity.value)]
        described = frozenset(_described(policy)) if lacking else frozenset()
        for quantity in lacking:
            if not says(described, quantity.value):
                yield Finding(
                    subject=policy.id,
                    file=policy.file,
                    path=("summary",),
                    words=quantity.words,
                    message=f"the summary says `{quantity.words}`, and no criterion has that number",
                    help="correct the summary, or the criterion that it is about",
                )


def _numbers(policy: Policy) -> Iterator[float]:
    """The numbers of the expressions, and of the texts beside them."""
    for node in (policy.scope, *(leaf.node for leaf in policy.leaves)):
        yield from numbers_in(node)
    for group in policy.groups:
        yield from [float(group.count)] if group.count else []
        yield from (quantity.value for quantity in quantities(group.text))
    for leaf in policy.leaves:
        yield from (quantity.value for quantity in quantities(leaf.text))


def _described(policy: Policy) -> Iterator[float]:
    """The numbers in what describes the facts that a policy reads."""
    for node in (policy.scope, *(leaf.node for leaf in policy.leaves)):
        for fact in facts_of(node):
            for text in (fact.title, fact.field.description, fact.field.question):
                # In the fact's own unit a description says how to convert it, and sets no threshold.
                yield from (q.value for q in quantities(text) if q.unit != fact.type.unit)


RULE = Rule(id="summary-number", severity=Severity.WARNING, check=check, page=__doc__ or "")
