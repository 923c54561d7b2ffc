"""What is proven of one policy: parts that cannot matter, and outcomes that it cannot reach."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Literal

from imrpolicy.evaluate import CompiledPolicy, Recommendation, Role, Status
from imrpolicy.evaluate.words import truth
from imrpolicy.expression import facts_of, in_english
from imrpolicy.facts import FactDictionary
from imrpolicy.issues import Place
from imrpolicy.policy import Criterion, Group, Policy, Stance
from imrpolicy.prove.findings import Finding, Setting
from imrpolicy.prove.policies import PolicyTerms, encode_policy
from imrpolicy.prove.proof import Answer, Prover, Situation
from imrpolicy.prove.settings import in_force, in_force_term
from imrpolicy.prove.solver import Term, both, no
from imrpolicy.prove.terms import Truth
from imrpolicy.prove.witness import Witness, witness_of


class SinglePolicy:
    """One policy, its terms, and what is asked of them."""

    def __init__(self, policy: Policy, prover: Prover, setting: Setting | None) -> None:
        self.policy = policy
        self.prover = prover
        self._setting = setting
        self.gave_up = False
        self._compiled = CompiledPolicy(policy)
        self._terms: PolicyTerms = encode_policy(policy, prover.encoder)
        self._named: dict[str, Truth] = self._terms.named()
        self._applies: Term = both(self._terms.scope.true, in_force_term([policy], prover))
        self._roles = _roles(policy)

    @property
    def _dictionary(self) -> FactDictionary:
        return self.prover.dictionary

    def findings(self) -> Iterator[Finding]:
        """Everything that is found."""
        if self._never():
            yield self._finding("never-applies", None, "no case can come under this policy",
                                "correct `applies_when`")  # fmt: skip
            return
        if self.policy.stance is not Stance.CRITERIA:
            return
        hollow = []
        for leaf in self.policy.leaves:
            found = list(self._leaf(leaf))
            hollow += [leaf.id] if found else []
            yield from found
        yield from self._implied(frozenset(hollow))
        if self._never(self._terms.recommended):
            # An exclusion that swallows everything is the reason then, and says more.
            swallowing = list(self._swallowing()) if not self._never(self._terms.criteria.true) else []
            yield from swallowing or [self._nothing()]

    def _nothing(self) -> Finding:
        message = "the policy can recommend nothing: no case meets all that it asks"
        help = "correct the criteria, or make its stance `not_recommended`"
        witness = self._witness(no(self._terms.recommended))
        return self._finding("recommends-nothing", None, message, help, witness)

    def _leaf(self, leaf: Criterion) -> Iterator[Finding]:
        """A leaf that is the same whatever the case is."""
        says = self._named[leaf.id]
        role, english = self._roles[leaf.id], in_english(leaf.node)
        if self._never(says.true):
            effect = "has no effect" if role is Role.EXCLUSION else "can never be met"
            message = f"{role.value} `{leaf.id}` {effect}: it never holds that {english}"
            yield self._finding("never-met", leaf, message, "correct the expression or the scope",
                                self._witness(says.false, leaf=leaf, value=False))  # fmt: skip
        elif self._never(says.false):
            rule = "limit-out-of-reach" if leaf.limit is not None else "never-fails"
            message = f"{role.value} `{leaf.id}` can never fail: it always holds that {english}"
            if leaf.limit is not None:
                message = f"no request can reach the limit `{leaf.id}`: it always holds that {english}"
            yield self._finding(rule, leaf, message, "correct the expression, or leave it out",
                                self._witness(says.true, leaf=leaf, value=True))  # fmt: skip

    def _implied(self, hollow: frozenset[str]) -> Iterator[Finding]:
        told: set[str] = set()
        for kind, members in _sets(self.policy):
            for one, other in permutations((m for m in members if m.id not in hollow), 2):
                if one.id in told or other.id in told or not _share(one, other):
                    continue
                # In `all`, what follows from another is met anyway; in `any`, what implies another is.
                if self._follows(one, other):
                    useless, by = (other, one) if kind == "all" else (one, other)
                    told.add(useless.id)
                    yield self._implication(kind, useless, by, one, other)

    def _follows(self, one: Criterion, other: Criterion) -> bool:
        """Whether the second adds nothing to the first, neither where they hold nor where they fail."""
        strong, weak = self._named[one.id], self._named[other.id]
        return self._never(strong.true, no(weak.true)) and self._never(weak.false, no(strong.false))

    def _implication(
        self, kind: str, useless: Criterion, by: Criterion, one: Criterion, other: Criterion
    ) -> Finding:
        role = self._roles[useless.id].value
        premise, conclusion = in_english(one.node), in_english(other.node)
        message = f"{role} `{useless.id}` adds nothing to `{by.id}`: where {premise}, also {conclusion}"
        if kind == "all" and self._never(self._named[other.id].true, no(self._named[one.id].true)):
            message = f"{role} `{useless.id}` is the same as `{by.id}`"
        witness = self._witness(self._named[one.id].true, leaf=one, value=True)
        return self._finding("implied", useless, message, "leave it out, or correct one of the two", witness)

    def _swallowing(self) -> Iterator[Finding]:
        met = self._terms.criteria.true
        for leaf in self.policy.exclusions:
            holds = self._named[leaf.id].true
            if self._never(met, no(holds)):
                message = f"exclusion `{leaf.id}` swallows everything: it holds whenever the criteria are met"
                yield self._finding("swallows-everything", leaf, message, "correct one of them",
                                    self._witness(met, holds, leaf=leaf, value=True))  # fmt: skip

    # --- the prover ------------------------------------------------------------------------------------

    def _never(self, *claims: Term) -> bool:
        """Whether it is proven that no case to which the policy applies fulfills the claims."""
        answer = self.prover.possible(self._applies, *claims)
        if answer is Answer.UNKNOWN:
            self.gave_up = True
        return answer is Answer.NO

    def _witness(
        self, *claims: Term, leaf: Criterion | None = None, value: bool | None = None
    ) -> Witness | None:
        def holds(situation: Situation) -> bool:
            trace = self._compiled.evaluate(situation.row, **situation.manner)
            if trace is None or trace.applies is not Status.MET:
                return False
            if not in_force([self.policy], situation, self._dictionary):
                return False
            if leaf is None:
                return trace.recommendation is not Recommendation.RECOMMENDED
            found = next(part for part in trace.criteria if part.criterion is leaf)
            return truth(found.status) is value

        found = self.prover.find(holds, self._applies, *claims)
        if found.situation is None:
            return None
        return witness_of(found.situation, self._dictionary, holds, (self.policy,))

    def _finding(
        self, rule: str, leaf: Criterion | None, message: str, help: str, witness: Witness | None = None
    ) -> Finding:
        return Finding(
            rule=rule,
            policies=(self.policy,),
            message=message,
            place=leaf.place if leaf is not None and leaf.place.file else Place(self.policy.file),
            help=help,
            witness=witness,
            setting=self._setting,
        )


def _roles(policy: Policy) -> dict[str, Role]:
    roles = {leaf.id: Role.CRITERION for leaf in policy.leaves}
    roles |= {leaf.id: Role.EXCLUSION for leaf in policy.exclusions}
    return roles | {leaf.id: Role.CONDITION for leaf in policy.conditions}


def _sets(policy: Policy) -> Iterator[tuple[Literal["all", "any"], tuple[Criterion, ...]]]:
    """Leaves that count together: those of which all are asked for, and those of which one is enough."""
    if policy.criteria is not None:
        yield from _sets_in(policy.criteria)
    yield "any", policy.exclusions
    yield "all", policy.conditions


def _sets_in(group: Group) -> Iterator[tuple[Literal["all", "any"], tuple[Criterion, ...]]]:
    if group.kind != "at_least":
        yield group.kind, tuple(_own(group, group.kind))
    for member in group.members:
        if isinstance(member, Group):
            yield from _sets_in(member)


def _own(group: Group, kind: str) -> Iterator[Criterion]:
    for member in group.members:
        if isinstance(member, Criterion):
            yield member
        elif member.kind == kind:
            yield from _own(member, kind)


def _share(one: Criterion, other: Criterion) -> bool:
    """Whether two leaves read a fact in common; others cannot imply each other within one scope."""
    facts = ({fact.path for fact in facts_of(leaf.node)} for leaf in (one, other))
    return not set.isdisjoint(*facts)
