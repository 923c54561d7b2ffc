"""A policy as terms of the prover: when it applies, when it recommends, and when it does not.

It mirrors `CompiledPolicy.evaluate` step by step; the tests hold the two together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from imrpolicy.evaluate import PolicyTrace, Role, Status
from imrpolicy.expression import Node, facts_of
from imrpolicy.policy import Criterion, Group, Limit, Policy, Stance
from imrpolicy.prove.encode import Encoder
from imrpolicy.prove.solver import Term, both, either, no, z3
from imrpolicy.prove.symbols import Symbols
from imrpolicy.prove.terms import Scalar, Truth, count_of

# Beyond this many ways to cut quantities, what would be supported is not compared.
_MOST_CUTS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One of the things that a policy asks for, all of which are needed.

    Attributes:
        id: The id of the criterion, or of the group; empty for a group without one.
        text: What it asks, in plain English.
        facts: The facts that it reads, by path.
        member: The criterion, exclusion or condition, or the group of criteria.
        role: Which of these it is.
        passes: When it stands in nobody's way.
        fails: When it surely does.
    """

    id: str
    text: str
    facts: tuple[str, ...]
    member: Criterion | Group
    role: Role
    passes: Term
    fails: Term

    def is_failed(self, trace: PolicyTrace, *, retrospective: bool) -> bool:
        """Whether an evaluation says that it surely stands in the way."""
        if isinstance(self.member, Group):
            return trace.truth_of(self.member) is False
        [found] = (leaf for leaf in trace.criteria if leaf.criterion is self.member)
        if self.role is Role.EXCLUSION:
            return found.status is Status.MET
        counts = self.role is Role.CRITERION or retrospective
        return counts and found.status is Status.NOT_MET


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """What a policy says, as formulas.

    Attributes:
        policy: The policy.
        scope: Whether it applies.
        criteria: Whether its criteria hold together.
        leaves: Each criterion, exclusion and condition, in the order of the policy.
        recommended: When it recommends, its scope left aside.
        not_recommended: When it does not.
        requirements: The things that it asks for, all of which are needed.
    """

    policy: Policy
    scope: Truth
    criteria: Truth
    leaves: tuple[Truth, ...]
    recommended: Term
    not_recommended: Term
    requirements: tuple[Requirement, ...]

    @property
    def silent(self) -> bool:
        """Whether it says nothing at all."""
        return self.policy.stance is Stance.SILENT

    @property
    def speaks(self) -> Term:
        """When it is looked at and says something: it applies, or may."""
        return False if self.silent else no(self.scope.false)

    @property
    def undetermined(self) -> Term:
        """When it leaves the request open, its scope left aside."""
        return False if self.silent else both(no(self.recommended), no(self.not_recommended))

    @property
    def says(self) -> Truth:
        """Recommended as true, not recommended as false."""
        return Truth(self.recommended, self.not_recommended)

    def named(self) -> dict[str, Truth]:
        """The leaves by id."""
        return {leaf.id: truth for leaf, truth in zip(self.policy.leaves, self.leaves, strict=True)}


def nodes_of(policy: Policy) -> tuple[Node, ...]:
    """The expressions of a policy."""
    return (policy.scope, *(leaf.node for leaf in policy.leaves))


def encode_policy(policy: Policy, encoder: Encoder, in_conflict: frozenset[str] = frozenset()) -> PolicyTerms:
    """The terms of a policy; strict evaluation and the timing are unknowns like the facts.

    Where several policies share a proof, `prepare` of the symbols has to see all of them first.

    Args:
        policy: The policy.
        encoder: Reads its expressions.
        in_conflict: Facts on which the records contradict each other; while one of them is not settled, an
            exclusion that reads it is not presumed absent.
    """
    encoder.symbols.prepare(nodes_of(policy))
    leaves = {id(leaf): encoder.truth(leaf.node) for leaf in policy.leaves}
    criteria = Truth(True, False)
    if policy.criteria is not None:
        criteria = group_term(policy.criteria, leaves)
    recommended, not_recommended = _verdict(policy, criteria, leaves, encoder.symbols, in_conflict)
    return PolicyTerms(
        policy,
        encoder.truth(policy.scope),
        criteria,
        tuple(leaves[id(leaf)] for leaf in policy.leaves),
        recommended,
        not_recommended,
        tuple(_requirements(policy, leaves, encoder.symbols)),
    )


def _requirements(policy: Policy, leaves: dict[int, Truth], symbols: Symbols) -> Iterator[Requirement]:
    for member in _conjuncts(policy.criteria) if policy.criteria is not None else ():
        truth = group_term(member, leaves) if isinstance(member, Group) else leaves[id(member)]
        yield _requirement(member, Role.CRITERION, truth.true, truth.false)
    for leaf in policy.exclusions:
        truth = leaves[id(leaf)]
        yield _requirement(leaf, Role.EXCLUSION, no(truth.true), truth.true)
    for leaf in policy.conditions:
        truth = leaves[id(leaf)]
        afterwards = symbols.retrospective
        passes, fails = either(no(afterwards), truth.true), both(afterwards, truth.false)
        yield _requirement(leaf, Role.CONDITION, passes, fails)


