"""What the policies say together, as terms of the prover: the walk down the ranks, as `resolve` goes it."""

from __future__ import annotations

from collections.abc import Sequence

from imrpolicy.prove.policies import PolicyTerms
from imrpolicy.prove.terms import Truth, all_of, any_of

_TRUE = Truth(True, False)
Ranks = Sequence[Sequence[Sequence[PolicyTerms]]]


def outcome_of(ranks: Ranks, *, allow_not_encoded: bool) -> tuple[Truth, Truth]:
    """Whether a request is recommended, and whether it is not; the counterpart of `evaluate.formula.outcome`.

    Args:
        ranks: For each rank its sources, each with its policies, the highest rank first.
        allow_not_encoded: Whether a source without a policy is passed over.
    """
    return _from(ranks, allow_not_encoded, (), True), _from(ranks, allow_not_encoded, (), False)


def _from(ranks: Ranks, allow_not_encoded: bool, above: tuple[PolicyTerms, ...], recommended: bool) -> Truth:
    """From a rank on, where the policies `above` may govern and say the same."""
    if not ranks:
        return any_of(*(policy.scope.not_ruled_out() for policy in above))
    rank, lower = ranks[0], ranks[1:]
    voices = tuple(policy for source in rank for policy in source if not policy.silent)
    encoded = passable = _TRUE
    if not allow_not_encoded:
        encoded = all_of(*(any_of(*(policy.scope.not_ruled_out() for policy in source)) for source in rank))
        passable = all_of(
            *(
                any_of(*(policy.scope.not_ruled_out() for policy in source if policy.silent))
                for source in rank
            )
        )
    agree = [any_of(policy.scope.negated(), _says(policy, recommended)) for policy in voices]
    stops = any_of(*(policy.scope for policy in voices), passable.negated())
    below = _from(lower, allow_not_encoded, above + voices, recommended)
    return all_of(encoded, *agree, any_of(stops, below))


def _says(policy: PolicyTerms, recommended: bool) -> Truth:
    return policy.says if recommended else policy.says.negated()
