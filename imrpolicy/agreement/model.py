"""The words of an agreement, and its counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from imrpolicy.evaluate import Determination


class Verdict(StrEnum):
    """How what the policies say compares with what the reviewer decided."""

    AGREE = "agree"
    DISAGREE = "disagree"
    UNDETERMINED = "undetermined"
    """The policies leave it open, which is neither agreement nor disagreement."""
    NOT_ENCODED = "not_encoded"
    """There is no policy to compare with."""


class Cause(StrEnum):
    """Why policies and reviewer do not say the same."""

    FACT_MISSING = "fact_missing"
    POLICY_TOO_STRICT = "policy_too_strict"
    POLICY_TOO_LOOSE = "policy_too_loose"
    REVIEWER_DEPARTS = "reviewer_departs"
    ANOTHER_GUIDELINE = "another_guideline"
    SOURCE_NOT_ENCODED = "source_not_encoded"
    GUIDELINES_SILENT = "guidelines_silent"
    GUIDELINES_CONFLICT = "guidelines_conflict"

    @property
    def words(self) -> str:
        """The cause for people."""
        return _CAUSES[self]


_CAUSES = {
    Cause.FACT_MISSING: "fact missing from the published decision",
    Cause.POLICY_TOO_STRICT: "policy too strict",
    Cause.POLICY_TOO_LOOSE: "policy too loose",
    Cause.REVIEWER_DEPARTS: "reviewer departing from the guideline",
    Cause.ANOTHER_GUIDELINE: "another guideline cited",
    Cause.SOURCE_NOT_ENCODED: "source not encoded",
    Cause.GUIDELINES_SILENT: "the guidelines are silent",
    Cause.GUIDELINES_CONFLICT: "guidelines of equal rank disagree",
}


class Level(StrEnum):
    """Who decided the outcome that is known of a case."""

    PAYER = "payer"
    INDEPENDENT_REVIEW = "independent_review"
    HEARING = "hearing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Why policies and reviewer disagree, as the editor of the case sees it."""

    cause: Cause
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What was decided on a request in reality.

    Attributes:
        outcome: The outcome, as the case gives it: overturned, upheld, approve, modify or deny.
        final: Whether it is that of the decision which ended the review.
        level: Who decided it, where that is known.
        guideline: The id of the source that the decision cites, or the name of another guideline.
        disagreement: Why the policies say otherwise, where the editor has written that.
    """

    outcome: str
    final: bool = False
    level: Level | None = None
    guideline: str = ""
    disagreement: Disagreement | None = None

    @property
    def favorable(self) -> bool:
        """Whether the request was granted in full."""
        return self.outcome in ("overturned", "approve")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One request: what was decided in reality, and what the policies say.

    Attributes:
        determination: What the policies say.
        label: What was decided in reality.
        verdict: How the two compare.
        cause: Why they do not agree; none where they do, and where a disagreement has not been explained.
        explanation: The cause in a few words.
        topic: The service.
        sources: The titles of the sources that govern or may; of those that would have to be encoded, or are
            silent, where none does.
        missing: The facts that can still change the outcome, where it is open.
        stand_in: The day that stands in for a date that the case lacks: the latest of those that it has.
    """

    determination: Determination
    label: Label
    verdict: Verdict
    cause: Cause | None
    explanation: str
    topic: str
    sources: tuple[str, ...]
    missing: tuple[str, ...]
    stand_in: dt.date | None

    @property
    def case(self) -> str:
        """The id of the case."""
        return self.determination.case.id

    @property
    def request(self) -> str:
        """The id of the request."""
        return self.determination.request.id

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data."""
        return {
            "case": self.case,
            "request": self.request,
            "topic": self.topic,
            "sources": list(self.sources),
            "decided": self.label.outcome,
            "final": self.label.final,
            "level": self.label.level.value if self.label.level else None,
            "guideline": self.label.guideline or None,
            "policies": self.determination.outcome.value,
            "governing": [trace.policy.reference for trace in self.determination.governing],
            "verdict": self.verdict.value,
            "cause": self.cause.value if self.cause else None,
            "explanation": self.explanation or None,
            "missing": list(self.missing),
            "stand_in": self.stand_in.isoformat() if self.stand_in else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that a case has to say about the decision on a request, or says wrongly; `key` is where."""

    case: str
    request: str
    key: str
    message: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many labels compare in which way; every label counts once."""

    agree: int = 0
    disagree: int = 0
    undetermined: int = 0
    not_encoded: int = 0

    @classmethod
    def of(cls, comparisons: Iterable[Comparison]) -> Tally:
        """The tally of some comparisons."""
        verdicts = [comparison.verdict for comparison in comparisons]
        return cls(**{verdict.value: verdicts.count(verdict) for verdict in Verdict})

    @property
    def labels(self) -> int:
        """All of them."""
        return self.agree + self.disagree + self.undetermined + self.not_encoded

    @property
    def settled(self) -> int:
        """Those that the policies settle, one way or the other."""
        return self.agree + self.disagree

    @property
    def percent(self) -> int | None:
        """In how many of a hundred settled ones policy and reviewer agree, rounded down; none without any.

        >>> Tally(agree=2, disagree=1, undetermined=7).percent
        66
        """
        return 100 * self.agree // self.settled if self.settled else None

    def to_dict(self) -> dict[str, int | None]:
        """The tally as plain data."""
        return {
            "labels": self.labels,
            "agree": self.agree,
            "disagree": self.disagree,
            "undetermined": self.undetermined,
            "not_encoded": self.not_encoded,
            "percent": self.percent,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """All comparisons, in the order of the cases, and what is wrong with their labels.

    Only final labels count: what a lower level decided may not be what the review came to.
    """

    comparisons: tuple[Comparison, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def final(self) -> tuple[Comparison, ...]:
        """The comparisons that count."""
        return tuple(c for c in self.comparisons if c.label.final)

    @property
    def not_final(self) -> tuple[Comparison, ...]:
        """The comparisons that are reported apart."""
        return tuple(c for c in self.comparisons if not c.label.final)

    @property
    def total(self) -> Tally:
        """The tally of the final labels."""
        return Tally.of(self.final)

    @property
    def by_topic(self) -> dict[str, Tally]:
        """The tally of the final labels for each service."""
        return _by(self.final, lambda c: c.topic)

    @property
    def by_source(self) -> dict[str, Tally]:
        """The tally of the final labels for each source, or sources together."""
        return _by(self.final, lambda c: _named(c.sources))

    @property
    def by_decision(self) -> dict[str, Tally]:
        """The tally of the final labels for what was decided."""
        return _by(self.final, lambda c: c.label.outcome.capitalize())

    @property
    def by_level(self) -> dict[str, Tally]:
        """The tally of the labels that are not final, for who decided."""
        return _by(
            self.not_final, lambda c: (c.label.level or "level not given").replace("_", " ").capitalize()
        )

    @property
    def causes(self) -> dict[Cause, int]:
        """How often each cause is named, for final labels."""
        named = [comparison.cause for comparison in self.final]
        return {cause: named.count(cause) for cause in Cause if cause in named}

    def with_verdict(self, *verdicts: Verdict) -> tuple[Comparison, ...]:
        """The comparisons that came out in one of some ways: the final ones first."""
        return tuple(c for c in (*self.final, *self.not_final) if c.verdict in verdicts)

    def to_dict(self) -> dict[str, Any]:
        """The agreement as plain data."""
        return {
            "final": {
                "total": self.total.to_dict(),
                "by_topic": {name: tally.to_dict() for name, tally in self.by_topic.items()},
                "by_source": {name: tally.to_dict() for name, tally in self.by_source.items()},
                "by_decision": {name: tally.to_dict() for name, tally in self.by_decision.items()},
                "causes": {cause.value: number for cause, number in self.causes.items()},
            },
            "not_final": {"by_level": {name: tally.to_dict() for name, tally in self.by_level.items()}},
            "comparisons": [comparison.to_dict() for comparison in self.comparisons],
        }


def _named(sources: tuple[str, ...]) -> str:
    """Sources as the name of one group."""
    if not sources:
        return "No search sequence"
    *others, last = sources
    return f"{', '.join(others)} and {last}" if others else last


def _by(comparisons: Iterable[Comparison], key: Callable[[Comparison], str]) -> dict[str, Tally]:
    groups: dict[str, list[Comparison]] = {}
    for comparison in comparisons:
        groups.setdefault(key(comparison), []).append(comparison)
    return {name: Tally.of(groups[name]) for name in sorted(groups)}
