"""Messages for values that are unknown, out of range, of the wrong size or of the wrong form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from imrpolicy.authored.branches import Choice, choices
from imrpolicy.authored.finding import Finding, known_words
from imrpolicy.authored.node import Mapping, Scalar, Sequence
from imrpolicy.authored.wording import quoted
from imrpolicy.issues import Issue, nearest

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
}
_SIZES = {
    "minLength": ("is too short", "at least", "character"),
    "maxLength": ("is too long", "at most", "character"),
    "minItems": ("has too few items", "at least", "item"),
    "maxItems": ("has too many items", "at most", "item"),
    "minProperties": ("has too few keys", "at least", "key"),
    "maxProperties": ("has too many keys", "at most", "key"),
}


def unknown_value(finding: Finding) -> Iterator[Issue]:
    """A value that is none of those the schema lists."""
    known = choices(finding.broken)
    help = known_words([_text(choice.value) for choice in known])
    node = finding.node
    if not isinstance(node, Scalar):
        kind = "a mapping" if isinstance(node, Mapping) else "a list"
        yield finding.issue("wrong-type", f"{finding.subject} should be one value, not {kind}", help)
    elif node.value is None and not node.text:
        yield finding.issue("wrong-type", f"{finding.subject} is empty", help)
    elif any(choice.value == node.text for choice in known):
        message = f"{finding.written} is not read as text, as the values of {finding.key_name} are"
        yield finding.issue("wrong-type", message, "put it in quotes: " + quoted(f'"{node.text}"'))
    else:
        near = _near(node.text, known)
        message = f"{finding.written} is not a value of {finding.key_name}"
        yield finding.issue("unknown-value", message, f"did you mean `{near}`?" if near else help)


def _near(text: str, known: list[Choice]) -> str | None:
    """The known value that comes nearest, by itself or by its title."""
    titles = {choice.title.casefold(): _text(choice.value) for choice in known if choice.title}
    title = nearest(text.casefold(), titles)
    return nearest(text, [_text(choice.value) for choice in known]) or (titles[title] if title else None)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def out_of_range(finding: Finding) -> Iterator[Issue]:
    """A number below or above what the schema admits."""
    rule = finding.broken.schema
    limits = [f"{words} {_text(rule[name])}" for name, words in _BOUNDS.items() if name in rule]
    unit = rule.get("x-unit", "")
    side = "small" if "inimum" in finding.broken.keyword else "large"
    message = f"{finding.written} is too {side} for {finding.key_name}"
    yield finding.issue("out-of-range", message, f"it has to be {' and '.join(limits)} {unit}".rstrip())


def not_a_multiple(finding: Finding) -> Iterator[Issue]:
    """A number that is not a multiple of what the schema says."""
    step = _text(finding.broken.wanted)
    yield finding.issue("out-of-range", f"{finding.written} is not a multiple of {step}", finding.said())


def wrong_size(finding: Finding) -> Iterator[Issue]:
    """Text, a list or a mapping that is too short or too long."""
    what, side, unit = _SIZES[finding.broken.keyword]
    limit = finding.broken.wanted
    verb = "needs" if side == "at least" else "can have"
    help = f"it {verb} {side} {limit} {unit}" + ("" if limit == 1 else "s")
    what = what if finding.broken.value else "is empty"
    yield finding.issue("wrong-size", f"{finding.subject} {what}", help)


def repeated_item(finding: Finding) -> Iterator[Issue]:
    """An item that is in a list twice."""
    seen: dict[str, int] = {}
    items = finding.node.items if isinstance(finding.node, Sequence) else ()
    for position, item in enumerate(items):
        first = seen.setdefault(json.dumps(finding.broken.value[position], sort_keys=True), position)
        if first != position:
            message = f"this is in {finding.key_name} already, as item {first + 1}"
            yield finding.issue("duplicate-item", message, "delete one of the two", at=item)


def wrong_form(finding: Finding) -> Iterator[Issue]:
    """Text that does not match the pattern for it."""
    if finding.broken.schema.get("format") == "date":
        return  # said of the format, in better words
    help = finding.like() or finding.said()
    help = help or f"its form, as a regular expression, is {quoted(finding.broken.wanted)}"
    yield finding.issue("wrong-form", f"{finding.written} does not have the form of {finding.key_name}", help)


def wrong_format(finding: Finding) -> Iterator[Issue]:
    """Text that is not a date, or not of another format that the schema names."""
    name = finding.broken.wanted
    if name != "date":
        help = finding.said()
        yield finding.issue("wrong-form", f"{finding.written} does not have the form `{name}`", help)
    elif _DATE.fullmatch(finding.broken.value):
        message = f"{finding.written} is not a day of the calendar"
        yield finding.issue("wrong-form", message, "check the month and the day")
    else:
        message = f"{finding.written} is not a date"
        yield finding.issue("wrong-form", message, "write year, month and day, such as 2013-06-20")
