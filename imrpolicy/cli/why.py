"""Why a determination is what it is, in as few sentences as the first screen has room for.

The criteria stand below, with their statuses and facts, so that what is met is only counted here. The letter
has the whole rationale.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.cli.output import count
from imrpolicy.evaluate import Determination, PolicyTrace, Reason, Recommendation, Role, Status, sentences
from imrpolicy.evaluate.phrases import in_sentence, record_title, sentence
from imrpolicy.evaluate.rationale import why_it_governs
from imrpolicy.evaluate.words import truth
from imrpolicy.facts import label
from imrpolicy.policy import Group, Stance

_SEVERAL = 2
_SAYS = {
    Recommendation.RECOMMENDED: "recommends it",
    Recommendation.NOT_RECOMMENDED: "does not recommend it",
    Recommendation.UNDETERMINED: "leaves it open",
}


def why(determination: Determination) -> tuple[str, ...]:
    """The sentences."""
    recommendation = determination.recommendation
    if not determination.governing or recommendation is Recommendation.NOT_RECOMMENDED:
        # Which guideline governs is said beside this, but for what kept any from it.
        skipped = len(tuple(why_it_governs(determination))) if determination.governing else 0
        return sentences(determination)[skipped:]
    return (*_verdicts(determination), *_open(determination), *_conflicts(determination))


def _verdicts(determination: Determination) -> Iterator[str]:
    several = len(determination.governing) > 1
    if determination.reason is Reason.CONFLICT:
        yield "Guidelines of equal rank disagree."
        yield "Which of them rests on the better evidence is for the reviewer to say."
    for trace in determination.governing:
        if several:
            says = _SAYS[trace.recommendation or Recommendation.UNDETERMINED]
            may = (
                "" if trace.applies is Status.MET else ", if it covers this request, which is not documented"
            )
            yield f"{trace.policy.id} {says}{may}."
        elif trace.applies is not Status.MET:
            yield "It is not documented whether the policy covers this request."
        if trace.policy.stance is Stance.CRITERIA:
            yield from _counted(trace)
            yield from _carried(determination, trace)


def _counted(trace: PolicyTrace) -> Iterator[str]:
    """How many of the policy's own criteria are met, and what its exclusions say."""
    group = trace.policy.criteria
    if group is not None:
        truths = [_member(member.id, trace) if not isinstance(member, Group) else trace.truth_of(member)
                  for member in group.members]  # fmt: skip
        met, total = truths.count(True), len(truths)
        needed = {"all": total, "any": 1, "at_least": group.count}[group.kind]
        yield _met(met, total, needed)
    exclusions = trace.of(Role.EXCLUSION)
    presumed = sum(leaf.presumed for leaf in exclusions)
    applying = sum(leaf.status is Status.MET for leaf in exclusions)
    if applying:
        yield f"{count(applying, 'exclusion')} {'applies' if applying == 1 else 'apply'}."
    elif presumed:
        verb = "is" if presumed == 1 else "are"
        yield f"{count(presumed, 'exclusion')} {verb} presumed absent, since the record does not say."
    elif exclusions and all(leaf.status is Status.NOT_MET for leaf in exclusions):
        yield "No exclusion applies."


def _met(met: int, total: int, needed: int) -> str:
    if met == total:
        return "The criterion is met." if total == 1 else f"All {total} criteria are met."
    enough = "" if needed == total else f", and {needed} {'is' if needed == 1 else 'are'} enough"
    verb = "is" if met < _SEVERAL else "are"
    return f"{met or 'None'} of {count(total, 'criterion', 'criteria')} {verb} met{enough}."


def _member(name: str, trace: PolicyTrace) -> bool | None:
    return next(truth(leaf.status) for leaf in trace.criteria if leaf.criterion.id == name)


def _carried(determination: Determination, trace: PolicyTrace) -> Iterator[str]:
    conditions = trace.of(Role.CONDITION)
    if not conditions or trace.recommendation is not Recommendation.RECOMMENDED:
        return
    if determination.case.timing.value == "retrospective":
        yield "The conditions are met."
    else:
        yield f"The approval carries {count(len(conditions), 'condition')}."


def _open(determination: Determination) -> Iterator[str]:
    if determination.recommendation is not Recommendation.UNDETERMINED:
        return
    missing = determination.missing
    if not missing.exact:
        yield "There are too many possibilities to tell which missing facts matter, so all are listed below."
    elif missing.open:
        number = len(missing.open)
        are, they = ("is", "it") if number == 1 else ("are", "they")
        facts = count(number, "fact")
        yield f"{facts} that can change the outcome {are} not documented; {they} {are} listed below."


def _conflicts(determination: Determination) -> Iterator[str]:
    for use in determination.facts_in_conflict:
        records = [determination.case.records[statement.record] for statement in use.conflicting]
        said = "; ".join(
            f"{in_sentence(label(use.fact.type, s.value))} ({record_title(r.title, r.date)})"
            for s, r in zip(use.conflicting, records, strict=True)
        )
        said = f": {said}" if said else ""
        yield sentence(f"the records contradict each other on {in_sentence(use.fact.title)}{said}")
