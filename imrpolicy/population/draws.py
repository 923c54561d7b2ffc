"""Draws values from scores.

Everything is drawn from standard normal scores: a truth value is a threshold on them, a number a curve over
them, a choice a row of thresholds. A score is a share of the traits of its case and a share of chance: facts
which the same trait pulls at are correlated: a Gaussian copula with few factors.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from imrpolicy.facts import Kind, ValueType
from imrpolicy.population.model import Between, Members, Percentiles, Run, Scalar, Weights
from imrpolicy.population.vectors import Mask, Plain, Scores, Sets

# Beyond these scores lie 3 of 100,000 cases on either side; they get the least and the greatest number.
_ENDS = 4.0
_EPOCH = dt.date(1970, 1, 1)
# Any value of a text says nothing; these are told apart.
TEXTS = ("first", "second", "third")

Score = Callable[..., Scores]
"""Gives scores for rows: `score()` one for each, `score(n)` several."""


@lru_cache(maxsize=4096)
def threshold(share: float) -> float:
    """The score that a share of the cases does not exceed."""
    if share <= 0:
        return -math.inf
    return math.inf if share >= 1 else NormalDist().inv_cdf(share)


def scores(
    generator: np.random.Generator,
    shape: tuple[int, ...],
    pulls: Sequence[tuple[Scores, float]],
) -> Scores:
    """Standard normal scores that traits pull at.

    Args:
        generator: Where the chance comes from.
        shape: How many rows, and how many scores for each.
        pulls: The traits of the rows with the correlation of each.
    """
    drawn = generator.standard_normal(shape, dtype=np.float32)
    if pulls:
        drawn *= np.float32(math.sqrt(1 - sum(strength**2 for _, strength in pulls)))
        for trait, strength in pulls:
            pull = trait * np.float32(strength)
            drawn += pull if drawn.ndim == 1 else pull[:, None]
    return drawn


def weighted(draw: Weights, type_: ValueType, score: Scores) -> Plain:
    """One of a few values for each row."""
    values = np.array([encoded(type_, value) for value, _ in draw.weights], dtype=dtype_of(type_))
    return Plain(values[places([weight for _, weight in draw.weights], score)], _everywhere(score))


def places(weights: Sequence[float], score: Scores) -> npt.NDArray[np.intp]:
    """For each row the position of one of some weights."""
    total, reached, bounds = sum(weights), 0.0, []
    for weight in weights[:-1]:
        reached += weight
        bounds.append(threshold(reached / total))
    return np.searchsorted(np.array(bounds, dtype=np.float32), score)


def number(draw: Percentiles, type_: ValueType, score: Scores) -> Plain:
    """A number for each row."""
    values = curve(draw, score)
    if type_.kind is Kind.INT:
        return Plain(np.rint(values).astype(np.int64), _everywhere(score))
    return Plain(np.round(values, 1), _everywhere(score))


def curve(draw: Percentiles, score: Scores) -> npt.NDArray[np.float64]:
    """The numbers that belong to scores."""
    at = [min(max(threshold(percent / 100), -_ENDS), _ENDS) for percent, _ in draw.points]
    return np.interp(score, at, [value for _, value in draw.points])


def day(draw: Between, score: Scores, generator: np.random.Generator) -> Plain:
    """A day for each row."""
    first, last = (draw.first - _EPOCH).days, (draw.last - _EPOCH).days
    days = generator.integers(first, last, size=len(score), endpoint=True)
    return Plain(days.astype("datetime64[D]"), _everywhere(score))


def members(draw: Members, type_: ValueType, score: Score) -> Mask:
    """For each row and choice, whether a list has it."""
    known = position_of(_element(type_))
    shares = {known[value]: share for value, share in draw.shares}
    bounds = np.array([threshold(shares[place]) for place in sorted(shares)], dtype=np.float32)
    drawn = score(len(shares)) < bounds if shares else score(0) < 0
    matrix = np.zeros((len(drawn), len(known)), dtype=bool)
    matrix[:, sorted(shares)] = drawn
    return matrix


def run(draw: Run, type_: ValueType, score: Score) -> Mask:
    """For each row neighbors among the choices."""
    element = _element(type_)
    start = weighted(draw.start, element, score()).data[:, None]
    length = places(draw.lengths, score())[:, None] + 1
    at = np.arange(len(element.choices))
    return (at >= start) & (at < start + length)


def within_limits(matrix: Mask, type_: ValueType) -> Sets:
    """Lists as long as the dictionary asks for: the first choices fill them up, the last ones give way."""
    most = type_.longest if type_.longest is not None else matrix.shape[1]
    if most < matrix.shape[1]:
        matrix &= np.cumsum(matrix, axis=1) <= most
    for _ in range(type_.shortest):
        short = np.flatnonzero(matrix.sum(axis=1) < type_.shortest)
        if not len(short):
            break
        matrix[short, np.argmin(matrix[short], axis=1)] = True
    return Sets(matrix, np.ones(len(matrix), dtype=bool))


def one_member(matrix: Mask, score: Scores, generator: np.random.Generator) -> Plain:
    """One choice out of the list of each row; a row with an empty list has none."""
    sizes = matrix.sum(axis=1)
    wanted = np.floor(generator.random(len(score)) * sizes).astype(np.int64) + 1
    found = (np.cumsum(matrix, axis=1) == wanted[:, None]) & matrix
    return Plain(np.argmax(found, axis=1).astype(np.int16), sizes > 0)


def words(score: Scores, type_: ValueType) -> Plain:
    """A text for each row, as a position in `TEXTS`."""
    del type_
    return Plain(places([1.0] * len(TEXTS), score).astype(np.int16), _everywhere(score))


def dtype_of(type_: ValueType) -> npt.DTypeLike:
    """How the values of a type lie in an array."""
    match type_.kind:
        case Kind.BOOL:
            return np.bool_
        case Kind.INT:
            return np.int64
        case Kind.DOUBLE:
            return np.float64
        case Kind.DATE:
            return np.dtype("datetime64[D]")
        case _:
            return np.int16


def encoded(type_: ValueType, value: Scalar) -> Scalar:
    """A value as it lies in an array: choices as their positions."""
    return position_of(type_)[str(value)] if type_.is_enumeration else value


@lru_cache(maxsize=1024)
def position_of(type_: ValueType) -> dict[str, int]:
    """The positions of the choices of an enumeration."""
    return {choice.value: position for position, choice in enumerate(type_.choices)}


def _element(type_: ValueType) -> ValueType:
    assert type_.element is not None  # noqa: S101 - only lists have members
    return type_.element


def _everywhere(score: Scores) -> Mask:
    return np.ones(len(score), dtype=bool)
