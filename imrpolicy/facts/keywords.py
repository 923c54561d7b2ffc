"""The part of JSON Schema that may describe a fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imrpolicy.facts.names import is_name
from imrpolicy.facts.types import Kind

_KINDS = {
    "boolean": Kind.BOOL,
    "integer": Kind.INT,
    "number": Kind.DOUBLE,
    "string": Kind.STRING,
    "array": Kind.LIST,
    "object": Kind.RECORD,
}
# Keywords that admit or refuse no value, and so bind nobody; those that start with `x-` are of this sort too.
_ANNOTATIONS = frozenset({"title", "description", "examples", "deprecated", "$comment"})
_ALLOWED: Mapping[str, frozenset[str]] = {
    "group": frozenset({"type", "properties", "additionalProperties", "required"}),
    "enumeration": frozenset({"oneOf"}),
    "choice": frozenset({"const"}),
    Kind.BOOL: frozenset({"type"}),
    Kind.INT: frozenset({"type", "minimum", "maximum"}),
    Kind.DOUBLE: frozenset({"type", "minimum", "maximum"}),
    Kind.STRING: frozenset({"type", "maxLength"}),
    Kind.DATE: frozenset({"type", "format"}),
    Kind.LIST: frozenset({"type", "items", "minItems", "maxItems", "uniqueItems"}),
    Kind.RECORD: frozenset({"type", "properties", "additionalProperties"}),
}


class SchemaError(Exception):
    """The case schema cannot serve as a fact dictionary; the message names the fact and the reason."""


def check_name(path: str, name: str) -> None:
    """Refuse a name that no expression could use.

    Raises:
        SchemaError: It is no identifier, or CEL reserves it.
    """
    if not is_name(name):
        rule = "use lower-case letters, digits and `_`, and no word that CEL reserves"
        raise SchemaError(f"`{path}`: `{name}` is no name: {rule}")


def check_keywords(path: str, definition: Mapping[str, Any], what: str) -> None:
    """Refuse the keywords of JSON Schema that cases would not be held to.

    Args:
        path: The fact, for the message.
        definition: Its schema.
        what: Its kind, or `group`, `enumeration` or `choice`.

    Raises:
        SchemaError: There is such a keyword, or an object is open to members that nobody declared.
    """
    allowed = _ALLOWED[what]
    for keyword in definition:
        if keyword not in allowed and keyword not in _ANNOTATIONS and not keyword.startswith("x-"):
            raise SchemaError(f"`{path}` has `{keyword}`, which is not read for {_article(what)}")
    if "additionalProperties" in allowed and definition.get("additionalProperties") is not False:
        raise SchemaError(f"`{path}` needs `additionalProperties: false`")


def one_type(path: str, definition: Mapping[str, Any], *, nullable: bool) -> Kind:
    """The kind of value that a schema declares.

    Args:
        path: The fact, for the message.
        definition: Its schema.
        nullable: Whether it has to admit null, which stands for not documented, or must not.

    Raises:
        SchemaError: It declares no type or several, or is wrong about null.
    """
    declared = definition.get("type", ())
    names = {declared} if isinstance(declared, str) else set(declared)
    plain = sorted(names - {"null"})
    if len(plain) != 1 or plain[0] not in _KINDS:
        raise SchemaError(f"`{path}` needs one type out of {', '.join(_KINDS)} (and `null`)")
    if nullable and "null" not in names:
        raise SchemaError(f"`{path}` needs `null` beside its type: a fact can always be undocumented")
    if not nullable and "null" in names:
        raise SchemaError(f"`{path}` must not admit `null`")
    kind = _KINDS[plain[0]]
    return Kind.DATE if kind is Kind.STRING and definition.get("format") == "date" else kind


def _article(what: str) -> str:
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"
