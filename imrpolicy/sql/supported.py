"""What would be supported where only limits stand in the way, as SQL.

The evaluator tries lower quantities, the best offer first, and evaluates the policies anew. In SQL all offers
that the limits of the policies allow are written out, in the same order, and the first that is enough wins.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from imrpolicy.expression import facts_of
from imrpolicy.facts import Fact, Kind
from imrpolicy.policy import Criterion, Limit, Policy
from imrpolicy.population.columns import column_of
from imrpolicy.sql import build as sql
from imrpolicy.sql.dialect import Dialect, Sql
from imrpolicy.sql.policy import PolicyColumns

# Beyond this many combinations of limits a query would be too long; the evaluator stops at a thousand.
MOST_OFFERS = 256


@dataclass(frozen=True, slots=True)
class Voice:
    """A policy that may govern.

    Attributes:
        columns: The policy.
        governs: Whether it governs, or may.
    """

    columns: PolicyColumns
    governs: Sql


def limits_of(policy: Policy) -> Iterator[tuple[Criterion, Limit]]:
    """The limits among the criteria of a policy below which something is left to support."""
    for leaf in policy.criteria.criteria() if policy.criteria is not None else ():
        if leaf.limit is not None and leaf.limit.supported > 0:
            yield leaf, leaf.limit


def within(limit: Limit) -> float:
    """The greatest value within a limit."""
    return limit.supported if limit.is_reached else math.nextafter(limit.supported, -math.inf)


def offers(policies: Sequence[Policy]) -> list[tuple[Limit, ...]]:
    """The cuts that the limits of some policies allow, the best offer first."""
    caps: dict[str, dict[float, Limit]] = {}
    for policy in policies:
        for _, limit in limits_of(policy):
            caps.setdefault(limit.fact.path, {})[within(limit)] = limit
    choices: list[list[Limit | None]] = [
        [None, *(found[value] for value in sorted(found, reverse=True))] for found in caps.values()
    ]
    if math.prod(len(found) for found in choices) > MOST_OFFERS:
        return []
    cuts = (tuple(limit for limit in limits if limit is not None) for limits in product(*choices))
    return sorted((cut for cut in cuts if cut), key=len)


def supported(voices: Sequence[Voice]) -> Sql | None:
    """The first offer that is enough for every policy that governs, as a list of records; else NULL.

    Args:
        voices: The policies that may govern, in the order of the search. Where the result is read, all that
            govern do not recommend the request.
    """
    limited = [voice for voice in voices if voice.columns.with_criteria]
    cuts = offers([voice.columns.policy for voice in limited])
    if not cuts:
        return None
    dialect = limited[0].columns.dialect
    # A policy that fails on something else than its limits leaves nothing to offer.
    only_limits = sql.conjunction(
        sql.disjunction([sql.negation(voice.governs.copy()), _exceeds(voice.columns)]) for voice in voices
    )
    branches = [
        (_is_enough(cut, voices), dialect.array_of_records([_offer(limit, dialect) for limit in cut]))
        for cut in cuts
    ]
    return sql.case([(only_limits, sql.case(branches))])


def supported_of_one(columns: PolicyColumns) -> Sql:
    """What one policy would support where it does not recommend the request."""
    against = sql.surely(sql.negation(sql.column(columns.recommends)))
    found = supported([Voice(columns, columns.looked_at)])
    return sql.case([(against, found or sql.null())])


def _exceeds(columns: PolicyColumns) -> Sql:
    """Whether a policy has a limit that is not met."""
    return sql.disjunction(
        sql.surely(sql.negation(sql.column(columns.leaf(leaf)))) for leaf, _ in limits_of(columns.policy)
    )


def _is_enough(cut: tuple[Limit, ...], voices: Sequence[Voice]) -> Sql:
    """Whether each of its limits stands in the way, and every policy that governs recommends what is left."""
    stands = [
        sql.disjunction(
            sql.conjunction(
                [voice.governs.copy(), sql.surely(sql.negation(sql.column(voice.columns.leaf(leaf))))]
            )
            for voice in voices
            for leaf, own in limits_of(voice.columns.policy)
            if own.fact.path == limit.fact.path and within(own) == within(limit)
        )
        for limit in cut
    ]
    instead = {limit.fact.path: _quantity(limit.fact, within(limit)) for limit in cut}
    said = [
        sql.disjunction([sql.negation(voice.governs.copy()), _recommends(voice.columns.with_facts(instead))])
        for voice in voices
    ]
    return sql.conjunction([*stands, *said])


def _recommends(columns: PolicyColumns) -> Sql:
    """Whether a policy still applies, and recommends, with other quantities."""
    if not columns.with_criteria:
        return sql.boolean(False)
    read = {fact.path for fact in facts_of(columns.policy.scope)}
    scope = [] if read.isdisjoint(columns.instead or {}) else [sql.possibly(columns.scope())]
    return sql.surely(sql.conjunction([*scope, columns.verdict()]))


def _quantity(fact: Fact, value: float) -> Sql:
    if fact.type.kind is Kind.INT:
        return sql.whole(int(value))
    return sql.cast(sql.text(repr(float(value))), "DOUBLE")


def _offer(limit: Limit, dialect: Dialect) -> Sql:
    fact = limit.fact
    items = [
        ("fact", sql.text(fact.path)),
        ("requested", sql.cast(sql.column(column_of(fact.path)), "DOUBLE")),
        ("supported", sql.cast(sql.text(repr(float(limit.supported))), "DOUBLE")),
        ("inclusive", sql.boolean(limit.is_reached)),
    ]
    return dialect.record(items)
