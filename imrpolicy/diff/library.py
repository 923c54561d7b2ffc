"""Two directories of policies compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from imrpolicy.diff.criteria import changed_parts, period
from imrpolicy.diff.impact import Impact, impact
from imrpolicy.diff.model import LibraryDiff, PolicyDiff
from imrpolicy.diff.periods import PeriodChange, period_changes
from imrpolicy.diff.revisions import Side, with_facts_of
from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.issues import has_errors
from imrpolicy.policy import Loaded, Policy, PolicyStatus, shown
from imrpolicy.population import generate, services_for
from imrpolicy.prove import Usual, compare

_NOTHING_USUAL = Usual()


def compare_sides(
    base: Side,
    head: Side,
    cases: Iterable[Mapping[str, Any]] = (),
    *,
    population: int | Path = 0,
    usual: Usual = _NOTHING_USUAL,
) -> LibraryDiff:
    """What differs between two directories of policies, proven policy by policy.

    Both are read with the facts of `head`: what a fact can be is what it can be now.

    Args:
        base: The older side.
        head: The newer side.
        cases: Cases to evaluate by both, as plain data.
        population: How many made-up requests to evaluate by both, for services that a policy which differs
            can cover, or a file of requests; either needs the extra `batch`.
        usual: Values that a witness has rather than others, such as those of known cases.
    """
    old = with_facts_of(base, head.loaded.schemas)
    policies = tuple(_policies(base.loaded, old, head.loaded, usual))
    if isinstance(population, Path):
        made_up = _impact_of_table(old, head.loaded, population)
        tried = f"Requests of {population.name}"
    else:
        tried = "Made-up requests"
        made_up = _impact(old, head.loaded, _made_up(policies, head.loaded, population))
    return LibraryDiff(
        base=base.name,
        head=head.name,
        policies=policies,
        sequences=tuple(_sequences(base.loaded, head.loaded)),
        impact=_impact(old, head.loaded, tuple(cases)),
        population=made_up,
        tried=tried,
        unread=tuple(sorted(_unread(base.loaded))),
    )


def _unread(loaded: Loaded) -> set[str]:
    """The files with errors, by their paths within the directory of policies."""
    root = f"{shown(loaded.root)}/"
    return {issue.place.file.removeprefix(root) for issue in loaded.issues if has_errors([issue])}


def _made_up(policies: tuple[PolicyDiff, ...], loaded: Loaded, count: int) -> tuple[Mapping[str, Any], ...]:
    """Requests for the services that policies which differ can cover."""
    changed = [policy for diff in policies for policy in (diff.old, diff.new) if policy is not None]
    services = {name for policy in changed for name in services_for(policy, loaded.dictionary)}
    if not count or not services:
        return ()
    return tuple(generate(loaded.dictionary, count=count, services=services))


def _policies(written: Loaded, old: Loaded, new: Loaded, usual: Usual) -> Iterator[PolicyDiff]:
    before, after, known = newest(old), newest(new), newest(written)
    for name in sorted(known.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if name in known and one is None:
            message = "the older version names facts that there are no longer, so that it cannot be compared"
            yield PolicyDiff(id=name, old=known[name], new=other, unreadable=message if other else "")
            continue
        if one is None or other is None:
            yield PolicyDiff(id=name, old=one, new=other)
            continue
        periods = period_changes(name, old, new, new.dictionary)
        if one.content_hash != other.content_hash or periods:
            yield _diff(_governing(one, other, old), other, periods, new, usual)
        yield from _rewritten(name, one, old, new, usual)


def _rewritten(name: str, newest: Policy, old: Loaded, new: Loaded, usual: Usual) -> Iterator[PolicyDiff]:
    """Older versions that no longer say what they said, but for the day on which they end."""
    now = {policy.version: policy for policy in new.policies if policy.id == name}
    for policy in old.policies:
        other = now.get(policy.version)
        if (
            policy.id != name
            or policy is newest
            or other is None
            or other.content_hash == policy.content_hash
        ):
            continue
        found = _diff(policy, other, (), new, usual)
        if any(part.what not in ("period", "status") for part in found.parts):
            yield found


def _governing(old: Policy, new: Policy, loaded: Loaded) -> Policy | None:
    """What a newer version takes the place of: a draft governs nobody, so no release is held to it."""
    if old.status is not PolicyStatus.DRAFT or new.status is PolicyStatus.DRAFT:
        return old
    released = [p for p in loaded.policies if p.id == old.id and p.status is PolicyStatus.RELEASED]
    return max(released, key=lambda policy: policy.version, default=None)


def _diff(
    old: Policy | None, new: Policy, periods: tuple[PeriodChange, ...], loaded: Loaded, usual: Usual
) -> PolicyDiff:
    if old is None:
        return PolicyDiff(id=new.id, old=None, new=new)
    return PolicyDiff(
        id=new.id,
        old=old,
        new=new,
        parts=changed_parts(old, new),
        periods=periods,
        comparison=compare(old, new, dictionary=loaded.dictionary, usual=usual),
    )


def newest(loaded: Loaded) -> dict[str, Policy]:
    """The newest version of each policy that is not withdrawn."""
    found = {policy.id: policy for policy in sorted(loaded.policies, key=lambda p: (p.id, p.version))}
    return {name: policy for name, policy in found.items() if policy.status is not PolicyStatus.WITHDRAWN}


def _sequences(old: Loaded, new: Loaded) -> Iterator[str]:
    before = {(s.jurisdiction, s.id): s for s in old.sequences}
    after = {(s.jurisdiction, s.id): s for s in new.sequences}
    for key in sorted(before.keys() | after.keys()):
        name = f"the search sequence `{key[1]}` of {key[0]}"
        if key not in after:
            yield f"{name} is gone"
        elif key not in before:
            yield f"{name} is new"
        else:
            one, other = before[key], after[key]
            if one.content_hash != other.content_hash:
                yield f"{name} ranks the sources anew"
            if one.effective != other.effective:
                yield f"{name} is in force {period(other.effective)}, until now {period(one.effective)}"


def _impact(old: Loaded, new: Loaded, cases: tuple[Mapping[str, Any], ...]) -> Impact | None:
    if not cases or has_errors(old.issues) or has_errors(new.issues):
        return None
    return impact(PolicyLibrary(old), PolicyLibrary(new), cases)


def _impact_of_table(old: Loaded, new: Loaded, source: Path) -> Impact | None:
    if has_errors(old.issues) or has_errors(new.issues):
        return None
    from imrpolicy.diff.table import impact_of_table  # the packages of the extra `batch`

    return impact_of_table(PolicyLibrary(old), PolicyLibrary(new), source)
