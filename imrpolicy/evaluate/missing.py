"""What is missing: the facts that can still change an outcome, and a smallest set that would be enough.

The outcome is written as two formulas, recommended and not recommended, over the comparisons that are unknown
now. Two things are open about them: whether each fact comes to be documented, and what each comparison then
says. Taken as independent of each other, these are the variables of two truth functions, and both questions
are read off their diagrams: a fact can change the outcome exactly if one of the functions depends on whether
it is documented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from imrpolicy.evaluate.diagram import FALSE, TRUE, Diagrams, TooLargeError

# Beyond these the search would take too long, or nest too deeply; the result then says that it is not exact.
MOST_STEPS = 200_000
MOST_VARIABLES = 500


@dataclass(frozen=True, slots=True)
class Known:
    """Something that is settled: true or false."""

    value: bool


@dataclass(frozen=True, slots=True)
class Open:
    """A comparison that is unknown now, by its text; `facts` are what would have to be documented."""

    key: str
    facts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Absent:
    """`has(fact)` of a fact that is not documented now: false as long as it stays so."""

    fact: str


@dataclass(frozen=True, slots=True)
class Negation:
    """The opposite of a formula."""

    of: Formula


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` of the parts; `all` and `any` are its ends."""

    count: int
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One formula or another by a third, and unknown where that is."""

    condition: Formula
    then: Formula
    otherwise: Formula


@dataclass(frozen=True, slots=True)
class Presumed:
    """Whether a formula is surely true: false while it is unknown, as an exclusion presumed absent."""

    of: Formula


Formula = Known | Open | Absent | Negation | AtLeast | Choice | Presumed


def both(*parts: Formula) -> Formula:
    """All of the parts."""
    return AtLeast(len(parts), parts)


def either(*parts: Formula) -> Formula:
    """At least one of the parts."""
    return AtLeast(1, parts)


def not_ruled_out(formula: Formula) -> Formula:
    """Whether a formula is true or unknown."""
    return Negation(Presumed(Negation(formula)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What is missing for an undetermined request.

    Attributes:
        open: The facts that can still change the outcome, and no others: for some answers to the rest, it
            makes a difference whether this one is documented.
        to_recommend: A smallest set of facts which, documented as the guideline asks, would make the service
            recommended; empty when nothing could.
        exact: False where there was too much to look at: `open` then names every fact that is not documented.
        settles: How much each fact of `open` settles, between 0 and 1: by how much the share of cases whose
            outcome is settled is greater with it than without. The other open facts are documented or
            not, and every comparison is true or false, with equal chances. Empty where not `exact`.
    """

    open: tuple[str, ...] = ()
    to_recommend: tuple[str, ...] = ()
    exact: bool = True
    settles: tuple[float, ...] = field(default=(), compare=False, repr=False)

    @property
    def ranked(self) -> tuple[tuple[str, float], ...]:
        """The open facts with how much each settles, the one to ask for first in front."""
        settles = self.settles or (0.0,) * len(self.open)
        return tuple(sorted(zip(self.open, settles, strict=True), key=lambda pair: -pair[1]))


def find_missing(
    recommended: Formula, not_recommended: Formula, order: Callable[[str], int], all_open: Iterable[str]
) -> Missing:
    """What is missing for an outcome that is written as two formulas.

    Args:
        recommended: True exactly if the service is recommended.
        not_recommended: True exactly if it is not.
        order: The position of a fact, by which results are sorted.
        all_open: Every fact that is not documented and read by a policy, for when the search is given up.
    """

    def in_order(facts: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(set(facts), key=lambda fact: (order(fact), fact)))

    search = _Search(in_order)
    try:
        for_it, against = search.settled(recommended)[0], search.settled(not_recommended)[0]
        facts = search.facts_in(for_it) | search.facts_in(against)
        smallest = search.smallest(for_it)
        settles = search.settles(for_it, against)
    except TooLargeError:
        return Missing(open=in_order(all_open), exact=False)
    listed = in_order(facts)
    return Missing(
        open=listed,
        to_recommend=in_order(smallest),
        settles=tuple(settles.get(fact, 0.0) for fact in listed),
    )


# What makes a formula true, and what makes it false; where neither holds, it is unknown.
_Settled = tuple[int, int]


