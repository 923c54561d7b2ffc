"""The words of a determination."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """What the record says of a criterion."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_DOCUMENTED = "not_documented"


class Recommendation(StrEnum):
    """What a policy says of a request; a silent policy says nothing at all."""

    RECOMMENDED = "recommended"
    NOT_RECOMMENDED = "not_recommended"
    UNDETERMINED = "undetermined"


class Review(StrEnum):
    """The kind of review, which sets the words of the outcome."""

    IMR = "imr"
    UTILIZATION_REVIEW = "utilization_review"


class Timing(StrEnum):
    """Whether the service was performed already; only then are conditions evaluated."""

    PROSPECTIVE = "prospective"
    RETROSPECTIVE = "retrospective"


class Outcome(StrEnum):
    """The determination in the words of the review.

    `overturned` and `upheld` speak of the denial under independent medical review; `approve`, `modify`,
    `deny` and `request_information` are the decisions of utilization review (California Labor Code 4610).
    """

    OVERTURNED = "overturned"
    UPHELD = "upheld"
    APPROVE = "approve"
    MODIFY = "modify"
    DENY = "deny"
    REQUEST_INFORMATION = "request_information"
    UNDETERMINED = "undetermined"


class Reason(StrEnum):
    """Why the determination is what it is."""

    CRITERIA = "criteria"
    """The governing policy settles it."""
    MISSING_FACTS = "missing_facts"
    """Facts that are not documented leave it open."""
    UNKNOWN_SCOPE = "unknown_scope"
    """It is open which policy applies, and those that may apply do not agree."""
    CONFLICT = "conflict"
    """Policies of equal rank disagree."""
    NOT_ENCODED = "not_encoded"
    """A source that may govern has no policy here yet, which says nothing about the guideline."""
    ALL_SILENT = "all_silent"
    """Every source of the sequence is silent on the topic."""
    NO_SEQUENCE = "no_sequence"
    """No search sequence is encoded for the jurisdiction and the date."""


class SourceState(StrEnum):
    """What a source contributed to a determination."""

    GOVERNS = "governs"
    """One of its policies applies, and nothing ranks above it."""
    MAY_GOVERN = "may_govern"
    """It speaks, but its scope is not documented, or a source of its rank or below is not encoded."""
    SILENT = "silent"
    """An editor has established that it says nothing on the topic, or may say nothing by its scope."""
    NOT_ENCODED = "not_encoded"
    """No policy of it is in force here on the topic, which says nothing about what the guideline says."""
    OUTRANKED = "outranked"
    """The search did not come down to it."""


_STATUS = {True: Status.MET, False: Status.NOT_MET, None: Status.NOT_DOCUMENTED}


_TRUTH = {found: value for value, found in _STATUS.items()}


def status(value: bool | None) -> Status:
    """The status that a value of Kleene's logic stands for."""
    return _STATUS[value]


def truth(found: Status) -> bool | None:
    """The value of Kleene's logic that a status stands for."""
    return _TRUTH[found]
