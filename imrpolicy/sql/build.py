"""Small pieces of SQL as sqlglot trees, with the brackets that each needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlglot import exp

# Names that some dialect takes for something else, unless they are quoted.
_RESERVED = frozenset(
    "all and any as at by case check column cross current date day default desc distinct else end exists "
    "false for from full group having hour in inner interval into is join kind left level like limit minute "
    "month natural not null of on or order outer over position range right rows second select set table "
    "then time timestamp to true type union unique user using values when where window with year".split()
)
# How tightly an operand binds; what binds less tightly than its surroundings is put in brackets.
_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _TIGHT = range(7)


def name(text: str) -> exp.Identifier:
    """A name, quoted where it has to be."""
    return exp.to_identifier(text, quoted=text in _RESERVED)


def column(text: str) -> exp.Expr:
    """A column of the table at hand."""
    return exp.Column(this=name(text))


def null() -> exp.Expr:
    """NULL, which is: not documented."""
    return exp.Null()


def boolean(value: bool) -> exp.Expr:
    """TRUE or FALSE."""
    return exp.Boolean(this=value)


def whole(value: int) -> exp.Expr:
    """A whole number."""
    literal = exp.Literal.number(abs(value))
    return exp.Neg(this=literal) if value < 0 else literal


def text(value: str) -> exp.Expr:
    """A text."""
    return exp.Literal.string(value)


def day(value: dt.date) -> exp.Expr:
    """A date."""
    return cast(text(value.isoformat()), "DATE")


def cast(operand: exp.Expr, type_: str | exp.DataType) -> exp.Expr:
    """An operand in another type."""
    return exp.Cast(this=operand, to=exp.DataType.build(type_) if isinstance(type_, str) else type_)


def call(function: str, *arguments: exp.Expr) -> exp.Expr:
    """A function as the dialect at hand names it."""
    return exp.Anonymous(this=function, expressions=list(arguments))


def _tightness(operand: exp.Expr) -> int:
    match operand:
        case exp.Or():
            return _OR
        case exp.And():
            return _AND
        case exp.Not():
            return _NOT
        case exp.EQ() | exp.NEQ() | exp.LT() | exp.LTE() | exp.GT() | exp.GTE() | exp.Is() | exp.In():
            return _COMPARISON
        case exp.Between():
            return _COMPARISON
        case exp.Add() | exp.Sub():
            return _SUM
        case exp.Mul() | exp.Div() | exp.IntDiv() | exp.Mod() | exp.Neg():
            return _PRODUCT
        case exp.Binary() if not isinstance(operand, exp.Dot):
            return _OR
        case _:
            return _TIGHT


def _within(operand: exp.Expr, surroundings: int) -> exp.Expr:
    return operand if _tightness(operand) > surroundings else exp.Paren(this=operand)


def conjunction(parts: Iterable[exp.Expr]) -> exp.Expr:
    """All of the parts; TRUE where there are none."""
    return _chain([p for p in parts if not _is(p, True)], exp.And, _AND, empty=True)


def disjunction(parts: Iterable[exp.Expr]) -> exp.Expr:
    """At least one of the parts; FALSE where there are none."""
    return _chain([p for p in parts if not _is(p, False)], exp.Or, _OR, empty=False)


def _is(part: exp.Expr, value: bool) -> bool:
    return isinstance(part, exp.Boolean) and part.this is value


def _chain(parts: Sequence[exp.Expr], kind: type[exp.Connector], level: int, *, empty: bool) -> exp.Expr:
    if not parts:
        return boolean(empty)
    if any(_is(part, not empty) for part in parts):
        return boolean(not empty)
    result = parts[0] if len(parts) == 1 else _within(parts[0], level)
    for part in parts[1:]:
        result = kind(this=result, expression=_within(part, level))
    return result


def negation(operand: exp.Expr) -> exp.Expr:
    """The opposite."""
    if isinstance(operand, exp.Boolean):
        return boolean(not operand.this)
    if isinstance(operand, exp.Not):
        inner: exp.Expr = operand.this.unnest()
        return inner
    return exp.Not(this=_within(operand, _COMPARISON))


def is_null(operand: exp.Expr) -> exp.Expr:
    """Whether an operand is not documented."""
    return exp.Is(this=_within(operand, _COMPARISON), expression=null())


def is_known(operand: exp.Expr) -> exp.Expr:
    """Whether an operand is documented."""
    return exp.Not(this=is_null(operand))


def coalesce(*operands: exp.Expr) -> exp.Expr:
    """The first operand that is documented."""
    return exp.Coalesce(this=operands[0], expressions=list(operands[1:]))


def surely(operand: exp.Expr) -> exp.Expr:
    """Whether an operand is true, and not merely unknown."""
    return operand if isinstance(operand, exp.Boolean) else coalesce(operand, boolean(False))


def possibly(operand: exp.Expr) -> exp.Expr:
    """Whether an operand is true or unknown."""
    return operand if isinstance(operand, exp.Boolean) else coalesce(operand, boolean(True))


_COMPARISONS: dict[str, type[exp.Binary]] = {
    "==": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
_ARITHMETIC: dict[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul, "/": exp.Div}


def compare(operator: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """A comparison."""
    return _COMPARISONS[operator](this=_within(left, _COMPARISON), expression=_within(right, _COMPARISON))


def arithmetic(operator: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """A sum, difference, product or quotient; operands that are computed themselves stand in brackets."""
    return _ARITHMETIC[operator](this=_within(left, _PRODUCT), expression=_within(right, _PRODUCT))


def negative(operand: exp.Expr) -> exp.Expr:
    """`-a`."""
    return exp.Neg(this=_within(operand, _PRODUCT))


def one_of(operand: exp.Expr, values: Sequence[exp.Expr]) -> exp.Expr:
    """Whether an operand is one of some values, which are all known."""
    if len(values) == 1:
        return compare("==", operand, values[0])
    return exp.In(this=_within(operand, _COMPARISON), expressions=list(values))


def case(branches: Sequence[tuple[exp.Expr, exp.Expr]], otherwise: exp.Expr | None = None) -> exp.Expr:
    """The first value whose condition is true."""
    ifs = [exp.If(this=condition, true=value) for condition, value in branches]
    if not ifs:
        return otherwise or null()
    return exp.Case(ifs=ifs, default=otherwise)


def choose(
    operand: exp.Expr,
    branches: Sequence[tuple[exp.Expr, exp.Expr]],
    otherwise: exp.Expr | None = None,
) -> exp.Expr:
    """The value that belongs to the operand's; the operand is evaluated once."""
    ifs = [exp.If(this=known, true=value) for known, value in branches]
    return exp.Case(this=operand, ifs=ifs, default=otherwise)
