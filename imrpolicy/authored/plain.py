"""Plain scalars by the YAML 1.2 core rules, without its surprises.

A form that another YAML reader, or a hurried person, reads as something else is kept as text and comes with
a surprise. Whoever writes it hears of it, and never finds out from an outcome.
"""

from __future__ import annotations

import re
from typing import NamedTuple

Value = str | int | float | bool | None


class Surprise(NamedTuple):
    """Why a plain scalar is not what it seems: the rule, the message about it, and the next step."""

    rule: str
    message: str
    help: str


_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_TRUTH = frozenset({"y", "n", "yes", "no", "on", "off"})
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+")
_ODD = re.compile(
    r"""
      (?P<zero>  [-+]?0[0-9]+(?:\.[0-9]*)?)
    | (?P<base>  [-+]?0[xXoObB][0-9a-fA-F_]+)
    | (?P<point> [-+]?(?:\.[0-9]+|[0-9]+\.))
    | (?P<under> [-+]?[0-9][0-9_]*(?:\.[0-9_]*)?)
    | (?P<power> [-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]+)
    | (?P<sixty> [-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?)
    | (?P<never> [-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))
    """,
    re.VERBOSE,
)
_ODD_MESSAGES = {
    "zero": "has a zero in front, which some readers drop and others take for base 8",
    "base": "is a number in another base",
    "point": "needs a digit on both sides of the point",
    "under": "is read as a number by some readers and as text by others",
    "power": "is a number with an exponent",
    "sixty": "is a number in base 60 to some readers, and text to others",
    "never": "is not a number that a case can have",
}
# What a binary floating-point number, and so every other reader of the file, keeps exactly.
_MOST_DIGITS = 15
_LONGEST_ODD = 64
_NUMBER_START = frozenset("0123456789+-.")


def read_plain(text: str) -> tuple[Value, Surprise | None]:
    """The value of a plain scalar, and the surprise in it if there is one.

    >>> read_plain("7"), read_plain("1.10"), read_plain("2013-06-20")
    ((7, None), (1.1, None), ('2013-06-20', None))
    >>> read_plain("no")[1].rule
    'ambiguous-truth-value'
    """
    if text[:1] in _NUMBER_START and text:
        return _read_number(text)
    if text in _WORDS:
        return _WORDS[text], None
    if len(text) <= 3 and text.lower() in _TRUTH:
        return text, Surprise(
            "ambiguous-truth-value",
            f"`{text}` is text to this tool and a truth value to others",
            f'write `true` or `false`, or put it in quotes if it is text: `"{text}"`',
        )
    return text, None


def _read_number(text: str) -> tuple[Value, Surprise | None]:
    whole = _INTEGER.fullmatch(text)
    if whole or _DECIMAL.fullmatch(text):
        if sum(map(str.isdigit, text[: 2 * _MOST_DIGITS])) > _MOST_DIGITS:
            return text, _odd(text, f"has more than {_MOST_DIGITS} digits, which not every reader keeps")
        return (int(text) if whole else float(text)), None
    odd = _ODD.fullmatch(text) if len(text) <= _LONGEST_ODD else None
    if odd and odd.lastgroup:
        return text, _odd(text, _ODD_MESSAGES[odd.lastgroup])
    return text, None


def _odd(text: str, what: str) -> Surprise:
    shown = text if len(text) <= _LONGEST_ODD else text[:_MOST_DIGITS] + "..."
    return Surprise(
        "ambiguous-number",
        f"`{shown}` {what}",
        f'write the number out in plain digits, or put it in quotes if it is text: `"{shown}"`',
    )
