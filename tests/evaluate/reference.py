"""What a determination must be, written from the design by brute force, to hold the evaluator against.

Nothing here shares code with it: what is unknown is completed in every possible way, and what all completions
agree on is what holds.
"""

from itertools import product
from typing import NamedTuple


class Reference(NamedTuple):
    """What follows for a request."""

    recommendation: str
    reason: str
    governing: frozenset


R, N, U = "recommended", "not_recommended", "undetermined"


def group_holds(group, values):
    """Whether a group holds once each of its leaves does or does not."""
    held = [group_holds(m, values) if hasattr(m, "members") else values[m.id] for m in group.members]
    return sum(held) >= group.needed


def says(draft, facts, *, strict, retrospective, in_conflict):
    """What a policy says of a request: None where it is silent."""
    if draft.stance == "silent":
        return None
    if draft.stance == "not_recommended":
        return N
    values = {leaf.id: leaf.tree.says(facts) for leaf in draft.leaves}
    for leaf in draft.exclusions:
        if values[leaf.id] is None and leaf.presumed and not strict and not leaf.tree.atoms & in_conflict:
            values[leaf.id] = False
    unknown = [id for id, value in values.items() if value is None]
    outcomes = set()
    for answers in product([True, False], repeat=len(unknown)):
        whole = {**values, **dict(zip(unknown, answers, strict=True))}
        excluded = any(whole[leaf.id] for leaf in draft.exclusions)
        conditions = all(whole[leaf.id] for leaf in draft.conditions) or not retrospective
        outcomes.add(group_holds(draft.criteria, whole) and not excluded and conditions)
    return U if len(outcomes) > 1 else R if outcomes == {True} else N


def determine(world, facts, *, strict, allow_not_encoded, retrospective, in_conflict=frozenset()):
    """What follows for a request: the recommendation, the reason, and the policies that govern or may."""
    scopes = {draft.id: draft.scope.says(facts) for draft in world.drafts}
    may_apply = [draft for draft in world.drafts if scopes[draft.id] is not False]
    said = {
        draft.id: says(draft, facts, strict=strict, retrospective=retrospective, in_conflict=in_conflict)
        for draft in may_apply
    }
    open_scopes = [draft.id for draft in may_apply if scopes[draft.id] is None]
    speaking, gaps = [], False
    for answers in product([True, False], repeat=len(open_scopes)):
        applies = {**scopes, **dict(zip(open_scopes, answers, strict=True))}
        found = _walk(world, [d for d in may_apply if applies[d.id]], may_apply, said, allow_not_encoded)
        if found == "not encoded":
            return Reference(U, "not_encoded", frozenset())
        gaps = gaps or found == "gap"
        if isinstance(found, frozenset):
            speaking.append(found)
    if not speaking:
        reached = _never_encoded(world, may_apply)
        return Reference(U, "not_encoded" if allow_not_encoded and reached else "all_silent", frozenset())
    words = [{said[id] for id in world_said} for world_said in speaking]
    governing = frozenset().union(*speaking)
    everything = set().union(*words)
    if everything in ({R}, {N}):
        return Reference(everything.pop(), "criteria", governing)
    if all({R, N} <= found for found in words):
        return Reference(U, "conflict", governing)
    return Reference(U, "unknown_scope" if {R, N} <= everything else "missing_facts", governing)


def _walk(world, applying, may_apply, said, allow_not_encoded):
    """One possible world: the policies that govern, or why none does."""
    for rank in world.ranks:
        lacking = [source for source in rank if not any(draft.source == source for draft in applying)]
        if lacking and not allow_not_encoded:
            # Nobody has written anything that could apply; or somebody has, and in this world it does not.
            never = [source for source in lacking if not any(draft.source == source for draft in may_apply)]
            return "not encoded" if never else "does not apply"
        voices = frozenset(d.id for d in applying if d.source in rank and said[d.id] is not None)
        if voices:
            return voices
    return "silent"


def _never_encoded(world, may_apply):
    return [s for rank in world.ranks for s in rank if not any(draft.source == s for draft in may_apply)]
