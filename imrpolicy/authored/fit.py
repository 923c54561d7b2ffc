"""Whether a value fits a JSON Schema, said quickly, or not said at all.

The validator that finds and words every mistake takes longer than all the rest of reading a file, and nearly
every file has no mistake. So a schema becomes a function that says yes only where the validator would find
nothing. A no means only that the validator has to look; a schema with a keyword that is not known here always
gets one.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

Fits = Callable[[Any], bool]
Schema = Mapping[str, Any]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OF_TEXTS = frozenset({"type", "minLength", "maxLength", "pattern"})
_ANNOTATIONS = frozenset("$schema $id $defs $comment title description examples default deprecated".split())
# These are read together with another keyword.
_READ_ELSEWHERE = frozenset({"then", "else"})
_MEMBERS = ("properties", "patternProperties", "additionalProperties")


class _UnsureError(Exception):
    """The rules here do not settle it."""


# A schema that is itself damaged raises one of the others; what is wrong with it is the validator's to say.
_UNSURE = (_UnsureError, LookupError, TypeError, ValueError, AttributeError, re.error)


def fits_surely(schema: Schema) -> Fits:
    """A function that says yes only to values that surely fit a schema.

    Args:
        schema: A JSON Schema of draft 2020-12. Of the formats, dates are held to; the rest are annotations.

    Example:
        >>> fits = fits_surely({"type": "string", "maxLength": 3})
        >>> fits("abc"), fits("abcd"), fits_surely({"contains": True})([1])
        (True, False, False)
    """
    try:
        fits = _Compiler(schema).fits(schema)
    except _UNSURE:
        fits = _never

    def surely(value: Any) -> bool:
        try:
            return fits(value)
        except _UNSURE:
            return False

    return surely


class _Compiler:
    """Makes functions of the parts of a schema; each says exactly whether a value fits, or raises."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self._references: dict[str, Fits] = {}

    def fits(self, schema: Any) -> Fits:
        """The function of one part."""
        if isinstance(schema, bool):
            return _always if schema else _never
        if "$id" in schema and schema is not self._root:
            raise _UnsureError  # references below it would start from another place
        keywords = [keyword for keyword in schema if self._is_rule(keyword, schema)]
        if schema.get("type") == "string" and _OF_TEXTS.issuperset(keywords):
            return _text(schema)
        rules = [self._rule(keyword, schema) for keyword in keywords]
        return rules[0] if len(rules) == 1 else partial(_all, rules)

    def _is_rule(self, keyword: str, schema: Schema) -> bool:
        if keyword in _MEMBERS:  # the three are one rule
            return keyword == next(key for key in schema if key in _MEMBERS)
        return keyword not in _ANNOTATIONS | _READ_ELSEWHERE and not keyword.startswith("x-")

    def _rule(self, keyword: str, schema: Schema) -> Fits:
        wanted = schema[keyword]
        if keyword in _PLAIN:
            return _PLAIN[keyword](wanted)
        match keyword:
            case "$ref":
                return self._reference(wanted)
            case "properties" | "patternProperties" | "additionalProperties":
                return self._members(schema)
            case "items":
                return _on(list, partial(_each, self.fits(wanted)))
            case "propertyNames":
                return _on(dict, partial(_each, self.fits(wanted)))
            case "allOf" | "anyOf" | "oneOf":
                return self._combined(keyword, wanted)
            case "not":
                rule = self.fits(wanted)
                return lambda value: not rule(value)
            case "if":
                parts = [self.fits(schema.get(key, True)) for key in ("if", "then", "else")]
                return lambda value: parts[1](value) if parts[0](value) else parts[2](value)
            case _:
                raise _UnsureError

    def _reference(self, target: str) -> Fits:
        if not target.startswith("#/"):
            raise _UnsureError
        known = self._references
        if target not in known:
            # A schema may refer to itself, so there has to be a function before it is known.
            known[target] = lambda value: known[target](value)
            part: Any = self._root
            for step in target[2:].split("/"):
                part = part[step]
            known[target] = self.fits(part)
        return known[target]

    def _members(self, schema: Schema) -> Fits:
        named = {name: self.fits(part) for name, part in schema.get("properties", {}).items()}
        patterns = [
            (re.compile(pattern), self.fits(part))
            for pattern, part in schema.get("patternProperties", {}).items()
        ]
        further = self.fits(schema.get("additionalProperties", True))

        def named_members(value: dict[Any, Any]) -> bool:
            for key, item in value.items():  # noqa: SIM110 - as in `_all`
                if not named.get(key, further)(item):
                    return False
            return True

        # The same few keys stand in every file.
        @lru_cache(maxsize=4096)
        def rule_of(key: str) -> Fits:
            rules = [rule for pattern, rule in patterns if pattern.search(key)]
            if key in named:
                rules.append(named[key])
            return rules[0] if len(rules) == 1 else partial(_all, rules or [further])

        def members(value: dict[Any, Any]) -> bool:
            for key, item in value.items():  # noqa: SIM110 - as in `_all`
                if not rule_of(key)(item):
                    return False
            return True

        return _on(dict, members if patterns else named_members)

    def _combined(self, keyword: str, parts: list[Any]) -> Fits:
        if keyword == "oneOf" and all(_is_choice(part) for part in parts):
            return _enum([part["const"] for part in parts])
        rules = [self.fits(part) for part in parts]
        if keyword == "allOf":
            return partial(_all, rules)
        if keyword == "anyOf":
            return lambda value: any(rule(value) for rule in rules)
        return lambda value: sum(rule(value) for rule in rules) == 1


