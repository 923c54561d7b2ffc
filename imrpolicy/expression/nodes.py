"""Guideline CEL as it is understood: small, frozen, typed nodes.

Every reading of an expression (compiled, in English, and the later ones) starts from these nodes and from
nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

from imrpolicy.expression.problem import Span
from imrpolicy.facts import BOOL, INT, Fact, Field, ValueType


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A value written in the expression."""

    value: bool | int | float | str | dt.date
    type: ValueType
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ListConstant:
    """A list written in the expression, of constants only."""

    elements: tuple[Constant, ...]
    type: ValueType
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class FactValue:
    """The value of a fact; unknown where it is not documented."""

    fact: Fact
    span: Span

    @property
    def type(self) -> ValueType:
        """The type that the dictionary gives the fact."""
        return self.fact.type


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """The element that `exists`, `all`, `exists_one` or `filter` looks at.

    Attributes:
        name: The name that the author chose.
        path: The list behind it, such as `history.prior_blocks[]`; `[]` for a list written out.
        type: The type of the element.
        span: Where it is named.
    """

    name: str
    path: str
    type: ValueType
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldValue:
    """A field of a record in a list; unknown where it is not documented.

    Attributes:
        of: The record.
        field: The field of the dictionary.
        path: The fact behind it, such as `history.prior_blocks[].relief_percent`.
    """

    of: Variable
    field: Field
    path: str
    span: Span

    @property
    def type(self) -> ValueType:
        """The type that the dictionary gives the field."""
        return self.field.type


@dataclass(frozen=True, slots=True, kw_only=True)
class Documented:
    """`has(...)`: whether a fact or a field is documented; always true or false."""

    of: FactValue | FieldValue
    span: Span
    type: ValueType = BOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """`!a`."""

    operand: Node
    span: Span
    type: ValueType = BOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Junction:
    """`a && b && ...` or `a || b || ...`, in Kleene's logic."""

    operator: Literal["&&", "||"]
    operands: tuple[Node, ...]
    span: Span
    type: ValueType = BOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional:
    """`a ? b : c`; unknown where `a` is."""

    condition: Node
    then: Node
    otherwise: Node
    type: ValueType
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """A comparison of two numbers, texts, truth values or dates."""

    operator: Literal["==", "!=", "<", "<=", ">", ">="]
    left: Node
    right: Node
    span: Span
    type: ValueType = BOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """`a + b`, `a - b`, `a * b`, `a / b` or `a % b` of two whole or two decimal numbers."""

    operator: Literal["+", "-", "*", "/", "%"]
    left: Node
    right: Node
    type: ValueType
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Negate:
    """`-a` of a number."""

    operand: Node
    type: ValueType
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Decimal:
    """`double(a)`: a whole number as a decimal one."""

    operand: Node
    type: ValueType
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Contains:
    """`a in list`."""

    element: Node
    container: Node
    span: Span
    type: ValueType = BOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """`size(a)`: how many elements a list has, or characters a text."""

    operand: Node
    span: Span
    type: ValueType = INT


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantifier:
    """`list.exists(v, ...)`, `.all(v, ...)` or `.exists_one(v, ...)`."""

    kind: Literal["exists", "all", "exists_one"]
    source: Node
    variable: str
    predicate: Node
    span: Span
    type: ValueType = BOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """`list.filter(v, ...)`: the elements for which the predicate holds; unknown where it is for any."""

    source: Node
    variable: str
    predicate: Node
    type: ValueType
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTest:
    """`text.startsWith(...)`, `.endsWith(...)` or `.contains(...)`."""

    kind: Literal["startsWith", "endsWith", "contains"]
    operand: Node
    argument: Node
    span: Span
    type: ValueType = BOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeBetween:
    """`days_between(a, b)` or `weeks_between(a, b)`: from `a` to `b`, in whole days or whole weeks."""

    start: Node
    end: Node
    type: ValueType
    span: Span

    @property
    def days(self) -> int:
        """The length of the unit in days."""
        return 7 if self.type.unit == "weeks" else 1


Node = (
    Constant
    | ListConstant
    | FactValue
    | Variable
    | FieldValue
    | Documented
    | Not
    | Junction
    | Conditional
    | Compare
    | Arithmetic
    | Negate
    | Decimal
    | Contains
    | Size
    | Quantifier
    | Filter
    | TextTest
    | TimeBetween
)

_NODES = Node.__args__
_FIELDS = {kind: tuple(item.name for item in fields(kind)) for kind in _NODES}


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below one."""
    for name in _FIELDS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, _NODES):
            yield value
        elif isinstance(value, tuple):
            yield from (part for part in value if isinstance(part, _NODES))


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, from the left."""
    yield node
    for child in children(node):
        yield from walk(child)


def facts_of(node: Node) -> tuple[Fact, ...]:
    """The facts that an expression reads, each once, in the order of the text."""
    return tuple(dict.fromkeys(item.fact for item in walk(node) if isinstance(item, FactValue)))
