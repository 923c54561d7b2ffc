"""Hypothesis strategies: how names, constants and operators are written, in all the ways that CEL has."""

import json
from dataclasses import dataclass

from expression.case_strategies import DATES, TEXTS, number_within
from hypothesis import strategies as st

from imrpolicy.facts import Kind

# How tightly the operators of CEL bind, from `? :` to a name.
CHOICE, OR, AND, RELATION, SUM, PRODUCT, UNARY, MEMBER = range(8)


@dataclass(frozen=True)
class Written:
    """An expression as text, and how tightly its outermost operator binds."""

    text: str
    level: int


@st.composite
def operand(draw, strategy, level):
    """An operand, in brackets if it binds less tightly than `level`."""
    written = draw(strategy)
    if written.level < level or draw(seldom):
        return f"({written.text})"
    return written.text


seldom = st.sampled_from([False] * 7 + [True])
gap = st.sampled_from([" "] * 6 + ["  ", "\n", " // a comment: \"quoted' && (\n"])


@st.composite
def joined(draw, left, sign, right, level, left_level=None):
    """Two operands and the sign between them; the operators bind to the left."""
    first = draw(operand(left, level if left_level is None else left_level))
    second = draw(operand(right, level + 1))
    return Written(f"{first}{draw(gap)}{sign}{draw(gap)}{second}", level)


def name(named):
    return st.just(Written(named.text, MEMBER))


def as_written(named):
    return Written(named.text, MEMBER)


@st.composite
def literal(draw, type_, mixed=False):
    """A constant that a value of the type can have; `mixed` gives whole numbers for decimal ones and back."""
    match type_.kind:
        case Kind.BOOL:
            text = draw(st.sampled_from(["true", "false"]))
        case Kind.STRING if type_.choices:
            text = quoted(draw, draw(st.sampled_from(type_.choices)).value)
        case Kind.STRING:
            text = quoted(draw, draw(TEXTS))
        case Kind.DATE:
            text = f'date("{draw(DATES)}")'
        case kind:
            if mixed and draw(seldom):
                kind = Kind.INT if kind is Kind.DOUBLE else Kind.DOUBLE
            text = spelled(draw, draw(number_within(type_)), kind)
    return Written(text, UNARY if text[0] == "-" else MEMBER)


def spelled(draw, number, kind):
    if kind is Kind.INT:
        return draw(st.sampled_from([str(int(number)), hex(int(number))]))
    return draw(st.sampled_from([repr(float(number)), f"{float(number):.17e}"]))


def quoted(draw, value):
    """A text in one of its spellings."""
    style = draw(st.sampled_from(["double", "double", "single", "escaped"]))
    if style == "single" and "'" not in value and "\\" not in value and value.isprintable():
        return f"'{value}'"
    if style == "escaped":
        return '"' + "".join(f"\\U{ord(character):08X}" for character in value) + '"'
    return json.dumps(value)


@st.composite
def constants(draw, type_):
    elements = draw(st.lists(literal(type_), min_size=1, max_size=3))
    return Written(f"[{', '.join(element.text for element in elements)}]", MEMBER)


def small(kind):
    texts = (
        ["1", "2", "3", "-2", "7", "0x0A"]
        if kind is Kind.INT
        else ["0.5", "2.0", "1e1", "-1.5", ".25", "3E-2"]
    )
    return st.sampled_from(texts).map(lambda text: Written(text, UNARY if text[0] == "-" else MEMBER))
