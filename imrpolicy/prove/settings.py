"""Where and when policies are in force together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from imrpolicy.facts import DATES, FactDictionary
from imrpolicy.policy import Effective, Policy, PolicyStatus, SearchSequence
from imrpolicy.prove.findings import Setting
from imrpolicy.prove.proof import Prover, Situation
from imrpolicy.prove.solver import Term, both, either, no
from imrpolicy.prove.terms import Scalar


def shared_days(periods: Iterable[Effective]) -> tuple[dt.date, dt.date] | None:
    """The first and the last day that all periods have in common, if they have any."""
    listed = tuple(periods)
    start = max(period.start for period in listed)
    end = min((period.end or dt.date.max for period in listed), default=dt.date.max)
    return (start, end) if start <= end else None


def setting_for(
    policies: Sequence[Policy], sequences: Iterable[SearchSequence], known: Sequence[Policy]
) -> Setting | None:
    """A search sequence that ranks all of some policies, and a day on which all are in force; or none.

    Args:
        policies: The policies that have to be in force.
        sequences: The search sequences.
        known: All policies, since a higher version on the same day is taken before a lower one.
    """
    wanted = {policy.source.guideline for policy in policies}
    drafts = any(policy.status is PolicyStatus.DRAFT for policy in policies)
    for sequence in sequences:
        if wanted <= {source for step in sequence.steps for source in step.sources}:
            day = day_for(policies, sequence.effective, known, drafts=drafts)
            if day is not None:
                return Setting(jurisdiction=sequence.jurisdiction, day=day, drafts=drafts)
    return None


def day_for(
    policies: Sequence[Policy], within: Effective, known: Sequence[Policy], *, drafts: bool
) -> dt.date | None:
    """A day on which all of some policies are the ones in force."""
    days = shared_days([within, *(policy.effective for policy in policies)])
    if days is None:
        return None
    higher = [
        other.effective
        for policy in policies
        for other in known
        if other.id == policy.id
        and other.version > policy.version
        and (drafts or other.status is not PolicyStatus.DRAFT)
    ]
    # Where a higher version ends, a lower one can come back into force.
    edges = [days[0], *(period.end + dt.timedelta(days=1) for period in higher if period.end)]
    fit = (day for day in edges if days[0] <= day <= days[1])
    return min((day for day in fit if not any(period.covers(day) for period in higher)), default=None)


def in_force(policies: Sequence[Policy], situation: Situation, dictionary: FactDictionary) -> bool:
    """Whether the dates that a situation documents leave the policies in force."""
    for policy in policies:
        day = situation.row[dictionary.by_path[f"{DATES}.{policy.effective.by.value}"].index]
        if day is not None and not policy.effective.covers(day):
            return False
    return True


def in_force_term(policies: Sequence[Policy], prover: Prover) -> Term:
    """The same as a claim to the prover; only of dates that some expression reads."""
    parts = []
    for policy in policies:
        path = f"{DATES}.{policy.effective.by.value}"
        if path in prover.symbols.named:
            symbol = prover.symbols.fact(prover.dictionary.by_path[path])
            assert isinstance(symbol, Scalar)  # noqa: S101 - it is a date
            end = policy.effective.end or dt.date.max
            start = policy.effective.start.toordinal()
            inside = both(symbol.term >= start, symbol.term <= end.toordinal())
            parts.append(either(no(symbol.known), inside))
    return both(*parts)