def _always(_: Any) -> bool:
    return True


def _never(_: Any) -> bool:
    return False


def _all(rules: list[Fits], value: Any) -> bool:
    for rule in rules:  # noqa: SIM110 - `all` with a generator takes twice as long
        if not rule(value):
            return False
    return True


def _each(rule: Fits, values: Any) -> bool:
    return all(map(rule, values))


def _on(kind: type, rule: Fits) -> Fits:
    """A rule that holds for values of one type only; any other value fits."""
    return lambda value: not isinstance(value, kind) or rule(value)


def _is_choice(part: Any) -> bool:
    """Whether an alternative is nothing but one text."""
    rules = {key for key in part if key not in _ANNOTATIONS and not key.startswith("x-")}
    return rules == {"const"} and isinstance(part["const"], str)


def _const(wanted: Any) -> Fits:
    if isinstance(wanted, bool):
        return lambda value: value is wanted  # for Python 1 is `True`, for JSON it is not
    if not isinstance(wanted, str | None):
        raise _UnsureError  # JSON and Python do not agree on which numbers are the same
    return lambda value: value == wanted


def _enum(values: list[Any]) -> Fits:
    if not all(isinstance(value, str) for value in values) or len(set(values)) < len(values):
        raise _UnsureError
    known = frozenset(values)
    return lambda value: isinstance(value, str) and value in known


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_integer(value: Any) -> bool:
    return _is_number(value) and (isinstance(value, int) or value.is_integer())


_TYPES: dict[str, Fits] = {
    "string": lambda value: isinstance(value, str),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": _is_number,
    "integer": _is_integer,
}


def _type(wanted: Any) -> Fits:
    if isinstance(wanted, str):
        return _TYPES[wanted]
    rules = [_TYPES[name] for name in wanted]
    return lambda value: any(rule(value) for rule in rules)


def _pattern(wanted: str) -> Fits:
    search = re.compile(wanted).search
    return _on(str, lambda value: search(value) is not None)


def _text(schema: Schema) -> Fits:
    """The rules for texts as one, since most values are texts."""
    least, most = schema.get("minLength", 0), schema.get("maxLength", math.inf)
    search = re.compile(schema.get("pattern", "")).search
    return lambda value: isinstance(value, str) and least <= len(value) <= most and search(value) is not None


def _is_date(value: str) -> bool:
    try:
        return _DATE.fullmatch(value) is not None and bool(datetime.date.fromisoformat(value))
    except ValueError:
        return False


def _is_unique(values: list[Any]) -> bool:
    if not all(isinstance(value, str) for value in values):
        raise _UnsureError
    return len(set(values)) == len(values)


def _shortest(kind: type, wanted: int) -> Fits:
    return _on(kind, lambda value: len(value) >= wanted)


def _longest(kind: type, wanted: int) -> Fits:
    return _on(kind, lambda value: len(value) <= wanted)


_PLAIN: dict[str, Callable[[Any], Fits]] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    "required": lambda names: _on(dict, lambda value: all(name in value for name in names)),
    "pattern": _pattern,
    "format": lambda name: _on(str, _is_date) if name == "date" else _always,
    "uniqueItems": lambda wanted: _on(list, _is_unique) if wanted else _always,
    "minLength": partial(_shortest, str),
    "maxLength": partial(_longest, str),
    "minItems": partial(_shortest, list),
    "maxItems": partial(_longest, list),
    "minProperties": partial(_shortest, dict),
    "maxProperties": partial(_longest, dict),
    "minimum": lambda wanted: lambda value: not _is_number(value) or value >= wanted,
    "maximum": lambda wanted: lambda value: not _is_number(value) or value <= wanted,
}
