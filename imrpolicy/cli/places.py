"""One case in several places and on several days: what each answers, and why the answers differ."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imrpolicy.authored import Document
from imrpolicy.authored.wording import listed
from imrpolicy.cli.cases import case_issues
from imrpolicy.evaluate import (
    CaseError,
    CriterionTrace,
    Determination,
    PolicyLibrary,
    PolicyTrace,
    Role,
    SourceState,
    SourceTrace,
    Status,
)
from imrpolicy.evaluate.phrases import sentence
from imrpolicy.evaluate.words import Recommendation
from imrpolicy.issues import IssuesError
from imrpolicy.letter.wording import choice_title
from imrpolicy.policy import Group, Stance

# The dates that select editions; those of the case would hold it to its own day.
_SELECT = ("request", "service", "decision")
_STATES = {
    SourceState.GOVERNS: "governs",
    SourceState.MAY_GOVERN: "may govern",
    SourceState.SILENT: "is silent on this",
    SourceState.NOT_ENCODED: "has no policy here for this day",
    SourceState.OUTRANKED: "is outranked",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a case is looked at.

    Attributes:
        day: The day that selects the search sequence and the editions.
        jurisdiction: Whose law decides; none means that of the case.
    """

    day: dt.date
    jurisdiction: str | None = None


def answers(
    document: Document, library: PolicyLibrary, places: Sequence[Place], **options: Any
) -> tuple[tuple[Determination, ...], ...]:
    """The determinations of a case in each place: one tuple for each request of the case.

    Raises:
        IssuesError: The case does not fit its schema.
    """
    data = document.data()
    try:
        found = [library.evaluate(moved(data, place), as_of=place.day, **options) for place in places]
    except CaseError as error:
        raise IssuesError(case_issues(document, error.problems)) from error
    return tuple(zip(*found, strict=True))


def moved(data: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The case as plain data, with its facts as they are, in another place and without dates of its own."""
    case = {key: copy.deepcopy(value) for key, value in data.items() if key != "decided"}
    if place.jurisdiction is not None:
        case["jurisdiction"] = place.jurisdiction
    for holder in (case, *case.get("requests", ())):
        if isinstance(holder, dict) and isinstance(holder.get("dates"), dict):
            holder["dates"] = {key: day for key, day in holder["dates"].items() if key not in _SELECT}
    return case


def sources(determination: Determination) -> Iterator[str]:
    """What each source of the search sequence contributed, with the policies that spoke for it."""
    for source in determination.sources:
        policies = [trace.policy.reference for trace in source.policies]
        said = f" ({listed(policies, 'and')})" if policies else ""
        yield f"{source.rank}. {source.source.title}: {_STATES[source.state]}{said}"


def deciding(trace: PolicyTrace) -> tuple[CriterionTrace, ...]:
    """The criteria and exclusions on which the recommendation of a policy rests, where it is not in favor."""
    if trace.recommendation in (Recommendation.RECOMMENDED, None):
        return ()
    group = trace.policy.criteria
    counting = set(_counting(trace, group)) if group is not None else set()
    leaves = [
        leaf
        for leaf in trace.criteria
        if leaf.criterion.id in counting or (leaf.role is Role.EXCLUSION and not leaf.presumed)
    ]
    against = tuple(leaf for leaf in leaves if leaf.status is _AGAINST[leaf.role])
    if against or trace.recommendation is Recommendation.NOT_RECOMMENDED:
        return against
    return tuple(leaf for leaf in leaves if leaf.status is Status.NOT_DOCUMENTED)


_AGAINST = {Role.CRITERION: Status.NOT_MET, Role.EXCLUSION: Status.MET}


def _counting(trace: PolicyTrace, group: Group) -> Iterator[str]:
    """The ids of the criteria that no group above them makes needless by being met without them."""
    if trace.truth_of(group) is True:
        return
    for member in group.members:
        if isinstance(member, Group):
            yield from _counting(trace, member)
        else:
            yield member.id


def differences(first: Determination, second: Determination, names: tuple[str, str]) -> Iterator[str]:
    """Why two determinations of the same facts differ: sentences, the law first, then the guidelines.

    Args:
        first: The one.
        second: The other.
        names: What the sentences call the two.
    """
    yield from _law(first, second)
    before = {source.source.id: source for source in first.sources}
    after = {source.source.id: source for source in second.sources}
    for name, source in after.items():
        title = source.source.title
        if name not in before:
            yield f"{title} is searched in {names[1]} only: it {_STATES[source.state]}."
        elif before[name].state is not source.state:
            was = _STATES[before[name].state]
            yield f"{title} {was} in {names[0]}, and {_STATES[source.state]} in {names[1]}."
            yield from _ended(before[name], second)
    for name, source in before.items():
        if name not in after:
            yield f"{source.source.title} is searched in {names[0]} only: it {_STATES[source.state]}."
    yield from _criteria(first, second, names[0])
    yield from _criteria(second, first, names[1])
    if first.recommendation is second.recommendation:
        yield "Both come to the same recommendation."


def _law(first: Determination, second: Determination) -> Iterator[str]:
    if first.case.jurisdiction != second.case.jurisdiction:
        titles = [choice_title(d, "jurisdiction", d.case.jurisdiction) for d in (first, second)]
        yield f"Another law decides: {titles[1]} in place of {titles[0]}."
    elif first.sequence is None or second.sequence is None:
        if first.sequence is not second.sequence:
            yield "For one of the days no search sequence is encoded."
    elif first.sequence.id != second.sequence.id:
        newer = max(first.sequence, second.sequence, key=lambda sequence: sequence.effective.start)
        yield f"Another order of search came into force on {newer.effective.start} ({newer.citation})."


def _ended(source: SourceTrace, later: Determination) -> Iterator[str]:
    """The policies of a source that were no longer in force."""
    day = later.options.as_of
    for trace in source.policies:
        end = trace.policy.effective.end
        if end is not None and day is not None and end < day:
            yield f"{trace.policy.reference} was in force until {end}."


def _criteria(one: Determination, other: Determination, name: str) -> Iterator[str]:
    """What a policy of the one holds against the request, or leaves open, and the other does not ask."""
    asked = {leaf.criterion.text for trace in other.governing for leaf in trace.criteria}
    for trace in one.governing:
        if trace.policy.stance is Stance.NOT_RECOMMENDED:
            yield f"In {name} {trace.policy.reference} does not recommend the service, whatever the facts."
        for leaf in deciding(trace):
            if leaf.criterion.text in asked:
                continue
            word = {Status.MET: "applies", Status.NOT_MET: "is not met"}.get(leaf.status, "is not documented")
            text = sentence(leaf.criterion.text.strip()).rstrip(".")
            yield f"Only in {name} {trace.policy.reference} asks this, and it {word}: {text}."
