"""Two facts ask for the same thing.

## Why

A record fills in one of them, a policy reads the other, and the criterion stays undocumented although the
record says it.

## Avoid

```json
"radicular": {"title": "Radicular pain", "x-question": "Is there radicular pain?"},
"radiculopathy": {"title": "Pain of a nerve root", "x-question": "Is there any radicular pain?"}
```

## Prefer

One fact, which all policies read. Before a new one is declared, `imrpolicy facts` searches those that
exist.

## Source

The design of this project: the dictionary of facts is the one vocabulary of cases, forms, policies and
proofs.

## What it does not see

Two facts that mean the same in other words, and a field of a record in a list that asks the same as a fact
outside: only facts of the same type, whose questions, or whose titles within one group, have the same words
apart from articles and the like, are taken to ask for the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from imrpolicy.facts import Field
from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project, fact_path
from imrpolicy.lint.rule import Finding, Rule
from imrpolicy.lint.vocabulary import every_field

_EMPTY = frozenset(
    "a an the is are was were be been do does did has have had there any some of in on at to for with that "
    "which this it its what how many much".split()
)


def check(project: Project) -> Iterator[Finding]:
    """Compare the facts of the dictionary, and the fields of records, with each other."""
    first: dict[tuple[object, ...], str] = {}
    for path, field in every_field(project.loaded.dictionary):
        group = path.rpartition(".")[0]
        record = group if "[]" in path else ""
        keys = [("question", record, field.type.kind, words)] if (words := _words(field.question)) else []
        titled = [("title", group, field.type.kind, words)] if (words := _words(field.title)) else []
        known = next((first[key] for key in (*keys, *titled) if key in first), None)
        for key in (*keys, *titled):
            first.setdefault(key, path)
        if known is not None:
            yield _finding(project, path, field, known)


def _finding(project: Project, path: str, field: Field, known: str) -> Finding:
    return Finding(
        subject=path,
        file=project.dictionary_file,
        path=fact_path(path),
        key=True,
        message=f"`{path}` asks for the same as `{known}`: `{field.question or field.title}`",
        help="keep one of the two, or say in both how they differ",
    )


def _words(text: str) -> tuple[str, ...]:
    """The words that carry the meaning of a text, singular, in their order; none where there is but one."""
    found = re.findall(r"[a-z0-9]+", text.lower())
    meaning = tuple(word.removesuffix("s") for word in found if word not in _EMPTY)
    return meaning if len(meaning) > 1 else ()


RULE = Rule(id="overlapping-fact", severity=Severity.ERROR, check=check, page=__doc__ or "", of_facts=True)
