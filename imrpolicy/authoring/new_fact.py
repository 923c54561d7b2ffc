"""A new fact of the case schema, with blanks to fill in; the layout of the file stays as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from imrpolicy.authored import Document
from imrpolicy.authored import Mapping as Tree
from imrpolicy.facts import DATES, REQUEST
from imrpolicy.facts.names import is_name

KINDS = ("bool", "int", "double", "string", "date", "choice", "list")
"""The kinds of facts that can be started."""

_TITLE = "<a short label, such as Duration of use>"
_DESCRIPTION = "<what exactly it means, and how it is measured>"
_QUESTION = "<the question that obtains it from a person>"
_CHOICES = (
    {"const": "first_value", "title": "<what the first value means>"},
    {"const": "second_value", "title": "<what the second value means>"},
)
_NULL = {"type": "null", "title": "Not documented"}
_LONGEST = 20
_LONGEST_TEXT = 200


class NewFactError(ValueError):
    """A fact cannot be started; the message says why and what to do next."""


def with_fact(document: Document, path: str, kind: str, unit: str | None) -> str:
    """The text of the case schema with one fact more, as the last of its group.

    Args:
        document: The case schema, read without errors.
        path: The path of the fact, `group.name`; a group that does not exist is started as well.
        kind: One of `KINDS`.
        unit: The unit of a number.

    Raises:
        NewFactError: The path is none, the fact exists, or the unit goes with no number.
    """
    group, _, name = path.partition(".")
    if not is_name(group) or not is_name(name):
        raise NewFactError(
            f"`{path[:80]}` is no fact: write `group.name` in small letters, such as `pain.at_night`"
        )
    if (unit is not None) != (kind in ("int", "double")) or (unit is not None and not unit.strip()):
        numbers = "a number needs `--unit`, such as days or points, and nothing else has one"
        raise NewFactError(numbers)
    fact = _fact(kind, unit)
    groups = ("$defs", "facts", "properties")
    own: Mapping[str, tuple[str, ...]] = {DATES: ("$defs", DATES), REQUEST: ("$defs", "request_facts")}
    where = own.get(group, (*groups, group))
    if group not in own and group not in _tree(document, groups).entries:
        return _inserted(document, groups, group, _group(name, fact))
    facts = _tree(document, (*where, "properties"))
    if name in facts.entries:
        line = facts.keys[name].place.line
        raise NewFactError(f"the fact `{path}` exists already, in line {line} of {document.path}")
    return _inserted(document, (*where, "properties"), name, fact)


def _fact(kind: str, unit: str | None) -> dict[str, Any]:
    words = {"title": _TITLE, "description": _DESCRIPTION}
    question = {"x-question": _QUESTION}
    match kind:
        case "bool":
            return {**words, "type": ["boolean", "null"], **question}
        case "int" | "double":
            limits = {"minimum": "<the least value, a number>", "maximum": "<the greatest value, a number>"}
            type_ = "integer" if kind == "int" else "number"
            return {**words, "type": [type_, "null"], **limits, "x-unit": unit, **question}
        case "string":
            return {**words, "type": ["string", "null"], "maxLength": _LONGEST_TEXT, **question}
        case "date":
            return {**words, "type": ["string", "null"], "format": "date", **question}
        case "choice":
            return {**words, **question, "oneOf": [*_CHOICES, _NULL]}
        case _:
            items = {"oneOf": list(_CHOICES)}
            return {**words, "type": ["array", "null"], "maxItems": _LONGEST, "uniqueItems": True,
                    "items": items, **question}  # fmt: skip


def _group(name: str, fact: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": "<a short label of the group>",
        "description": "<what the facts of the group are about>",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: fact},
    }


def _tree(document: Document, path: Sequence[str]) -> Tree:
    node = document.root
    for key in path:  # `node_at` would stop at the last one that is there
        node = node.entries.get(key) if isinstance(node, Tree) else None
    if not isinstance(node, Tree) or not node.entries:
        raise NewFactError(f"{document.path} has no {'.'.join(map(str, path))}; restore the file")
    return node


def _inserted(document: Document, path: Sequence[str], key: str, value: Mapping[str, Any]) -> str:
    """The text with an entry behind the last one of an object."""
    last = list(_tree(document, path).keys.values())[-1]
    indent = last.place.column - 1
    text = document.text
    # Behind the value of the last key: JSON that was read without errors closes what it opens.
    start = text.index(":", last.end) + 1
    start += len(text[start:]) - len(text[start:].lstrip())
    _, end = json.JSONDecoder().raw_decode(text, start)
    entry = f"{' ' * indent}{json.dumps(key)}: {_printed(value, indent)}"
    return f"{text[:end]},\n{entry}{text[end:]}"


def _printed(value: Any, indent: int) -> str:
    """JSON as the schemas are laid out: objects on lines of their own, choices and lists of words on one."""
    inner = " " * (indent + 2)
    if isinstance(value, dict) and "const" not in value and value != _NULL:
        rows = [f"{inner}{json.dumps(key)}: {_printed(entry, indent + 2)}" for key, entry in value.items()]
        return "{\n" + ",\n".join(rows) + "\n" + " " * indent + "}"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        rows = [inner + _printed(item, indent + 2) for item in value]
        return "[\n" + ",\n".join(rows) + "\n" + " " * indent + "]"
    return json.dumps(value, ensure_ascii=False)
