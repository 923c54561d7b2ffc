"""The prover as somebody who reasons about mutants, where it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imrpolicy.cli.prover import has_prover
from imrpolicy.evaluate import Timing
from imrpolicy.facts import FactDictionary
from imrpolicy.mutation.mutant import Mutant
from imrpolicy.mutation.observe import Manner
from imrpolicy.mutation.opinion import Bounded, Differs, Opinion, Reasoner, Shown, Verdict

if TYPE_CHECKING:
    from imrpolicy.prove import Situation

# What all mutants of a call may cost together, in z3's own units. A usual one costs 50,000.
_BUDGET = 200_000_000


def reasoner(dictionary: FactDictionary) -> Reasoner | None:
    """The prover; none where it is not installed."""
    return _Prover(dictionary) if has_prover() else None


class _Prover:
    """Asks the prover, as long as there is something left of the budget."""

    def __init__(self, dictionary: FactDictionary) -> None:
        self._dictionary = dictionary
        self._left = _BUDGET

    def __call__(self, mutant: Mutant, differs: Differs) -> Opinion:
        """Whether any case tells a mutant from its policy."""
        if self._left <= 0:
            return Verdict.UNKNOWN
        from imrpolicy.prove import Answer, tell_apart

        def holds(situation: Situation, of_outcome: bool) -> bool:
            return differs(situation.row, _manner(situation), of_outcome)

        found = tell_apart(mutant.original, mutant.policy, holds, dictionary=self._dictionary)
        self._left -= found.effort
        if found.situation is not None:
            return Shown(row=found.situation.row, manner=_manner(found.situation))
        if found.answer is not Answer.NO:
            return Verdict.UNKNOWN
        return Bounded(lists=found.considered) if found.considered else Verdict.PROVEN


def _manner(situation: Situation) -> Manner:
    """How a case of the prover's is evaluated."""
    return Manner(strict=situation.strict, retrospective=situation.timing is Timing.RETROSPECTIVE)
