"""What was edited in a policy, in English: criteria added, removed and changed, and the rest around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from imrpolicy.evaluate import Role
from imrpolicy.expression import in_english, unparse
from imrpolicy.policy import Criterion, Effective, Group, Policy


class Edit(StrEnum):
    """What happened to a part of a policy."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChange:
    """One part of a policy that is not what it was.

    Attributes:
        edit: What happened to it.
        what: Which part: `criterion days`, `scope`, `period`.
        before: What it was, in English; empty where it is new.
        after: What it is; empty where it is gone.
    """

    edit: Edit
    what: str
    before: str = ""
    after: str = ""

    def to_dict(self) -> dict[str, str]:
        """The change as plain data."""
        return {"edit": self.edit.value, "what": self.what, "before": self.before, "after": self.after}


def changed_parts(old: Policy, new: Policy) -> tuple[PartChange, ...]:
    """The parts of a policy that differ between two versions, those that can matter first."""
    found = [*_frame(old, new), *_leaves(old, new)]
    return tuple(sorted(found, key=lambda part: part.edit is Edit.REWORDED))


def _frame(old: Policy, new: Policy) -> Iterator[PartChange]:
    if unparse(old.scope) != unparse(new.scope):
        yield _changed("scope", in_english(old.scope), in_english(new.scope))
    for what in ("stance", "status"):
        if getattr(old, what) is not getattr(new, what):
            yield _changed(what, _plain(getattr(old, what).value), _plain(getattr(new, what).value))
    if old.effective != new.effective:
        yield _changed("period", period(old.effective), period(new.effective))
    before, after = _shape(old.criteria), _shape(new.criteria)
    same = {leaf.id for leaf in _criteria(old)} == {leaf.id for leaf in _criteria(new)}
    if before != after and same:
        yield _changed("grouping of the criteria", before, after)


def _leaves(old: Policy, new: Policy) -> Iterator[PartChange]:
    before, after = roles(old), roles(new)
    for name, (role, leaf) in before.items():
        if name not in after:
            yield PartChange(edit=Edit.REMOVED, what=f"{role.value} `{name}`", before=in_english(leaf.node))
    for name, (role, leaf) in after.items():
        what = f"{role.value} `{name}`"
        if name not in before:
            yield PartChange(edit=Edit.ADDED, what=what, after=in_english(leaf.node))
            continue
        was_role, was = before[name]
        if was_role is not role:
            yield _changed(f"`{name}`", f"{_article(was_role)}", f"{_article(role)}")
        if unparse(was.node) != unparse(leaf.node):
            yield _changed(what, in_english(was.node), in_english(leaf.node))
        if bool(was.presumed_absent) != bool(leaf.presumed_absent):
            yield _changed(f"{what} where it is not documented", _presumed(was), _presumed(leaf))
        if (was.limit is None) != (leaf.limit is None):
            yield _changed(f"{what} where it is exceeded", _limited(was), _limited(leaf))
        if was.text != leaf.text:
            yield PartChange(edit=Edit.REWORDED, what=what, before=was.text, after=leaf.text)


def _changed(what: str, before: str, after: str) -> PartChange:
    return PartChange(edit=Edit.CHANGED, what=what, before=before, after=after)


def _presumed(leaf: Criterion) -> str:
    return "presumed absent" if leaf.presumed_absent else "left open"


def _limited(leaf: Criterion) -> str:
    return "the rest is supported" if leaf.limit else "nothing is supported"


def _article(role: Role) -> str:
    return f"an {role.value}" if role is Role.EXCLUSION else f"a {role.value}"


def _plain(word: str) -> str:
    return word.replace("_", " ")


def period(effective: Effective) -> str:
    """When an edition is in force, in words."""
    end = f" to {effective.end}" if effective.end else " on"
    return f"from {effective.start}{end}, by the date of the {effective.by.value}"


def _criteria(policy: Policy) -> tuple[Criterion, ...]:
    return tuple(policy.criteria.criteria()) if policy.criteria is not None else ()


def roles(policy: Policy) -> dict[str, tuple[Role, Criterion]]:
    """The leaves of a policy by id, each with its role."""
    listed = [(Role.CRITERION, leaf) for leaf in _criteria(policy)]
    listed += [(Role.EXCLUSION, leaf) for leaf in policy.exclusions]
    listed += [(Role.CONDITION, leaf) for leaf in policy.conditions]
    return {leaf.id: (role, leaf) for role, leaf in listed}


def _shape(member: Group | Criterion | None) -> str:
    """How criteria combine, by their ids."""
    if member is None:
        return "none"
    if isinstance(member, Criterion):
        return member.id
    parts = ", ".join(_shape(part) for part in member.members)
    count = f"at least {member.count}" if member.kind == "at_least" else member.kind
    return f"{count} of ({parts})"
