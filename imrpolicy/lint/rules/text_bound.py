"""The text of a criterion sets another bound than its expression.

## Why

"At least 6 weeks" and "more than 6 weeks" differ for every patient with exactly 6 weeks. The flip of `>=`
and `>` is the slip that is easiest to make and hardest to see, since all other patients are judged alike.

## Avoid

```yaml
- id: conservative_care
  text: Conservative care has been given for at least 6 weeks.
  when: care.conservative_weeks > 6
```

## Prefer

```yaml
- id: conservative_care
  text: Conservative care has been given for at least 6 weeks.
  when: care.conservative_weeks >= 6
```

## Source

Boundary value analysis, ISO/IEC/IEEE 29119-4: mistakes gather where one class of cases ends and the next
begins.

## What it does not see

It reads "at least", "at most", "more than", "less than" and their like, right before a number with the unit
of the compared fact, in a text without a negation. For whole numbers `> 5` is the same as `>= 6`. Sessions
and procedures are left alone: the one that is requested may or may not be counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from imrpolicy.expression import Node
from imrpolicy.expression.nodes import Compare, Constant, FactValue, FieldValue, Junction, TimeBetween
from imrpolicy.facts import Kind
from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.quantities import Quantity, quantities
from imrpolicy.lint.rule import Finding, Rule

_PHRASES = {
    ">=": ("at least", "no less than", "not less than", "no fewer than", "a minimum of"),
    "<=": (
        "at most",
        "no more than",
        "not more than",
        "no longer than",
        "up to",
        "limited to",
        "a maximum of",
    ),
    ">": ("more than", "longer than", "greater than"),
    "<": ("less than", "fewer than", "shorter than", "under", "below"),
}
_BY_LENGTH = sorted(
    ((phrase, operator) for operator, phrases in _PHRASES.items() for phrase in phrases),
    key=lambda pair: -len(pair[0]),
)
_NEGATION = re.compile(r"\b(?:no|not|never|without|neither|nor|unless|except)\b", re.IGNORECASE)
# No more than three sessions, the requested one included, are fewer than three before it.
_COUNTED = frozenset({"sessions", "procedures"})
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def check(project: Project) -> Iterator[Finding]:
    """Look at each criterion, exclusion and condition that is, or demands, one comparison with a number."""
    for policy in project.current:
        for leaf in policy.leaves:
            for bound in _bounds(leaf.node):
                said = _said(leaf.text, bound)
                if said:
                    yield Finding(
                        subject=f"{policy.id}#{leaf.id}",
                        file=policy.file,
                        leaf=leaf.id,
                        path=("text",),
                        words=said,
                        message=f"the text says `{said}`, and the expression says `{leaf.when.strip()}`",
                        help="make the two say the same; a patient with exactly that number is judged by it",
                    )


_Bound = tuple[str, float, str, bool]
"""The operator, the number, its unit, and whether whole numbers are compared."""


def _bounds(node: Node) -> tuple[_Bound, ...]:
    """The one comparison of a fact with a number that an expression demands; none where there are several."""
    parts = node.operands if isinstance(node, Junction) and node.operator == "&&" else (node,)
    found = tuple(
        bound for part in parts if isinstance(part, Compare) and (bound := _bound(part)) is not None
    )
    return found if len(found) == 1 else ()


def _bound(node: Compare) -> _Bound | None:
    operator, left, right = node.operator, node.left, node.right
    if isinstance(left, Constant):
        operator, left, right = _MIRRORED.get(operator, operator), right, left  # type: ignore[assignment]
    if (
        operator not in _PHRASES
        or not isinstance(right, Constant)
        or not isinstance(right.value, int | float)
    ):
        return None
    if not isinstance(left, FactValue | FieldValue | TimeBetween) or left.type.unit is None:
        return None
    return operator, float(right.value), left.type.unit, left.type.kind is Kind.INT


def _said(text: str, bound: _Bound) -> str:
    """The bound that a text sets, where that is another one; empty where it is the same or there is none."""
    operator, value, unit, is_whole = bound
    named = [quantity for quantity in quantities(text) if quantity.unit == unit]
    if len(named) != 1 or unit in _COUNTED:
        return ""
    phrase, meant = _phrase_before(text, named[0])
    rest = text.replace(f"{phrase} {named[0].words}", "")
    # Another number altogether is what `text-number` finds.
    apart = abs(named[0].value - value)
    if not phrase or _NEGATION.search(rest) or apart > (1 if operator in ("<", ">") else 0):
        return ""
    ours, theirs = (meant, named[0].value), (operator, value)
    if is_whole:
        ours, theirs = _whole(*ours), _whole(*theirs)
    return "" if ours == theirs else f"{phrase} {named[0].words}"


def _phrase_before(text: str, quantity: Quantity) -> tuple[str, str]:
    before = text[: text.find(quantity.words)].rstrip()
    for phrase, operator in _BY_LENGTH:
        if before.lower().endswith(phrase):
            return before[-len(phrase) :], operator
    return "", ""


def _whole(operator: str, value: float) -> tuple[str, float]:
    """The same bound on whole numbers, with the number itself included."""
    return {">": (">=", value + 1), "<": ("<=", value - 1)}.get(operator, (operator, value))


RULE = Rule(id="text-bound", severity=Severity.ERROR, check=check, page=__doc__ or "")
