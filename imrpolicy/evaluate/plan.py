"""What is looked at for a request: the search sequence and the policies in force, by the dates of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from imrpolicy.evaluate.compiled import CompiledPolicy
from imrpolicy.evaluate.resolve import SourcePlan
from imrpolicy.facts import DATES, CaseProblem
from imrpolicy.policy import DatedBy, PolicyStatus, SearchSequence, Source, sequence_for

DATED = tuple(by.value for by in DatedBy)
# Plans are kept by the dates of a case; a batch over many years must not fill the memory.
_MOST_PLANS = 4_096

_Days = Mapping[str, dt.date | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is looked at for a request.

    Attributes:
        sequence: The search sequence; none where none is encoded.
        ranks: Its ranks with their sources, and the policies of each.
    """

    sequence: SearchSequence | None
    ranks: tuple[tuple[SourcePlan, ...], ...] = ()


class Planner:
    """Makes plans, each once."""

    def __init__(
        self,
        policies: tuple[CompiledPolicy, ...],
        sequences: tuple[SearchSequence, ...],
        sources: Mapping[str, Source],
    ) -> None:
        self._policies = policies  # by id and version
        self._sequences = sequences
        self._sources = sources
        self._plans: dict[tuple[Any, ...], Plan] = {}

    def plan(
        self, jurisdiction: str, days: tuple[dt.date | None, ...], service: Any, drafts: bool
    ) -> Plan | list[CaseProblem]:
        """The plan for a request, or which of the days it lacks.

        Args:
            jurisdiction: The jurisdiction of the case.
            days: The days of the request, the service and the decision.
            service: The requested service.
            drafts: Whether drafts may govern.
        """
        key = (jurisdiction, days, service, drafts)
        plan = self._plans.get(key)
        if plan is not None:
            return plan
        made = self._make(jurisdiction, dict(zip(DATED, days, strict=True)), service, drafts)
        if isinstance(made, Plan):
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            self._plans[key] = made
        return made

    def _make(self, jurisdiction: str, days: _Days, service: Any, drafts: bool) -> Plan | list[CaseProblem]:
        sequences = [sequence for sequence in self._sequences if sequence.jurisdiction == jurisdiction]
        lacking = _lacking({s.effective.by: "the search sequence" for s in sequences}, days)
        if lacking:
            return lacking
        sequence = sequence_for(tuple(sequences), jurisdiction, days)
        if sequence is None:
            return Plan(None)
        eligible = self._eligible(sequence, service, drafts)
        lacking = _lacking({c.policy.effective.by: f"`{c.policy.reference}`" for c in eligible}, days)
        if lacking:
            return lacking
        by_source: dict[str, list[CompiledPolicy]] = {}
        for compiled in _in_force(eligible, days):
            by_source.setdefault(compiled.policy.source.guideline, []).append(compiled)
        ranks = tuple(
            tuple(
                SourcePlan(self._sources[name], rank, tuple(by_source.get(name, ()))) for name in step.sources
            )
            for rank, step in enumerate(sequence.steps, start=1)
        )
        return Plan(sequence, ranks)

    def _eligible(self, sequence: SearchSequence, service: Any, drafts: bool) -> list[CompiledPolicy]:
        """The policies of a sequence that could be in force on some day and may cover a service."""
        sources = {source for step in sequence.steps for source in step.sources}
        return [
            compiled
            for compiled in self._policies
            if compiled.policy.source.guideline in sources
            and (drafts or compiled.policy.status is not PolicyStatus.DRAFT)
            and _may_cover(compiled, service)
        ]


def _may_cover(compiled: CompiledPolicy, service: Any) -> bool:
    services = compiled.services
    return services is None or service is None or service in services


def _lacking(selects: Mapping[DatedBy, str], days: _Days) -> list[CaseProblem]:
    """A problem for each date that something is selected by and that is not given."""
    return [
        CaseProblem(
            path=(DATES, by.value),
            message=f"the date of the {by.value} is not given, and {selects[by]} is selected by it",
            help=f"give `{DATES}.{by.value}`, or `as_of` (on the command line `--as-of 2013-12-01`)",
        )
        for by in DatedBy
        if by in selects and days[by] is None
    ]


def _in_force(eligible: list[CompiledPolicy], days: Mapping[str, Any]) -> list[CompiledPolicy]:
    """The policies in force: of each id the highest version whose period covers its date.

    Where that version is withdrawn, none is: withdrawing a policy must not bring an older version back.
    """
    newest: dict[str, CompiledPolicy] = {}
    for compiled in eligible:  # by id and version, so that the highest comes last
        effective = compiled.policy.effective
        if effective.covers(days[effective.by]):
            newest[compiled.policy.id] = compiled
    return [compiled for compiled in newest.values() if compiled.policy.status is not PolicyStatus.WITHDRAWN]
