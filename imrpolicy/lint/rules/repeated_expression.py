"""Two criteria of a policy have the same expression.

## Why

It is what is left when a criterion is copied and its expression forgotten: one of the two does not check
what its text says. A criterion that is an exclusion as well can never be passed.

## Avoid

```yaml
criteria:
  all:
    - id: facet_tenderness
      text: There is tenderness over the facet joints.
      when: exam.facet_tenderness
    - id: axial_loading
      text: Axial loading brings on the pain.
      when: exam.facet_tenderness
```

## Prefer

```yaml
    - id: axial_loading
      text: Axial loading brings on the pain.
      when: exam.axial_loading_pain
```

## Source

Copied code that was not adapted is one of the commonest defects: Z. Li and others, CP-Miner, OSDI 2004.

## What it does not see

The same expression in different groups, where it can be meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from imrpolicy.expression import unparse
from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule
from imrpolicy.policy import Criterion, Group, Policy


def check(project: Project) -> Iterator[Finding]:
    """Compare the criteria of each group, the exclusions and the conditions of each policy."""
    for policy in project.current:
        for leaves in _lists(policy):
            seen: dict[str, Criterion] = {}
            for leaf in leaves:
                first = seen.setdefault(unparse(leaf.node), leaf)
                if first is not leaf:
                    yield Finding(
                        subject=f"{policy.id}#{leaf.id}",
                        file=policy.file,
                        leaf=leaf.id,
                        path=("when",),
                        message=f"`{leaf.id}` has the same expression as `{first.id}`",
                        help="write what this one asks, or remove one of the two",
                    )


def _lists(policy: Policy) -> Iterator[Iterable[Criterion]]:
    """What must not be the same: the members of a group; and the exclusions with what must hold besides."""
    required = [] if policy.criteria is None or policy.criteria.kind != "all" else policy.criteria.members
    yield [*(leaf for leaf in required if isinstance(leaf, Criterion)), *policy.exclusions]
    yield policy.conditions
    if policy.criteria is not None:
        yield from _groups(policy.criteria, is_top=policy.criteria.kind == "all")


def _groups(group: Group, *, is_top: bool = False) -> Iterator[Iterable[Criterion]]:
    if not is_top:
        yield [member for member in group.members if isinstance(member, Criterion)]
    for member in group.members:
        if isinstance(member, Group):
            yield from _groups(member)


RULE = Rule(id="repeated-expression", severity=Severity.ERROR, check=check, page=__doc__ or "")
