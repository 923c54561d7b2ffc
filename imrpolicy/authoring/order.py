"""The order of keys that a schema declares, for every mapping of a file that is held against it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Rule = dict[str, Any]
"""A schema, or a part of one."""

_BRANCHES = ("allOf", "anyOf", "oneOf")


class KeyOrder:
    """Which key comes first.

    Args:
        schema: The schema of the file.
        other: The schema with an `$id` that the first one points to.
    """

    def __init__(self, schema: Rule, other: Callable[[str], Rule]) -> None:
        self.top: tuple[tuple[Rule, Rule], ...] = ((schema, schema),)
        self._other = other

    def sorted_keys(self, rules: Iterable[tuple[Rule, Rule]], keys: Iterable[str]) -> list[str]:
        """The keys of a mapping in the order of its schema, and after them those that it does not declare."""
        written = list(keys)
        known = max(
            (list(rule["properties"]) for rule, _ in self._all(rules) if "properties" in rule),
            key=lambda names: sum(key in names for key in written),
            default=[],
        )
        position = {name: number for number, name in enumerate(known)}
        return sorted(written, key=lambda key: position.get(key, len(known)))

    def below(self, rules: Iterable[tuple[Rule, Rule]], key: str | None) -> tuple[tuple[Rule, Rule], ...]:
        """The schemas of what stands under a key, or of the items of a list where there is no key."""
        found = []
        for rule, root in self._all(rules):
            if key is None:
                found += [rule.get("items")]
            elif key in rule.get("properties", {}):
                found += [rule["properties"][key]]
            else:
                patterns = rule.get("patternProperties", {})
                found += [inner for pattern, inner in patterns.items() if re.search(pattern, key)]
            found[:] = [(inner, root) if isinstance(inner, dict) else inner for inner in found]
        return tuple(pair for pair in found if isinstance(pair, tuple))

    def _all(self, rules: Iterable[tuple[Rule, Rule]]) -> Iterator[tuple[Rule, Rule]]:
        """The schemas with those that they refer to and combine, each with the file that it stands in."""
        for rule, root in rules:
            yield rule, root
            if "$ref" in rule:
                yield from self._all([self._target(rule["$ref"], root)])
            inner = [part for word in _BRANCHES for part in rule.get(word, ())]
            inner += [rule[word] for word in ("then", "else") if word in rule]
            yield from self._all((part, root) for part in inner if isinstance(part, dict))

    def _target(self, reference: str, root: Rule) -> tuple[Rule, Rule]:
        name, _, pointer = reference.partition("#")
        target = start = self._other(name) if name else root
        for step in pointer.split("/")[1:]:
            target = target[step.replace("~1", "/").replace("~0", "~")]
        return target, start
