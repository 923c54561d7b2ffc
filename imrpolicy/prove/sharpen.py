"""Which of the open facts can really change the outcome, now that comparisons of one fact hang together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from imrpolicy.evaluate import Determination, Timing
from imrpolicy.prove.policies import encode_policy, nodes_of
from imrpolicy.prove.proof import SECONDS, Answer, Prover
from imrpolicy.prove.resolution import outcome_of
from imrpolicy.prove.solver import Term, both, either, no, z3
from imrpolicy.prove.symbols import BOUND

_PLACE = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharpened:
    """The open facts of a determination after a look by the prover.

    Attributes:
        ranked: The facts that can still change the outcome, with how much each settles, the first first.
        dropped: Those that turned out not to, whatever the case is.
        unknown: Those on which the prover gave up; they are kept.
        cut_short: Lists of which only so many elements were considered, by fact.
    """

    ranked: tuple[tuple[str, float], ...]
    dropped: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    cut_short: tuple[tuple[str, int], ...] = ()


def sharpen(determination: Determination, *, seconds: float = SECONDS, bound: int = BOUND) -> Sharpened:
    """Drop the open facts of a determination that cannot change it.

    `determination.missing` takes comparisons as independent of each other. A fact on which `x >= 6` and
    `x < 4` both rest cannot make both true; what needs that is dropped here.

    Args:
        determination: The determination.
        seconds: How long one question to the prover may take.
        bound: How many records a list that is not documented can hold.
    """
    ranked = determination.missing.ranked
    asking = _Asking(determination, seconds, bound)
    answers = {fact: asking.matters(fact) for fact, _ in ranked}
    return Sharpened(
        ranked=tuple(pair for pair in ranked if answers[pair[0]] is not Answer.NO),
        dropped=tuple(fact for fact, answer in answers.items() if answer is Answer.NO),
        unknown=tuple(fact for fact, answer in answers.items() if answer is Answer.UNKNOWN),
        cut_short=tuple(sorted(asking.prover.symbols.cut_short.items())),
    )


class _Asking:
    def __init__(self, determination: Determination, seconds: float, bound: int) -> None:
        facts = determination.dictionary.facts
        row = determination.request.row
        known = {fact.path: row[fact.index] for fact in facts if row[fact.index] is not None}
        self.prover = Prover(determination.dictionary, seconds, bound, known, open_fields=True)
        self._determination = determination
        self._fixed = self._manner()
        self._outcome = outcome_of(self._ranks(), allow_not_encoded=determination.options.allow_not_encoded)
        self._documented = _documented_in([self._term(truth.true) for truth in self._outcome])

    def matters(self, fact: str) -> Answer:
        """Whether it can make a difference that a fact is documented, the other answers being the same."""
        absent = self._documented.get(fact, [])
        if not absent:
            return Answer.NO
        changes, false = [], self._term(False)
        for truth in self._outcome:
            without = z3.substitute(self._term(truth.true), *((term, false) for term in absent))
            changes.append(self._term(truth.true) != without)
        return self.prover.possible(self._fixed, either(*changes))

    def _term(self, term: Term) -> Term:
        return z3.BoolVal(term, self.prover.symbols.context) if isinstance(term, bool) else term

    def _manner(self) -> Term:
        symbols, determination = self.prover.symbols, self._determination
        retrospective = determination.case.timing is Timing.RETROSPECTIVE
        strict = determination.options.strict
        return both(
            symbols.strict if strict else no(symbols.strict),
            symbols.retrospective if retrospective else no(symbols.retrospective),
        )

    def _ranks(self) -> list[list[list[Any]]]:
        looked = [trace.policy for trace in self._determination.policies]
        self.prover.symbols.prepare([node for policy in looked for node in nodes_of(policy)])
        conflicts = frozenset(self._determination.request.conflicting)
        ranks = []
        for _, rank in groupby(self._determination.sources, key=lambda source: source.rank):
            ranks.append(
                [
                    [encode_policy(t.policy, self.prover.encoder, conflicts) for t in source.policies]
                    for source in rank
                ]
            )
        return ranks


def _documented_in(terms: list[Term]) -> dict[str, list[Term]]:
    """The unknowns that say what is documented, by fact; a field counts for all records together."""
    found: dict[str, list[Term]] = {}
    seen: set[int] = set()
    waiting = list(terms)
    while waiting:
        term = waiting.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        waiting += term.children()
        name = term.decl().name() if z3.is_const(term) else ""
        if name.startswith("has("):
            found.setdefault(_PLACE.sub("[]", name[4:-1]), []).append(term)
    return found
