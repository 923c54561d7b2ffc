"""Guideline CEL as it is written: a small untyped tree with source spans.

Operators are calls with the names of the CEL specification, such as `_&&_`, so that the checker has one table
of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from imrpolicy.expression.problem import Span


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal: true, false, a number or text. `text` is its spelling."""

    value: bool | int | float | str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Select:
    """A member of something: `target.name`."""

    target: Syntax
    name: str
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A function, a method (with a target) or an operator."""

    function: str
    target: Syntax | None
    arguments: tuple[Syntax, ...]
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True)
class ListSyntax:
    """A list written out: `["shoulder", "knee"]`."""

    elements: tuple[Syntax, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something that CEL has and guideline CEL has not; `what` says it in plain words."""

    what: str
    span: Span


Syntax = Constant | Name | Select | Call | ListSyntax | Unsupported
