"""How a fact is drawn that the profile does not name: by the type of its values alone.

A fact that is new in the dictionary is generated without a line of code or of the profile. Nothing is known
of it, so these draws only see to it that every kind of value occurs.
"""

from __future__ import annotations

import datetime as dt

from imrpolicy.facts import DATES, REQUEST, Kind, ValueType
from imrpolicy.population.model import (
    Alternative,
    Between,
    DaysFrom,
    Draw,
    Members,
    Percentiles,
    Profile,
    Records,
    Rule,
    Weights,
    Words,
)

REQUESTED = f"{DATES}.{REQUEST}"
_FIRST, _LAST = dt.date(2010, 1, 1), dt.date(2025, 12, 31)
_COUNTS = (60.0, 25.0, 10.0, 5.0)


def default_rule(type_: ValueType, profile: Profile, *, dated: bool, required: bool = False) -> Rule:
    """The rule for a fact of which nothing but the type is known.

    Args:
        type_: The type of its values.
        profile: The profile, for how often facts are documented.
        dated: Whether there is a date of the request, near which other dates lie.
        required: Whether every case has the fact.
    """
    draw = default_draw(type_, profile, dated=dated)
    return Rule(
        alternatives=(Alternative(draw=draw),),
        documented=1.0 if required else profile.documented,
        quality=0.0 if required else profile.quality,
    )


def default_draw(type_: ValueType, profile: Profile, *, dated: bool) -> Draw:
    """The draw for values of a type."""
    if type_.is_enumeration:
        return Weights(tuple((choice.value, 1.0) for choice in type_.choices))
    match type_.kind:
        case Kind.BOOL:
            return Weights(((False, 65.0), (True, 35.0)))
        case Kind.INT | Kind.DOUBLE:
            low, high = type_.minimum or 0.0, type_.maximum or 0.0
            return Percentiles(((0, low), (60, low + (high - low) * 0.1), (100, high)))
        case Kind.DATE:
            days = Percentiles(((0, -3650), (50, -400), (100, 0)))
            return DaysFrom(REQUESTED, days) if dated else Between(_FIRST, _LAST)
        case Kind.LIST:
            return _default_list(type_, profile, dated)
        case _:
            return Words()


def _default_list(type_: ValueType, profile: Profile, dated: bool) -> Draw:
    element = type_.element
    assert element is not None  # noqa: S101 - the schema reader insists
    if element.is_enumeration:
        share = min(0.5, 2 / len(element.choices))
        return Members(tuple((choice.value, share) for choice in element.choices))
    # Two plain values could be the same, so that a list of unique ones has one at most.
    most = min(type_.longest if type_.longest is not None else 3, 1 if type_.unique else 3)
    counts = tuple(0.0 if n < type_.shortest else weight for n, weight in enumerate(_COUNTS[: most + 1]))
    if not any(counts):
        counts = (*[0.0] * type_.shortest, 1.0)
    inner = [(item.name, item.type) for item in element.fields] or [("", element)]
    whole = element.kind is not Kind.RECORD
    fields = {name: default_rule(of, profile, dated=dated, required=whole) for name, of in inner}
    return Records(counts, fields)
