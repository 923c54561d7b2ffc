"""Whether any case at all tells two policies apart that differ in little, such as a slip of an editor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product

from imrpolicy.expression import Node, facts_of, walk
from imrpolicy.expression.nodes import Arithmetic
from imrpolicy.facts import FactDictionary, Kind
from imrpolicy.policy import Policy
from imrpolicy.prove.compare import amounts_of
from imrpolicy.prove.encode import Encoder
from imrpolicy.prove.policies import PolicyTerms, cuts_of, encode_policy, group_term, nodes_of
from imrpolicy.prove.proof import SECONDS, Answer, Prover, Situation
from imrpolicy.prove.solver import Term, both, either, no, z3
from imrpolicy.prove.symbols import BOUND, Symbols
from imrpolicy.prove.terms import Truth

# What one question may cost, in z3's own units; it spends millions in a second. Unlike a limit of time,
# it stops at the same place on every machine.
EFFORT = 5_000_000

Differs = Callable[[Situation, bool], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Whether a case tells two policies apart.

    Attributes:
        answer: Whether there is one.
        situation: The case, confirmed by an evaluation.
        considered: Where the answer is no: the lists of which only so many elements were considered, by fact.
            Empty where the answer holds whatever their length is.
        effort: What it cost, in z3's own units.
    """

    answer: Answer
    situation: Situation | None = None
    considered: tuple[tuple[str, int], ...] = ()
    effort: int = 0


def tell_apart(
    old: Policy,
    new: Policy,
    differs: Differs,
    *,
    dictionary: FactDictionary,
    seconds: float = 4 * SECONDS,
    effort: int = EFFORT,
    bound: int = BOUND,
) -> Apart:
    """Look for a case in which two policies differ: in what they say, or in the status of what both have.

    The days on which they are in force are left aside, and what stays open of a case that they leave open.

    Args:
        old: The one policy.
        new: The other; what is the same in both is best the same object.
        differs: Whether an evaluation tells the policies apart in a situation; where the second argument is
            true, by what they say, and not only by the status of a criterion.
        dictionary: The facts of both.
        seconds: How long one question to the prover may take; the effort is meant to end it before.
        effort: What one question may cost, in z3's own units.
        bound: How many records a list can hold.
    """
    prover = Prover(dictionary, seconds, bound, effort=effort)
    found = _asked(_Pair(old, new, prover), differs)
    spent = prover.spent
    if found.answer is not Answer.NO:
        return Apart(answer=found.answer, situation=found.situation, effort=spent)
    cut_short = tuple(sorted(prover.symbols.cut_short.items()))
    loosened = _inexact((*nodes_of(old), *nodes_of(new)), {path for path, _ in cut_short})
    if not loosened:
        return Apart(answer=Answer.NO, effort=spent)
    if not _reads_a_limit(loosened, (old, new)):
        loose = Prover(dictionary, seconds, bound, effort=effort)
        loose.encoder = _Loose(loose.symbols, loosened)
        pair = _Pair(old, new, loose)
        if pair.difference is not None and loose.possible(pair.difference) is Answer.NO:
            return Apart(answer=Answer.NO, effort=spent + loose.spent)
        spent += loose.spent
    if any(_is_rounded(node) for node in loosened):
        return Apart(answer=Answer.UNKNOWN, effort=spent)
    return Apart(answer=Answer.NO, considered=cut_short, effort=spent)


def _asked(pair: _Pair, differs: Differs) -> Apart:
    if pair.difference is None:
        return Apart(answer=Answer.UNKNOWN)
    possible = pair.prover.possible(pair.difference)
    if possible is not Answer.YES:
        return Apart(answer=possible)
    # A case of which they say different things shows more than one in which a status differs.
    for claim, of_outcome in ((pair.by_outcome, True), (pair.by_status, False)):
        found = pair.prover.find(partial(_holds, differs, of_outcome), claim)
        if found.situation is not None:
            return Apart(answer=Answer.YES, situation=found.situation)
    return Apart(answer=Answer.UNKNOWN)


def _holds(differs: Differs, of_outcome: bool, situation: Situation) -> bool:
    return differs(situation, of_outcome)


