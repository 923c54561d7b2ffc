"""Guidelines held against each other: whom one supports and another does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from imrpolicy.facts import FactDictionary
from imrpolicy.policy import Policy, Source
from imrpolicy.prove import Comparison, Reason, Relation, Says, Transition, Usual, compare

_NOTHING_USUAL = Usual()


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """Patients whom one guideline supports and another does not.

    Attributes:
        supports: The policy that recommends.
        withholds: The policy that does not.
        against: Cases that it does not recommend; none where there are no such cases.
        open: Cases that it leaves open; none where there are no such cases.
    """

    supports: Policy
    withholds: Policy
    against: Transition | None = None
    open: Transition | None = None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The criteria of the other guideline that alone stand in the way, each once."""
        found: dict[str, Reason] = {}
        for part in (self.against, self.open):
            for reason in part.reasons if part else ():
                found.setdefault(reason.text, reason)
        return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two guidelines compared over the requests that both surely cover.

    Attributes:
        comparison: What is proven.
        separations: Whom the first supports and the second does not, and the other way around.
    """

    comparison: Comparison
    separations: tuple[Separation, ...]

    def to_dict(self) -> dict[str, Any]:
        """The pair as plain data."""
        return self.comparison.to_dict() | {
            "separations": [
                {
                    "supports": part.supports.reference,
                    "withholds": part.withholds.reference,
                    "reasons": [
                        {
                            "criterion": reason.id,
                            "text": reason.text,
                            "witness": reason.witness.to_dict(),
                        }
                        for reason in part.reasons
                    ],
                }
                for part in self.separations
            ]
        }


def compare_guidelines(
    policies: Sequence[Policy], dictionary: FactDictionary, usual: Usual = _NOTHING_USUAL
) -> tuple[Pair, ...]:
    """Each two of some policies, compared over the requests that both cover.

    Args:
        policies: The policies, at least two.
        dictionary: The facts that they were checked with.
        usual: Values that a witness has rather than others, such as those of known cases.
    """
    return tuple(_pair(one, other, dictionary, usual) for one, other in combinations(policies, 2))


def _pair(one: Policy, other: Policy, dictionary: FactDictionary, usual: Usual) -> Pair:
    found = compare(one, other, dictionary=dictionary, reasons=True, shared_scope=True, usual=usual)
    by = {(part.before, part.after): part for part in found.transitions}
    first = Separation(
        supports=one,
        withholds=other,
        against=by.get((Says.RECOMMENDED, Says.NOT_RECOMMENDED)),
        open=by.get((Says.RECOMMENDED, Says.UNDETERMINED)),
    )
    second = Separation(
        supports=other,
        withholds=one,
        against=by.get((Says.NOT_RECOMMENDED, Says.RECOMMENDED)),
        open=by.get((Says.UNDETERMINED, Says.RECOMMENDED)),
    )
    return Pair(comparison=found, separations=(first, second))


def headline(pairs: Sequence[Pair], sources: Mapping[str, Source]) -> str:
    """The patient on whom the guidelines part, as the first line of the report."""
    for pair in pairs:
        for part in pair.separations:
            case = part.against or part.open
            if case is not None:
                names = source_name(part.supports, sources), source_name(part.withholds, sources)
                return f"{names[0]} supports and {names[1]} does not: {case.witness.in_words()}"
    if any(pair.comparison.relation is Relation.UNKNOWN for pair in pairs):
        return "Not known: the prover gave up."
    return "No patient is supported by one and not by another."


def source_name(policy: Policy, sources: Mapping[str, Source]) -> str:
    """The title of the source of a policy, with its edition."""
    source = sources.get(policy.source.guideline)
    title = source.title if source else policy.source.guideline
    return f"{title} ({policy.source.edition})"
