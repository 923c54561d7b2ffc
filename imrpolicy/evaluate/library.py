"""The library: every policy loaded once, then evaluated for as many cases as one likes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from imrpolicy.evaluate.bundled import bundled_directory
from imrpolicy.evaluate.case import Case, CaseError, Request
from imrpolicy.evaluate.compiled import SERVICE, CompiledPolicy, PolicyTrace
from imrpolicy.evaluate.determination import Determination, Options, outcome_of
from imrpolicy.evaluate.formula import Readings
from imrpolicy.evaluate.plan import DATED, Plan, Planner
from imrpolicy.evaluate.reader import CaseReader
from imrpolicy.evaluate.resolve import Resolution, SourcePlan, resolve
from imrpolicy.evaluate.supported import SupportedQuantity, supported_quantities
from imrpolicy.evaluate.words import Reason, Recommendation, Timing
from imrpolicy.facts import DATES, CaseProblem, FactDictionary, SchemaError
from imrpolicy.issues import Issue, IssuesError, did_you_mean, has_errors
from imrpolicy.policy import DatedBy, Loaded, Policy, Schemas, SearchSequence, Source, load_directory

_UNRESOLVED = Resolution(Recommendation.UNDETERMINED, Reason.NO_SEQUENCE, (), ())

Day = dt.date | str | None


class PolicyLibrary:
    """All policies of a directory, checked and compiled. Evaluation changes nothing that a caller can see.

    Examples:
        >>> library = PolicyLibrary.load()
        >>> unit = {"service": "continuous_flow_cryotherapy", "duration_days": 60}
        >>> requests = [{"id": "unit", "facts": unit}]
        >>> case = {"id": "example", "jurisdiction": "ca_workers_compensation", "requests": requests}
        >>> [determination] = library.evaluate(case, as_of="2013-12-01")
        >>> determination.outcome.value
        'upheld'
    """

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        in_order = sorted(loaded.policies, key=lambda policy: (policy.id, policy.version))
        self._planner = Planner(
            tuple(CompiledPolicy(policy) for policy in in_order), loaded.sequences, loaded.sources
        )
        self._reader = CaseReader(loaded.dictionary)
        self._readings = Readings()
        facts = loaded.dictionary.by_path
        for path in (SERVICE, *(f"{DATES}.{by.value}" for by in DatedBy)):
            if path not in facts:
                raise SchemaError(f"the case schema needs the fact `{path}`")
        self._service = facts[SERVICE].index
        self._dates = {by: facts[f"{DATES}.{by.value}"].index for by in DatedBy}

    @classmethod
    def load(cls, policies: str | Path | None = None, *, schemas: str | Path | None = None) -> PolicyLibrary:
        """Load a directory of policies.

        Args:
            policies: The directory; without it the policies that come with the package.
            schemas: The directory of the schemas; without it `schemas` beside the policies where there is
                one, else the schemas that come with the package.

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
            help = did_you_mean(reference, known) or "a policy is called as its folder is, `source/topic`"
            raise KeyError(f"there is no policy `{reference}`; {help}")
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
            allow_not_encoded: Pass over sources that nobody has encoded, as if they were silent. They may
                not be.

        Returns:
            A determination for each request, in their order.

        Raises:
            CaseError: The case does not fit the schema, or lacks a date that selects an edition.
        """
        options = Options(
            as_of=self._day(as_of),
            strict=strict,
            include_drafts=include_drafts,
            allow_not_encoded=allow_not_encoded,
        )
        return self.evaluate_as(case, options)

    def evaluate_as(self, case: Mapping[str, Any] | Case, options: Options) -> tuple[Determination, ...]:
        """Evaluate a case in a way that was put together before; arguments and errors as of `evaluate`."""
        read = self._own(case) if isinstance(case, Case) else self._reader.read(case)
        plans = self._plans_for(read, options)
        return tuple(
            [self._determine(read, *planned, options) for planned in zip(read.requests, plans, strict=True)]
        )

    def _own(self, case: Case) -> Case:
        """A case that was read with these facts; with others, its rows would mean something else."""
        if case.dictionary is not self.dictionary and case.dictionary.facts != self.dictionary.facts:
            message = "the case was read by a library with other facts"
            raise CaseError((CaseProblem(path=(), message=message, help="give it as plain data"),))
        return case

    def _day(self, value: Day) -> dt.date | None:
        if value is None:
            return None
        day, problem = self._reader.day(value, ("as_of",))
        if problem is not None:
            raise CaseError((problem,))
        return day  # type: ignore[no-any-return]

    def _days(self, request: Request, options: Options) -> tuple[dt.date | None, ...]:
        return tuple([request.row[index] or options.as_of for index in self._dates.values()])

    def _plans_for(self, case: Case, options: Options) -> list[Plan]:
        """The plans of all requests: what a case lacks is said before anything is evaluated."""
        plans = []
        problems: list[CaseProblem] = []
        for request in case.requests:
            days, service = self._days(request, options), request.row[self._service]
            plan = self._planner.plan(case.jurisdiction, days, service, options.include_drafts)
            if isinstance(plan, Plan):
                plans.append(plan)
            else:
                problems += plan
        if problems:
            raise CaseError(tuple(dict.fromkeys(problems)))
        return plans

    def _determine(self, case: Case, request: Request, plan: Plan, options: Options) -> Determination:
        manner: dict[str, Any] = {
            "strict": options.strict,
            "retrospective": case.timing is Timing.RETROSPECTIVE,
            "in_conflict": frozenset(request.conflicting),
        }
        row = request.row
        looked = {}
        ranks: list[list[tuple[SourcePlan, tuple[PolicyTrace, ...]]]] = []
        for rank in plan.ranks:
            sources = []
            for source in rank:
                traces = []
                for policy in source.policies:
                    trace = policy.evaluate(row, **manner)
                    if trace is not None:
                        traces.append(trace)
                        looked[id(trace)] = policy
                sources.append((source, tuple(traces)))
            ranks.append(sources)
        resolution = resolve(ranks, options.allow_not_encoded) if plan.sequence is not None else _UNRESOLVED
        supported: tuple[SupportedQuantity, ...] = ()
        if resolution.recommendation is Recommendation.NOT_RECOMMENDED:
            governing = [(looked[id(trace)], trace) for trace in resolution.governing]
            supported = supported_quantities(governing, row, **manner)
        return Determination(
            case=case,
            request=request,
            outcome=outcome_of(case.review, resolution, supported),
            recommendation=resolution.recommendation,
            reason=resolution.reason,
            governing=resolution.governing,
            sources=resolution.sources,
            supported=supported,
            sequence=plan.sequence,
            dates=dict(zip(DATED, self._days(request, options), strict=True)),
            options=options,
            readings=self._readings,
        )


def read_directory(
    policies: str | Path | None = None,
    schemas: str | Path | None = None,
    *,
    only: Collection[str] | None = None,
) -> Loaded:
    """Read a directory of policies with everything that is wrong in it; the arguments are those of `load`.

    Args:
        policies: The directory of policies.
        schemas: The directory of the schemas.
        only: The ids of the policies to read; without it all are read.

    Raises:
        OSError: A directory or a file cannot be read.
    """
    root = Path(policies) if policies is not None else bundled_directory("policies")
    if schemas is not None:
        return load_directory(root, Schemas(Path(schemas)), only=only)
    beside = root.parent / "schemas"
    has_own = (beside / "case.schema.json").is_file()
    return load_directory(root, Schemas(beside if has_own else bundled_directory("schemas")), only=only)
