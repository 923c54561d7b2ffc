"""A whole library proven: what cannot matter, what contradicts, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.issues import Place
from imrpolicy.policy import Policy, PolicyStatus
from imrpolicy.prove.findings import Finding, Proof
from imrpolicy.prove.proof import SECONDS, Prover
from imrpolicy.prove.settings import setting_for
from imrpolicy.prove.several import Together, fewest
from imrpolicy.prove.single import SinglePolicy
from imrpolicy.prove.symbols import BOUND
from imrpolicy.prove.usual import Usual

_NOTHING_USUAL = Usual()


def prove(
    library: PolicyLibrary,
    *,
    wanted: Callable[[Policy], bool] = lambda _: True,
    usual: Usual = _NOTHING_USUAL,
    seconds: float = SECONDS,
    bound: int = BOUND,
) -> Proof:
    """Look for what cannot be meant, over all cases that the schema admits, each fact documented or not.

    Args:
        library: The policies.
        wanted: Which policies to look at; pairs and gaps are told if they touch one of them.
        usual: Values that a witness has rather than others, such as those of known cases.
        seconds: How long one question to the prover may take.
        bound: How many records a list can hold; see `Proof.cut_short`.
    """
    looked = [p for p in library.policies if p.status is not PolicyStatus.WITHDRAWN and wanted(p)]
    cut_short: dict[str, int] = {}
    findings: list[Finding] = []
    for policy in looked:
        prover = Prover(library.dictionary, seconds, bound, usual=usual)
        findings += _single(policy, prover, library)
        cut_short = fewest(cut_short, prover.symbols.cut_short)
    together = Together(library.policies, library.sequences, library.dictionary, usual, seconds, bound)
    findings += (found for found in together.findings() if any(map(wanted, found.policies)))
    cut_short = fewest(cut_short, together.cut_short)
    return Proof(
        policies=len(looked),
        findings=tuple(sorted(findings, key=lambda found: (found.place, found.rule, found.message))),
        cut_short=tuple(sorted(cut_short.items())),
    )


def _single(policy: Policy, prover: Prover, library: PolicyLibrary) -> Iterator[Finding]:
    single = SinglePolicy(policy, prover, setting_for([policy], library.sequences, library.policies))
    yield from single.findings()
    if single.gave_up:
        yield Finding(
            rule="not-known",
            policies=(policy,),
            message=f"the prover gave up on a question about `{policy.reference}`",
            place=Place(policy.file),
            help="give it more time with `--seconds`",
        )