class _Pair:
    """Two policies as terms, and when they differ."""

    def __init__(self, old: Policy, new: Policy, prover: Prover) -> None:
        self.prover = prover
        prover.symbols.prepare((*nodes_of(old), *nodes_of(new)))
        self._old, self._new = (encode_policy(policy, prover.encoder) for policy in (old, new))
        supported = self._by_support()
        self.by_outcome: Term = either(self._by_words(), False if supported is None else supported)
        self.by_status: Term = both(self._look_both(), either(*self._statuses()))
        self.difference: Term | None = None if supported is None else either(self.by_outcome, self.by_status)

    def _look_both(self) -> Term:
        return both(no(self._old.scope.false), no(self._new.scope.false))

    def _by_words(self) -> Term:
        old, new = self._old, self._new
        said = either(
            _other(old.recommended, new.recommended),
            _other(old.not_recommended, new.not_recommended),
            _other(old.undetermined, new.undetermined),
        )
        return either(_unlike(old.scope, new.scope), both(self._look_both(), said))

    def _by_support(self) -> Term | None:
        """When other quantities are supported; none where there are too many ways to cut them."""
        old, new = (cuts_of(terms, self.prover.symbols) for terms in (self._old, self._new))
        if old is None or new is None:
            return None
        opposed = both(self._look_both(), self._old.not_recommended, self._new.not_recommended)
        ways = product(amounts_of(old), amounts_of(new))
        return both(opposed, either(*(both(one, two) for (a, one), (b, two) in ways if a != b)))

    def _statuses(self) -> Iterator[Term]:
        old, new = (_named(terms) for terms in (self._old, self._new))
        yield from (_unlike(old[name], new[name]) for name in old if name in new)


def _named(terms: PolicyTerms) -> dict[str, Truth]:
    """The leaves and the groups that have an id, by it."""
    policy = terms.policy
    leaves = {id(leaf): truth for leaf, truth in zip(policy.leaves, terms.leaves, strict=True)}
    return terms.named() | {group.id: group_term(group, leaves) for group in policy.groups if group.id}


def _unlike(one: Truth, two: Truth) -> Term:
    return either(_other(one.true, two.true), _other(one.false, two.false))


def _other(one: Term, two: Term) -> Term:
    """Whether two formulas differ; those that are written alike do not, which need not be asked."""
    if isinstance(one, bool):
        return no(two) if one else two
    if isinstance(two, bool):
        return no(one) if two else one
    return False if one.eq(two) else z3.Xor(one, two)


class _Loose(Encoder):
    """Takes some expressions for anything: true, false or not known, whatever the case is.

    What is proven then holds for lists of every length, and whatever the machine rounds.
    """

    def __init__(self, symbols: Symbols, loosened: tuple[Node, ...]) -> None:
        super().__init__(symbols)
        # The same expression in both policies is the same unknown.
        self._free: dict[int, Truth] = {}
        for number, node in enumerate(loosened):
            truth = Truth(symbols.flag(f"holds({number})"), symbols.flag(f"fails({number})"))
            symbols.domain.append(no(both(truth.true, truth.false)))
            self._free[id(node)] = truth

    def truth(self, node: Node) -> Truth:
        """A true-or-false expression."""
        return self._free[id(node)] if id(node) in self._free else super().truth(node)


def _inexact(nodes: Iterable[Node], cut_short: set[str]) -> tuple[Node, ...]:
    """The expressions, each once, that read a list of which not all is considered, or that are rounded."""
    lists = {path.partition("[")[0] for path in cut_short}
    unique = {id(node): node for node in nodes}.values()
    return tuple(
        node for node in unique if _is_rounded(node) or any(fact.path in lists for fact in facts_of(node))
    )


def _is_rounded(node: Node) -> bool:
    """Whether an expression calculates with decimal numbers, which the prover does not round."""
    return any(isinstance(part, Arithmetic) and part.type.kind is Kind.DOUBLE for part in walk(node))


def _reads_a_limit(nodes: Iterable[Node], policies: Iterable[Policy]) -> bool:
    """Whether expressions depend on a quantity that a limit would cut, and so cannot be left open."""
    limits = {leaf.limit.fact.path for policy in policies for leaf in policy.leaves if leaf.limit}
    return any(fact.path in limits for node in nodes for fact in facts_of(node))
