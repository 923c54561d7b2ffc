"""The words of the site: statuses, periods and outcomes as people say them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from imrpolicy.evaluate import PolicyTrace, Recommendation
from imrpolicy.evaluate.compiled import services_of
from imrpolicy.expression.nodes import Constant, FactValue, Node, walk
from imrpolicy.facts import Fact
from imrpolicy.policy import Effective, Group, Policy, PolicyStatus, Stance

CODE_SYSTEMS = {"cpt": "CPT", "hcpcs": "HCPCS", "icd10cm": "ICD-10-CM"}
BASIS = {
    "source": "the guideline itself",
    "secondary": "a secondary text",
    "memory": "written from memory, not yet checked against the guideline",
}
STANCES = {
    Stance.CRITERIA: "Supported if the criteria are met",
    Stance.NOT_RECOMMENDED: "Not recommended",
    Stance.SILENT: "Silent: the guideline does not speak of this",
}
BY = {"request": "the request", "service": "the service", "decision": "the decision"}
OUTCOMES = {
    Recommendation.RECOMMENDED: ("for", "Recommended"),
    Recommendation.NOT_RECOMMENDED: ("against", "Not recommended"),
    Recommendation.UNDETERMINED: ("open", "Undetermined"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A word with a colour: `for`, `against`, `open` or `plain`. The word alone says it all."""

    tone: str
    word: str


def day(value: dt.date) -> str:
    """A day for people.

    >>> day(dt.date(2013, 6, 5))
    'June 5, 2013'
    """
    return f"{value:%B} {value.day}, {value.year}"


def period(effective: Effective) -> str:
    """When an edition is in force."""
    if effective.end is None:
        return f"since {day(effective.start)}"
    return f"{day(effective.start)} to {day(effective.end)}"


def short(title: str) -> str:
    """The name of a source in little room: its initials where it is a name through and through, else a word.

    >>> short("Official Disability Guidelines"), short("ACOEM Practice Guidelines"), short("Aetna bulletins")
    ('ODG', 'ACOEM', 'Aetna')
    """
    words = title.split()
    if len(words) > 2 and not words[0].isupper() and all(word[:1].isupper() for word in words):
        return "".join(word[0] for word in words)
    return words[0] if words else title


def standing(policy: Policy, today: dt.date) -> Chip:
    """How a version stands on a day: draft, withdrawn, in force, ended, or to come."""
    if policy.status is PolicyStatus.DRAFT:
        return Chip("open", "Draft")
    if policy.status is PolicyStatus.WITHDRAWN:
        return Chip("against", "Withdrawn")
    if policy.effective.end is not None and policy.effective.end < today:
        return Chip("plain", "No longer in force")
    if policy.effective.start > today:
        return Chip("plain", "Not yet in force")
    return Chip("for", "In force")


def stance_chip(policy: Policy) -> Chip:
    """What a guideline says of its topic, in two words."""
    if policy.stance is Stance.CRITERIA:
        return Chip("for", "With criteria")
    if policy.stance is Stance.NOT_RECOMMENDED:
        return Chip("against", "Not recommended")
    return Chip("plain", "Silent")


def says(trace: PolicyTrace | None) -> Chip:
    """What a policy says of an example."""
    if trace is None:
        return Chip("plain", "Does not apply")
    if trace.recommendation is None:
        return Chip("plain", "Silent")
    return Chip(*OUTCOMES[trace.recommendation])


def rule(group: Group) -> tuple[str, str]:
    """How the members of a group combine: a word, and what it means."""
    number = len(group.members)
    if group.kind == "all":
        return "All", f"all {number} are needed" if number > 1 else "it is needed"
    if group.kind == "any":
        return "Any", f"one of these {number} is enough"
    return f"{group.count} of {number}", f"at least {group.count} of these {number} are needed"


def services(policy: Policy) -> tuple[str, ...]:
    """The services that the scope of a policy names, in alphabetical order."""
    return tuple(sorted(services_of(policy.scope) or ()))


_SPINE = {"lumbar": "low_back", "cervical": "neck", "thoracic": "upper_back"}


def regions(policy: Policy, region: Fact | None) -> tuple[str, ...]:
    """The parts of the body that a policy names, or that the names of its services tell."""
    found = {_SPINE[name.partition("_")[0]] for name in services(policy) if name.partition("_")[0] in _SPINE}
    if region is not None:
        values = {choice.value for choice in region.type.choices}
        nodes = [policy.scope, *(leaf.node for leaf in policy.leaves)]
        if any(isinstance(part, FactValue) and part.fact == region for node in nodes for part in walk(node)):
            found |= values & set(_texts(nodes))
    return tuple(sorted(found))


def _texts(nodes: Iterable[Node]) -> set[str]:
    parts = (part for node in nodes for part in walk(node))
    return {part.value for part in parts if isinstance(part, Constant) and isinstance(part.value, str)}


def plural(number: int, word: str) -> str:
    """A number with its word: `1 policy`, `2 policies`."""
    if number == 1:
        return f"1 {word}"
    return f"{number} {word[:-1]}ies" if word.endswith("y") else f"{number} {word}s"
