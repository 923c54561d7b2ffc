"""Which of a schema's alternatives an author meant.

`anyOf` and `oneOf` fail with the errors of every alternative. Only those of the one that fits best help: a
criterion with `all` is a group with a mistake in it, and not also a leaf without `id`, `text` and `when`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from imrpolicy.authored.broken import Broken
from imrpolicy.issues import nearest

_WRONG_KIND, _WRONG_CONSTANT, _WRONG_KEY, _NEAR_KEY, _MOST_DEEP = 1000, 100, 10, 5, 5


class Choice(NamedTuple):
    """One value of an enumeration, with its title if it has one."""

    value: Any
    title: str


def choices(broken: Broken) -> list[Choice]:
    """The values of an enumeration, written as `enum`, `const` or alternatives of these; else none."""
    if broken.keyword == "enum":
        return [Choice(value, "") for value in broken.wanted]
    if broken.keyword == "const":
        return [Choice(broken.wanted, "")]
    if broken.keyword not in ("anyOf", "oneOf"):
        return []
    found: list[Choice] = []
    for branch in broken.wanted:
        if "const" in branch:
            found.append(Choice(branch["const"], branch.get("title", "")))
        elif "enum" in branch:
            found += (Choice(value, "") for value in branch["enum"])
        elif branch.get("type") != "null":
            return []
    return found


def fitting(broken: Broken) -> tuple[Broken, ...]:
    """What to report for a broken rule: what is broken in the alternative that fits best.

    The rule itself stays where no alternative fits better than the others.
    """
    if not broken.alternatives or choices(broken):
        return (broken,)
    tied = best_alternatives(broken)
    undecided = len(tied) > 1 and all(_lacks_a_key(broken, rules) for rules in tied)
    return (broken,) if undecided or wrong_types(broken, tied) else tied[0]


def best_alternatives(broken: Broken) -> list[tuple[Broken, ...]]:
    """What is broken in each alternative that fits as well as any other."""
    alternatives = [tuple(fit for rule in rules for fit in fitting(rule)) for rules in broken.alternatives]
    scores = [_misfit(broken, rules) for rules in alternatives]
    return [rules for rules, score in zip(alternatives, scores, strict=True) if score == min(scores)]


def wrong_types(broken: Broken, alternatives: list[tuple[Broken, ...]]) -> list[str]:
    """The types that the best alternatives want, where the value has none of them."""
    wanted: dict[str, None] = {}
    for rules in alternatives:
        mistyped = [rule for rule in rules if rule.keyword == "type" and rule.path == broken.path]
        if not mistyped:
            return []
        types = mistyped[0].wanted
        wanted.update(dict.fromkeys([types] if isinstance(types, str) else types))
    return list(wanted)


def _lacks_a_key(broken: Broken, rules: tuple[Broken, ...]) -> bool:
    """Whether only the keys at the top are wrong, and the one is missing that would tell what is meant."""
    keywords = {rule.keyword if rule.path == broken.path else "" for rule in rules}
    return "required" in keywords and keywords <= {"required", "additionalProperties"}


def _misfit(broken: Broken, rules: tuple[Broken, ...]) -> int:
    """How badly an alternative fits: by its kind, then by its constants, then by its keys."""
    depth = len(broken.path)
    return sum(_weight(rule, len(rule.path) - depth) for rule in rules) + min(_MOST_DEEP, len(rules))


def _weight(rule: Broken, deeper: int) -> int:
    if deeper == 0 and rule.keyword == "type":
        return _WRONG_KIND
    if deeper <= 1 and rule.keyword == "const":
        return _WRONG_CONSTANT
    if deeper > 0:
        return 0
    if rule.keyword == "additionalProperties":
        known = rule.schema.get("properties", ())
        return sum(_NEAR_KEY if nearest(key, known) else _WRONG_KEY for key in rule.unknown_keys())
    return _WRONG_KEY