class _Search:
    """Formulas as diagrams over what is documented and what it says."""

    def __init__(self, in_order: Callable[[Iterable[str]], tuple[str, ...]]) -> None:
        self._in_order = in_order
        self._diagrams = Diagrams(MOST_STEPS)
        self._variables: dict[tuple[str, str], int] = {}
        # By identity: what both formulas are made of is looked at once. Each is kept, or its id might return.
        self._settled: dict[int, tuple[Formula, _Settled]] = {}

    def settled(self, formula: Formula) -> _Settled:
        """The diagrams of what makes a formula true, and of what makes it false."""
        known = self._settled.get(id(formula))
        if known is None:
            known = self._settled[id(formula)] = (formula, self._find(formula))
        return known[1]

    def _find(self, formula: Formula) -> _Settled:
        diagrams = self._diagrams
        match formula:
            case Known():
                return (TRUE, FALSE) if formula.value else (FALSE, TRUE)
            case Open():
                return self._comparison(formula)
            case Absent():
                documented = self._documented(formula.fact)
                return documented, diagrams.negation(documented)
            case Negation():
                true, false = self.settled(formula.of)
                return false, true
            case Presumed():
                true, _ = self.settled(formula.of)
                return true, diagrams.negation(true)
            case Choice():
                return self._choice(formula)
            case AtLeast():
                parts = [self.settled(part) for part in formula.parts]
                # So many false parts that the rest can no longer reach the count.
                too_many = len(parts) - formula.count + 1
                return (
                    diagrams.at_least(formula.count, [true for true, _ in parts]),
                    diagrams.at_least(too_many, [false for _, false in parts]),
                )

    def facts_in(self, function: int) -> frozenset[str]:
        """The facts on whose being documented a function depends."""
        used = self._diagrams.variables(function)
        return frozenset(
            name for (kind, name), number in self._variables.items() if kind == "has" and number in used
        )

    def settles(self, for_it: int, against: int) -> dict[str, float]:
        """How much each fact, if it is documented, raises the chance that one of two functions is true.

        They are never true together, so that their chances add up. A fact that an exception asks for with
        `has` can lower them once it is documented, and counts as nothing.
        """
        found = [self._diagrams.influence(function) for function in (for_it, against)]
        return {
            name: max(0.0, sum(part.get(number, 0.0) for part in found))
            for (kind, name), number in self._variables.items()
            if kind == "has"
        }

    def smallest(self, function: int) -> tuple[str, ...]:
        """A smallest set of facts which, documented suitably, makes a function true; empty if none does.

        Of several it is the first in the order of the facts, whatever the policies ask for first.
        """
        names = self._in_order(name for kind, name in self._variables if kind == "has")
        prices = {self._variables["has", name]: place for place, name in enumerate(names)}
        return tuple(names[place] for place in self._diagrams.cheapest(function, prices) or ())

    def _comparison(self, formula: Open) -> _Settled:
        diagrams = self._diagrams
        documented = TRUE
        for fact in self._in_order(formula.facts):
            documented = diagrams.both(documented, self._documented(fact))
        says = self._variable("says", formula.key)
        return diagrams.both(documented, says), diagrams.both(documented, diagrams.negation(says))

    def _choice(self, formula: Choice) -> _Settled:
        diagrams = self._diagrams
        condition, otherwise = self.settled(formula.condition)
        then_parts, other_parts = self.settled(formula.then), self.settled(formula.otherwise)
        true, false = (
            diagrams.either(diagrams.both(condition, then), diagrams.both(otherwise, other))
            for then, other in zip(then_parts, other_parts, strict=True)
        )
        return true, false

    def _documented(self, fact: str) -> int:
        return self._variable("has", fact)

    def _variable(self, kind: str, name: str) -> int:
        if len(self._variables) >= MOST_VARIABLES:
            raise TooLargeError
        return self._diagrams.variable(self._variables.setdefault((kind, name), len(self._variables)))


__all__ = [
    "Absent",
    "AtLeast",
    "Choice",
    "Formula",
    "Known",
    "Missing",
    "Negation",
    "Open",
    "Presumed",
    "both",
    "either",
    "find_missing",
    "not_ruled_out",
]
