"""Text to syntax: cel-python's grammar does the parsing, and `reader` reads its tree once."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache

from lark import Lark
from lark.exceptions import LarkError, UnexpectedInput

from imrpolicy.expression.problem import ExpressionError, syntax_error
from imrpolicy.expression.reader import Reader
from imrpolicy.expression.spelling import explain
from imrpolicy.expression.syntax import Syntax

MAX_LENGTH = 4_000
# What the specification calls a newline or white space; all other control characters are refused.
_SPACE = re.compile(r"[\t\n\f ]|\r(?=\n)")
_lock = threading.Lock()


def parse(text: str) -> Syntax:
    """Parse an expression.

    Args:
        text: The expression.

    Raises:
        ExpressionError: The text is no CEL expression, is too long, or nests too deeply.
    """
    if len(text) > MAX_LENGTH:
        message = f"the expression is longer than {MAX_LENGTH} characters"
        raise syntax_error(text, 0, len(text), message, "split it into several criteria", "too-long")
    if not text.strip():
        raise syntax_error(text, 0, 1, "the expression is empty", "write what must hold, such as `a.b <= 7`")
    _refuse_invisible(text)
    try:
        tree = _grammar().parse(text)
    except UnexpectedInput as error:
        raise explain(text, error) from None
    except LarkError as error:
        raise syntax_error(text, 0, len(text), "this is not a CEL expression") from error
    return Reader(text).read(tree)


@cache
def _grammar() -> Lark:
    """The parser of cel-python, ours alone.

    CELParser keeps one parser for the whole process, made for the runner that asks first. A host that uses
    cel-python's other runner must not find ours there, so what was there is put back.
    """
    from celpy.celparser import CELParser

    with _lock:
        theirs = CELParser.CEL_PARSER
        CELParser.CEL_PARSER = None
        try:
            CELParser()
            parser = CELParser.CEL_PARSER
        finally:
            CELParser.CEL_PARSER = theirs
    if parser is None:  # cel-python sets it in the constructor
        raise RuntimeError("cel-python made no parser")
    return parser


def _refuse_invisible(text: str) -> None:
    """Refuse characters that a reviewer does not see, even in texts and comments.

    Among them are those that turn the direction of writing, so that a line means something else than it
    shows, and halves of characters, which other runtimes cannot read.
    """
    for position, character in enumerate(text):
        if character.isprintable() or _SPACE.match(text, position):
            continue
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            help = f"delete it; inside a text it is written `\\u{ord(character):04x}`"
            if unicodedata.category(character) == "Cs":
                help = "it is half of a character: write the whole character"
            message = f"an invisible character (U+{ord(character):04X}) stands here"
            raise syntax_error(text, position, position + 1, message, help)


__all__ = ["MAX_LENGTH", "ExpressionError", "parse"]
