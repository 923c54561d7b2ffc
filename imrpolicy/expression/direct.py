"""The plain part of guideline CEL, read without cel-python's grammar.

cel-python decides what an expression is. But its grammar takes longer to set up than a command may take to
start, and its trees are built level by level around every operand. Nearly all criteria are made of the same
few things: facts, numbers, texts, comparisons, lists and brackets. These are read here, into the very syntax
that cel-python's tree gives (a test holds the two together). All else, a mistake above all, is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate

from imrpolicy.expression.problem import Span
from imrpolicy.expression.syntax import Call, Constant, ListSyntax, Name, Select, Syntax
from imrpolicy.facts.names import RESERVED

_TOKEN = re.compile(
    r"""[ \n\t]*(
      [A-Za-z_][A-Za-z0-9_]*
    | "[^"\\\x00-\x1f]*" | '[^'\\\x00-\x1f]*'
    | [0-9]{1,15}\.[0-9]{1,15}(?![A-Za-z0-9_.])
    | (?:0|[1-9][0-9]{0,14})(?![A-Za-z0-9_.])
    | && | \|\| | [=!<>]= | [<>!+*%()\[\].,?:] | /(?!/)
    )""",
    re.VERBOSE,
)
_NAME_START = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_TRUTH = {"true": True, "false": False}
# The operators of two operands, from the loosest to the tightest; all group from the left.
_TIGHTNESS = {**dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), 1), "+": 2, "*": 3, "/": 3, "%": 3}
# How many levels of syntax a token may open, at most. Depth is looked at only where these could add up to it.
_LEVELS = {**dict.fromkeys(_TIGHTNESS, 1), "!": 1, "(": 3, "[": 3, "?": 5}
_DEEPEST = 44  # a little less than the reader of cel-python's trees admits
# No criterion that a person can read has more of these. What has is left to cel-python before going into it.
_MOST_LEVELS, _MOST_BRACKETS, _MOST_PREFIXES = 200, 20, 40


class _NotPlainError(Exception):
    """This is for cel-python to read, or to refuse."""


def read_directly(text: str) -> Syntax | None:
    """The syntax of a plain expression, or None where cel-python has to be asked.

    >>> read_directly("request.duration_days - 7") is None
    True
    """
    tokens: list[str] = []
    ends: list[int] = []
    end = 0
    for found in _TOKEN.finditer(text):
        if found.start() != end:
            return None
        end = found.end()
        tokens.append(found[1])
        ends.append(end)
    if text[end:].strip(" \n\t"):
        return None
    nested = sum([_LEVELS.get(token, 0) for token in tokens]) > _DEEPEST
    if nested and _is_hostile(tokens):
        return None
    reader = _Reader(tokens, ends)
    try:
        syntax = reader.expression()
    except _NotPlainError:
        return None
    if reader.here or (nested and _height(syntax) + _brackets(tokens) > _DEEPEST):
        return None
    return syntax


def _is_hostile(tokens: list[str]) -> bool:
    """Whether to descend into it could take more of the stack than a host may have left."""
    return (
        sum([_LEVELS.get(token, 0) for token in tokens]) > _MOST_LEVELS
        or _brackets(tokens) > _MOST_BRACKETS
        or tokens.count("!") + tokens.count("?") > _MOST_PREFIXES
    )


def _height(syntax: Syntax) -> int:
    """How many levels of syntax are below a piece of it."""
    match syntax:
        case Call():
            below = syntax.arguments if syntax.target is None else (syntax.target, *syntax.arguments)
        case Select():
            below = (syntax.target,)
        case ListSyntax():
            below = syntax.elements
        case _:
            return 0
    return 1 + max(map(_height, below), default=0)


def _brackets(tokens: list[str]) -> int:
    """How many brackets are open at most, each of which is a level to cel-python."""
    steps = ((token in ("(", "[")) - (token in (")", "]")) for token in tokens)
    return max(accumulate(steps), default=0)


class _Reader:
    """Reads tokens from the left.

    Attributes:
        here: The text of the next one; empty at the end.
    """

    def __init__(self, tokens: list[str], ends: list[int]) -> None:
        self._tokens = [*tokens, ""]
        self._ends = [*ends, 0]
        self._next = 0
        self.here = self._tokens[0]

    def expression(self) -> Syntax:
        """`a ? b : c`, or what binds tighter."""
        start = self._ends[self._next] - len(self.here)
        condition = self._chain("||", self._conjunction)
        if self.here != "?":
            return condition
        self._take()
        then = self._chain("||", self._conjunction)
        self._expect(":")
        otherwise = self.expression()
        span = Span(start, self._ends[self._next - 1])  # brackets included, unlike with any other operator
        return Call("_?_:_", None, (condition, then, otherwise), span, span)

    def _conjunction(self) -> Syntax:
        return self._chain("&&", self._operation)

    def _chain(self, sign: str, operand: Callable[[], Syntax]) -> Syntax:
        first = operand()
        if self.here != sign:
            return first
        operands = [first]
        while self.here == sign:
            self._take()
            operands.append(operand())
        span = Span(first.span.start, operands[-1].span.end)
        return Call(f"_{sign}_", None, tuple(operands), span, span)

    def _operation(self, loosest: int = 1) -> Syntax:
        left = self._unary()
        while (tightness := _TIGHTNESS.get(self.here, 0)) >= loosest:
            sign, sign_span = self.here, self._take()
            right = self._operation(tightness + 1)
            function = "@in" if sign == "in" else f"_{sign}_"
            left = Call(function, None, (left, right), Span(left.span.start, right.span.end), sign_span)
        return left

    def _unary(self) -> Syntax:
        if self.here != "!":
            return self._member()
        sign = self._take()
        operand = self._unary()
        return Call("!_", None, (operand,), Span(sign.start, operand.span.end), sign)

    def _member(self) -> Syntax:
        target = self._primary()
        while self.here == ".":
            self._take()
            name, span = self.here, self._take_name()
            if self.here == "(":
                arguments = self._arguments(")")
                target = Call(name, target, arguments, self._since(target.span), span)
            elif not isinstance(target, Name):
                raise _NotPlainError  # no fact has a longer path
            else:
                target = Select(target, name, Span(target.span.start, span.end), span)
        return target

    def _primary(self) -> Syntax:
        word = self.here
        if word == "(":
            return self._bracketed()
        if word == "[":
            start = Span(self._ends[self._next] - 1, 0)
            return ListSyntax(self._arguments("]"), self._since(start))
        if word[:1] in _NAME_START and word not in _TRUTH:
            span = self._take_name()
            if self.here != "(":
                return Name(word, span)
            return Call(word, None, self._arguments(")"), self._since(span), span)
        return self._literal()

    def _bracketed(self) -> Syntax:
        self._take()
        inner = self.expression()
        self._expect(")")
        if self.here == ".":
            raise _NotPlainError  # the place of `(...).name` starts at the bracket
        return inner

    def _literal(self) -> Syntax:
        word = self.here
        value: bool | float | str
        if word in _TRUTH:
            value = _TRUTH[word]
        elif word[:1] in ('"', "'"):
            value = word[1:-1]
        elif word.isdecimal():
            value = int(word)
        elif word[:1].isdecimal():
            value = float(word)
        else:
            raise _NotPlainError
        return Constant(value, word, self._take())

    def _arguments(self, closing: str) -> tuple[Syntax, ...]:
        """What stands in brackets; the opening one comes next."""
        self._take()
        found: list[Syntax] = []
        while self.here != closing:
            if found:
                self._expect(",")
            found.append(self.expression())
        self._take()
        return tuple(found)

    def _take_name(self) -> Span:
        if self.here[:1] not in _NAME_START or self.here in RESERVED:
            raise _NotPlainError
        return self._take()

    def _expect(self, sign: str) -> None:
        if self.here != sign:
            raise _NotPlainError
        self._take()

    def _take(self) -> Span:
        """The place of the next token; goes on to the one after it."""
        end = self._ends[self._next]
        span = Span(end - len(self.here), end)
        self._next += 1
        self.here = self._tokens[self._next]
        return span

    def _since(self, first: Span) -> Span:
        """From where something starts to the end of the token taken last."""
        return Span(first.start, self._ends[self._next - 1])
