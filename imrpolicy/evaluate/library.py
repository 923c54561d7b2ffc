"""The library: every policy loaded once, then evaluated for as many cases as one likes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from imrpolicy.evaluate.bundled import bundled_directory
from imrpolicy.evaluate.case import Case, CaseError, CaseReader, Request
from imrpolicy.evaluate.compiled import SERVICE, CompiledPolicy
from imrpolicy.evaluate.determination import Determination, Options, make
from imrpolicy.evaluate.resolve import Evaluated, Plan, Resolution, SourcePlan, resolve
from imrpolicy.evaluate.words import Reason, Recommendation
from imrpolicy.facts import DATES, CaseProblem, FactDictionary
from imrpolicy.issues import Issue, IssuesError, did_you_mean, has_errors
from imrpolicy.policy import (
    DatedBy,
    Loaded,
    Policy,
    PolicyStatus,
    Schemas,
    SearchSequence,
    Source,
    Version,
    load_directory,
    sequence_for,
)

# Plans are kept by the dates of a case; a batch over many years must not fill the memory.
_MOST_PLANS = 4_096
_UNRESOLVED = Resolution(Recommendation.UNDETERMINED, Reason.NO_SEQUENCE, (), ())

Day = dt.date | str | None


class PolicyLibrary:
    """All policies of a directory, checked and compiled. Evaluation changes nothing that a caller can see.

    Example:
        >>> library = PolicyLibrary.load()
        >>> case = {"id": "example", "jurisdiction": "ca_workers_compensation", "dates": {"decision": "2013-12-01"},
        ...     "requests": [{"id": "unit", "facts": {"service": "continuous_flow_cryotherapy", "duration_days": 60}}]}
        >>> [determination] = library.evaluate(case)
        >>> determination.outcome.value
        'upheld'
    """

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self._compiled = tuple(CompiledPolicy(policy) for policy in loaded.policies)
        self._reader = CaseReader(loaded.dictionary)
        self._plans: dict[tuple[Any, ...], Plan] = {}
        self._service = loaded.dictionary.by_path[SERVICE].index
        self._dates = {by: loaded.dictionary.by_path[f"{DATES}.{by.value}"].index for by in DatedBy}

    @classmethod
    def load(cls, policies: str | Path | None = None, *, schemas: str | Path | None = None) -> PolicyLibrary:
        """Load a directory of policies.

        Args:
            policies: The directory; without it the policies that come with the package.
            schemas: The directory of the schemas; without it `schemas` beside the policies where there is one, else
                the schemas that come with the package.

        Raises:
            IssuesError: A file has an error; with every issue of every file.
            OSError: A directory or a file cannot be read.
        """
        loaded = read_directory(policies, schemas)
        if has_errors(loaded.issues):
            raise IssuesError(loaded.issues)
        return cls(loaded)

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Every version of every policy, by id and version."""
        return self._loaded.policies

    @property
    def sources(self) -> Mapping[str, Source]:
        """The declared sources, by id."""
        return self._loaded.sources

    @property
    def sequences(self) -> tuple[SearchSequence, ...]:
        """The search sequences."""
        return self._loaded.sequences

    @property
    def dictionary(self) -> FactDictionary:
        """The fact dictionary."""
        return self._loaded.dictionary

    @property
    def loaded(self) -> Loaded:
        """What the directory held, as it was read."""
        return self._loaded

    @property
    def warnings(self) -> tuple[Issue, ...]:
        """What `check` would warn of."""
        return self._loaded.issues

    def policy(self, reference: str) -> Policy:
        """A policy by `id`, in its newest version, or by `id@version`.

        Raises:
            KeyError: There is none; the message names the nearest.
        """
        name, _, version = reference.partition("@")
        found = [policy for policy in self.policies if policy.id == name]
        if version:
            found = [policy for policy in found if str(policy.version) == version]
        if not found:
            known = {p.id for p in self.policies} | {p.reference for p in self.policies}
            raise KeyError(f"there is no policy `{reference}`; {did_you_mean(reference, known) or 'see `imrpolicy check`'}")
        return max(found, key=lambda policy: policy.version)

    def read_case(self, data: Mapping[str, Any]) -> Case:
        """Check a case against the case schema.

        Raises:
            CaseError: With everything that is wrong in it.
        """
        return self._reader.read(data)

    def evaluate(
        self,
        case: Mapping[str, Any] | Case,
        *,
        as_of: Day = None,
        strict: bool = False,
        include_drafts: bool = False,
        allow_not_encoded: bool = False,
    ) -> tuple[Determination, ...]:
        """Evaluate a case.

        Args:
            case: The case, as plain data (see the case schema) or already read.
            as_of: The day that stands in for the dates that the case lacks, as a date or `2013-06-20`.
            strict: Presume nothing that the record does not say.
            include_drafts: Let drafts govern.
            allow_not_encoded: Pass over sources that nobody has encoded, as if they were silent. They may not be.

        Returns:
            A determination for each request, in their order.

        Raises:
            CaseError: The case does not fit the schema, or lacks a date that selects an edition.
        """
        read = case if isinstance(case, Case) else self._reader.read(case)
        options = Options(
            as_of=_day(as_of), strict=strict, include_drafts=include_drafts, allow_not_encoded=allow_not_encoded
        )
        return tuple([self._determine(read, request, options) for request in read.requests])

    def _determine(self, case: Case, request: Request, options: Options) -> Determination:
        row = request.row
        dates = {by.value: row[index] or options.as_of for by, index in self._dates.items()}
        plan = self._plan(case, tuple(dates.values()), row[self._service], options.include_drafts)
        retrospective = case.timing.value == "retrospective"
        in_conflict = frozenset(request.conflicting)
        ranks: Evaluated = []
        for rank in plan.ranks:
            sources = []
            for source in rank:
                traces = [
                    policy.evaluate(row, strict=options.strict, retrospective=retrospective, in_conflict=in_conflict)
                    for policy in source.policies
                ]
                sources.append((source, tuple([trace for trace in traces if trace is not None])))
            ranks.append(sources)
        resolution = resolve(ranks, options.allow_not_encoded) if plan.sequence is not None else _UNRESOLVED
        return make(
            case=case,
            request=request,
            resolution=resolution,
            ranks=ranks,
            sequence=plan.sequence,
            dates=dates,
            options=options,
            dictionary=self._loaded.dictionary,
        )

    def _plan(self, case: Case, days: tuple[Any, ...], service: Any, drafts: bool) -> Plan:
        key = (case.jurisdiction, days, service, drafts)
        plan = self._plans.get(key)
        if plan is None:
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            plan = self._plans[key] = self._make_plan(case, days, service, drafts)
        return plan

    def _make_plan(self, case: Case, days: tuple[Any, ...], service: Any, drafts: bool) -> Plan:
        dates = dict(zip((by.value for by in DatedBy), days, strict=True))
        self._check_dates(case.jurisdiction, dates)
        sequence = sequence_for(self.sequences, case.jurisdiction, dates)
        if sequence is None:
            return Plan(None, ())
        in_force = self._in_force(sequence, dates, drafts)
        ranks = tuple(
            tuple(
                SourcePlan(
                    self.sources[source],
                    rank,
                    tuple(p for p in in_force if p.policy.source.guideline == source and _may_cover(p, service)),
                )
                for source in step.sources
            )
            for rank, step in enumerate(sequence.steps, start=1)
        )
        return Plan(sequence, ranks)

    def _check_dates(self, jurisdiction: str, dates: Mapping[str, dt.date | None]) -> None:
        """Refuse a case that lacks a date by which a sequence or an edition of its jurisdiction is selected."""
        sequences = [s for s in self.sequences if s.jurisdiction == jurisdiction]
        sources = {source for s in sequences for step in s.steps for source in step.sources}
        wanted = {s.effective.by for s in sequences}
        wanted |= {p.effective.by for p in self.policies if p.source.guideline in sources}
        problems = tuple(
            CaseProblem(
                path=(DATES, by.value),
                message=f"the date of the {by.value} is not given, and editions are selected by it",
                help=f"give `{DATES}.{by.value}`, or `as_of` (on the command line `--as-of 2013-12-01`)",
            )
            for by in DatedBy
            if by in wanted and dates[by.value] is None
        )
        if problems:
            raise CaseError(problems)

    def _in_force(self, sequence: SearchSequence, dates: Mapping[str, Any], drafts: bool) -> list[CompiledPolicy]:
        """The policies in force: of each id the highest version whose period covers its date."""
        sources = {source for step in sequence.steps for source in step.sources}
        usable = {PolicyStatus.RELEASED, PolicyStatus.DRAFT} if drafts else {PolicyStatus.RELEASED}
        newest: dict[str, CompiledPolicy] = {}
        for compiled in self._compiled:  # sorted by id and version, so that the highest comes last
            policy = compiled.policy
            if policy.source.guideline not in sources or policy.status not in usable:
                continue
            if policy.effective.covers(dates[policy.effective.by]):
                newest[policy.id] = compiled
        return list(newest.values())


def read_directory(policies: str | Path | None = None, schemas: str | Path | None = None) -> Loaded:
    """Read a directory of policies with everything that is wrong in it; the arguments are those of `load`.

    Raises:
        OSError: A directory or a file cannot be read.
    """
    root = Path(policies) if policies is not None else bundled_directory("policies")
    if schemas is not None:
        return load_directory(root, Schemas(Path(schemas)))
    beside = root.parent / "schemas"
    has_own = (beside / "case.schema.json").is_file()
    return load_directory(root, Schemas(beside if has_own else bundled_directory("schemas")))


def _may_cover(compiled: CompiledPolicy, service: Any) -> bool:
    services = compiled.services
    return services is None or service is None or service in services


def _day(value: Day) -> dt.date | None:
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        problem = CaseProblem(path=("as_of",), message=f"`{value}` is not a date", help="write it as 2013-06-20")
        raise CaseError((problem,)) from None


__all__ = ["PolicyLibrary", "Version", "read_directory"]
