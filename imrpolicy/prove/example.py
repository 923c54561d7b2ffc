"""A smallest case that a policy speaks to."""

from __future__ import annotations

from dataclasses import dataclass

from imrpolicy.evaluate import CompiledPolicy, Recommendation, Status
from imrpolicy.facts import FactDictionary
from imrpolicy.policy import Policy
from imrpolicy.prove.policies import encode_policy
from imrpolicy.prove.proof import SECONDS, Prover, Situation
from imrpolicy.prove.solver import both
from imrpolicy.prove.usual import Usual
from imrpolicy.prove.witness import Witness, witness_of

_NOTHING_USUAL = Usual()


@dataclass(frozen=True, slots=True)
class Example:
    """A case that a policy surely covers.

    Attributes:
        recommended: Whether it recommends the request; else it does not.
        witness: The case.
    """

    recommended: bool
    witness: Witness


def example_of(
    policy: Policy,
    dictionary: FactDictionary,
    *,
    usual: Usual = _NOTHING_USUAL,
    seconds: float = SECONDS,
) -> Example | None:
    """A smallest case that a policy recommends, or else one that it does not; none where it says nothing.

    Args:
        policy: The policy.
        dictionary: The facts that it was checked with.
        usual: Values that the case has rather than others.
        seconds: How long one question to the prover may take.
    """
    prover = Prover(dictionary, seconds, usual=usual)
    compiled, terms = CompiledPolicy(policy), encode_policy(policy, prover.encoder)
    wanted = (
        (Recommendation.RECOMMENDED, terms.recommended),
        (Recommendation.NOT_RECOMMENDED, terms.not_recommended),
    )
    for recommendation, claim in wanted:

        def holds(situation: Situation, said: Recommendation = recommendation) -> bool:
            trace = compiled.evaluate(situation.row, **situation.manner)
            return trace is not None and trace.applies is Status.MET and trace.recommendation is said

        found = prover.find(holds, both(terms.scope.true, claim))
        if found.situation is not None:
            witness = witness_of(found.situation, dictionary, holds, (policy,))
            return Example(recommendation is Recommendation.RECOMMENDED, witness)
    return None
