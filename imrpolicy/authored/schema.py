"""Schema errors as issues in the words of the author, at their places.

The validator says which rule is broken, and the functions of the modules `*_messages` say it to the author. A
keyword without words of its own gets the description in the schema.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from imrpolicy.authored import key_messages as keys
from imrpolicy.authored import type_messages as types
from imrpolicy.authored import value_messages as values
from imrpolicy.authored.branches import best_alternatives, choices, fitting, wrong_types
from imrpolicy.authored.broken import Broken
from imrpolicy.authored.document import Document
from imrpolicy.authored.finding import Finding
from imrpolicy.authored.node import Mapping, Scalar, plain_data
from imrpolicy.authored.wording import quoted
from imrpolicy.issues import Issue, in_order

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


@cache
def _formats() -> Any:
    # Imported here, since files without a mistake never get this far.
    from jsonschema import FormatChecker

    formats = FormatChecker(formats=())
    formats.checks("date", raises=ValueError)(_is_date)
    return formats


def _is_date(text: object) -> bool:
    if not isinstance(text, str):
        return True
    return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) and datetime.date.fromisoformat(text))


def validate(document: Document, validator: Validator) -> tuple[Issue, ...]:
    """The issues of a document under a JSON Schema, sorted by place.

    Args:
        document: A document that was read; one without a tree has no more issues.
        validator: A validator of the schema. One without a format checker gets one for dates.
    """
    if document.root is None:
        return ()
    has_formats = getattr(validator, "format_checker", None) is not None
    checker = validator if has_formats else validator.evolve(format_checker=_formats())
    errors = (Broken.of(error) for error in checker.iter_errors(document.data()))
    rules = [fit for error in errors for fit in fitting(error)]
    findings = [
        Finding(document=document, schema=checker.schema, broken=rule, node=document.node_at(rule.path))
        for rule in _without_echoes(rules)
    ]
    # What is wrong with a value as YAML was said already, and the value is not what the author meant.
    spoilt = {issue.place for issue in document.issues}
    return in_order(
        issue
        for finding in findings
        if not (isinstance(finding.node, Scalar) and finding.node.place in spoilt)
        for issue in _issues(finding)
    )


def _without_echoes(rules: list[Broken]) -> Iterator[Broken]:
    """The rules, less those that say of a value of the wrong type what else it is not."""
    mistyped = {rule.path for rule in rules if rule.keyword == "type"}
    return (rule for rule in rules if not (rule.path in mistyped and rule.keyword in _ECHOES))


def _issues(finding: Finding) -> Iterable[Issue]:
    if finding.broken.is_key:
        return keys.misnamed_key(finding)
    return _MESSAGES.get(finding.broken.keyword, _otherwise)(finding)


def _wrong_type(finding: Finding) -> Iterable[Issue]:
    wanted = finding.broken.wanted
    return types.wrong_type(finding, [wanted] if isinstance(wanted, str) else wanted)


def _alternatives(finding: Finding) -> Iterable[Issue]:
    """Alternatives of which none fits better than the others, or of which several fit."""
    if choices(finding.broken):
        return values.unknown_value(finding)
    if not finding.broken.alternatives:
        groups = [list(branch.get("required", ())) for branch in finding.broken.wanted]
        given = [group for group in groups if group and all(key in finding.broken.value for key in group)]
        return keys.together(finding, given) if given else _otherwise(finding)
    wanted = wrong_types(finding.broken, best_alternatives(finding.broken))
    return types.wrong_type(finding, wanted) if wanted else keys.missing_one_of(finding)


def _not_allowed(finding: Finding) -> Iterator[Issue]:
    """A `not`: mostly keys that exclude each other."""
    excluded = finding.broken.wanted
    if isinstance(excluded, dict) and set(excluded) == {"required"}:
        yield from keys.together(finding, [excluded["required"]])
    else:
        yield from _otherwise(finding)


def _forbidden(finding: Finding) -> Iterator[Issue]:
    """A schema that admits nothing, mostly for one key; the validator does not say for which."""
    entries = finding.node.entries if isinstance(finding.node, Mapping) else {}
    key = next((key for key, entry in entries.items() if plain_data(entry) == finding.broken.value), None)
    what = finding.subject if key is None else quoted(key)
    at = finding.node if key is None else finding.at_key(key)
    reason = None if key is None else finding.because_of(key, forbidden=True)
    if reason is None:
        yield finding.issue("unknown-key", f"{what} cannot be given here", "delete it", at=at)
        return
    name, value, given = reason
    message = (
        f"{what} does not go with `{name}: {value}`" if given else f"{what} goes with `{name}: {value}` only"
    )
    yield finding.issue("conflicting-keys", message, f"delete it, or correct `{name}`", at=at)


def _otherwise(finding: Finding) -> Iterator[Issue]:
    """A keyword without words of its own."""
    message = f"{finding.subject} does not follow the rule `{finding.broken.keyword}` of the schema"
    yield finding.issue("wrong-form", message, finding.said())


_ECHOES = frozenset({"enum", "const", "anyOf", "oneOf", "not"})
_MESSAGES: dict[str, Callable[[Finding], Iterable[Issue]]] = {
    "": _forbidden,
    "additionalProperties": keys.unknown_key,
    "unevaluatedProperties": keys.unknown_key,
    "required": keys.missing_key,
    "dependentRequired": keys.missing_partner,
    "type": _wrong_type,
    "enum": values.unknown_value,
    "const": values.unknown_value,
    "minimum": values.out_of_range,
    "maximum": values.out_of_range,
    "exclusiveMinimum": values.out_of_range,
    "exclusiveMaximum": values.out_of_range,
    "multipleOf": values.not_a_multiple,
    "minLength": values.wrong_size,
    "maxLength": values.wrong_size,
    "minItems": values.wrong_size,
    "maxItems": values.wrong_size,
    "minProperties": values.wrong_size,
    "maxProperties": values.wrong_size,
    "uniqueItems": values.repeated_item,
    "pattern": values.wrong_form,
    "format": values.wrong_format,
    "not": _not_allowed,
    "anyOf": _alternatives,
    "oneOf": _alternatives,
}
