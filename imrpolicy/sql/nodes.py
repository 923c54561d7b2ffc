"""Typed nodes to SQL: NULL is exactly "not documented", so that SQL's three-valued logic is ours.

Lists are where SQL's functions lose that logic: each of them answers NULL or an unknown element in its own
way. So every element becomes a number first (2 true, 1 unknown, 0 false), and the greatest, the least or the
sum of these numbers is the answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

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
from imrpolicy.facts import Kind, ValueType
from imrpolicy.population.columns import column_of
from imrpolicy.sql import build as sql
from imrpolicy.sql.dialect import Dialect, Sql

# More than a list can have elements: where one is unknown, so is how many there are.
_UNKNOWN_COUNT = 1_000_000
# Up to so many digits, a decimal number in SQL and a binary one are the same number.
_PLAIN_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes expressions in a dialect.

    Attributes:
        dialect: The dialect.
        instead: What stands for facts instead of their columns, by path, as where a quantity is cut.
    """

    dialect: Dialect
    instead: Mapping[str, Sql] = field(default_factory=dict)

    def write(self, node: Node) -> Sql:
        """The SQL of an expression."""
        match node:
            case Constant():
                return self._constant(node)
            case ListConstant():
                element = node.type.element or ValueType(kind=Kind.STRING)
                return self.dialect.array([self._constant(e) for e in node.elements], element)
            case FactValue():
                replaced = self.instead.get(node.fact.path)
                return replaced.copy() if replaced is not None else sql.column(column_of(node.fact.path))
            case Variable():
                return self.dialect.variable(_loop(node.name), node.type)
            case FieldValue():
                return self.dialect.field(_loop(node.of.name), node.field)
            case Documented():
                return sql.is_known(self.write(node.of))
            case Not():
                return sql.negation(self.write(node.operand))
            case Junction():
                join = sql.conjunction if node.operator == "&&" else sql.disjunction
                return join([self.write(operand) for operand in node.operands])
            case Conditional():
                then, otherwise = self._typed(node.then, node.type), self._typed(node.otherwise, node.type)
                yes, no = sql.boolean(True), sql.boolean(False)
                return sql.choose(self.write(node.condition), [(yes, then), (no, otherwise)])
            case _:
                return self._strict(node)

    def _strict(self, node: Node) -> Sql:
        """A node that is unknown as soon as one of its operands is."""
        match node:
            case Compare():
                return self._compare(node)
            case Contains():
                return self._contains(node)
            case Arithmetic():
                return self._arithmetic(node)
            case Negate():
                return sql.negative(self._number(node.operand))
            case Decimal():
                return self._double(self.write(node.operand))
            case Size():
                return self.dialect.size(
                    self.write(node.operand), of_text=node.operand.type.kind is Kind.STRING
                )
            case TextTest():
                return self.dialect.text_test(node.kind, self.write(node.operand), self.write(node.argument))
            case TimeBetween():
                days = self.dialect.days(self.write(node.start), self.write(node.end))
                return days if node.days == 1 else self.dialect.quotient(days, sql.whole(node.days))
            case Quantifier():
                return self._quantifier(node)
            case Filter():
                return self._filter(node)
            case _:
                raise TypeError(f"no SQL for {type(node).__name__}")

    # --- values -------------------------------------------------------------------------------------------

    def _constant(self, node: Constant) -> Sql:
        value = node.value
        if isinstance(value, bool):
            return sql.boolean(value)
        if isinstance(value, int):
            return sql.whole(value)
        if isinstance(value, float):
            # From text, since some dialects read a number with a point as one of base ten.
            return self._double(sql.text(repr(value)))
        return sql.day(value) if isinstance(value, dt.date) else sql.text(value)

    def _double(self, operand: Sql) -> Sql:
        return sql.cast(operand, self.dialect.plain(Kind.DOUBLE))

    def _number(self, node: Node) -> Sql:
        """An operand of arithmetic, in 64 bits: a number that is written out would have fewer."""
        written = self.write(node)
        if isinstance(node, Constant | Conditional) and node.type.kind is Kind.INT:
            return sql.cast(written, self.dialect.plain(Kind.INT))
        return written

    def _typed(self, node: Node, type_: ValueType) -> Sql:
        """A branch of a choice; both have the same type."""
        return self._number(node) if type_.kind is Kind.INT else self.write(node)

    def _compare(self, node: Compare) -> Sql:
        left, right = self.write(node.left), self.write(node.right)
        kinds = (node.left.type.kind, node.right.type.kind)
        if kinds[0] is not kinds[1]:  # a whole number and a decimal one
            left = self._double(left) if kinds[0] is Kind.INT else left
            right = self._double(right) if kinds[1] is Kind.INT else right
        elif kinds[0] is Kind.DOUBLE:
            left, right = (
                self._plainly(node.left, left, node.right),
                self._plainly(node.right, right, node.left),
            )
        return sql.compare(node.operator, left, right)

    def _plainly(self, node: Node, written: Sql, other: Node) -> Sql:
        """A decimal number beside a column, where the column's type decides how they are compared."""
        if isinstance(node, Constant) and isinstance(other, FactValue | FieldValue):
            digits = repr(node.value)
            if "e" not in digits and len(digits) <= _PLAIN_DIGITS:
                literal = exp.Literal.number(digits.removeprefix("-"))
                return sql.negative(literal) if digits.startswith("-") else literal
        return written

    def _arithmetic(self, node: Arithmetic) -> Sql:
        left, right = self._number(node.left), self._number(node.right)
        if node.type.kind is Kind.INT and node.operator == "/":
            return self.dialect.quotient(left, right)
        if node.operator == "%":
            return self.dialect.remainder(left, right)
        return sql.arithmetic(node.operator, left, right)

    # --- lists --------------------------------------------------------------------------------------------

    def _contains(self, node: Contains) -> Sql:
        element = self.write(node.element)
        inner = node.container.type.element or node.element.type
        if isinstance(node.container, ListConstant):
            double = Kind.DOUBLE in (inner.kind, node.element.type.kind)
            if not node.container.elements:
                return sql.case([(sql.is_known(element), sql.boolean(False))])
            values = [self._constant(constant) for constant in node.container.elements]
            if double and inner.kind is not node.element.type.kind:
                element = self._double(element)
                values = [self._double(value) for value in values]
            return sql.one_of(element, values)
        container = self.write(node.container)
        if isinstance(node.element, Constant) and self.dialect.has_keeps_null:
            return self.dialect.has(container, element, inner)
        known = sql.conjunction([sql.is_known(element), sql.is_known(container)])
        return sql.case([(known, self.dialect.has(container, element.copy(), inner))])

    def _quantifier(self, node: Quantifier) -> Sql:
        source, predicate = self.write(node.source), self.write(node.predicate)
        loop = _loop(node.variable)
        if node.kind == "exists_one":
            value = _code(predicate, true=1, unknown=_UNKNOWN_COUNT, false=0)
            count = self._folded("SUM", source, loop, value, unknown=_UNKNOWN_COUNT, empty=0)
            # Unknown, or too many to be one.
            known = sql.call(
                "NULLIF", sql.call("LEAST", count, sql.whole(_UNKNOWN_COUNT)), sql.whole(_UNKNOWN_COUNT)
            )
            return sql.compare("==", known, sql.whole(1))
        code = self.dialect.code(predicate)
        if node.kind == "exists":
            answer = self._folded("MAX", source, loop, code, unknown=1, empty=0)
        else:
            answer = self._folded("MIN", source, loop, code, unknown=1, empty=2)
        yes, no = sql.boolean(True), sql.boolean(False)
        return sql.choose(answer, [(sql.whole(2), yes), (sql.whole(0), no)])

    def _folded(self, fold: str, source: Sql, loop: str, value: Sql, *, unknown: int, empty: int) -> Sql:
        """A number for the whole list; an unknown list is as good as an unknown element."""
        found = self.dialect.folded(fold, source, loop, value)  # type: ignore[arg-type]
        otherwise = sql.case([(sql.is_null(source.copy()), sql.whole(unknown))], sql.whole(empty))
        return sql.coalesce(found, otherwise)

    def _filter(self, node: Filter) -> Sql:
        source, predicate = self.write(node.source), self.write(node.predicate)
        loop = _loop(node.variable)
        unknown = sql.case([(sql.is_null(predicate), sql.whole(1))], sql.whole(0))
        any_unknown = sql.compare("==", self.dialect.folded("MAX", source, loop, unknown), sql.whole(1))
        kept = self.dialect.filtered(source.copy(), loop, predicate.copy())
        return sql.case([(any_unknown, sql.null())], kept)


def _code(predicate: Sql, *, true: int, unknown: int, false: int) -> Sql:
    return sql.choose(
        predicate,
        [(sql.boolean(True), sql.whole(true)), (sql.boolean(False), sql.whole(false))],
        sql.whole(unknown),
    )


def _loop(variable: str) -> str:
    """The name of an author's variable, which must not hide a column."""
    return f"each_{variable}"
