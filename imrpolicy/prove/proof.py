"""Questions to the prover: is there a case for which this holds, and which one?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from imrpolicy.evaluate import Timing
from imrpolicy.facts import FactDictionary
from imrpolicy.prove.encode import Encoder
from imrpolicy.prove.reading import row_of
from imrpolicy.prove.shrink import shrunk
from imrpolicy.prove.solver import Term, no, z3
from imrpolicy.prove.symbols import BOUND, Symbols
from imrpolicy.prove.usual import Usual, made_usual

# How long one question may take, in seconds, before the answer is that it is not known.
SECONDS = 5.0
# Values of decimal facts are first looked for among halves, then eighths, so that a reader can say them.
_GRIDS = (2, 8)
# What z3 says where it was stopped from the keyboard.
_INTERRUPTED = "interrupted from keyboard"


class Answer(StrEnum):
    """What the prover says of a question."""

    YES = "yes"
    """There is such a case."""
    NO = "no"
    """There is none."""
    UNKNOWN = "unknown"
    """The prover gave up, or its case was not confirmed by an evaluation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A case as it is evaluated: the row of facts, and how it is looked at.

    Attributes:
        row: The values of all facts in the order of the dictionary; None where not documented.
        timing: Whether the service was performed already.
        strict: Whether nothing is presumed.
    """

    row: tuple[Any, ...]
    timing: Timing = Timing.PROSPECTIVE
    strict: bool = False

    @property
    def manner(self) -> dict[str, Any]:
        """The arguments of `CompiledPolicy.evaluate` beside the row."""
        return {
            "strict": self.strict,
            "retrospective": self.timing is Timing.RETROSPECTIVE,
            "in_conflict": frozenset(),
        }


Oracle = Callable[[Situation], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """An answer, with the smallest case that was found where it is yes."""

    answer: Answer
    situation: Situation | None = None


@dataclass
class Prover:
    """The unknowns, what is asked of them, and the solver.

    Attributes:
        dictionary: The facts.
        seconds: How long one question may take.
        bound: How many records a list can hold.
        fixed: Facts whose values are known, by path.
        open_fields: Whether fields that a known record lacks can still come to be documented.
        usual: The values that a witness has rather than others.
        effort: What one question may cost, in z3's own units; 0 for whatever it takes.
    """

    dictionary: FactDictionary
    seconds: float = SECONDS
    bound: int = BOUND
    fixed: Mapping[str, Any] = field(default_factory=dict)
    open_fields: bool = False
    usual: Usual = field(default_factory=Usual)
    effort: int = 0

    def __post_init__(self) -> None:
        self.symbols = Symbols(self.bound, self.fixed, open_fields=self.open_fields)
        self.encoder = Encoder(self.symbols)
        self._solver = z3.Solver(ctx=self.symbols.context)
        # To the solver 0 means that it may take as long as it likes.
        self._solver.set("timeout", max(1, int(self.seconds * 1000)))
        if self.effort:
            self._solver.set("rlimit", self.effort)
        self._stated = 0

    @property
    def spent(self) -> int:
        """What all questions so far have cost, in z3's own units."""
        counted = self._solver.statistics()
        found = {key: counted.get_key_value(key) for key in counted.keys()}  # noqa: SIM118 - it is no dictionary
        return int(found.get("rlimit count", 0))

    def possible(self, *claims: Term) -> Answer:
        """Whether there is a case for which all of the claims hold."""
        return self._ask(claims)[0]

    def find(self, oracle: Oracle, *claims: Term) -> Found:
        """A smallest case for which all of the claims hold.

        Args:
            oracle: Whether an evaluation of the case says the same; what it does not confirm is no answer.
            claims: The claims.
        """
        symbols = self.symbols
        usual = (no(symbols.strict), no(symbols.retrospective))
        if self._ask((*claims, *usual))[0] is Answer.YES:
            claims = (*claims, *usual)
        # Halves and eighths are exact as decimals, so that no rounding stands between proof and evaluation.
        grids = [[z3.IsInt(term * grid) for term in symbols.decimals] for grid in _GRIDS]
        answer = Answer.NO
        for extra in [*(grid for grid in grids if grid), []]:
            answer, model = self._ask((*claims, *extra))
            if model is not None:
                situation = self._situation(model)
                if oracle(situation):
                    small = shrunk(situation, oracle, symbols)
                    return Found(Answer.YES, made_usual(small, oracle, self.usual, self.dictionary))
                answer = Answer.UNKNOWN
        return Found(answer)

    def _ask(self, claims: Iterable[Term]) -> tuple[Answer, Any]:
        claims = tuple(claims)
        if any(claim is False for claim in claims):
            return Answer.NO, None
        # The range of a fact is stated when it is first named, and holds from then on.
        self._solver.add(self.symbols.domain[self._stated :])
        self._stated = len(self.symbols.domain)
        self._solver.push()
        try:
            self._solver.add([claim for claim in claims if claim is not True])
            said = self._solver.check()
            if said == z3.sat:
                return Answer.YES, self._solver.model()
            if said == z3.unknown and _INTERRUPTED in self._solver.reason_unknown():
                raise KeyboardInterrupt  # z3 keeps the signal to itself, and goes on with the next question
            return (Answer.NO if said == z3.unsat else Answer.UNKNOWN), None
        finally:
            self._solver.pop()

    def _situation(self, model: Any) -> Situation:
        def holds(term: Term) -> bool:
            return bool(z3.is_true(model.eval(term, model_completion=True)))

        retrospective = holds(self.symbols.retrospective)
        return Situation(
            row=row_of(model, self.symbols, self.dictionary),
            timing=Timing.RETROSPECTIVE if retrospective else Timing.PROSPECTIVE,
            strict=holds(self.symbols.strict),
        )
