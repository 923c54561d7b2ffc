"""Numbers with a unit: those that a text names, and those that an expression knows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import isclose

from imrpolicy.expression import Node, walk
from imrpolicy.expression.nodes import Compare, Constant, FactValue, FieldValue, TimeBetween

_WORDS = "two three four five six seven eight nine ten eleven twelve".split()
_VALUES = {word: float(value) for value, word in enumerate(_WORDS, start=2)}
_UNITS = {
    "hour": "hours", "hours": "hours", "day": "days", "days": "days", "week": "weeks", "weeks": "weeks",
    "month": "months", "months": "months", "year": "years", "years": "years", "percent": "percent",
    "%": "percent", "level": "levels", "levels": "levels", "point": "points", "points": "points",
    "session": "sessions", "sessions": "sessions", "ml": "mL", "milliliters": "mL",
}  # fmt: skip
_NUMBER = rf"(?<![\w.,/-])(\d+(?:\.\d+)?|{'|'.join(_WORDS)})"
_UNIT = "|".join(sorted((re.escape(unit) for unit in _UNITS), key=len, reverse=True))
# `4 to 6 weeks` names two numbers of weeks; between a number and its unit one of a few words may stand.
_QUANTITY = re.compile(
    rf"{_NUMBER}(?:\s*(?:to|or|and|-|\u2013)\s*(\d+(?:\.\d+)?|{'|'.join(_WORDS)}))?"
    rf"(?:\s*-\s*|\s+|)(?:(?:joint|spinal|calendar|consecutive|full|whole)\s+)?({_UNIT})(?![a-z])",
    re.IGNORECASE,
)
# How one unit may be written as another: what a text says in months, an expression may say in weeks, and
# neither is exact.
_FACTORS = (4.345, 7.0, 12.0, 24.0, 30.44, 52.18, 365.25)
_NEARLY = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with a unit in a text.

    Attributes:
        value: The number.
        unit: The unit, as the fact dictionary writes it.
        words: Both, as they are written.
    """

    value: float
    unit: str
    words: str


# The descriptions of facts are asked for again and again, once for each criterion that reads them.
@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers with a unit that a text names, from the left.

    >>> [(found.value, found.unit) for found in quantities("At most 7 days, for four to 6 weeks, 50%.")]
    [(7.0, 'days'), (4.0, 'weeks'), (6.0, 'weeks'), (50.0, 'percent')]
    """
    return tuple(
        Quantity(value=_value(number), unit=_UNITS[found[3].lower()], words=found[0])
        for found in _QUANTITY.finditer(text)
        for number in (found[1], found[2])
        if number is not None
    )


def _value(word: str) -> float:
    return _VALUES.get(word.lower()) or float(word)


def numbers_in(node: Node) -> frozenset[float]:
    """The numbers that an expression knows; of `< 8` also the 7 that a text may say for it."""
    found = set()
    for part in walk(node):
        if isinstance(part, Constant) and _is_number(part.value):
            found.add(float(part.value))  # type: ignore[arg-type]
        if isinstance(part, Compare) and part.operator in ("<", ">", "!="):
            for side in (part.left, part.right):
                if isinstance(side, Constant) and _is_number(side.value):
                    found |= {float(side.value) - 1, float(side.value) + 1}  # type: ignore[arg-type]
    return frozenset(found)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def says(numbers: Iterable[float], value: float) -> bool:
    """Whether one of some numbers is a value, perhaps in another unit, or as what is left of 100%."""
    known = frozenset(numbers)
    if value in known or 100 - value in known:
        return True
    return any(
        isclose(value * factor, number, rel_tol=_NEARLY) or isclose(value, number * factor, rel_tol=_NEARLY)
        for number in known
        for factor in _FACTORS
    )


def compared_units(node: Node) -> frozenset[str]:
    """The units of the numbers that an expression compares with numbers written in it."""
    return frozenset(
        side.type.unit
        for part in walk(node)
        if isinstance(part, Compare)
        for side, other in ((part.left, part.right), (part.right, part.left))
        if isinstance(other, Constant)
        and isinstance(side, FactValue | FieldValue | TimeBetween)
        and side.type.unit
    )
