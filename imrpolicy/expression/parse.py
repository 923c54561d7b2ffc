"""Text to syntax: directly where an expression is plain, else by cel-python's grammar."""

from __future__ import annotations

import re
import unicodedata

from imrpolicy.expression.direct import read_directly
from imrpolicy.expression.problem import syntax_error
from imrpolicy.expression.syntax import Syntax

MAX_LENGTH = 4_000
# What the specification calls a newline or white space; all other control characters are refused.
_SPACE = re.compile(r"[\t\n\f ]|\r(?=\n)")


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
    plain = read_directly(text)
    if plain is not None:
        return plain
    # Imported here, since setting the grammar up takes longer than the rest of most commands.
    from imrpolicy.expression.grammar import read_with_grammar

    return read_with_grammar(text)


def _refuse_invisible(text: str) -> None:
    """Refuse characters that a reviewer does not see, even in texts and comments.

    Among them are those that turn the direction of writing, so that a line means something else than it
    shows, and halves of characters, which other runtimes cannot read.
    """
    if text.replace("\n", " ").isprintable():
        return
    for position, character in enumerate(text):
        if character.isprintable() or _SPACE.match(text, position):
            continue
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            help = f"delete it; inside a text it is written `\\u{ord(character):04x}`"
            if unicodedata.category(character) == "Cs":
                help = "it is half of a character: write the whole character"
            message = f"an invisible character (U+{ord(character):04X}) stands here"
            raise syntax_error(text, position, position + 1, message, help)
