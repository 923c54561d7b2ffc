"""Arithmetic that cannot fail: every result is proven to fit before any case is seen."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Literal, cast

from imrpolicy.expression import messages
from imrpolicy.expression.nodes import Arithmetic, Constant, Decimal, Negate, Node
from imrpolicy.expression.problem import Problem
from imrpolicy.expression.syntax import Call
from imrpolicy.expression.units import is_bare, units_agree
from imrpolicy.facts import Kind, ValueType

Report = Callable[[Problem], None]
_INT64 = 2**63
# Whole numbers in this range are decimals without loss, so that the two compare alike everywhere.
_EXACT = 2**53


def build_arithmetic(report: Report, syntax: Call, parts: list[Node]) -> Node | None:
    """The node of `a + b`, `a - b`, `a * b`, `a / b` or `a % b`."""
    left, right = parts
    for part in parts:
        if not part.type.is_number:
            report(messages.needs(syntax.function, "numbers", part))
            return None
    if left.type.kind is not right.type.kind:
        help = "write the whole number as `double(...)`, or with a point: `7.0`"
        report(messages.mismatch(syntax.function, left, right, syntax.name_span, help))
        return None
    operator = cast(Literal["+", "-", "*", "/", "%"], syntax.function.strip("_"))
    type_ = _result(report, syntax, operator, left, right)
    if type_ is None:
        return None
    return Arithmetic(operator=operator, left=left, right=right, type=type_, span=syntax.span)


def build_negate(report: Report, syntax: Call, parts: list[Node]) -> Node | None:
    """The node of `-a`."""
    type_ = parts[0].type
    if not type_.is_number:
        report(messages.needs(syntax.function, "a number", parts[0]))
        return None
    low, high = range_of(type_)
    if not _fits(type_.kind, -high, -low):
        report(messages.overflow(syntax.span))
        return None
    return Negate(operand=parts[0], type=replace(type_, minimum=-high, maximum=-low), span=syntax.span)


def build_decimal(report: Report, syntax: Call, parts: list[Node]) -> Node | None:
    """The node of `double(a)`."""
    type_ = parts[0].type
    if not type_.is_number:
        report(messages.needs(syntax.function, "a number", parts[0]))
        return None
    if not is_exact(type_):
        report(messages.inexact(parts[0]))
        return None
    low, high = range_of(type_)
    decimal = ValueType(kind=Kind.DOUBLE, unit=type_.unit, minimum=float(low), maximum=float(high))
    return Decimal(operand=parts[0], type=decimal, span=syntax.span)


def range_of(type_: ValueType) -> tuple[float, float]:
    """The least and the greatest value of a number; facts, constants and results all have them."""
    assert type_.minimum is not None and type_.maximum is not None  # noqa: S101, PT018 - see above
    return type_.minimum, type_.maximum


def is_exact(type_: ValueType) -> bool:
    """Whether all values of a number are decimals without loss."""
    low, high = range_of(type_)
    return type_.kind is Kind.DOUBLE or (low >= -_EXACT and high <= _EXACT)


def hull(a: ValueType, b: ValueType) -> ValueType:
    """The type of a value that has one of two types of the same kind."""
    if a.is_number:
        lows, highs = zip(range_of(a), range_of(b), strict=True)
        return replace(a, unit=a.unit or b.unit, minimum=min(lows), maximum=max(highs))
    if a.choices and b.choices:
        return replace(a, choices=tuple(dict.fromkeys(a.choices + b.choices)))
    return ValueType(kind=a.kind)


def _result(report: Report, syntax: Call, operator: str, left: Node, right: Node) -> ValueType | None:
    kind = left.type.kind
    if operator == "%" and kind is Kind.DOUBLE:
        report(messages.needs(syntax.function, "whole numbers", left))
        return None
    if operator in "/%" and not (isinstance(right, Constant) and right.value):
        report(messages.divisor(right.span))
        return None
    if not _units_combine(operator, left, right):
        report(messages.units(syntax.function, left, right, syntax.name_span))
        return None
    low, high = _range(operator, range_of(left.type), range_of(right.type), kind)
    if not _fits(kind, low, high):
        report(messages.overflow(syntax.span))
        return None
    return ValueType(kind=kind, unit=_unit(operator, left, right), minimum=low, maximum=high)


def _fits(kind: Kind, low: float, high: float) -> bool:
    if kind is Kind.DOUBLE:
        return math.isfinite(low) and math.isfinite(high)
    return low >= -_INT64 and high < _INT64


def _units_combine(operator: str, left: Node, right: Node) -> bool:
    if operator in "+-%":
        return units_agree(left, right)
    return left.type.unit is None or right.type.unit is None


def _unit(operator: str, left: Node, right: Node) -> str | None:
    """The unit of the result: sums keep it, a product or quotient with a bare number keeps the other's."""
    if operator in "+-%":
        return right.type.unit if is_bare(left) else left.type.unit
    return left.type.unit or right.type.unit


def _range(
    operator: str, left: tuple[float, float], right: tuple[float, float], kind: Kind
) -> tuple[float, float]:
    """The least and the greatest result; the operators are monotone, so that the corners tell."""
    if operator == "%":
        # A remainder has the sign of the dividend and is smaller than the divisor. Only that of the least
        # whole number by -1 could overflow, because the quotient does.
        largest = max(abs(right[0]), abs(right[1])) - 1
        if left[0] <= -_INT64 and right[0] <= -1 <= right[1]:
            return (-math.inf, math.inf)
        return (-largest if left[0] < 0 else 0, largest if left[1] > 0 else 0)
    apply = _DECIMAL_RESULTS if kind is Kind.DOUBLE else _WHOLE_RESULTS
    results = [apply[operator](x, y) for x, y in product(left, right)]
    return min(results), max(results)


def truncated_quotient(a: int, b: int) -> int:
    """The quotient of two whole numbers, rounded towards zero as CEL does.

    >>> truncated_quotient(-7, 2), truncated_quotient(7, 2)
    (-3, 3)
    """
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def truncated_remainder(a: int, b: int) -> int:
    """The remainder that goes with the quotient rounded towards zero: it has the sign of `a`.

    >>> truncated_remainder(-7, 2), truncated_remainder(7, -2)
    (-1, 1)
    """
    return a - b * truncated_quotient(a, b)


_DECIMAL_RESULTS: dict[str, Callable[[float, float], float]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
}
_WHOLE_RESULTS: dict[str, Callable[[float, float], float]] = {
    **_DECIMAL_RESULTS,
    "/": lambda x, y: truncated_quotient(int(x), int(y)),
}
