"""Literals of CEL: how their spelling gives their value.

cel-python's lexer takes some spellings that the specification does not, such as `7.` or a text that ends in a
backslash; they are refused here.
"""

from __future__ import annotations

import math
import re

from lark import Token

from imrpolicy.expression.problem import ExpressionError, Span, syntax_error
from imrpolicy.expression.syntax import Constant, Syntax, Unsupported

_SIMPLE = dict(zip("abfnrtv\\\"'`?", "\a\b\f\n\r\t\v\\\"'`?", strict=True))
_ESCAPE = re.compile(
    r"\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.)|$)", re.DOTALL
)
_DECIMAL = re.compile(r"-?(?:[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)")
_INT64 = range(-(2**63), 2**63)
_OUTSIDE = {
    "UINT_LIT": "an unsigned number (`7u`)",
    "BYTES_LIT": 'bytes (`b"..."`)',
    "NULL_LIT": "`null`; a fact that is absent is asked for with `has(...)`",
    "MLSTRING_LIT": "a text in three quotation marks",
}


def read_literal(token: Token, text: str) -> Syntax:
    """The constant that a literal stands for.

    Args:
        token: The literal.
        text: The expression, for the report.

    Raises:
        ExpressionError: The literal is not one of the CEL specification, such as an integer beyond 64 bits.
    """
    span = Span(token.start_pos or 0, token.end_pos or 0)
    spelling = str(token)
    if token.type in _OUTSIDE:
        return Unsupported(_OUTSIDE[token.type], span)
    if token.type == "BOOL_LIT":
        return Constant(spelling == "true", spelling, span)
    if token.type == "INT_LIT":
        return _integer(spelling, span, text)
    if token.type == "FLOAT_LIT":
        return _decimal(spelling, span, text)
    if spelling[0] in "rR":
        return Unsupported('a raw text (`r"..."`)', span)
    return Constant(_string(spelling[1:-1], span, text), spelling, span)


def _integer(spelling: str, span: Span, text: str) -> Constant:
    value = int(spelling, 16) if "x" in spelling else int(spelling)
    if value not in _INT64:
        raise _error("the number is larger than 64 bits hold", "write a smaller number", span, text)
    return Constant(value, spelling, span)


def _decimal(spelling: str, span: Span, text: str) -> Constant:
    if not _DECIMAL.fullmatch(spelling):
        raise _error(f"`{spelling}` lacks digits after the point", "write a digit after it", span, text)
    value = float(spelling)
    if math.isinf(value):
        raise _error(
            "the number is larger than a decimal number can be", "write a smaller number", span, text
        )
    return Constant(value, spelling, span)


def _string(body: str, span: Span, text: str) -> str:
    def replace(found: re.Match[str]) -> str:
        two, four, eight, octal, simple = found.groups()
        code = int(octal, 8) if octal else int(two or four or eight or "0", 16)
        if found.group() == "\\" or (simple is not None and simple not in _SIMPLE):
            raise _error(f"`{found.group()}` is no escape", "write `\\\\` for a backslash", span, text)
        if simple is not None:
            return _SIMPLE[simple]
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise _error(f"`{found.group()}` names no character", "write the character itself", span, text)
        return chr(code)

    if any(character < " " for character in body):
        raise _error("a text stays on one line", "write `\\n` for a new line, `\\t` for a tab", span, text)
    return _ESCAPE.sub(replace, body)


def _error(message: str, help: str, span: Span, text: str) -> ExpressionError:
    return syntax_error(text, span.start, span.end, message, help)
