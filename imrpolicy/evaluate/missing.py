"""What is missing: the facts that can still change an outcome, and a smallest set that would settle it.

The outcome is written as a formula over the comparisons that are unknown now, each taken as independent of the others.
A minimal witness is a smallest set of answers that makes the formula true in Kleene's logic. A fact can still change
the outcome exactly if it belongs to a minimal witness of one of the two settled outcomes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Answer = tuple[str, bool]
Witness = frozenset[Answer]

# Beyond this many minimal witnesses the search would take too long; the result then says that it is not exact.
MOST_WITNESSES = 4_000


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
class Presumed:
    """An exclusion that is taken not to hold as long as it is not documented."""

    of: Formula


Formula = Known | Open | Absent | Negation | AtLeast | Presumed


def both(*parts: Formula) -> Formula:
    """All of the parts."""
    return AtLeast(len(parts), parts)


def either(*parts: Formula) -> Formula:
    """At least one of the parts."""
    return AtLeast(1, parts)


class TooManyWitnessesError(Exception):
    """There are more minimal witnesses than are looked at."""


def truth(formula: Formula, answers: Witness) -> bool | None:
    """The value of a formula in Kleene's logic once some answers are given."""
    match formula:
        case Known():
            return formula.value
        case Open():
            return True if (formula.key, True) in answers else False if (formula.key, False) in answers else None
        case Absent():
            return _documented(formula.fact, answers)
        case Negation():
            value = truth(formula.of, answers)
            return None if value is None else not value
        case Presumed():
            return bool(truth(formula.of, answers))
        case AtLeast():
            values = [truth(part, answers) for part in formula.parts]
            if values.count(True) >= formula.count:
                return True
            return False if values.count(False) > len(values) - formula.count else None


_HAS = "has:"


def _documented(fact: str, answers: Witness) -> bool:
    return (_HAS + fact, True) in answers


def witnesses(formula: Formula, want: bool) -> frozenset[Witness]:
    """All minimal sets of answers that make a formula true (or false).

    Raises:
        TooManyWitnessesError: There are more than `MOST_WITNESSES`.
    """
    match formula:
        case Known():
            return frozenset({frozenset()}) if formula.value is want else frozenset()
        case Open():
            documented = {(_HAS + fact, True) for fact in formula.facts}
            return frozenset({frozenset({(formula.key, want), *documented})})
        case Absent():
            return frozenset({frozenset({(_HAS + formula.fact, want)})})
        case Negation():
            return witnesses(formula.of, not want)
        case Presumed():
            return witnesses(formula.of, True) if want else frozenset({frozenset()})
        case AtLeast():
            # False needs so many false parts that the rest can no longer reach the count.
            count = formula.count if want else len(formula.parts) - formula.count + 1
            return _at_least(count, [witnesses(part, want) for part in formula.parts])


def _at_least(count: int, parts: list[frozenset[Witness]]) -> frozenset[Witness]:
    """Minimal unions of witnesses of `count` parts."""
    if count <= 0:
        return frozenset({frozenset()})
    # reached[n]: the minimal answers that settle n of the parts seen so far.
    reached: list[frozenset[Witness]] = [frozenset({frozenset()})] + [frozenset()] * count
    for part in parts:
        for settled in range(count, 0, -1):
            joined = (a | b for a in reached[settled - 1] for b in part)
            reached[settled] = _minimal(reached[settled] | frozenset(w for w in joined if _consistent(w)))
    return reached[count]


def _consistent(witness: Witness) -> bool:
    return not any((key, not value) in witness for key, value in witness)


def _minimal(found: frozenset[Witness]) -> frozenset[Witness]:
    """The sets that contain no other of the sets."""
    kept: list[Witness] = []
    for witness in sorted(found, key=len):
        if not any(smaller <= witness for smaller in kept):
            kept.append(witness)
        if len(kept) > MOST_WITNESSES:
            raise TooManyWitnessesError
    return frozenset(kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What is missing for an undetermined request.

    Attributes:
        open: The facts that can still change the outcome, and no others.
        to_recommend: A smallest set of facts which, documented as the guideline asks, would make the service
            recommended; empty when nothing could.
        exact: False where there was too much to look at: `open` then names every fact that is not documented.
    """

    open: tuple[str, ...] = ()
    to_recommend: tuple[str, ...] = ()
    exact: bool = True


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
    try:
        for_it = [w for w in witnesses(recommended, True) if truth(recommended, w)]
        against = [w for w in witnesses(not_recommended, True) if truth(not_recommended, w)]
    except TooManyWitnessesError:
        return Missing(open=tuple(sorted(set(all_open), key=order)), exact=False)
    facts = {fact for witness in for_it + against for fact in _facts(witness)}
    needed = [tuple(sorted(_facts(witness, True), key=order)) for witness in for_it]
    smallest = min(needed, key=lambda found: (len(found), [order(f) for f in found]), default=())
    return Missing(open=tuple(sorted(facts, key=order)), to_recommend=smallest)


def _facts(witness: Witness, documented: bool | None = None) -> set[str]:
    """The facts of a witness; with `documented`, only those that it documents."""
    return {
        key.removeprefix(_HAS)
        for key, value in witness
        if key.startswith(_HAS) and (documented is None or value is documented)
    }


__all__ = ["Absent", "AtLeast", "Formula", "Known", "Missing", "Negation", "Open", "Presumed", "both",
           "either", "find_missing", "truth", "witnesses"]  # fmt: skip
