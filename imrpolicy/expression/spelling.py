"""Why a text is no CEL expression, in the words of somebody who knows another notation."""

from __future__ import annotations

import re
import unicodedata

from lark.exceptions import UnexpectedInput

from imrpolicy.expression.problem import ExpressionError, syntax_error

_TEXTS_AND_COMMENTS = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|//[^\n]*")
# What people write who know other notations, and what CEL wants instead.
_HABITS = tuple(
    (re.compile(pattern), message, help)
    for pattern, message, help in (
        (
            r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]",
            "this is not an ordinary space",
            "type a space in its place; it may have come from a word processor",
        ),
        (r"[“”„‘’«»]", "curly quotation marks are not read", 'write straight ones: "..."'),
        (r"[≤≥≠]", "this sign is not read", "write `<=`, `>=` or `!=`"),
        (r"[–—−]", "this dash is not read", "write the minus of the keyboard: `-`"),  # noqa: RUF001
        (r"=<|=>|<>|===", "this is not a comparison", "write `<=`, `>=`, `!=` or `==`"),
        (r"(?<![=!<>])=(?!=)", "a single `=` does not compare", "write `==`"),
        (r"(?<!&)&(?!&)", "a single `&` is not read", "write `&&` for and"),
        (r"(?<!\|)\|(?!\|)", "a single `|` is not read", "write `||` for or"),
        (r"\b(?:and|AND)\b", "`and` is written `&&`", "write `a && b`"),
        (r"\b(?:or|OR)\b", "`or` is written `||`", "write `a || b`"),
        (r"\b(?:not|NOT)\b", "`not` is written `!`", "write `!a`, or `!(a in [...])`"),
        (r"(?<=\d)\s*%(?!\s*[\w.(\-])", "a number has no percent sign", "write the number alone"),
        (
            r"(?<=\d)\s*(?:days?|weeks?|months?|years?|percent|mg|ml|mL)\b",
            "a number has no unit: the fact has it",
            "write the number alone",
        ),
    )
)


def blanked(text: str) -> str:
    """The text with spaces in place of quoted texts and comments, at the same offsets.

    >>> blanked('a == "b" // c')
    'a ==         '
    """
    return _TEXTS_AND_COMMENTS.sub(lambda found: " " * len(found.group()), text)


def explain(text: str, error: UnexpectedInput) -> ExpressionError:
    """What the parser stumbled over, as one finding."""
    for pattern, message, help in _HABITS:
        found = pattern.search(blanked(text))
        if found:
            first = found.end() - len(found.group().lstrip(" \t\n"))
            return syntax_error(text, first, found.end(), message, help)
    start = _offset(text, error)
    if start is None:
        end = len(text.rstrip())
        help = "is a bracket, a quotation mark or the right-hand side missing?"
        return syntax_error(text, end - 1, end, "the expression ends too early", help)
    if text[start] in "\"'":
        return syntax_error(text, start, len(text), "this quotation mark is never closed", "close it")
    if not text[start].isascii():
        name = unicodedata.name(text[start], "an unnamed character").lower()
        message = f"`{text[start]}` ({name}) is not read outside quotation marks"
        return syntax_error(text, start, start + 1, message, "names have the letters a to z, digits and `_`")
    word = re.compile(r"\w+|.", re.DOTALL).match(text, start)
    found_text = word.group() if word else ""
    help = "is an operator (`&&`, `||`, `==`, `<=`) or a quotation mark missing before it?"
    return syntax_error(text, start, start + len(found_text), f"`{found_text}` is not expected here", help)


def _offset(text: str, error: UnexpectedInput) -> int | None:
    """Where the parser stopped, or None at the end of the text."""
    token = getattr(error, "token", None)
    if token is not None and token.type == "$END":
        return None
    start = error.pos_in_stream
    return start if start is not None and 0 <= start < len(text) else None
