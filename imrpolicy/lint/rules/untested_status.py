"""No test of a policy shows a criterion met, not met or not documented.

## Why

A criterion that was only ever seen met may be written the wrong way round, and nobody would notice. Each of
the three must have been seen once: met, not met, and left open by a record that is silent.

## Avoid

```yaml
tests:
  - name: Seven days are supported.
    facts:
      request: {duration_days: 7}
    expect: {recommendation: recommended}
```

## Prefer

Two more tests, one on the other side of the limit and one without the fact:

```yaml
  - name: Eight days are too long.
    facts:
      request: {duration_days: 8}
    expect: {recommendation: not_recommended, criteria: {duration: not_met}}
  - name: The duration is not documented.
    facts:
      request: {duration_days: null}
    expect: {recommendation: undetermined, criteria: {duration: not_documented}}
```

`imrpolicy test --coverage` says more, and `--suggest` writes such tests.

## Source

Condition coverage, with the third value of Kleene's logic as a case of its own: J. J. Chilenski and S. P.
Miller, Applicability of modified condition/decision coverage to software testing, 1994.

## What it does not see

Whether the test would notice if the criterion were wrong; that is what mutants are for. Of a criterion that
a record without any facts leaves decided, such as one with `has(...)`, it asks for no test that leaves it
open, and of one that reads a fact of the scope, no test at all, since the scope may decide it.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.authored.wording import listed
from imrpolicy.evaluate import CompiledPolicy
from imrpolicy.expression import facts_of
from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule
from imrpolicy.policy import Criterion, Policy
from imrpolicy.testing import Suite

_WORDS = {True: "met", False: "not met", None: "not documented"}


def check(project: Project) -> Iterator[Finding]:
    """Run the tests of each policy and look at the statuses of its criteria."""
    for policy in project.current:
        suite = project.suite_of.get(policy.id)
        if suite is None or not policy.leaves:
            continue
        compiled = CompiledPolicy(policy)
        nothing = compiled.values((None,) * len(project.loaded.dictionary.facts))
        seen = _seen(compiled, suite)
        for leaf, known, without_facts in zip(policy.leaves, seen, nothing[1:], strict=True):
            if len(known) == len(_WORDS):
                continue
            wanted = _wanted(policy, leaf, without_facts=without_facts)
            lacking = [_WORDS[value] for value in wanted if value not in known]
            if lacking:
                yield Finding(
                    subject=f"{policy.id}#{leaf.id}",
                    file=policy.file,
                    leaf=leaf.id,
                    path=("id",),
                    message=f"no test shows `{leaf.id}` {listed(lacking)}",
                    help=f"add {'a test' if len(lacking) == 1 else 'tests'} to `tests.yaml`; "
                    f"`imrpolicy test {_folder(suite)} --suggest` proposes "
                    f"{'one' if len(lacking) == 1 else 'them'}",
                )


def _folder(suite: Suite) -> str:
    return suite.file.rpartition("/")[0]


def _seen(compiled: CompiledPolicy, suite: Suite) -> list[set[bool | None]]:
    """The values that the tests of this version give to each of its criteria."""
    seen: list[set[bool | None]] = [set() for _ in compiled.leaves]
    lacking = len(_WORDS) * len(seen)
    for test in suite.tests:
        if lacking and test.policy is compiled.policy:
            scope, *values = compiled.values(test.row)
            for known, value in zip(seen, values if scope is not False else (), strict=False):
                lacking -= value not in known
                known.add(value)
    return seen


def _wanted(policy: Policy, leaf: Criterion, *, without_facts: bool | None) -> Iterator[bool | None]:
    """The values that a criterion can surely have where the policy applies."""
    scope = {fact.path for fact in facts_of(policy.scope)}
    if scope.isdisjoint(fact.path for fact in facts_of(leaf.node)):
        yield True
        yield False
        if without_facts is None:
            yield None


RULE = Rule(id="untested-status", severity=Severity.WARNING, check=check, page=__doc__ or "")
