"""Which search sequence governs a request, and which edition of each policy is in force, by the dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from imrpolicy.evaluate import CompiledPolicy, Options, PolicyLibrary
from imrpolicy.policy import DatedBy, Effective, Policy, PolicyStatus, SearchSequence
from imrpolicy.population.columns import JURISDICTION, column_of
from imrpolicy.sql import build as sql
from imrpolicy.sql.dialect import Dialect, Sql
from imrpolicy.sql.policy import PolicyColumns
from imrpolicy.sql.steps import Added

SEARCH = "search"
SERVICE = column_of("request.service")
PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """The policies of a library as columns, with what selects them.

    Attributes:
        library: The library.
        dialect: The dialect.
        options: How it is asked to evaluate.
        policies: Every version that may govern, and those that only displace older ones, by id and version.
    """

    library: PolicyLibrary
    dialect: Dialect
    options: Options
    policies: tuple[PolicyColumns, ...]

    @classmethod
    def of(cls, library: PolicyLibrary, dialect: Dialect, options: Options) -> Editions:
        """The policies of a library that count, each with a short name for its columns."""
        searched = {source for s in library.sequences for step in s.steps for source in step.sources}
        in_order = sorted(library.policies, key=lambda policy: (policy.id, policy.version))
        counted = [
            policy
            for policy in in_order
            if policy.source.guideline in searched
            and (options.include_drafts or policy.status is not PolicyStatus.DRAFT)
        ]
        columns = tuple(
            PolicyColumns(policy=policy, name=f"p{number:02}", dialect=dialect, strict=options.strict)
            for number, policy in enumerate(counted, start=1)
        )
        return cls(library=library, dialect=dialect, options=options, policies=columns)

    @property
    def governing(self) -> tuple[PolicyColumns, ...]:
        """The policies that may govern; a withdrawn one may not."""
        return tuple(p for p in self.policies if p.policy.status is not PolicyStatus.WITHDRAWN)

    def of_source(self, source: str) -> tuple[PolicyColumns, ...]:
        """The policies of a source that may govern."""
        return tuple(p for p in self.governing if p.policy.source.guideline == source)

    def dates(self) -> list[Added]:
        """The days that select editions; `as_of` stands in for those that a case lacks."""
        found = []
        for by in DatedBy:
            day: Sql = sql.column(column_of(f"dates.{by.value}"))
            if self.options.as_of is not None:
                day = sql.coalesce(day, sql.day(self.options.as_of))
            found.append(Added(_day_name(by), day))
        return found

    def search(self) -> Added:
        """The search sequence by jurisdiction and date; NULL where none is encoded."""
        branches = [
            (
                sql.conjunction([_in(sequence.jurisdiction), _covers(sequence.effective)]),
                sql.text(key_of(sequence)),
            )
            for sequence in self.library.sequences
        ]
        return Added(SEARCH, sql.case(branches, sql.cast(sql.null(), "TEXT")))

    def in_force(self) -> Iterator[Added]:
        """For each policy, whether it is the edition in force of a source that is searched."""
        for _, versions in groupby(self.policies, key=lambda p: p.policy.id):
            newer: list[PolicyColumns] = []
            for columns in reversed(list(versions)):
                if columns.policy.status is not PolicyStatus.WITHDRAWN:
                    later = [sql.negation(sql.surely(self._covers_request(other))) for other in newer]
                    parts = [self._is_searched(columns.policy), self._covers_request(columns), *later]
                    yield Added(
                        f"{columns.name}_in_force",
                        sql.surely(sql.conjunction(parts)),
                        f"{columns.policy.reference}: {columns.policy.title}",
                    )
                newer.append(columns)

    def problem(self) -> Added:
        """Which date is lacking that a search sequence or an edition is selected by; NULL where none is."""
        branches = []
        for by in DatedBy:
            selected = [_in(s.jurisdiction) for s in self.library.sequences if s.effective.by is by]
            selected += [
                sql.surely(sql.conjunction([self._is_searched(p.policy), self._may_cover(p.policy)]))
                for p in self.policies
                if p.policy.effective.by is by
            ]
            lacking = sql.conjunction([sql.is_null(sql.column(_day_name(by))), sql.disjunction(selected)])
            message = f"the date of the {by.value} is not given, and an edition is selected by it"
            branches.append((lacking, sql.text(message)))
        return Added(PROBLEM, sql.case(branches, sql.cast(sql.null(), "TEXT")))

    def _is_searched(self, policy: Policy) -> Sql:
        keys = [
            sql.text(key_of(sequence))
            for sequence in self.library.sequences
            if any(policy.source.guideline in step.sources for step in sequence.steps)
        ]
        return sql.one_of(sql.column(SEARCH), keys)

    def _covers_request(self, columns: PolicyColumns) -> Sql:
        policy = columns.policy
        return sql.conjunction([self._may_cover(policy), _covers(policy.effective)])

    def _may_cover(self, policy: Policy) -> Sql:
        """Whether the scope of a policy can cover the requested service, where it says so."""
        services = CompiledPolicy(policy).services
        if services is None:
            return sql.boolean(True)
        if not services:
            return sql.is_null(sql.column(SERVICE))
        asked = sql.one_of(sql.column(SERVICE), [sql.text(service) for service in sorted(services)])
        return sql.possibly(asked)


def key_of(sequence: SearchSequence) -> str:
    """A name of a search sequence that no other has."""
    return f"{sequence.jurisdiction}/{sequence.id}"


def searched_ranks(sequences: Sequence[SearchSequence]) -> int:
    """How many ranks the longest search sequence has."""
    return max((len(sequence.steps) for sequence in sequences), default=0)


def _day_name(by: DatedBy) -> str:
    return f"{by.value}_day"


def _in(jurisdiction: str) -> Sql:
    return sql.compare("==", sql.column(JURISDICTION), sql.text(jurisdiction))


def _covers(effective: Effective) -> Sql:
    """Whether a date lies between the first and the last day, both included."""
    day = sql.column(_day_name(effective.by))
    first = sql.compare(">=", day, sql.day(effective.start))
    if effective.end is None or effective.end == dt.date.max:
        return first
    return sql.conjunction([first, sql.compare("<=", day.copy(), sql.day(effective.end))])