def _conjuncts(group: Group) -> Iterator[Criterion | Group]:
    """The members of a group that are all needed, those of nested ones included."""
    if group.kind != "all":
        yield group
        return
    for member in group.members:
        if isinstance(member, Group):
            yield from _conjuncts(member)
        else:
            yield member


def _requirement(member: Criterion | Group, role: Role, passes: Term, fails: Term) -> Requirement:
    leaves = tuple(member.criteria()) if isinstance(member, Group) else (member,)
    text = member.text or " Or: ".join(leaf.text for leaf in leaves)
    facts = dict.fromkeys(fact.path for leaf in leaves for fact in facts_of(leaf.node))
    return Requirement(
        id=member.id,
        text=text,
        facts=tuple(facts),
        member=member,
        role=role,
        passes=passes,
        fails=fails,
    )


def group_term(group: Group, leaves: dict[int, Truth]) -> Truth:
    """Whether a group is met, from the leaves by their identity."""
    parts = tuple(
        group_term(member, leaves) if isinstance(member, Group) else leaves[id(member)]
        for member in group.members
    )
    return count_of({"all": len(parts), "any": 1, "at_least": group.count}[group.kind], parts)


def _verdict(
    policy: Policy,
    criteria: Truth,
    leaves: dict[int, Truth],
    symbols: Symbols,
    in_conflict: frozenset[str],
) -> tuple[Term, Term]:
    if policy.stance is Stance.SILENT:
        return False, False
    if policy.stance is Stance.NOT_RECOMMENDED:
        return False, True
    afterwards = symbols.retrospective
    conditions = [leaves[id(leaf)] for leaf in policy.conditions]
    for_it = [criteria.true, *(either(no(afterwards), truth.true) for truth in conditions)]
    against = [criteria.false, *(both(afterwards, truth.false) for truth in conditions)]
    for leaf in policy.exclusions:
        truth = leaves[id(leaf)]
        absent = truth.false
        if leaf.presumed_absent:
            facts = (fact for fact in facts_of(leaf.node) if fact.path in in_conflict)
            settled = both(*(symbols.fact(fact).known for fact in facts))
            absent = either(truth.false, both(no(symbols.strict), settled, no(truth.true)))
        for_it.append(absent)
        against.append(truth.true)
    return both(*for_it), either(*against)


@dataclass(frozen=True, slots=True)
class Cut:
    """Quantities that would be supported, and when: each fact with the limit that it is cut to."""

    limits: tuple[Limit, ...]
    when: Term


def cuts_of(terms: PolicyTerms, symbols: Symbols) -> tuple[Cut, ...] | None:
    """What is supported of a request that only limits stand against, the best offer first.

    Mirrors `supported_quantities` for one policy. None where there are too many ways to cut.
    """
    exceeded: dict[str, dict[float, tuple[Limit, list[Term]]]] = {}
    for leaf, truth in zip(terms.policy.leaves, terms.leaves, strict=True):
        if leaf.limit is not None and leaf.limit.supported > 0:
            found = exceeded.setdefault(leaf.limit.fact.path, {})
            found.setdefault(within(leaf.limit), (leaf.limit, []))[1].append(truth.false)
    options = [
        [None, *(found[value] for value in sorted(found, reverse=True))] for found in exceeded.values()
    ]
    combinations = sorted(
        (tuple(part for part in combination if part) for combination in product(*options)), key=len
    )[1:]
    if len(combinations) > _MOST_CUTS:
        return None
    cuts: list[Cut] = []
    before: list[Term] = []
    for combination in combinations:
        limits = tuple(limit for limit, _ in combination)
        all_exceeded = (either(*falses) for _, falses in combination)
        # With less of a quantity, the request may come to lie outside of the scope.
        lowered = _lowered(both(terms.speaks, terms.recommended), limits, symbols)
        holds = both(terms.not_recommended, *all_exceeded, lowered)
        cuts.append(Cut(limits, both(holds, *(no(earlier) for earlier in before))))
        before.append(holds)
    return tuple(cuts)


def within(limit: Limit) -> float:
    """The greatest value within a limit."""
    return limit.supported if limit.is_reached else math.nextafter(limit.supported, -math.inf)


def _lowered(term: Term, limits: tuple[Limit, ...], symbols: Symbols) -> Term:
    """A formula with quantities replaced by what is supported of them."""
    if isinstance(term, bool):
        return term
    pairs = []
    for limit in limits:
        symbol = symbols.fact(limit.fact)
        assert isinstance(symbol, Scalar)  # noqa: S101 - a limit is of a number
        pairs.append((symbol.term, symbols.literal(limit.fact.type, within(limit))))
    return z3.substitute(term, *pairs)
