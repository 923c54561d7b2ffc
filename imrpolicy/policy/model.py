"""What a policy is, once it has been read and checked. Everything here is frozen."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from imrpolicy.expression import Node
from imrpolicy.facts import Fact, Kind
from imrpolicy.issues import Place
from imrpolicy.policy.version import Version


class Stance(StrEnum):
    """What a guideline says of its topic."""

    CRITERIA = "criteria"
    NOT_RECOMMENDED = "not_recommended"
    SILENT = "silent"


class PolicyStatus(StrEnum):
    """How far a policy is: only a released one governs unless the caller asks for drafts."""

    DRAFT = "draft"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class DatedBy(StrEnum):
    """The date of a case that selects an edition."""

    REQUEST = "request"
    SERVICE = "service"
    DECISION = "decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """When an edition is in force: from its first to its last day, both included.

    Attributes:
        start: The first day.
        end: The last day; none while it is in force.
        by: The date of a case that is compared with them.
    """

    start: dt.date
    end: dt.date | None = None
    by: DatedBy = DatedBy.DECISION

    def covers(self, day: dt.date) -> bool:
        """Whether a day lies within."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A cap on a quantity.

    Attributes:
        fact: The quantity.
        most: The greatest supported value, in the fact's unit.
        inclusive: Whether `most` itself is supported.
    """

    fact: Fact
    most: float
    inclusive: bool

    @property
    def supported(self) -> float:
        """The greatest value that is supported: for `< 8` or `<= 7.5` of a whole number that is 7.

        For a decimal number that must stay below `most` there is none; `most` is given then.
        """
        if self.fact.type.kind is not Kind.INT:
            return self.most
        return math.floor(self.most) if self.inclusive else math.ceil(self.most) - 1

    @property
    def is_reached(self) -> bool:
        """Whether `supported` itself is supported, rather than everything below it."""
        return self.inclusive or self.fact.type.kind is Kind.INT


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion, exclusion or condition.

    Attributes:
        id: Its name within the policy.
        text: What it asks, in plain English.
        when: Its expression, as written.
        node: The expression, checked.
        limit: The quantity that it caps, where it is a limit.
        citation: Where the guideline says it, if that is not the policy's own section.
        evidence: Which record shows it.
        strength: The strength of its evidence, in the source's own scale.
        note: A reading that was chosen, or another remark.
        presumed_absent: Why an exclusion that is not documented is taken not to hold; empty where it is not.
        place: Where it is written.
    """

    id: str
    text: str
    when: str
    node: Node
    limit: Limit | None = None
    citation: str = ""
    evidence: str = ""
    strength: str = ""
    note: str = ""
    presumed_absent: str = ""
    place: Place = Place("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """How criteria combine.

    Attributes:
        kind: `all`, `any` or `at_least`.
        members: The criteria and groups in it.
        count: How many must be met, for `at_least`.
        id: Its name, where it has one.
        text: What it asks as a whole, where that is said.
    """

    kind: Literal["all", "any", "at_least"]
    members: tuple[Criterion | Group, ...]
    count: int = 0
    id: str = ""
    text: str = ""

    def criteria(self) -> Iterator[Criterion]:
        """The criteria in it, from the top, those of nested groups included."""
        for member in self.members:
            if isinstance(member, Group):
                yield from member.criteria()
            else:
                yield member

    def groups(self) -> Iterator[Group]:
        """The group itself, then those nested in it, from the top."""
        yield self
        for member in self.members:
            if isinstance(member, Group):
                yield from member.groups()


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidelineReference:
    """Which guideline a policy encodes: the source's id, the section, the edition and an address."""

    guideline: str
    section: str
    edition: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where the facts of a policy were read, and how sure the editor is.

    Attributes:
        basis: `source`, `secondary` or `memory`.
        confidence: `high`, `medium` or `low`.
        note: What else to know.
    """

    basis: str
    confidence: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One guideline topic from one source, in one version.

    Attributes:
        id: `source/topic`.
        version: Its version.
        status: Draft, released or withdrawn.
        title: Its title.
        source: Which guideline it encodes.
        effective: When it is in force.
        summary: What the guideline supports, in one paragraph.
        applies_when: The expression of its scope, as written.
        scope: The scope, checked.
        stance: What the guideline says of the topic.
        criteria: The criteria; none unless the stance is `criteria`.
        exclusions: Criteria that speak against the service when they hold.
        conditions: What is asked of the service as it is performed, or of the response to it.
        changes: What changed with this version, for a clinician.
        provenance: Where its facts were read.
        notes: Readings that were chosen, and other remarks.
        codes: Billing codes by code system.
        content_hash: The hash of its file, `sha256:...`.
        file: Where it is written.
    """

    id: str
    version: Version
    status: PolicyStatus
    title: str
    source: GuidelineReference
    effective: Effective
    summary: str
    applies_when: str
    scope: Node
    stance: Stance
    criteria: Group | None = None
    exclusions: tuple[Criterion, ...] = ()
    conditions: tuple[Criterion, ...] = ()
    changes: str = ""
    provenance: Provenance | None = None
    notes: tuple[str, ...] = ()
    codes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    content_hash: str = ""
    file: str = ""

    @property
    def reference(self) -> str:
        """The policy and its version, such as `odg/continuous-flow-cryotherapy@1.0.0`."""
        return f"{self.id}@{self.version}"

    @property
    def leaves(self) -> tuple[Criterion, ...]:
        """All criteria, then the exclusions, then the conditions."""
        criteria = tuple(self.criteria.criteria()) if self.criteria is not None else ()
        return criteria + self.exclusions + self.conditions

    @property
    def groups(self) -> tuple[Group, ...]:
        """All groups of criteria, from the top; none where it has no criteria."""
        return tuple(self.criteria.groups()) if self.criteria is not None else ()
