"""What the YAML parser could not read, in plain words and at the place to look."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import yaml

from imrpolicy.authored.text import FileText
from imrpolicy.authored.wording import in_a_block, quoted
from imrpolicy.issues import Issue, Place

_ENTRY = re.compile(r"(?P<lead>[ ]*(?:-[ ]+)*)(?:(?P<key>[\w.-]+|\"[^\"]*\"|'[^']*'):[ ]+)?(?P<value>\S.*)")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
# An escape that stands for no character: half of a surrogate pair, or a number beyond the last character.
_NO_CHARACTER = re.compile(
    r"\\u[dD][89a-fA-F]|\\U0000[dD][89a-fA-F]|\\U(?!000[0-9a-fA-F]|0010)[0-9a-fA-F]{8}"
)
_ALIGN = "align it with the keys it belongs with, two spaces for each level"


class _Trouble(NamedTuple):
    """A parser's complaint.

    Attributes:
        text: The file.
        at: Where the parser gave up.
        opened: Where the thing began that it was reading.
        before: The text of the line before `at`.
        after: The text of the line from `at`.
    """

    text: FileText
    at: Place
    opened: Place
    before: str
    after: str

    def issue(self, message: str, help: str = "", *, place: Place | None = None) -> Issue:
        return self.text.issue(place or self.at, "yaml-syntax", message, help)


def explain(error: yaml.YAMLError, text: FileText) -> Issue:
    """The issue for an error of the YAML parser, the same whichever of PyYAML's two parsers raised it."""
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None) or mark
    at = Place(text.path, mark.line + 1, mark.column + 1) if mark else Place(text.path)
    opened = Place(text.path, context.line + 1, context.column + 1) if context else at
    line = text.line(at.line)
    trouble = _Trouble(text, at, opened, line[: at.column - 1], line[at.column - 1 :])
    words = f"{getattr(error, 'context', '')}: {getattr(error, 'problem', '')}"
    for pattern, describe in _KINDS:
        if re.search(pattern, words):
            return describe(trouble)
    return _unexpected(trouble)


def explain_escape(text: FileText) -> Issue:
    """The issue for an escape in double quotes that stands for no character."""
    match = _NO_CHARACTER.search(text.text)
    place = text.place(match.start() if match else 0)
    line = text.line(place.line)
    return _escape(_Trouble(text, place, place, line[: place.column - 1], line[place.column - 1 :]))


def _open_quote(trouble: _Trouble) -> Issue:
    mark = trouble.text.line(trouble.opened.line)[trouble.opened.column - 1 :][:1]
    return trouble.issue(
        f"the quote `{mark}` that opens here is never closed",
        "close it on the same line; inside single quotes, write `''` for an apostrophe",
        place=trouble.opened,
    )


def _escape(trouble: _Trouble) -> Issue:
    line = trouble.before + trouble.after
    start = max(line.rfind("\\", 0, len(trouble.before) + 1), 0)
    escape = re.match(r"\\(?:[uUx][0-9a-fA-F]*|.?)", line[start:])
    return trouble.issue(
        f"{quoted(escape[0] if escape else line)} stands for no character inside double quotes",
        "use single quotes, where a backslash is only a backslash, or write two backslashes",
        place=Place(trouble.at.file, trouble.at.line, start + 1),
    )


def _open_bracket(trouble: _Trouble) -> Issue:
    bracket = trouble.text.line(trouble.opened.line)[trouble.opened.column - 1 :][:1]
    close = "]" if bracket == "[" else "}"
    if trouble.at.line != trouble.opened.line:
        return trouble.issue(
            f"the `{bracket}` that opens here is not closed",
            f"close it with `{close}` on the same line, or put it in quotes if it is text",
            place=trouble.opened,
        )
    return trouble.issue(
        f"inside `{bracket}` and `{close}`, a comma is missing before {quoted(trouble.after.rstrip())}",
        f"separate with a comma and a space, close with `{close}`, and put text with punctuation in quotes",
    )


def _in_brackets(trouble: _Trouble) -> Issue:
    shown = quoted(trouble.after[:1]) if trouble.after else "the end of the line"
    return trouble.issue(f"{shown} is not expected here", "check the brackets and commas of this line")


def _directive(trouble: _Trouble) -> Issue:
    return directive(trouble.text, trouble.opened)


def directive(text: FileText, place: Place) -> Issue:
    """The issue for a line in front of the content that sets how YAML is read."""
    help = "delete the line; every file is read as YAML 1.2"
    return text.issue(place, "yaml-syntax", "a line that starts with `%` is an order to the parser", help)


def _no_colon(trouble: _Trouble) -> Issue:
    line = trouble.text.line(trouble.opened.line).strip()
    if re.match(r"-\S", line):
        return trouble.issue(
            "a list item needs a space after its `-`",
            f"write {quoted('- ' + line[1:])}",
            place=trouble.opened,
        )
    return trouble.issue(
        f"there is no `: ` in {quoted(line)}",
        "write it as `key: value`; if it continues the text above, indent it further than the key",
        place=trouble.opened,
    )


def _second_colon(trouble: _Trouble) -> Issue:
    entry = _entry(trouble)
    if entry and entry["key"]:
        if entry["value"][0] in "{[":
            return _unexpected(trouble)
        key = entry["key"]
        return trouble.issue(
            "a second `: ` in one line is read as another key",
            f"put the value in quotes, or in a block, on a line of its own below {quoted(key + ': >-')}",
        )
    return _continued(trouble)


