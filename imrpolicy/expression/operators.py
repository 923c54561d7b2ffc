"""Operators and functions: one table of what each accepts, and of the node that it makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from imrpolicy.expression import messages
from imrpolicy.expression.comparing import build_contains, build_equal, build_order
from imrpolicy.expression.functions import build_date, build_size, build_text_test, build_time_between
from imrpolicy.expression.nodes import Conditional, Junction, Node, Not
from imrpolicy.expression.numeric import build_arithmetic, build_decimal, build_negate, hull
from imrpolicy.expression.problem import Problem
from imrpolicy.expression.syntax import Call
from imrpolicy.expression.units import units_agree
from imrpolicy.facts import Kind

Report = Callable[[Problem], None]
Builder = Callable[[Report, Call, list[Node]], Node | None]


def _junction(report: Report, syntax: Call, parts: list[Node]) -> Node | None:
    wrong = [part for part in parts if part.type.kind is not Kind.BOOL]
    for part in wrong:
        report(messages.not_boolean(part))
    operator: Literal["&&", "||"] = "&&" if syntax.function == "_&&_" else "||"
    return None if wrong else Junction(operator=operator, operands=tuple(parts), span=syntax.span)


def _not(report: Report, syntax: Call, parts: list[Node]) -> Node | None:
    if parts[0].type.kind is not Kind.BOOL:
        report(messages.not_boolean(parts[0]))
        return None
    return Not(operand=parts[0], span=syntax.span)


def _conditional(report: Report, syntax: Call, parts: list[Node]) -> Node | None:
    condition, then, otherwise = parts
    if condition.type.kind is not Kind.BOOL:
        report(messages.not_boolean(condition))
        return None
    for part in (then, otherwise):
        if part.type.kind in (Kind.LIST, Kind.RECORD):
            report(messages.no_choice(part))
            return None
    if then.type.kind is not otherwise.type.kind or not units_agree(then, otherwise):
        help = "both results must be of one type and unit"
        report(messages.mismatch(syntax.function, then, otherwise, syntax.span, help))
        return None
    type_ = hull(then.type, otherwise.type)
    return Conditional(condition=condition, then=then, otherwise=otherwise, type=type_, span=syntax.span)


def _counted(count: int, wanted: str, build: Builder) -> Builder:
    def counted(report: Report, syntax: Call, parts: list[Node]) -> Node | None:
        if len(parts) != count:
            report(messages.arguments(syntax.function, wanted, syntax.name_span))
            return None
        return build(report, syntax, parts)

    return counted


METHODS = frozenset({"startsWith", "endsWith", "contains"})
BUILDERS: dict[str, Builder] = {
    "_&&_": _junction,
    "_||_": _junction,
    "!_": _not,
    "-_": build_negate,
    "_?_:_": _conditional,
    "_==_": build_equal,
    "_!=_": build_equal,
    "_<_": build_order,
    "_<=_": build_order,
    "_>_": build_order,
    "_>=_": build_order,
    "@in": build_contains,
    "_+_": build_arithmetic,
    "_-_": build_arithmetic,
    "_*_": build_arithmetic,
    "_/_": build_arithmetic,
    "_%_": build_arithmetic,
    "size": _counted(1, "one list or text", build_size),
    "double": _counted(1, "one number", build_decimal),
    "startsWith": _counted(2, "a text to look for", build_text_test),
    "endsWith": _counted(2, "a text to look for", build_text_test),
    "contains": _counted(2, "a text to look for", build_text_test),
    "date": _counted(1, 'one date, such as `date("2013-06-20")`', build_date),
    "days_between": _counted(2, "two dates", build_time_between),
    "weeks_between": _counted(2, "two dates", build_time_between),
}
# What an author can call by name; `has` and the macros are no functions to the checker.
NAMES = frozenset(name for name in BUILDERS if name.isidentifier() and not name.startswith("_")) | {
    "has",
    "exists",
    "all",
    "exists_one",
    "filter",
}
