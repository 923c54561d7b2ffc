"""A fact is a number without a unit.

## Why

Six what? Days and weeks have been confused in real records, and a comparison of two numbers is checked only
where both have a unit.

## Avoid

```json
"conservative_care": {"type": ["integer", "null"], "minimum": 0, "maximum": 520}
```

## Prefer

```json
"conservative_weeks": {"type": ["integer", "null"], "minimum": 0, "maximum": 520, "x-unit": "weeks"}
```

A count has a unit as well: `levels`, `sessions`, `procedures`.

## Source

The Unified Code for Units of Measure (UCUM) and HL7 FHIR, which has no quantity without a unit for this
reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project, fact_path
from imrpolicy.lint.rule import Finding, Rule
from imrpolicy.lint.vocabulary import every_field


def check(project: Project) -> Iterator[Finding]:
    """Look at each number of the fact dictionary."""
    for path, field in every_field(project.loaded.dictionary):
        if field.type.is_number and field.type.unit is None:
            yield Finding(
                subject=path,
                file=project.dictionary_file,
                path=fact_path(path),
                key=True,
                message=f"`{path}` is a number without a unit",
                help='add `"x-unit"`, such as `"weeks"`; what is counted is a unit too',
            )


RULE = Rule(id="unitless-number", severity=Severity.ERROR, check=check, page=__doc__ or "", of_facts=True)
