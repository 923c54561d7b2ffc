"""Slips in how criteria are combined, and policies with one criterion exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from imrpolicy.issues import Place
from imrpolicy.policy import Criterion, Group, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSlip:
    """The criteria of a policy with one slip in a group.

    Attributes:
        kind: What kind of slip it is.
        where: The group or criterion that it changes.
        before: What is there.
        after: What is there instead.
        group: All criteria, with the slip.
        place: Where the slip would be made.
        dropped: The criteria that are gone.
    """

    kind: str
    where: str
    before: str
    after: str
    group: Group
    place: Place
    dropped: frozenset[str] = frozenset()


def group_slips(group: Group, name: str = "criteria") -> Iterator[GroupSlip]:
    """The slips in a group and in the groups within it."""
    name = group.id or name
    place = next((leaf.place for leaf in group.criteria()), Place(""))
    for kind, before, after, changed in _combinations(group):
        yield GroupSlip(kind=kind, where=name, before=before, after=after, group=changed, place=place)
    for position, member in enumerate(group.members):
        yield from _dropped(group, position)
        if isinstance(member, Group):
            for slip in group_slips(member, f"{name}.{position + 1}"):
                yield replace(slip, group=_with_member(group, position, slip.group))


def _combinations(group: Group) -> Iterator[tuple[str, str, str, Group]]:
    size = len(group.members)
    if group.kind == "at_least":
        for count in (group.count - 1, group.count + 1):
            if 1 <= count <= size:
                changed = replace(group, count=count)
                yield "count", f"at least {group.count}", f"at least {count}", changed
    elif size > 1:
        other: Literal["all", "any"] = "any" if group.kind == "all" else "all"
        yield "group", group.kind, other, replace(group, kind=other)


def _dropped(group: Group, position: int) -> Iterator[GroupSlip]:
    """The group without one of its members; one that would be empty, or could not be met, is not made."""
    rest = group.members[:position] + group.members[position + 1 :]
    if not rest or group.count > len(rest):
        return
    member = group.members[position]
    leaves = tuple(member.criteria()) if isinstance(member, Group) else (member,)
    ids = {leaf.id for leaf in leaves} | ({member.id} if member.id else set())
    what = "the group" if isinstance(member, Group) else "the criterion"
    yield GroupSlip(
        kind="dropped",
        where=member.id or leaves[0].id,
        before=what,
        after="nothing",
        group=replace(group, members=rest),
        place=leaves[0].place,
        dropped=frozenset(ids),
    )


def _with_member(group: Group, position: int, member: Criterion | Group) -> Group:
    members = (*group.members[:position], member, *group.members[position + 1 :])
    return replace(group, members=members)


def without(leaves: tuple[Criterion, ...], leaf: Criterion) -> tuple[Criterion, ...]:
    """The leaves without one of them."""
    return tuple(other for other in leaves if other is not leaf)


def with_criterion(policy: Policy, old: Criterion, new: Criterion) -> Policy:
    """The policy with one of its criteria, exclusions or conditions exchanged."""
    return replace(
        policy,
        criteria=_exchanged(policy.criteria, old, new) if policy.criteria is not None else None,
        exclusions=tuple(new if leaf is old else leaf for leaf in policy.exclusions),
        conditions=tuple(new if leaf is old else leaf for leaf in policy.conditions),
    )


def _exchanged(group: Group, old: Criterion, new: Criterion) -> Group:
    members = tuple(
        _exchanged(member, old, new) if isinstance(member, Group) else new if member is old else member
        for member in group.members
    )
    return replace(group, members=members)
