"""The keys that lead to a place, read off the lines above it: also in a file that is half typed."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"(?P<space> *)(?P<dashes>(?:- +)*)(?P<rest>.*)")
_TEXT = r"\"[^\"]*\"?|'[^']*'?"
_TOKEN = re.compile(rf"{_TEXT}|(?P<key>[\w.-]*\w)\s*:(?=\s|$)|(?P<sign>[{{}}\[\],])|[^\s{{}}\[\],]+")
_WORD = re.compile(r"[\w.-]*$")


@dataclass(frozen=True, slots=True)
class Outline:
    """Where a place is.

    Attributes:
        keys: The keys that lead to it, lists left out.
        is_value: Whether the value of the last key is typed here, and not a key below it.
        word: What is typed of it so far.
    """

    keys: tuple[str, ...]
    is_value: bool
    word: str


def outline(text: str, offset: int) -> Outline:
    """The keys above a place of a YAML file."""
    start = text.rfind("\n", 0, offset) + 1
    line = text[start:offset]
    word_found = _WORD.search(line)
    word = word_found[0] if word_found else ""
    own, is_value = _flow(_content(line)[: -len(word) or None])
    above = _above(text[:start].split("\n")[:-1], _column(line))
    return Outline((*above, *own), is_value, word)


def _content(line: str) -> str:
    found = _LINE.match(line)
    return found["rest"] if found else line


def _column(line: str) -> int:
    """The column of the first key of a line: behind the dashes of lists."""
    found = _LINE.match(line)
    return len(found["space"]) + len(found["dashes"]) if found else 0


def _flow(text: str) -> tuple[tuple[str, ...], bool]:
    """The keys that the part of a line in front of a place opens, and whether a value follows."""
    stack: list[str] = []
    key = ""
    for token in _TOKEN.finditer(text):
        if token["key"] is not None:
            key = token["key"]
        elif token["sign"] in ("{", "["):
            stack.append(key)
            key = "" if token["sign"] == "{" else key
        elif token["sign"] in ("}", "]") and stack:
            stack.pop()
            key = ""
        elif token["sign"] == "," and not _in_list(text[: token.end()]):
            key = ""
    opened = [name for name in stack if name]
    if _in_list(text):
        return tuple(opened), True
    return (*opened, *([key] if key else [])), bool(key)


def _in_list(text: str) -> bool:
    """Whether the last bracket that is open is one of a list."""
    open_: list[str] = []
    for sign in re.sub(_TEXT, "", text):
        if sign in "{[":
            open_.append(sign)
        elif sign in "}]" and open_:
            open_.pop()
    return bool(open_) and open_[-1] == "["


def _above(lines: list[str], column: int) -> tuple[str, ...]:
    """The keys of the lines above that are indented less and less."""
    keys: list[str] = []
    for line in reversed(lines):
        found = _LINE.match(line)
        if found is None or not line.strip() or line.lstrip().startswith("#"):
            continue
        at = len(found["space"]) + len(found["dashes"])
        key = re.match(r"[\"']?([\w.\[\]-]+)[\"']?\s*:(?:\s|$)", found["rest"])
        if key is not None and at < column:
            keys.append(key[1])
            column = at
        if key is not None and found["dashes"] and at <= column:
            column = min(column, len(found["space"]) + 1)  # the list belongs to a key at or left of its dash
    return tuple(reversed(keys))
