"""The expression around a place, also in a file that cannot be read as YAML because it is half typed."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A key in front of an expression: at the start of a line, or in a mapping in braces.
_KEY = re.compile(r"(?:^|[{,])\s*(?:- +)*(?P<key>\"?(?:when|applies_when)\"?):(?=\s|$)")
_ANY_KEY = re.compile(r"^\s*(?:- +)*(?P<key>\"?[A-Za-z_][\w-]*\"?):(?=\s|$)")
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Around:
    """The expression around a place.

    Attributes:
        before: Its text from its start to the place, as CEL: without the quotes and escapes of YAML.
        after: Its text from the place to the end of the line.
    """

    before: str
    after: str


def expression_around(text: str, offset: int) -> Around | None:
    """The expression that a place is in, or none.

    Args:
        text: The text of the file, as it is.
        offset: The place.
    """
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line, rest = text[start:offset], text[offset : end if end >= 0 else len(text)]
    own = list(_KEY.finditer(line))
    if own:
        return _in_value(line[own[-1].end() :], rest, is_flow="{" in line[: own[-1].start("key")])
    if _ANY_KEY.match(line + rest):
        return None
    indent = len(line) - len(line.lstrip(" ")) if line.strip() else len(line)
    return _below_a_key(text[:start].split("\n")[:-1], line, rest, indent)


def _below_a_key(above: list[str], line: str, rest: str, indent: int) -> Around | None:
    """The expression whose key stands in a line above, with everything in between."""
    taken = [line]
    for upper in reversed(above):
        key = _ANY_KEY.match(upper)
        if key is None:
            taken.append(upper)
            continue
        own = _KEY.match(upper)
        if own is None or (indent <= own.start("key")):
            return None
        head = upper[own.end() :].strip()
        body = "\n".join(reversed(taken))
        if _BLOCK.match(head):
            return Around(body, rest)
        return _in_value(f" {head}\n{body}", rest, is_flow=False)
    return None


def _in_value(written: str, rest: str, *, is_flow: bool) -> Around | None:
    """The expression in what is written after a key, up to the place."""
    value = written.lstrip(" \n")
    quote = value[:1]
    if quote == '"':
        inner = value[1:]
        closed = re.search(r'(?<!\\)(?:\\\\)*"', inner)
        if closed:
            return None
        return Around(inner.replace('\\"', '"'), rest.replace('\\"', '"'))
    if quote == "'":
        inner = value[1:].replace("''", "\0")
        return None if "'" in inner else Around(inner.replace("\0", "'"), rest.replace("''", "'"))
    if " #" in value or value.startswith(("|", ">")) or (is_flow and "}" in value):
        return None  # in a comment, beside the sign of a block, or behind the mapping in braces
    return Around(written.lstrip(" "), rest)
