"""Two policies compared over all cases that the schema admits, each fact documented or not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from imrpolicy.evaluate import CompiledPolicy, Recommendation, Status, Timing
from imrpolicy.evaluate.supported import supported_quantities
from imrpolicy.facts import FactDictionary
from imrpolicy.policy import Policy
from imrpolicy.prove.model import (
    Comparison,
    Direction,
    QuantityChange,
    Reason,
    Relation,
    Says,
    Transition,
)
from imrpolicy.prove.policies import Cut, PolicyTerms, Requirement, cuts_of, encode_policy, nodes_of
from imrpolicy.prove.proof import SECONDS, Answer, Found, Oracle, Prover, Situation
from imrpolicy.prove.solver import Term, both, either, no
from imrpolicy.prove.symbols import BOUND
from imrpolicy.prove.usual import Usual
from imrpolicy.prove.witness import Witness, witness_of

# Losses first, then gains, each the plainest first.
_ORDER = (
    (Says.RECOMMENDED, Says.NOT_RECOMMENDED),
    (Says.RECOMMENDED, Says.UNDETERMINED),
    (Says.RECOMMENDED, Says.NOTHING),
    (Says.NOTHING, Says.NOT_RECOMMENDED),
    (Says.UNDETERMINED, Says.NOT_RECOMMENDED),
    (Says.NOT_RECOMMENDED, Says.RECOMMENDED),
    (Says.UNDETERMINED, Says.RECOMMENDED),
    (Says.NOTHING, Says.RECOMMENDED),
    (Says.NOT_RECOMMENDED, Says.UNDETERMINED),
    (Says.NOT_RECOMMENDED, Says.NOTHING),
    (Says.UNDETERMINED, Says.NOTHING),
    (Says.NOTHING, Says.UNDETERMINED),
)
_WORDS = {
    Recommendation.RECOMMENDED: Says.RECOMMENDED,
    Recommendation.NOT_RECOMMENDED: Says.NOT_RECOMMENDED,
    Recommendation.UNDETERMINED: Says.UNDETERMINED,
}
_NOTHING_USUAL = Usual()
Amounts = tuple[tuple[str, float], ...]


def compare(
    old: Policy,
    new: Policy,
    *,
    dictionary: FactDictionary,
    reasons: bool = False,
    shared_scope: bool = False,
    usual: Usual = _NOTHING_USUAL,
    seconds: float = SECONDS,
    bound: int = BOUND,
) -> Comparison:
    """Compare two policies: two versions of one, or two guidelines on the same service.

    The days on which they are in force are left aside. Facts on which records contradict each other are not
    considered beyond being not documented; strict evaluation covers what they change.

    Args:
        old: The older, or the first.
        new: The newer, or the second; checked with the same facts.
        dictionary: These facts.
        reasons: Whether to look for every criterion that can make the difference alone.
        shared_scope: Whether to look only at requests that both surely cover.
        usual: Values that a witness has rather than others, such as those of known cases.
        seconds: How long one question to the prover may take.
        bound: How many records a list can hold.
    """
    prover = Prover(dictionary, seconds, bound, usual=usual)
    return _Comparing(old, new, prover, reasons=reasons, shared_scope=shared_scope).result()


def outcome_terms(terms: PolicyTerms) -> dict[Says, Term]:
    """When a policy says what of a request."""
    speaks = terms.speaks
    return {
        Says.RECOMMENDED: both(speaks, terms.recommended),
        Says.NOT_RECOMMENDED: both(speaks, terms.not_recommended),
        Says.UNDETERMINED: both(speaks, terms.undetermined),
        Says.NOTHING: no(speaks),
    }


class _Side:
    """One of the two policies: its terms, and its evaluation."""

    def __init__(self, policy: Policy, prover: Prover) -> None:
        self.policy = policy
        self.compiled = CompiledPolicy(policy)
        self.terms = encode_policy(policy, prover.encoder)
        self.outcome = outcome_terms(self.terms)

    def says(self, situation: Situation) -> Says:
        """What an evaluation gives."""
        trace = self.compiled.evaluate(situation.row, **situation.manner)
        if trace is None or trace.recommendation is None:
            return Says.NOTHING
        return _WORDS[trace.recommendation]

    def surely_applies(self, situation: Situation) -> bool:
        """Whether its scope is known to cover the request."""
        trace = self.compiled.evaluate(situation.row, **situation.manner)
        return trace is not None and trace.applies is Status.MET

    def failed(self, situation: Situation) -> list[Requirement]:
        """What surely stands in the way of a recommendation, by an evaluation."""
        trace = self.compiled.evaluate(situation.row, **situation.manner)
        if trace is None:
            return []
        afterwards = situation.timing is Timing.RETROSPECTIVE
        return [one for one in self.terms.requirements if one.is_failed(trace, retrospective=afterwards)]

    def amounts(self, situation: Situation) -> Amounts:
        """What an evaluation would support of a request that is not recommended."""
        trace = self.compiled.evaluate(situation.row, **situation.manner)
        if trace is None or trace.recommendation is not Recommendation.NOT_RECOMMENDED:
            return ()
        found = supported_quantities([(self.compiled, trace)], situation.row, **situation.manner)
        return tuple((part.fact.path, part.supported) for part in found)


class _Comparing:
    def __init__(
        self, old: Policy, new: Policy, prover: Prover, *, reasons: bool, shared_scope: bool
    ) -> None:
        self._prover = prover
        self._reasons = reasons
        prover.symbols.prepare((*nodes_of(old), *nodes_of(new)))
        self._old, self._new = _Side(old, prover), _Side(new, prover)
        self._within: Term = (
            both(self._old.terms.scope.true, self._new.terms.scope.true) if shared_scope else True
        )
        self._unknown: list[str] = []

    def result(self) -> Comparison:
        transitions = tuple(self._transitions())
        quantities = tuple(self._quantities())
        applicability = self._applicability()
        return Comparison(
            old=self._old.policy,
            new=self._new.policy,
            relation=self._relation(transitions, quantities, applicability),
            transitions=transitions,
            quantities=quantities,
            applicability=applicability,
            unknown=tuple(self._unknown),
            cut_short=tuple(sorted(self._prover.symbols.cut_short.items())),
        )

    def _relation(
        self,
        transitions: tuple[Transition, ...],
        quantities: tuple[QuantityChange, ...],
        applicability: Witness | None,
    ) -> Relation:
        if self._unknown:
            return Relation.UNKNOWN
        directions = {part.direction for part in transitions} | {part.direction for part in quantities}
        if {Direction.STRICTER, Direction.LOOSER} <= directions:
            return Relation.BOTH
        if Direction.STRICTER in directions:
            return Relation.ONLY_STRICTER
        if Direction.LOOSER in directions:
            return Relation.ONLY_LOOSER
        return Relation.SHIFTED if directions or applicability else Relation.EQUIVALENT

    def _transitions(self) -> Iterator[Transition]:
        for before, after in _ORDER:

            def holds(situation: Situation, before: Says = before, after: Says = after) -> bool:
                return self._old.says(situation) is before and self._new.says(situation) is after

            claim = both(self._within, self._old.outcome[before], self._new.outcome[after])
            # A case that both surely cover is the better example, if there is one.
            witness = self._witness(f"{before.value} -> {after.value}", holds, claim, self._both_apply())
            if witness is not None:
                reasons = tuple(self._separate(claim, holds, before, after)) if self._reasons else ()
                yield Transition(before=before, after=after, witness=witness, reasons=reasons)

    def _both_apply(self) -> Term:
        return both(
            *(either(side.terms.scope.true, side.terms.scope.false) for side in (self._old, self._new))
        )

    def _witness(self, question: str, holds: Oracle, claim: Term, wish: Term = True) -> Witness | None:
        found = Found(Answer.NO)
        if wish is not True:
            found = self._prover.find(holds, claim, wish)
        if found.answer is not Answer.YES:
            found = self._prover.find(holds, claim)
        if found.answer is Answer.UNKNOWN:
            self._unknown.append(question)
        if found.situation is None:
            return None
        policies = (self._old.policy, self._new.policy)
        return witness_of(found.situation, self._prover.dictionary, holds, policies)

    def _separate(self, claim: Term, holds: Oracle, before: Says, after: Says) -> Iterator[Reason]:
        """The criteria of the policy that withholds its support which fail alone in some such case."""
        withholding = self._old if after is Says.RECOMMENDED else self._new
        if {before, after} != {Says.RECOMMENDED, Says.NOT_RECOMMENDED}:
            return
        asked = withholding.terms.requirements
        policies = (self._old.policy, self._new.policy)
        for one in asked:

            def alone(situation: Situation, one: Requirement = one) -> bool:
                return holds(situation) and withholding.failed(situation) == [one]

            others = (other.passes for other in asked if other is not one)
            found = self._prover.find(alone, claim, one.fails, *others)
            if found.situation is not None:
                witness = witness_of(found.situation, self._prover.dictionary, alone, policies)
                yield Reason(
                    id=one.id, text=one.text, facts=one.facts, policy=withholding.policy, witness=witness
                )

    def _applicability(self) -> Witness | None:
        old, new = self._old, self._new

        def holds(situation: Situation) -> bool:
            says = old.says(situation)
            return (
                says is new.says(situation)
                and says is not Says.NOTHING
                and old.surely_applies(situation) != new.surely_applies(situation)
            )

        differs = either(
            both(old.terms.scope.true, no(new.terms.scope.true)),
            both(new.terms.scope.true, no(old.terms.scope.true)),
        )
        same = either(
            *(both(old.outcome[says], new.outcome[says]) for says in Says if says is not Says.NOTHING)
        )
        return self._witness("applies or may apply", holds, both(self._within, differs, same))

    def _quantities(self) -> Iterator[QuantityChange]:
        cuts = [cuts_of(side.terms, self._prover.symbols) for side in (self._old, self._new)]
        old_cuts, new_cuts = cuts
        if old_cuts is None or new_cuts is None:
            self._unknown.append("supported quantities")
            return
        opposed = both(
            self._within, self._old.outcome[Says.NOT_RECOMMENDED], self._new.outcome[Says.NOT_RECOMMENDED]
        )
        for (before, old_when), (after, new_when) in product(amounts_of(old_cuts), amounts_of(new_cuts)):
            if before == after:
                continue

            def holds(situation: Situation, before: Amounts = before, after: Amounts = after) -> bool:
                return (
                    self._old.amounts(situation) == before
                    and self._new.amounts(situation) == after
                    and (self._old.says(situation) is self._new.says(situation) is Says.NOT_RECOMMENDED)
                )

            witness = self._witness("supported quantities", holds, both(opposed, old_when, new_when))
            if witness is not None:
                yield QuantityChange(before=before, after=after, witness=witness)


def amounts_of(cuts: tuple[Cut, ...]) -> list[tuple[Amounts, Term]]:
    """What is supported, and when; nothing where none of the cuts is enough."""
    nothing = no(either(*(cut.when for cut in cuts)))
    cut_to = [tuple((limit.fact.path, limit.supported) for limit in cut.limits) for cut in cuts]
    return [((), nothing), *zip(cut_to, (cut.when for cut in cuts), strict=True)]
