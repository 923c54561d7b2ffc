"""`==`, `<` and `in`: what can be compared with what, and the nodes that they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast

from imrpolicy.expression import messages
from imrpolicy.expression.nodes import Compare, Constant, Contains, ListConstant, Node, Variable
from imrpolicy.expression.numeric import is_exact
from imrpolicy.expression.problem import Problem
from imrpolicy.expression.syntax import Call
from imrpolicy.expression.units import is_bare, units_agree
from imrpolicy.facts import Kind

Report = Callable[[Problem], None]


def build_equal(report: Report, syntax: Call, parts: list[Node]) -> Node | None:
    """The node of `a == b` or `a != b`."""
    for part in parts:
        if part.type.kind in (Kind.LIST, Kind.RECORD):
            report(messages.not_comparable(part))
            return None
    return _compare(report, syntax, *parts)


def build_order(report: Report, syntax: Call, parts: list[Node]) -> Node | None:
    """The node of `a < b`, `a <= b`, `a > b` or `a >= b`."""
    for part in parts:
        if not part.type.is_number and part.type.kind is not Kind.DATE:
            report(messages.no_order(syntax.function, part, parts[1] if part is parts[0] else parts[0]))
            return None
    return _compare(report, syntax, *parts)


def build_contains(report: Report, syntax: Call, parts: list[Node]) -> Node | None:
    """The node of `a in list`."""
    element, container = parts
    inner = container.type.element
    if inner is None:
        report(messages.needs_a_list(syntax.function, container, container.span))
        return None
    if inner.kind in (Kind.LIST, Kind.RECORD):
        report(messages.not_comparable(container))
        return None
    if (
        element.type.kind is Kind.DOUBLE
        and inner.kind is Kind.INT
        and not isinstance(container, ListConstant)
    ):
        # Not every reading has a list of decimal numbers made of one of whole numbers.
        help = "write `list.exists(e, e == ...)`"
        report(messages.mismatch(syntax.function, element, container, syntax.name_span, help))
        return None
    # One of the list's elements stands for all: it has their type, unit and range.
    one = Variable(name="", path="", type=inner, span=container.span)
    listed = container.elements if isinstance(container, ListConstant) else (one,)
    if not _comparable(report, syntax, element, container, one):
        return None
    known = [_possible(report, element, other) and _possible(report, other, element) for other in listed]
    return Contains(element=element, container=container, span=syntax.span) if all(known) else None


def _compare(report: Report, syntax: Call, left: Node, right: Node) -> Node | None:
    if not _comparable(report, syntax, left, right, right):
        return None
    if not (_possible(report, left, right) and _possible(report, right, left)):
        return None
    operator = cast(Literal["==", "!=", "<", "<=", ">", ">="], syntax.function.strip("_"))
    return Compare(operator=operator, left=left, right=right, span=syntax.span)


def _comparable(report: Report, syntax: Call, left: Node, right: Node, one: Node) -> bool:
    """Whether two values can be compared; `one` is the right-hand side, or one element of it for `in`."""
    same_kind = left.type.kind is one.type.kind
    if not same_kind and not (left.type.is_number and one.type.is_number):
        report(messages.mismatch(syntax.function, left, right, syntax.name_span))
        return False
    bare_list = isinstance(right, ListConstant)
    if not bare_list and not units_agree(left, one):
        report(messages.units(syntax.function, left, right, syntax.name_span))
        return False
    for node in (left, one):
        if not same_kind and not is_exact(node.type):
            report(messages.inexact(node))
            return False
    if _share_no_value(left, one):
        report(messages.no_common_value(syntax.function, left, right, syntax.name_span))
        return False
    return True


def _share_no_value(left: Node, right: Node) -> bool:
    """Whether two enumerations have nothing in common."""
    choices = [{choice.value for choice in node.type.choices} for node in (left, right)]
    return all(choices) and choices[0].isdisjoint(choices[1])


def _possible(report: Report, node: Node, other: Node) -> bool:
    """Whether the other side, if it is a constant, is a value that this side can have."""
    if not isinstance(other, Constant) or is_bare(node):
        return True
    type_, value = node.type, other.value
    if type_.choices and value not in {choice.value for choice in type_.choices}:
        report(messages.unknown_value(value, node, other.span))
        return False
    if type_.minimum is None or type_.maximum is None:
        return True
    if not type_.minimum <= cast(float, value) <= type_.maximum:
        report(messages.always(node, value, other.span))
        return False
    if type_.kind is Kind.INT and 0 < cast(float, value) < 1:
        report(messages.fraction(node, cast(float, value), other.span))
        return False
    return True
