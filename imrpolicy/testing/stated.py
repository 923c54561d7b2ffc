"""What a file of tests states beside its tests: when versions are in force, and what no test notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from imrpolicy.authored import Document
from imrpolicy.issues import Issue, Place
from imrpolicy.policy import DatedBy, Policy
from imrpolicy.testing.chosen import TO, chosen
from imrpolicy.testing.editions import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A mutant that no test notices, and why none has to.

    Attributes:
        policy: The version that the mutant is made from.
        mutant: The id of the mutant.
        reason: Why no test needs to notice it.
        issue: The issue to report where that is not so, at the place of the id, without a message.
    """

    policy: Policy
    mutant: str
    reason: str
    issue: Issue

    @property
    def place(self) -> Place:
        """Where it is written."""
        return self.issue.place


def read_periods(document: Document, versions: Mapping[str, Policy], issues: list[Issue]) -> Iterator[Period]:
    """The periods that a file of tests states; what is wrong with them goes to `issues`."""
    seen: set[str] = set()
    for position, entry in enumerate(document.data().get("in_force") or ()):
        where = ("in_force", position, "version")
        policy = _version(document, where, entry["version"], versions, issues)
        if entry["version"] in seen:
            message = f"the period of version {entry['version']} is stated twice"
            issues.append(
                document.issue(document.node_at(where), "duplicate-id", message, "remove one of them")
            )
        seen.add(entry["version"])
        if policy is None:
            continue
        end = entry.get("to")
        if end is not None and end < entry["from"]:
            message = f"the period ends on {end}, before it starts"
            place = document.node_at(("in_force", position, "to"))
            issues.append(document.issue(place, "period", message, "correct `from` or `to`"))
            continue
        yield Period(
            policy=policy,
            start=dt.date.fromisoformat(entry["from"]),
            end=dt.date.fromisoformat(end) if end is not None else None,
            by=DatedBy(entry["by"]),
            place=document.node_at(("in_force", position)).place,
        )


def read_explained(
    document: Document, versions: Mapping[str, Policy], usual: Sequence[Policy], issues: list[Issue]
) -> Iterator[Explained]:
    """The mutants that a file of tests explains; what is wrong with them goes to `issues`."""
    seen: set[tuple[str, str]] = set()
    for position, entry in enumerate(document.data().get("survivors") or ()):
        policies = usual
        if "version" in entry:
            where = ("survivors", position, "version")
            report_versions(document, where, entry["version"], versions, issues)
            policies = chosen(entry["version"], versions).policies
        node = document.node_at(("survivors", position, "mutant"))
        if any((policy.reference, entry["mutant"]) in seen for policy in policies):
            issues.append(
                document.issue(node, "duplicate-id", "this mutant is explained twice", "remove one of them")
            )
        issue = document.issue(node, "survivor", "")
        for policy in policies:
            seen.add((policy.reference, entry["mutant"]))
            yield Explained(policy=policy, mutant=entry["mutant"], reason=entry["reason"], issue=issue)


def report_versions(
    document: Document,
    where: tuple[str | int, ...],
    written: str | Sequence[str],
    versions: Mapping[str, Policy],
    issues: list[Issue],
) -> None:
    """Report what in `version:` names no version, or no range of them.

    Args:
        document: The file.
        where: Where it is written.
        written: What is written there.
        versions: The versions of the policy by number.
        issues: Where findings are added.
    """
    found = chosen(written, versions)
    for position, number in found.unknown:
        message = f"the policy has no version {number}"
        help = "its versions are " + ", ".join(
            str(p.version) for p in chosen(list(versions), versions).policies
        )
        place = document.node_at((*where, *position))
        issues.append(document.issue(place, "unknown-version", message, help))
    if found.is_backwards:
        assert isinstance(written, str)  # noqa: S101 - a list is no range
        first, _, last = written.partition(TO)
        help = f"write `{last}{TO}{first}`"
        message = f"the range starts with {first}, which is higher than {last}"
        issues.append(document.issue(document.node_at(where), "unknown-version", message, help))


def _version(
    document: Document,
    where: tuple[str | int, ...],
    version: str,
    versions: Mapping[str, Policy],
    issues: list[Issue],
) -> Policy | None:
    report_versions(document, where, version, versions, issues)
    return versions.get(version)
