"""What is wrong in an expression, by its offsets in the expression's text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the expression's text: character offsets, the end not included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding in an expression.

    Attributes:
        rule: The id of the kind of finding, such as `unknown-fact`.
        message: What is wrong, in plain words.
        help: What to do next; may be empty.
        span: Where in the expression's text.
    """

    rule: str
    message: str
    help: str
    span: Span


class ExpressionError(Exception):
    """An expression cannot be used.

    Attributes:
        problems: Everything that was found, in the order of the text.
        text: The expression.
    """

    def __init__(self, problems: tuple[Problem, ...], text: str) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.span, p.rule)))
        self.text = text
        super().__init__("; ".join(problem.message for problem in self.problems))


def syntax_error(
    text: str, start: int, end: int, message: str, help: str = "", rule: str = "syntax"
) -> ExpressionError:
    """The one finding after which nothing more can be said about a text.

    Args:
        text: The expression.
        start: The offset of what is wrong.
        end: The offset after it. The span is at least one character long, and inside the text if it has any.
        message: What is wrong, in plain words.
        help: What to do next; may be empty.
        rule: The id of the kind of finding.
    """
    start = max(0, min(start, len(text) - 1))
    end = max(start + 1, min(end, len(text)))
    return ExpressionError((Problem(rule=rule, message=message, help=help, span=Span(start, end)),), text)
