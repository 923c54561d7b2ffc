"""Typed nodes to terms of the prover: the reading that proofs use.

Each expression becomes a value and whether it is known; each true-or-false one a pair of formulas, when it is
true and when it is false. Whole numbers, dates (as days) and choices are exact. Decimal numbers are real
numbers: comparisons are exact, sums and products are not rounded as a machine rounds them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from imrpolicy.expression import Node
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
    Not,
    Quantifier,
    Size,
    TextTest,
    TimeBetween,
    Variable,
)
from imrpolicy.facts import Kind
from imrpolicy.prove.solver import Term, both, choice, either, no, z3
from imrpolicy.prove.symbols import Symbols
from imrpolicy.prove.terms import (
    Listed,
    Record,
    Scalar,
    Slot,
    Truth,
    Value,
    all_of,
    any_of,
    conditional,
)

_ORDER: dict[str, Callable[[Term, Term], Term]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: dict[str, Callable[[Term, Term], Term]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_Bound = Mapping[str, Scalar | Record]


class Encoder:
    """Reads expressions over the unknowns of one proof."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols

    def truth(self, node: Node) -> Truth:
        """A true-or-false expression."""
        return self._truth(node, {})

    def _truth(self, node: Node, bound: _Bound) -> Truth:
        match node:
            case Junction():
                parts = [self._truth(operand, bound) for operand in node.operands]
                return all_of(*parts) if node.operator == "&&" else any_of(*parts)
            case Not():
                return self._truth(node.operand, bound).negated()
            case Conditional():
                parts = [self._truth(part, bound) for part in (node.condition, node.then, node.otherwise)]
                return conditional(*parts)
            case Documented():
                known = self._value(node.of, bound)
                assert not isinstance(known, Record)  # noqa: S101 - only facts and fields are asked
                return Truth(known.known, no(known.known))
            case Compare():
                return self._compare(node, bound)
            case Contains():
                return self._contains(node, bound)
            case Quantifier():
                return self._quantifier(node, bound)
            case TextTest():
                return self._text_test(node, bound)
            case _:
                return self._scalar(node, bound).truth

    def _value(self, node: Node, bound: _Bound) -> Value:
        match node:
            case Constant():
                return Scalar(True, self.symbols.literal(node.type, node.value))
            case ListConstant():
                return Listed(
                    True,
                    tuple(
                        Slot(True, Scalar(True, self.symbols.literal(e.type, e.value))) for e in node.elements
                    ),
                )
            case FactValue():
                return self.symbols.fact(node.fact)
            case Variable():
                return bound[node.name]
            case FieldValue():
                record = bound[node.of.name]
                assert isinstance(record, Record)  # noqa: S101 - the checker insists
                return record.fields[node.field.name]
            case Filter():
                return self._filter(node, bound)
            case _ if node.type.kind is Kind.BOOL:
                truth = self._truth(node, bound)
                return Scalar(truth.known, truth.true)
            case _:
                return self._computed(node, bound)

    def _computed(self, node: Node, bound: _Bound) -> Scalar:
        match node:
            case Conditional():
                return self._chosen(node, bound)
            case Arithmetic():
                left, right = self._scalar(node.left, bound), self._scalar(node.right, bound)
                return Scalar(both(left.known, right.known), self._calculated(node, left.term, right.term))
            case Negate():
                operand = self._scalar(node.operand, bound)
                return Scalar(operand.known, -operand.term)
            case Decimal():
                operand = self._scalar(node.operand, bound)
                term = z3.ToReal(operand.term) if z3.is_int(operand.term) else operand.term
                return Scalar(operand.known, term)
            case Size():
                return self._size(node, bound)
            case TimeBetween():
                start, end = self._scalar(node.start, bound), self._scalar(node.end, bound)
                days = end.term - start.term
                whole = days if node.days == 1 else _quotient(days, node.days)
                return Scalar(both(start.known, end.known), whole)
            case _:
                raise TypeError(f"no term for {type(node).__name__}")

    def _scalar(self, node: Node, bound: _Bound) -> Scalar:
        value = self._value(node, bound)
        assert isinstance(value, Scalar)  # noqa: S101 - the checker insists
        return value

    def _listed(self, node: Node, bound: _Bound) -> Listed:
        value = self._value(node, bound)
        assert isinstance(value, Listed)  # noqa: S101 - the checker insists
        return value

    def _compare(self, node: Compare, bound: _Bound) -> Truth:
        left, right = self._scalar(node.left, bound), self._scalar(node.right, bound)
        if node.operator in ("==", "!="):
            holds = self.symbols.same(left.term, right.term)
            holds = holds if node.operator == "==" else no(holds)
        else:
            holds = _ORDER[node.operator](left.term, right.term)
        return Scalar(both(left.known, right.known), holds).truth

    def _contains(self, node: Contains, bound: _Bound) -> Truth:
        element, container = self._scalar(node.element, bound), self._listed(node.container, bound)
        found = either(
            *(
                both(slot.present, self.symbols.same(element.term, slot.value.term))
                for slot in container.slots
                if isinstance(slot.value, Scalar)
            )
        )
        return Scalar(both(element.known, container.known), found).truth

    def _text_test(self, node: TextTest, bound: _Bound) -> Truth:
        operand, argument = self._scalar(node.operand, bound), self._scalar(node.argument, bound)
        text, part = self.symbols.as_text(operand.term), self.symbols.as_text(argument.term)
        match node.kind:
            case "startsWith":
                holds = z3.PrefixOf(part, text)
            case "endsWith":
                holds = z3.SuffixOf(part, text)
            case "contains":
                holds = z3.Contains(text, part)
        return Scalar(both(operand.known, argument.known), holds).truth

    def _each(self, source: Listed, node: Quantifier | Filter, bound: _Bound) -> list[Truth]:
        return [self._truth(node.predicate, {**bound, node.variable: slot.value}) for slot in source.slots]

    def _quantifier(self, node: Quantifier, bound: _Bound) -> Truth:
        source = self._listed(node.source, bound)
        found = self._each(source, node, bound)
        present = [slot.present for slot in source.slots]
        if node.kind == "exists_one":
            known = both(source.known, *(either(no(p), t.known) for p, t in zip(present, found, strict=True)))
            count = self._count([both(p, t.true) for p, t in zip(present, found, strict=True)])
            return Scalar(known, count == 1).truth
        asked = found if node.kind == "exists" else [truth.negated() for truth in found]
        some = both(source.known, either(*(both(p, t.true) for p, t in zip(present, asked, strict=True))))
        none = both(source.known, *(either(no(p), t.false) for p, t in zip(present, asked, strict=True)))
        return Truth(some, none) if node.kind == "exists" else Truth(none, some)

    def _filter(self, node: Filter, bound: _Bound) -> Listed:
        source = self._listed(node.source, bound)
        found = self._each(source, node, bound)
        known = both(
            source.known, *(either(no(s.present), t.known) for s, t in zip(source.slots, found, strict=True))
        )
        kept = (
            Slot(both(slot.present, truth.true), slot.value)
            for slot, truth in zip(source.slots, found, strict=True)
        )
        return Listed(known, tuple(kept))

    def _size(self, node: Size, bound: _Bound) -> Scalar:
        value = self._value(node.operand, bound)
        if isinstance(value, Listed):
            return Scalar(value.known, self._count([slot.present for slot in value.slots]))
        assert isinstance(value, Scalar)  # noqa: S101 - the checker insists
        return Scalar(value.known, z3.Length(self.symbols.as_text(value.term)))

    def _chosen(self, node: Conditional, bound: _Bound) -> Scalar:
        condition = self._truth(node.condition, bound)
        then, otherwise = self._scalar(node.then, bound), self._scalar(node.otherwise, bound)
        known = either(both(condition.true, then.known), both(condition.false, otherwise.known))
        first, second = self.symbols.alike(then.term, otherwise.term)
        return Scalar(known, choice(condition.true, first, second))

    def _count(self, parts: list[Term]) -> Term:
        sure = sum(part is True for part in parts)
        rest = [z3.If(part, 1, 0) for part in parts if not isinstance(part, bool)]
        return z3.Sum([self.symbols.number(sure), *rest])

    @staticmethod
    def _calculated(node: Arithmetic, left: Term, right: Term) -> Term:
        if node.operator in _ARITHMETIC:
            return _ARITHMETIC[node.operator](left, right)
        if node.type.kind is not Kind.INT:
            return left / right
        assert isinstance(node.right, Constant)  # noqa: S101 - the checker insists
        divisor = int(node.right.value)  # type: ignore[arg-type]
        quotient = _quotient(left, divisor)
        return quotient if node.operator == "/" else left - quotient * divisor


def _quotient(dividend: Term, divisor: int) -> Term:
    """Rounded towards zero as CEL does; z3 rounds down for a divisor above zero."""
    size = abs(divisor)
    positive, negative = dividend / size, -((-dividend) / size)
    quotient = z3.If(dividend >= 0, positive, negative)
    return quotient if divisor > 0 else -quotient
