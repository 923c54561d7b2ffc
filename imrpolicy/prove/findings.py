"""What proofs find in a library of policies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from imrpolicy.issues import Place
from imrpolicy.policy import Policy, PolicyStatus
from imrpolicy.prove.witness import Witness


class Weight(StrEnum):
    """How much a finding asks of an editor."""

    FINDING = "finding"
    """Something in the policies is not as anybody can have meant it."""
    NOTE = "note"
    """Something that can be so in reality, such as two guidelines that disagree."""
    UNKNOWN = "unknown"
    """The prover gave up, so that nothing is promised."""


# The case schema takes no longer ids; some room is left for a number behind it.
_LONGEST = 75

RULES = {
    "never-applies": Weight.FINDING,
    "recommends-nothing": Weight.FINDING,
    "never-met": Weight.FINDING,
    "never-fails": Weight.FINDING,
    "limit-out-of-reach": Weight.FINDING,
    "implied": Weight.FINDING,
    "swallows-everything": Weight.FINDING,
    "overlap": Weight.FINDING,
    "gap-in-time": Weight.FINDING,
    "equal-rank": Weight.NOTE,
    "gap-in-scope": Weight.NOTE,
    "not-known": Weight.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where and when a case is evaluated, so that a policy is looked at.

    Attributes:
        jurisdiction: Under whose rules.
        day: The day that stands in for the dates that the case lacks.
        drafts: Whether drafts have to govern.
    """

    jurisdiction: str
    day: dt.date
    drafts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was proven of the policies.

    Attributes:
        rule: What kind of thing it is.
        policies: The policies that it concerns, the first the one to look at.
        message: What it is, in plain words.
        place: Where it is written.
        help: What to do; empty where the message says it all.
        witness: A smallest case of it; none where there is no case at all.
        setting: Where and when the case shows it; none where no search sequence reaches the policies.
    """

    rule: str
    policies: tuple[Policy, ...]
    message: str
    place: Place
    help: str = ""
    witness: Witness | None = None
    setting: Setting | None = None

    @property
    def weight(self) -> Weight:
        """How much it asks of an editor. An edition that is still a draft is known to be unfinished."""
        unfinished = any(policy.status is PolicyStatus.DRAFT for policy in self.policies)
        return Weight.NOTE if self.rule == "gap-in-time" and unfinished else RULES[self.rule]

    @property
    def name(self) -> str:
        """A name for its case, such as `never-met-odg-lumbar-facet-neurotomy-1-0-0-line-21`."""
        policy, *others = self.policies
        version = str(policy.version).replace(".", "-")
        against = f"-and-{others[0].source.guideline}" if others else f"-line-{self.place.line}"
        return f"{self.rule}-{policy.id.replace('/', '-')}-{version}{against}"[:_LONGEST]

    def to_case(self) -> dict[str, Any] | None:
        """The case that shows it, as `evaluate` takes it; evaluate it as of `setting.day`."""
        if self.witness is None or self.setting is None:
            return None
        return self.witness.to_case(self.name, self.message, self.setting.jurisdiction)

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data."""
        return {
            "rule": self.rule,
            "weight": self.weight.value,
            "policies": [policy.reference for policy in self.policies],
            "message": self.message,
            "help": self.help,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "witness": self.witness.to_dict() if self.witness else None,
            "jurisdiction": self.setting.jurisdiction if self.setting else None,
            "as_of": self.setting.day.isoformat() if self.setting else None,
            "include_drafts": self.setting.drafts if self.setting else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was proven of a library.

    Attributes:
        policies: How many policies were looked at.
        findings: What was found, by place.
        cut_short: Lists of which only so many elements were considered, by fact.
    """

    policies: int
    findings: tuple[Finding, ...]
    cut_short: tuple[tuple[str, int], ...] = ()

    def of(self, weight: Weight) -> tuple[Finding, ...]:
        """The findings of one weight."""
        return tuple(finding for finding in self.findings if finding.weight is weight)

    @property
    def is_fine(self) -> bool:
        """Whether nothing was found that an editor has to look at, and nothing stayed unknown."""
        return all(finding.weight is Weight.NOTE for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The proof as plain data."""
        return {
            "policies": self.policies,
            "findings": [finding.to_dict() for finding in self.findings],
            "considered_up_to": dict(self.cut_short),
        }
