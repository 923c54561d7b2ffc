"""Typed nodes back to CEL text, with every bracket written and every conversion named.

This is what the other CEL runtimes are given: a comparison of a whole with a decimal number, which the
specification allows and some of them refuse, is written with `double(...)`.
"""

from __future__ import annotations

import datetime as dt
from typing import cast

from imrpolicy.expression.nodes import (
    Arithmetic,
    Compare,
    Conditional,
    Constant,
    Contains,
    Decimal,
    Documented,
    FactValue,
    FieldValue,
    Filter,
    Junction,
    ListConstant,
    Negate,
    Node,
    Not,
    Quantifier,
    Size,
    TextTest,
    TimeBetween,
    Variable,
)
from imrpolicy.facts import Kind


def unparse(node: Node) -> str:
    """An expression as CEL text that means the same."""
    match node:
        case Constant():
            return _constant(node.value)
        case ListConstant():
            return f"[{', '.join(unparse(element) for element in node.elements)}]"
        case FactValue():
            return node.fact.path
        case Variable():
            return node.name
        case FieldValue():
            return f"{node.of.name}.{node.field.name}"
        case Documented():
            return f"has({unparse(node.of)})"
        case Not():
            return f"!({unparse(node.operand)})"
        case Junction():
            return f" {node.operator} ".join(f"({unparse(operand)})" for operand in node.operands)
        case Conditional():
            return f"({unparse(node.condition)}) ? ({unparse(node.then)}) : ({unparse(node.otherwise)})"
        case Quantifier():
            return f"({unparse(node.source)}).{node.kind}({node.variable}, {unparse(node.predicate)})"
        case Filter():
            return f"({unparse(node.source)}).filter({node.variable}, {unparse(node.predicate)})"
        case _:
            return _operation(node)


def _operation(node: Node) -> str:
    match node:
        case Compare():
            left, right = _same_kind(node.left, node.right)
            return f"{left} {node.operator} {right}"
        case Arithmetic():
            return f"({unparse(node.left)}) {node.operator} ({unparse(node.right)})"
        case Negate():
            return f"-({unparse(node.operand)})"
        case Decimal():
            return f"double({unparse(node.operand)})"
        case Contains():
            return _contains(node)
        case Size():
            return f"size({unparse(node.operand)})"
        case TextTest():
            return f"({unparse(node.operand)}).{node.kind}({unparse(node.argument)})"
        case TimeBetween():
            return f"{node.type.unit}_between({unparse(node.start)}, {unparse(node.end)})"
        case _:
            raise TypeError(f"no text for {type(node).__name__}")


def _same_kind(left: Node, right: Node) -> tuple[str, str]:
    texts = (f"({unparse(left)})", f"({unparse(right)})")
    if not left.type.is_number or left.type.kind is right.type.kind:
        return texts
    first, second = (
        text if node.type.kind is Kind.DOUBLE else f"double{text}"
        for node, text in zip((left, right), texts, strict=True)
    )
    return first, second


def _contains(node: Contains) -> str:
    element = f"({unparse(node.element)})"
    container = f"({unparse(node.container)})"
    inner = node.container.type.element
    if inner is None or inner.kind is node.element.type.kind:
        return f"{element} in {container}"
    if inner.kind is Kind.INT and isinstance(node.container, ListConstant):
        numbers = (_constant(float(cast(int, constant.value))) for constant in node.container.elements)
        return f"{element} in [{', '.join(numbers)}]"
    return f"double{element} in {container}"


def _constant(value: float | str | dt.date) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return f'date("{value.isoformat()}")'
    if isinstance(value, str):
        return '"' + "".join(_character(c) for c in value) + '"'
    return repr(value)


def _character(c: str) -> str:
    if c in '\\"':
        return "\\" + c
    if c.isprintable() and ord(c) < 0x10000:
        return c
    return f"\\U{ord(c):08x}" if ord(c) > 0xFFFF else f"\\u{ord(c):04x}"
