"""A value of an enumeration that no policy, test or case uses.

## Why

Either a policy forgot it, or a form offers it for nothing. In both cases nobody has thought about what
follows when a record says it.

## Avoid

```json
"oneOf": [{"const": "diagnostic"}, {"const": "therapeutic"}, {"const": "palliative"}]
```

with policies that ask for the purpose and never mention `palliative`.

## Prefer

A test that shows what follows from it:

```yaml
- name: A palliative injection is not supported.
  facts:
    request: {purpose: palliative}
  expect: {recommendation: not_recommended}
```

or no such value.

## Source

Each value of an enumeration is a class of cases of its own: equivalence partitioning, ISO/IEC/IEEE 29119-4.

## What it does not see

Facts that no policy reads, and those whose values are compared with the values of another fact, such as the
levels of the spine: there each value matters. `other` and `none` need no use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from imrpolicy.expression import Node, walk
from imrpolicy.expression.nodes import (
    Compare,
    Constant,
    Contains,
    FactValue,
    FieldValue,
    ListConstant,
    Variable,
)
from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project, fact_path
from imrpolicy.lint.rule import Finding, Rule
from imrpolicy.lint.vocabulary import every_field, values_of

_NEEDS_NO_USE = frozenset({"other", "none", "unknown"})
_WORD = re.compile(r"[\w-]+")


def check(project: Project) -> Iterator[Finding]:
    """Look at each enumeration that a policy reads."""
    candidates = _candidates(project)
    unused = {value for values in candidates.values() for value in values}
    for value in chain(_in_cases(project), _in_tests(project, candidates)):
        if not unused:
            return
        unused.discard(value)
    for path, values in candidates.items():
        for value in (value for value in values if value in unused):
            yield Finding(
                subject=f"{path}#{value}",
                file=project.dictionary_file,
                path=fact_path(path),
                key=True,
                message=f"no policy, test or case uses the value `{value}` of `{path}`",
                help="show in a test what follows from it, or remove it",
            )


def _candidates(project: Project) -> dict[str, list[str]]:
    """The values that no expression names, by fact."""
    read: set[str] = set()
    compared: set[str] = set()
    named: set[str] = set()
    for policy in project.loaded.policies:
        for root in (policy.scope, *(leaf.node for leaf in policy.leaves)):
            for node in walk(root):
                if isinstance(node, Constant) and isinstance(node.value, str):
                    named.add(node.value)
                elif isinstance(node, FactValue | FieldValue):
                    read.add(_path(node))
                elif isinstance(node, Compare | Contains):
                    compared.update(_both(node))
    return {
        path: values
        for path, field in every_field(project.loaded.dictionary)
        if path in read - compared
        and (values := [v for v in values_of(field.type) if v not in named | _NEEDS_NO_USE])
    }


def _path(node: FactValue | FieldValue | Variable) -> str:
    return node.fact.path if isinstance(node, FactValue) else node.path.removesuffix("[]")


def _both(node: Compare | Contains) -> Iterator[str]:
    """The facts of a comparison, where neither side is written out."""
    sides: tuple[Node, Node] = (
        (node.left, node.right) if isinstance(node, Compare) else (node.element, node.container)
    )
    if not any(isinstance(side, Constant | ListConstant) for side in sides):
        for side in sides:
            if isinstance(side, FactValue | FieldValue | Variable):
                yield _path(side)


def _in_tests(project: Project, paths: Iterable[str]) -> Iterator[str]:
    facts = project.loaded.dictionary.by_path
    indices = {facts[path.partition("[]")[0]].index for path in paths}
    for suite in project.suites:
        for test in suite.tests:
            for index in indices:
                yield from _texts(test.row[index])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _in_cases(project: Project) -> Iterator[str]:
    for path in project.case_files:
        yield from _WORD.findall(path.read_text(encoding="utf-8", errors="replace"))


RULE = Rule(id="unused-value", severity=Severity.WARNING, check=check, page=__doc__ or "", of_facts=True)
