"""What is proven of policies together: contradictions, and gaps between them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from imrpolicy.evaluate import CompiledPolicy, Recommendation, Status
from imrpolicy.evaluate.compiled import SERVICE, services_of
from imrpolicy.facts import FactDictionary
from imrpolicy.issues import Place
from imrpolicy.policy import Policy, PolicyStatus, SearchSequence
from imrpolicy.prove.findings import Finding, Setting
from imrpolicy.prove.policies import PolicyTerms, encode_policy, nodes_of
from imrpolicy.prove.proof import Answer, Prover, Situation
from imrpolicy.prove.settings import in_force, in_force_term, setting_for, shared_days
from imrpolicy.prove.solver import Term, both, either
from imrpolicy.prove.terms import Scalar
from imrpolicy.prove.usual import Usual
from imrpolicy.prove.witness import Witness, witness_of

_SPEAKS = {Recommendation.RECOMMENDED, Recommendation.NOT_RECOMMENDED}


class Together:
    """The policies of a library, looked at in pairs and by source.

    Args:
        policies: All policies.
        sequences: The search sequences.
        dictionary: The facts.
        usual: Values that a witness has rather than others.
        seconds: How long one question may take.
        bound: How many records a list can hold.
    """

    def __init__(
        self,
        policies: Sequence[Policy],
        sequences: Sequence[SearchSequence],
        dictionary: FactDictionary,
        usual: Usual,
        seconds: float,
        bound: int,
    ) -> None:
        self._policies = [p for p in policies if p.status is not PolicyStatus.WITHDRAWN]
        self._all = tuple(policies)
        self._sequences = sequences
        self._dictionary = dictionary
        self._usual, self._seconds, self._bound = usual, seconds, bound
        self.cut_short: dict[str, int] = {}

    def findings(self) -> Iterator[Finding]:
        """Everything that is found."""
        yield from self._contradictions()
        yield from self._gaps_in_time()
        yield from self._gaps_in_scope()

    # --- contradictions --------------------------------------------------------------------------------

    def _contradictions(self) -> Iterator[Finding]:
        equal = {
            frozenset(pair)
            for sequence in self._sequences
            for step in sequence.steps
            for pair in combinations(step.sources, 2)
        }
        told: set[tuple[str, str]] = set()
        # From the newest down, so that what is told is the present where it can be.
        for one, other in combinations(
            sorted(self._policies, key=lambda p: (p.id, p.version), reverse=True), 2
        ):
            sources = frozenset((one.source.guideline, other.source.guideline))
            ids = (other.id, one.id)
            if one.id == other.id or ids in told or not (len(sources) == 1 or sources in equal):
                continue
            if not self._meet(one, other):
                continue
            setting = setting_for((one, other), self._sequences, self._all)
            if setting is None:
                continue
            found = self._contradiction(other, one, setting, same_source=len(sources) == 1)
            if found is not None:
                told.add(ids)
                yield found

    def _meet(self, one: Policy, other: Policy) -> bool:
        """Whether both can be in force and cover the same service."""
        if one.effective.by is other.effective.by and shared_days((one.effective, other.effective)) is None:
            return False
        services = services_of(one.scope), services_of(other.scope)
        return services[0] is None or services[1] is None or not services[0].isdisjoint(services[1])

    def _contradiction(
        self, one: Policy, other: Policy, setting: Setting, *, same_source: bool
    ) -> Finding | None:
        prover = Prover(self._dictionary, self._seconds, self._bound, usual=self._usual)
        prover.symbols.prepare((*nodes_of(one), *nodes_of(other)))
        sides = [(CompiledPolicy(p), encode_policy(p, prover.encoder)) for p in (one, other)]

        def holds(situation: Situation) -> bool:
            said = set()
            for compiled, _ in sides:
                trace = compiled.evaluate(situation.row, **situation.manner)
                if trace is None or trace.applies is not Status.MET:
                    return False
                said.add(trace.recommendation)
            return said == _SPEAKS and in_force((one, other), situation, self._dictionary)

        terms = [side[1] for side in sides]
        claim = both(_opposed(*terms), in_force_term((one, other), prover))
        found = prover.find(holds, claim)
        self.cut_short = fewest(self.cut_short, prover.symbols.cut_short)
        if found.answer is Answer.NO:
            return None
        if found.situation is None:
            message = f"it is not known whether `{one.id}` and `{other.id}` contradict each other"
            return _pair_finding("not-known", (one, other), message, "", None, setting)
        witness = witness_of(found.situation, self._dictionary, holds, (one, other))
        if same_source:
            message = f"`{one.id}` and `{other.id}` of one source both cover a request, and disagree on it"
            help = "make their scopes exclude each other, or let one policy say both"
            return _pair_finding("overlap", (one, other), message, help, witness, setting)
        message = f"`{one.id}` and `{other.id}`, whose sources rank equal, disagree"
        return _pair_finding("equal-rank", (one, other), message, "", witness, setting)

    # --- gaps ------------------------------------------------------------------------------------------

    def _gaps_in_time(self) -> Iterator[Finding]:
        for (_, service), policies in sorted(self._by_service().items()):
            ordered = sorted(policies, key=lambda p: p.effective.start)
            covered: Policy | None = None
            for policy in ordered:
                end = covered.effective.end if covered else None
                same = covered is not None and covered.effective.by is policy.effective.by
                if covered and end and same and policy.effective.start > end + dt.timedelta(days=1):
                    found = self._gap(covered, policy, service)
                    if found is not None:
                        yield found
                last = policy.effective.end or dt.date.max
                if covered is None or last >= (covered.effective.end or dt.date.max):
                    covered = policy

    def _gap(self, before: Policy, after: Policy, service: str) -> Finding | None:
        """A gap between two policies, if some search sequence looks at their source in it."""
        assert before.effective.end is not None  # noqa: S101 - or there would be no gap
        first, last = (
            before.effective.end + dt.timedelta(days=1),
            after.effective.start - dt.timedelta(days=1),
        )
        gap = replace(after.effective, start=first, end=last)
        source = before.source.guideline
        for sequence in self._sequences:
            days = shared_days((sequence.effective, gap))
            if days is None or not any(source in step.sources for step in sequence.steps):
                continue
            fact = self._dictionary.by_path[SERVICE]
            return Finding(
                rule="gap-in-time",
                policies=(after, before),
                message=(
                    f"from {first} to {last} no policy of `{source}` covers {fact.label(service)}: "
                    f"`{before.reference}` has ended, `{after.reference}` has not begun"
                ),
                place=Place(after.file),
                help="correct the periods, or add the edition between them",
                witness=Witness(facts=((fact, service),)),
                setting=Setting(jurisdiction=sequence.jurisdiction, day=days[0], drafts=True),
            )
        return None

    def _by_service(self) -> dict[tuple[str, str], list[Policy]]:
        found: dict[tuple[str, str], list[Policy]] = defaultdict(list)
        for policy in self._policies:
            for service in services_of(policy.scope) or ():
                found[policy.source.guideline, service].append(policy)
        return found

    def _gaps_in_scope(self) -> Iterator[Finding]:
        """Requests for a service that a source covers in part; of the policies that are in force last."""
        for (_, service), policies in sorted(self._by_service().items()):
            newest = {p.id: p for p in sorted(policies, key=lambda p: p.version)}
            lasting = [p for p in newest.values() if p.effective.end is None]
            if lasting:
                found = self._gap_in_scope(service, lasting)
                if found is not None:
                    yield found

    def _gap_in_scope(self, service: str, policies: list[Policy]) -> Finding | None:
        prover = Prover(self._dictionary, self._seconds, self._bound, usual=self._usual)
        prover.symbols.prepare([node for policy in policies for node in nodes_of(policy)])
        terms = [encode_policy(policy, prover.encoder) for policy in policies]
        fact = self._dictionary.by_path[SERVICE]
        compiled = [CompiledPolicy(policy) for policy in policies]

        def holds(situation: Situation) -> bool:
            return situation.row[fact.index] == service and all(
                one.evaluate(situation.row, **situation.manner) is None for one in compiled
            )

        asked = prover.symbols.fact(fact)
        assert isinstance(asked, Scalar)  # noqa: S101 - the service is a choice
        claim = both(asked.term == prover.symbols.code(service), *(one.scope.false for one in terms))
        found = prover.find(holds, claim)
        if found.answer is Answer.NO:
            return None
        names = ", ".join(f"`{policy.id}`" for policy in policies)
        if found.situation is None:
            return Finding(
                rule="not-known",
                policies=tuple(policies),
                message=f"it is not known whether {names} cover all of {fact.label(service)}",
                place=Place(policies[0].file),
                help="give it more time with `--seconds`",
            )
        message = f"of {fact.label(service)}, {names} cover{'s' if len(policies) == 1 else ''} only a part"
        return Finding(
            rule="gap-in-scope",
            policies=tuple(policies),
            message=message,
            place=Place(policies[0].file),
            witness=witness_of(found.situation, self._dictionary),
            setting=setting_for(policies, self._sequences, self._all),
        )


def fewest(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    """How many elements of lists were considered in two proofs, at least."""
    return {path: min(found[path] for found in (one, other) if path in found) for path in {**one, **other}}


def _opposed(one: PolicyTerms, other: PolicyTerms) -> Term:
    """One recommends what the other does not."""
    disagree = either(
        both(one.recommended, other.not_recommended), both(one.not_recommended, other.recommended)
    )
    return both(one.scope.true, other.scope.true, disagree)


def _pair_finding(
    rule: str, pair: tuple[Policy, Policy], message: str, help: str, witness: Witness | None, setting: Setting
) -> Finding:
    return Finding(
        rule=rule,
        policies=pair,
        message=message,
        place=Place(pair[0].file),
        help=help,
        witness=witness,
        setting=setting,
    )
