"""Typed nodes as an English sentence, in the words of the fact dictionary."""

from __future__ import annotations

import datetime as dt

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
from imrpolicy.facts import Kind, ValueType, label

_COMPARED = {
    "==": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
_DATED = {
    **_COMPARED,
    "<": "is before",
    "<=": "is on or before",
    ">": "is after",
    ">=": "is on or after",
}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ARITHMETIC = {"+": "plus", "-": "minus", "*": "times", "/": "divided by", "%": "modulo"}
_TEXT = {"startsWith": "starts with", "endsWith": "ends with", "contains": "contains"}
_QUANTIFIERS = {"exists": "at least one of", "all": "each of", "exists_one": "exactly one of"}


def in_english(node: Node) -> str:
    """A true-or-false expression as a clause, such as `duration of use is at most 7 days`.

    Args:
        node: The expression. One that is a value, such as a number of days, is read out as a noun.
    """
    match node:
        case Junction():
            return _junction(node)
        case Not():
            return _negated(node.operand)
        case Compare():
            return _comparison(node)
        case Contains():
            return _membership(node, negated=False)
        case Documented():
            return f"{_term(node.of)} is documented"
        case Conditional() if node.type.kind is Kind.BOOL:
            return _conditional(node)
        case Quantifier():
            return f"for {_QUANTIFIERS[node.kind]} {_term(node.source)}: {in_english(node.predicate)}"
        case TextTest():
            return f"{_term(node.operand)} {_TEXT[node.kind]} {_term(node.argument)}"
        case FactValue() | FieldValue() | Variable() if node.type.kind is Kind.BOOL:
            return f"{_term(node)}: yes"
        case Constant() if isinstance(node.value, bool):
            return "always" if node.value else "never"
        case _:
            return _term(node)


def _junction(node: Junction) -> str:
    word = ", and " if node.operator == "&&" else ", or "
    return word.join(_part(operand) for operand in node.operands)


def _part(operand: Node) -> str:
    """An operand of a junction, in brackets where the reader could not tell where it ends."""
    text = in_english(operand)
    return f"({text})" if isinstance(operand, Junction | Conditional | Quantifier) else text


def _negated(node: Node) -> str:
    match node:
        case Documented():
            return f"{_term(node.of)} is not documented"
        case Contains():
            return _membership(node, negated=True)
        case FactValue() | FieldValue() | Variable():
            return f"{_term(node)}: no"
        case Not():
            return in_english(node.operand)
        case _:
            return f"it does not hold that ({in_english(node)})"


def _conditional(node: Conditional) -> str:
    condition, then, otherwise = map(in_english, (node.condition, node.then, node.otherwise))
    return f"if {condition}, then {then}; otherwise {otherwise}"


def _comparison(node: Compare) -> str:
    words = _DATED if node.left.type.kind is Kind.DATE else _COMPARED
    if isinstance(node.left, Constant) and not isinstance(node.right, Constant):
        return _compared(node.right, words[_MIRRORED[node.operator]], node.left)
    return _compared(node.left, words[node.operator], node.right)


def _compared(left: Node, verb: str, right: Node) -> str:
    if isinstance(right, Constant) and isinstance(right.value, bool):
        return f"{_term(left)}: {'yes' if right.value is (verb == 'is') else 'no'}"
    return f"{_term(left)} {verb} {_value(right, left.type)}"


def _membership(node: Contains, *, negated: bool) -> str:
    verb = "is not" if negated else "is"
    if isinstance(node.container, ListConstant):
        values = [_value(value, node.element.type) for value in node.container.elements]
        return f"{_term(node.element)} {verb} {_enumerated(values)}"
    of = node.container.type.element or node.element.type
    return f"{_value(node.element, of)} {verb} among {_term(node.container)}"


def _enumerated(values: list[str]) -> str:
    if len(values) == 1:
        return values[0]
    return f"{', '.join(values[:-1])} or {values[-1]}"


def _value(node: Node, of: ValueType) -> str:
    """A constant in the words of what it is compared with; anything else as a noun."""
    if not isinstance(node, Constant):
        return _term(node)
    if isinstance(node.value, dt.date):
        return node.value.isoformat()
    return f'"{node.value}"' if isinstance(node.value, str) and not of.choices else label(of, node.value)


def _term(node: Node) -> str:
    """A value as a noun phrase."""
    match node:
        case FactValue():
            return _lower(node.fact.title)
        case FieldValue():
            return _lower(node.field.title)
        case Variable():
            return "it"
        case Constant():
            return _value(node, node.type)
        case ListConstant():
            return _enumerated([_value(element, element.type) for element in node.elements])
        case Size():
            what = "number" if node.operand.type.kind is Kind.LIST else "length"
            return f"the {what} of {_term(node.operand)}"
        case Filter():
            return f"{_term(node.source)} where ({in_english(node.predicate)})"
        case Arithmetic():
            return f"({_term(node.left)} {_ARITHMETIC[node.operator]} {_value(node.right, node.left.type)})"
        case Negate():
            return f"minus {_term(node.operand)}"
        case Decimal():
            return _term(node.operand)
        case TimeBetween():
            rounded = "" if node.type.unit == "days" else f" in whole {node.type.unit}"
            return f"the time from {_term(node.start)} to {_term(node.end)}{rounded}"
        case Conditional():
            condition, then, otherwise = in_english(node.condition), _term(node.then), _term(node.otherwise)
            return f"({then} if {condition}, else {otherwise})"
        case _:
            return in_english(node)


def _lower(title: str) -> str:
    """A title inside a sentence; an abbreviation keeps its capitals."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
