"""Which rules of a JSON Schema a value breaks, as plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """One rule of a schema that a value breaks.

    Attributes:
        keyword: The keyword of the rule; empty for a schema that admits nothing.
        wanted: What the schema gives for the keyword.
        schema: The part of the schema that the rule is in.
        value: The value that breaks it.
        path: The keys and positions that lead to the value.
        message: What the validator says.
        is_key: Whether the value is a key of the mapping at the path.
        alternatives: For `anyOf` and `oneOf`, what is broken in each alternative.
        known_beside: The keys that the alternatives to this part of the schema know.
    """

    keyword: str
    wanted: Any
    schema: Mapping[str, Any]
    value: Any
    path: tuple[str | int, ...]
    message: str
    is_key: bool
    alternatives: tuple[tuple[Broken, ...], ...] = ()
    known_beside: frozenset[str] = frozenset()

    @classmethod
    def of(cls, error: ValidationError, known_beside: frozenset[str] = frozenset()) -> Broken:
        """The rule that an error of the validator is about."""
        branches: dict[str | int, list[ValidationError]] = {}
        for child in error.context or ():
            branches.setdefault(child.schema_path[0], []).append(child)
        known = frozenset(
            key
            for child in error.context or ()
            if not child.path
            for key in _schema(child).get("properties", ())
        )
        return cls(
            keyword=error.validator if isinstance(error.validator, str) else "",
            wanted=error.validator_value,
            schema=_schema(error),
            value=error.instance,
            path=tuple(error.absolute_path),
            message=error.message,
            is_key="propertyNames" in error.absolute_schema_path,
            alternatives=tuple(tuple(cls.of(e, known) for e in errors) for errors in branches.values()),
            known_beside=known_beside,
        )

    def unknown_keys(self) -> list[str]:
        """The keys of the value that the schema does not know."""
        if self.keyword == "unevaluatedProperties":
            # Other parts of the schema may know a key, and only the validator has that together.
            named = set(_QUOTED.findall(self.message))
            return [key for key in self.value if repr(key) in named]
        patterns = "|".join(f"(?:{pattern})" for pattern in self.schema.get("patternProperties", ()))
        known = self.schema.get("properties", ())
        return [k for k in self.value if k not in known and not (patterns and re.search(patterns, k))]

    def missing_keys(self) -> list[str]:
        """The keys that are required and not in the value."""
        return [key for key in self.wanted if key not in self.value] if self.keyword == "required" else []


def _schema(error: ValidationError) -> Mapping[str, Any]:
    return error.schema if isinstance(error.schema, Mapping) else {}
