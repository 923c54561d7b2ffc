"""Hypothesis strategies: small random libraries, and cases for them."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import count

from evaluate.world import (
    ATOMS,
    LIMITS,
    Draft,
    Leaf,
    Members,
    Tree,
    atom,
    case,
    in_conflict,
    loaded,
    sequence,
    service,
)
from hypothesis import strategies as st

from imrpolicy.evaluate import PolicyLibrary

FACTS = tuple(ATOMS)


@dataclass(frozen=True)
class World:
    """A library, as trees and as it is evaluated."""

    drafts: tuple
    ranks: tuple

    @property
    def library(self):
        return PolicyLibrary(self.loaded)

    @property
    def loaded(self):
        return loaded(self.drafts, sequence(*(" ".join(rank) for rank in self.ranks)))


@cache
def trees(facts=FACTS, *, has=True, depth=2):
    """Expressions."""
    leaf = st.sampled_from([*map(atom, facts)] * 4 + ([Tree("has", fact) for fact in facts] if has else []))
    if depth == 0:
        return leaf
    below = trees(facts, has=has, depth=depth - 1)
    return st.one_of(
        leaf,
        leaf,
        below.map(lambda part: Tree("!", parts=(part,))),
        st.tuples(below, below).map(lambda parts: Tree("&&", parts=parts)),
        st.tuples(below, below).map(lambda parts: Tree("||", parts=parts)),
        st.tuples(below, below, below).map(lambda parts: Tree("?", parts=parts)),
    )


@cache
def _criteria(facts, has):
    plain = trees(facts, has=has).map(lambda tree: Leaf("", tree))
    limits = [Leaf("", atom(fact), limit=True) for fact in LIMITS if fact in facts]
    return st.one_of(plain, st.sampled_from(limits)) if limits else plain


@cache
def _groups(facts, has, depth):
    member = _criteria(facts, has)
    if depth:
        member = st.one_of(member, member, _groups(facts, has, depth - 1))
    return st.builds(_group, st.integers(0, 5), st.lists(member, min_size=1, max_size=3).map(tuple))


def _group(kind, members):
    if kind < 2:
        return Members("all", members)
    return Members("any", members) if kind < 4 else Members("at_least", members, 1 + kind % len(members))


@cache
def _drafts(sources, facts, has, scope_has):
    scopes = st.one_of(st.none(), st.none(), trees(facts, has=scope_has, depth=1))
    exclusions = st.builds(
        lambda tree, presumed: Leaf("", tree, presumed=presumed),
        trees(facts, has=has, depth=1),
        st.booleans(),
    )
    conditions = trees(facts, has=has, depth=0).map(lambda tree: Leaf("", tree))
    return st.builds(
        _draft,
        st.sampled_from(sources),
        st.sampled_from(["criteria"] * 5 + ["silent"] * 3 + ["not_recommended"]),
        st.sampled_from(["unit"] * 7 + ["block"]),
        scopes,
        _groups(facts, has, 1),
        st.lists(exclusions, max_size=2),
        st.lists(conditions, max_size=1),
    )


def _draft(source, stance, requested, scope, criteria, exclusions, conditions):
    tree = service(requested) if scope is None else Tree("&&", parts=(service(requested), scope))
    if stance != "criteria":
        return Draft(id=source, scope=tree, stance=stance)
    ids = count()
    return Draft(
        id=source,
        scope=tree,
        criteria=_named(criteria, ids),
        exclusions=tuple(_named(leaf, ids) for leaf in exclusions),
        conditions=tuple(_named(leaf, ids) for leaf in conditions),
    )


def _named(member, ids):
    """A leaf or group whose leaves have ids of their own."""
    if isinstance(member, Leaf):
        return replace(member, id=f"c{next(ids)}")
    return replace(member, members=tuple(_named(below, ids) for below in member.members))


_RANKS = [
    (("mtus",), ("acoem", "odg")),
    (("mtus",), ("odg",)),
    (("acoem", "odg"),),
    (("odg",), ("acoem",), ("mtus",)),
    (("odg",),),
]


@st.composite
def worlds(draw, *, facts=FACTS, has=True, scope_has=True):
    """Libraries: up to three sources in up to three ranks, with up to five policies."""
    ranks = draw(st.sampled_from(_RANKS))
    named = tuple(name for rank in ranks for name in rank)
    # Most sources have a policy: a source without any ends the search, and most of the interest.
    bare = draw(st.sets(st.sampled_from(named), max_size=1)) if draw(st.integers(0, 4)) == 0 else ()
    drafts = [draw(_drafts((name,), facts, has, has and scope_has)) for name in named if name not in bare]
    drafts += draw(st.lists(_drafts(named, facts, has, has and scope_has), max_size=2))
    return World(tuple(replace(draft, id=f"{draft.id}/t{i}") for i, draft in enumerate(drafts)), ranks)


@cache
def _values(fact):
    """Values of a fact, many of them unknown."""
    unknown = [None, None, [], [{}]] if fact == "history.blocks" else [None, None]
    return st.sampled_from([ATOMS[fact].true, ATOMS[fact].true, ATOMS[fact].false, *unknown])


@cache
def known_facts(facts=FACTS):
    """Facts by path, some of them not documented."""
    return st.fixed_dictionaries({fact: _values(fact) for fact in facts})


@st.composite
def cases(draw, *, facts=FACTS, conflicts=True):
    """Cases, with any facts missing and some in conflict."""
    known = draw(known_facts(facts))
    changes = {
        "timing": draw(st.sampled_from(["prospective", "retrospective"])),
        "review": draw(st.sampled_from(["imr", "utilization_review"])),
    }
    missing = [fact for fact, value in known.items() if value is None]
    if conflicts and missing and draw(st.integers(0, 3)) == 0:
        changes |= in_conflict(*draw(st.sets(st.sampled_from(missing), min_size=1, max_size=2)))
    return case(known, **changes)


def options():
    """How a library is asked to evaluate."""
    return st.fixed_dictionaries({"strict": st.booleans(), "allow_not_encoded": st.booleans()})


def facts_of(data):
    """The facts of a case by path; those in conflict are not documented."""
    [request] = data["requests"]
    groups = {**data["facts"], "request": request["facts"]}
    facts = {f"{group}.{name}": value for group, values in groups.items() for name, value in values.items()}
    return {path: value for path, value in facts.items() if path not in data.get("conflicting", {})}
