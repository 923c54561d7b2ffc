"""Text to syntax by cel-python's grammar; `reader` reads its tree once."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lark import Lark, Token
from lark.exceptions import LarkError, UnexpectedInput

from imrpolicy.expression.problem import syntax_error
from imrpolicy.expression.reader import Reader
from imrpolicy.expression.spelling import explain
from imrpolicy.expression.syntax import Syntax


def read_with_grammar(text: str) -> Syntax:
    """The syntax of an expression.

    Raises:
        ExpressionError: The text is no CEL expression, or nests too deeply.
    """
    try:
        tree = _grammar().parse(text)
    except UnexpectedInput as error:
        raise explain(text, error) from None
    except LarkError as error:
        raise syntax_error(text, 0, len(text), "this is not a CEL expression") from error
    return Reader(text).read(tree)


@cache
def _grammar() -> Lark:
    """A parser for cel-python's grammar, with the options that cel-python gives it.

    The parser that cel-python makes itself is not used: it is one for the whole process, and its `true` and
    `false` come without their place in the text. cel-python is not even imported, which saves time at the
    start of every command.
    """
    found = find_spec("celpy")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("cel-python is not installed", name="celpy")
    return Lark(
        Path(found.origin).with_name("cel.lark").read_text(encoding="utf-8"),
        parser="lalr",
        start="expr",
        g_regex_flags=re.MULTILINE,
        lexer_callbacks={"IDENT": _keyword},
        propagate_positions=True,
        maybe_placeholders=False,
        priority="invert",
    )


def _keyword(token: Token) -> Token:
    """The grammar reads `true`, `false` and `null` as names; they are literals."""
    kind = {"true": "BOOL_LIT", "false": "BOOL_LIT", "null": "NULL_LIT"}.get(token)
    return token if kind is None else Token.new_borrow_pos(kind, str(token), token)
