"""`size`, the tests of texts, and dates: what each accepts, and the node that it makes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Literal, cast

from imrpolicy.expression import messages
from imrpolicy.expression.nodes import Constant, Node, Size, TextTest, TimeBetween
from imrpolicy.expression.problem import Problem
from imrpolicy.expression.syntax import Call
from imrpolicy.facts import DATE, Kind, ValueType

Report = Callable[[Problem], None]
# More days than there are from the year 1 to the year 9999.
_FARTHEST = 3_700_000
# Longer than any list or text of a case.
_LONGEST = 2**32
# Python's own reader takes more forms (20130620, 2013-W25-4) than the other readings of an expression do.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def build_size(report: Report, syntax: Call, parts: list[Node]) -> Node | None:
    """The node of `size(a)` or `a.size()`."""
    type_ = parts[0].type
    if type_.kind not in (Kind.LIST, Kind.STRING) or type_.choices:
        report(messages.needs(syntax.function, "a list or a text", parts[0]))
        return None
    longest = _LONGEST if type_.longest is None else type_.longest
    count = ValueType(kind=Kind.INT, minimum=type_.shortest, maximum=longest)
    return Size(operand=parts[0], span=syntax.span, type=count)


def build_text_test(report: Report, syntax: Call, parts: list[Node]) -> Node | None:
    """The node of `a.startsWith(b)`, `a.endsWith(b)` or `a.contains(b)`."""
    for part in parts:
        if part.type.kind is not Kind.STRING or part.type.choices:
            report(messages.needs(syntax.function, "a text", part))
            return None
    kind = cast(Literal["startsWith", "endsWith", "contains"], syntax.function)
    return TextTest(kind=kind, operand=parts[0], argument=parts[1], span=syntax.span)


def build_date(report: Report, syntax: Call, parts: list[Node]) -> Node | None:
    """The constant that `date("2013-06-20")` stands for."""
    written = parts[0]
    text = written.value if isinstance(written, Constant) else None
    if isinstance(text, str) and _DATE.fullmatch(text):
        try:
            return Constant(value=dt.date.fromisoformat(text), type=DATE, span=syntax.span)
        except ValueError:
            pass
    report(messages.not_a_date(written))
    return None


def build_time_between(report: Report, syntax: Call, parts: list[Node]) -> Node | None:
    """The node of `days_between(a, b)` or `weeks_between(a, b)`."""
    for part in parts:
        if part.type.kind is not Kind.DATE:
            report(messages.needs(syntax.function, "dates", part))
            return None
    unit = "weeks" if syntax.function == "weeks_between" else "days"
    type_ = ValueType(kind=Kind.INT, unit=unit, minimum=-_FARTHEST, maximum=_FARTHEST)
    return TimeBetween(start=parts[0], end=parts[1], type=type_, span=syntax.span)
