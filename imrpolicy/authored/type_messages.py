"""Messages for values of the wrong type, in the words of whoever writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imrpolicy.authored.finding import Finding
from imrpolicy.authored.node import Mapping, Scalar, Sequence
from imrpolicy.authored.wording import in_a_block, listed, quoted
from imrpolicy.issues import Issue

_WORDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")


def wrong_type(finding: Finding, types: list[str]) -> Iterator[Issue]:
    """A value of none of the types that the schema wants."""
    types = [t for t in types if t != "null"] or types
    wanted = listed(_WORDS.get(t, t) for t in types)
    node = finding.node
    if not isinstance(node, Scalar):
        message, help = _structure(finding, types, wanted)
    elif node.value is None:
        message, help = _nothing(finding, node, wanted)
    elif isinstance(node.value, str):
        message = f"{finding.subject} should be {wanted}, not text"
        help = _help_for_text(finding, node, types)
        if help.startswith("write it without quotes"):
            message = f"{finding.written} in quotes is text, and {finding.subject} should be {wanted}"
    elif types == ["integer"] and isinstance(node.value, float):
        message, help = f"{finding.written} is not a whole number", ""
    else:
        read_as = "true or false" if isinstance(node.value, bool) else "a number"
        message = f"{finding.written} is read as {read_as}, and {finding.subject} should be {wanted}"
        help = _quotes(finding, node) if "string" in types else ""
    yield finding.issue("wrong-type", message, help)


def _quotes(finding: Finding, node: Scalar) -> str:
    pattern = finding.broken.schema.get("pattern", "")
    # Quotes alone would not make it right.
    like = "" if re.search(pattern, node.text) else finding.like()
    return like or "put it in quotes: " + quoted(f'"{node.text}"')


def _nothing(finding: Finding, node: Scalar, wanted: str) -> tuple[str, str]:
    key = finding.entry_key
    help = f"write {wanted} after `{key}:`, or delete the key" if key else f"write {wanted} after the `-`"
    if node.text:
        return f"{finding.written} is read as nothing, and {finding.subject} should be {wanted}", help
    line = finding.document.source.line(node.place.line)[node.place.column - 1 :]
    if line.lstrip().startswith("#"):
        return f"{finding.subject} is empty: `#` starts a comment", "put text that starts with `#` in quotes"
    return f"{finding.subject} is empty", help


def _help_for_text(finding: Finding, node: Scalar, types: list[str]) -> str:
    if "number" in types or "integer" in types:
        number = _NUMBER.match(node.text.strip())
        if not number:
            return "write the number in digits"
        digits = number[0].replace(",", "")
        whole = node.style and digits == node.text
        return f"write it without quotes: `{digits}`" if whole else f"write the number alone: `{digits}`"
    if "boolean" in types:
        return "write `true` or `false`"
    return _help_for_structure(finding, types)


def _help_for_structure(finding: Finding, types: list[str]) -> str:
    if "array" in types:
        return "write each item on a line of its own that starts with `- `"
    if "object" in types:
        branches = [branch.get("required", ()) for branch in finding.broken.schema.get("oneOf", ())]
        groups = [names[0] for names in branches if len(names) == 1]
        if groups and isinstance(finding.node, Sequence):
            names = listed(f"`{key}:`" for key in groups)
            return f"write {names} on a line above it, and indent the list below that"
        keys = list(finding.broken.schema.get("required") or finding.broken.schema.get("properties", {}))[:3]
        like = ", such as " + listed(f"`{key}:`" for key in keys) if keys else ""
        return f"write its keys on the lines below, indented{like}"
    return ""


def _structure(finding: Finding, types: list[str], wanted: str) -> tuple[str, str]:
    node = finding.node
    mapping = isinstance(node, Mapping)
    message = f"{finding.subject} should be {wanted}, not {'a mapping' if mapping else 'a list'}"
    if "string" not in types:
        return message, _help_for_structure(finding, types)
    start = finding.document.source.line(node.place.line)[node.place.column - 1 :][:1]
    if start in ("[", "{"):
        return message, f"text that starts with `{start}` has to be quoted: {in_a_block(finding.entry_key)}"
    if mapping:
        return message, f"text with `: ` in it has to be quoted: {in_a_block(finding.entry_key)}"
    return message, "write the text after the key, without a `- `"