def _continued(trouble: _Trouble) -> Issue:
    """A key on a line that the parser takes for the continuation of the one above."""
    number = trouble.at.line - 1
    while number > 1 and not trouble.text.line(number).strip():
        number -= 1
    above = trouble.text.line(number)
    indent = len(above) - len(above.lstrip())
    here = len(trouble.before) - len(trouble.before.lstrip())
    if number >= 1 and not re.search(r":(?: |$)", above):
        return trouble.issue(
            f"there is no `: ` in {quoted(above.strip())}",
            "write it as `key: value`, with a space after the colon",
            place=Place(trouble.at.file, number, indent + 1),
        )
    if " " in trouble.before.strip():
        return trouble.issue(
            "`: ` inside text that goes over several lines is read as another key",
            "put the whole text in quotes, or in a block that starts with `>-` after the key",
        )
    return trouble.issue(
        f"this line is indented below line {number}, which already has a value",
        _ALIGN,
        place=Place(trouble.at.file, trouble.at.line, here + 1),
    )


def _item(trouble: _Trouble) -> Issue:
    if not trouble.before.strip():
        return trouble.issue("a list item is not expected here", _ALIGN)
    key = (entry["key"] or "") if (entry := _entry(trouble)) else ""
    return trouble.issue(
        "a list cannot start on the line of its key",
        f"start each item on a line of its own with `- `; if it is text, {in_a_block(key)}",
    )


def _not_an_item(trouble: _Trouble) -> Issue:
    if trouble.before.strip():
        return _unexpected(trouble)
    shown = quoted(trouble.after.rstrip())
    return trouble.issue(
        f"{shown} stands among the items of the list in line {trouble.opened.line}",
        "start an item with `- `, or " + _ALIGN,
    )


def _unexpected(trouble: _Trouble) -> Issue:
    """Whatever the parser did not expect: mostly an expression that looks like YAML, or bad indentation."""
    trap = _trap(trouble)
    if trap:
        return trap
    after = trouble.after.rstrip()
    if after.startswith(":"):
        return trouble.issue("a key is missing before the `:`", "write it as `key: value`")
    if trouble.before.rstrip().endswith(('"', "'")):
        return _closed_late(trouble)
    if trouble.before.strip() or not after:
        shown = quoted(after) if after else "the end of the line"
        return trouble.issue(f"{shown} is not expected here", "check this line and the one above it")
    if after.startswith("- "):
        return _item(trouble)
    return trouble.issue("the indentation fits none of the lines above", _ALIGN)


def _closed_late(trouble: _Trouble) -> Issue:
    """A quote that was forgotten, so that the next one in the file closes it."""
    mark = trouble.before.rstrip()[-1]
    opens = re.compile(rf"(?:^[ ]*-|:)[ ]+(?P<quote>{mark})[^{mark}]*$")
    for number in range(trouble.at.line - 1, 0, -1):
        found = opens.search(trouble.text.line(number))
        if found:
            place = Place(trouble.at.file, number, found.start("quote") + 1)
            message = f"the quote `{mark}` that opens here is closed in line {trouble.at.line} only"
            return trouble.issue(message, "close it on this line", place=place)
        if mark in trouble.text.line(number):
            break
    return trouble.issue("there is text after a closing quote", "check the quotes in the lines above")


def _trap(trouble: _Trouble) -> Issue | None:
    """A value, most often an expression, that starts like something else in YAML."""
    entry = _entry(trouble)
    if not entry:
        return None
    key, value, start = entry["key"] or "", entry["value"], entry.start("value")
    quote = _QUOTED.match(value)
    if quote and value[quote.end() :].strip():
        apostrophe = value[0] == "'" and value[quote.end()].isalnum()
        help = "inside single quotes, write `''` for an apostrophe" if apostrophe else in_a_block(key)
        return trouble.issue("there is text after the closing quote", help)
    if value[0] in "[{" and trouble.before[start:].strip():
        return trouble.issue(f"there is text after a value that starts with `{value[0]}`", in_a_block(key))
    if value[0] in "!&*>|%@`]},?":
        place = Place(trouble.at.file, trouble.at.line, start + 1)
        message = f"a value that starts with {_sign(value[0])} has to be quoted"
        return trouble.issue(message, in_a_block(key), place=place)
    return None


def _sign(character: str) -> str:
    return "a backtick" if character == "`" else f"`{character}`"


def _entry(trouble: _Trouble) -> re.Match[str] | None:
    """The key and value of the line, where the parser gave up inside the value."""
    entry = _ENTRY.match(trouble.before + trouble.after)
    return entry if entry and entry.start("value") <= len(trouble.before) else None


_KINDS: tuple[tuple[str, Callable[[_Trouble], Issue]], ...] = (
    (r"quoted scalar: .*(end of stream|document (indicator|separator))", _open_quote),
    (r"quoted scalar: ", _escape),
    (r"flow (sequence|mapping)", _open_bracket),
    (r"flow node", _in_brackets),
    (r"directive|incompatible", _directive),
    (r"could not find expected ':'", _no_colon),
    (r"mapping values", _second_colon),
    (r"sequence entries", _item),
    (r"block collection", _not_an_item),
)
