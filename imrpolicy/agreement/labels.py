"""The labels of a case, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from imrpolicy.agreement.model import Cause, Comparison, Disagreement, Finding, Label, Level, Verdict
from imrpolicy.evaluate import Case
from imrpolicy.evaluate.decisions import DECIDED
from imrpolicy.issues import did_you_mean
from imrpolicy.policy import Source

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def labels(case: Case) -> dict[str, Label]:
    """What was decided on the requests of a case, by request; nothing where the case does not say."""
    return {request: _label(decided) for request, decided in case.header.get(DECIDED, {}).items()}


def _label(decided: Mapping[str, Any]) -> Label:
    level, why = decided.get("level"), decided.get("disagreement")
    return Label(
        outcome=decided["outcome"],
        final=decided.get("final", False),
        level=None if level is None else Level(level),
        guideline=decided.get("guideline", ""),
        disagreement=None
        if why is None
        else Disagreement(cause=Cause(why["cause"]), explanation=why["explanation"]),
    )


def findings(comparison: Comparison, sources: Mapping[str, Source]) -> Iterator[Finding]:
    """What is wrong with a label: above all, a disagreement that nobody has explained."""
    label, policies = comparison.label, comparison.determination.outcome.value.replace("_", " ")
    why = label.disagreement
    if comparison.verdict is Verdict.DISAGREE:
        if comparison.cause is None:
            yield _finding(
                comparison,
                f"the policies say {policies}, the reviewer decided {label.outcome}, and nothing explains it",
                "write `disagreement` beside it, with `cause` and `explanation`; never bend a policy for it",
                "outcome",
            )
        elif why is not None and why.cause is _WRONG_WAY[label.favorable]:
            yield _finding(
                comparison,
                f"`{why.cause}` explains a disagreement the other way round",
                f"the policies say {policies}, and the reviewer decided {label.outcome}",
                "disagreement",
            )
    elif why is not None:
        yield _finding(
            comparison,
            f"this explains a disagreement that there is not: the policies say {policies}",
            "delete `disagreement`",
            "disagreement",
        )
    if label.guideline not in sources and _ID.fullmatch(label.guideline):
        yield _finding(
            comparison,
            f"there is no source `{label.guideline}`",
            did_you_mean(label.guideline, sources)
            or "write the name of a guideline that is not among the sources",
            "guideline",
        )


# A policy that recommends what was refused is not too strict, and the other way round.
_WRONG_WAY = {False: Cause.POLICY_TOO_STRICT, True: Cause.POLICY_TOO_LOOSE}


def _finding(comparison: Comparison, message: str, help: str, key: str) -> Finding:
    return Finding(case=comparison.case, request=comparison.request, key=key, message=message, help=help)
