"""What differs between two versions of a policy, criterion by criterion, in words.

What the differences mean for cases (who gains, who loses) is not said here: that takes a proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from imrpolicy.expression import in_english
from imrpolicy.policy import Criterion, Group, Policy
from imrpolicy.site.text import clean
from imrpolicy.site.words import STANCES, period, rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference.

    Attributes:
        what: What it is about, such as `Criterion added`.
        name: The id of the criterion; empty where it is about the whole.
        before: What stood there.
        after: What stands there now.
    """

    what: str
    name: str = ""
    before: str = ""
    after: str = ""


def differences(old: Policy, new: Policy) -> tuple[Difference, ...]:
    """What differs, in the order of the page."""
    return (*_whole(old, new), *_leaves(old, new), *_logic(old, new))


def _whole(old: Policy, new: Policy) -> Iterator[Difference]:
    aspects = (
        ("Answer", STANCES[old.stance], STANCES[new.stance]),
        ("Summary", old.summary, new.summary),
        ("In force", period(old.effective), period(new.effective)),
        ("Applies when", in_english(old.scope), in_english(new.scope)),
        ("Edition", old.source.edition, new.source.edition),
        ("Section", old.source.section, new.source.section),
    )
    for what, before, after in aspects:
        if clean(before) != clean(after):
            yield Difference(what=what, before=before, after=after)


def _leaves(old: Policy, new: Policy) -> Iterator[Difference]:
    before, after = _by_id(old), _by_id(new)
    for name, (kind, leaf) in after.items():
        if name not in before:
            yield Difference(what=f"{kind} added", name=name, after=_said(leaf))
        elif _said(before[name][1]) != _said(leaf):
            yield Difference(
                what=f"{kind} changed", name=name, before=_said(before[name][1]), after=_said(leaf)
            )
        elif before[name][0] != kind:
            yield Difference(what=f"{before[name][0]} became {kind.lower()}", name=name, after=_said(leaf))
    for name, (kind, leaf) in before.items():
        if name not in after:
            yield Difference(what=f"{kind} removed", name=name, before=_said(leaf))


def _by_id(policy: Policy) -> dict[str, tuple[str, Criterion]]:
    criteria = tuple(policy.criteria.criteria()) if policy.criteria is not None else ()
    kinds = (("Criterion", criteria), ("Exclusion", policy.exclusions), ("Condition", policy.conditions))
    return {leaf.id: (kind, leaf) for kind, leaves in kinds for leaf in leaves}


def _said(leaf: Criterion) -> str:
    presumed = " Presumed absent where the record is silent." if leaf.presumed_absent else ""
    return clean(f"{leaf.text} It holds when {in_english(leaf.node)}.{presumed}")


def _logic(old: Policy, new: Policy) -> Iterator[Difference]:
    shapes = [_shape(policy.criteria) if policy.criteria is not None else "" for policy in (old, new)]
    same_leaves = set(_by_id(old)) == set(_by_id(new))
    if shapes[0] != shapes[1] and same_leaves:
        yield Difference(what="How the criteria combine", before=shapes[0], after=shapes[1])


def _shape(group: Group) -> str:
    members = [_shape(m) if isinstance(m, Group) else f"`{m.id}`" for m in group.members]
    return f"{rule(group)[0].lower()} of ({', '.join(members)})"
