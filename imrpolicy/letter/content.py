"""What stands in the letter of a case, from the heading to the reviewer's part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imrpolicy.authored.wording import listed
from imrpolicy.evaluate import Determination, Outcome, Recommendation
from imrpolicy.facts import DATES
from imrpolicy.letter.issue import issue
from imrpolicy.letter.model import (
    Block,
    Cell,
    Items,
    Letter,
    Line,
    Notice,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from imrpolicy.letter.reviewer import reviewers_part
from imrpolicy.letter.summary import case_summary, own_dates
from imrpolicy.letter.text import clean
from imrpolicy.letter.wording import DECISIONS, MEANINGS, choice_title, request_title
from imrpolicy.policy import SearchSequence

_COMPUTED = (
    "imrpolicy computed this determination from the facts that were entered for the case and from guidelines "
    "written as criteria, each in a version of its own. It adds no judgment: the same facts and versions "
    "always give the same result."
)
_STATUS = (
    "A criterion is met, not met or not documented. A fact that no record gives is not documented, and so is "
    "one on which the records contradict each other; nothing is guessed in its place."
)
_PRESUMED = (
    "A policy may presume that an exclusion is absent as long as the records are silent on it; each such "
    "presumption is listed with its reason."
)
_STRICT = "This evaluation was strict: nothing was presumed."
_IS_NOT = (
    "This letter is not medical or legal advice, and not a decision. The records were not read, only the "
    "facts entered from them. The criteria paraphrase the guidelines cited; where the two differ, the "
    "guideline counts. Guidelines do not deny care, reviewers do: what goes against a request is a draft for "
    "a licensed reviewer."
)
_SUPPORTED = (
    "Every request of this case is supported by the guideline that governs it. The letter says how. It "
    "becomes a decision only when those who are responsible for the review adopt it."
)
_DRAFT = (
    "Guidelines do not deny care, reviewers do. None of this takes effect unless a licensed reviewer "
    "completes the last part of this letter."
)
_DRAFTS = "Policies that are still drafts were allowed to govern."
_PASSED_OVER = (
    "Guidelines that are not encoded here were passed over, as the call asked; they may have a say."
)
_AGAINST = frozenset({Outcome.UPHELD, Outcome.DENY})


def letter_of(determinations: Sequence[Determination]) -> Letter:
    """The letter of a case.

    Args:
        determinations: The determinations of one case.

    Raises:
        ValueError: There are none, or they belong to several cases.
    """
    if not determinations:
        raise ValueError("a letter needs at least one determination")
    first = determinations[0]
    if any(found.case != first.case for found in determinations):
        raise ValueError("a letter is about one case, and these determinations belong to several")
    draft = any(found.requires_review for found in determinations)
    dates = own_dates(determinations)
    issues = tuple(issue(found, number, dates) for number, found in enumerate(determinations, start=1))
    return Letter(
        heading="Draft determination" if draft else "Proposed determination",
        kicker=" · ".join(
            choice_title(first, key, value)
            for key, value in (("review", first.case.review.value), ("jurisdiction", first.case.jurisdiction))
        ),
        subject=clean(first.case.title) or first.case.id,
        draft=draft,
        blocks=(
            _notice(determinations, draft),
            _overview(determinations),
            Section(title="How this determination was made", blocks=tuple(_how(determinations))),
            case_summary(determinations, dates),
            Section(title="Issues, decisions and rationales", blocks=issues),
            *reviewers_part(determinations),
        ),
    )


def _notice(determinations: Sequence[Determination], draft: bool) -> Notice:
    if not draft:
        return Notice(title="For approval", text=_SUPPORTED, tone=Tone.FOR)
    against = [str(i) for i, found in enumerate(determinations, start=1) if found.outcome in _AGAINST]
    partly = [str(i) for i, found in enumerate(determinations, start=1) if found.outcome is Outcome.MODIFY]
    unsure = [str(i) for i, found in enumerate(determinations, start=1) if _is_unsure(found)]
    review = [str(i) for i, found in enumerate(determinations, start=1) if found.requires_review]
    opened = [number for number in review if number not in (*against, *partly, *unsure)]
    said = [
        *_which(against, "goes against the request", "go against the requests"),
        *_which(partly, "supports a part of the request only", "support a part of the requests only"),
        *_which(
            unsure,
            "is supported by a guideline that may not apply",
            "are supported by guidelines that may not apply",
        ),
        *_which(opened, "is left open", "are left open"),
    ]
    return Notice(title="Draft for a licensed reviewer", text=" ".join([*said, _DRAFT]), tone=Tone.AGAINST)


def _is_unsure(found: Determination) -> bool:
    """Whether a request is supported, but by a guideline that is not known to apply."""
    return found.recommendation is Recommendation.RECOMMENDED and found.requires_review


def _which(numbers: list[str], one: str, several: str) -> Iterator[str]:
    if numbers:
        which = listed(numbers, "and")
        yield f"Issue {which} {one}." if len(numbers) == 1 else f"Issues {which} {several}."


def _overview(determinations: Sequence[Determination]) -> Table:
    rows = tuple(
        Row(
            (
                Cell((Line(str(number)),)),
                Cell((Line(request_title(found)),)),
                Cell(mark=DECISIONS[found.outcome]),
                Cell((Line(MEANINGS[found.outcome]),)),
            )
        )
        for number, found in enumerate(determinations, start=1)
    )
    columns = ("Issue", "Request", "Decision", "What it means")
    return Table(name="The determinations", columns=columns, rows=rows, numbered=True)


def _how(determinations: Sequence[Determination]) -> Iterator[Block]:
    options = determinations[0].options
    yield Paragraph(_COMPUTED)
    yield Paragraph(f"{_STATUS} {_STRICT if options.strict else _PRESUMED}")
    yield Paragraph(_IS_NOT)
    sequences = {found.sequence.id: found.sequence for found in determinations if found.sequence is not None}
    for sequence in sequences.values():
        yield Paragraph(f"Guidelines were searched in this order ({sequence.citation}):")
        yield Items(tuple(_steps(sequence)))
    stands_in = _stands_in(determinations[0])
    if stands_in:
        yield Paragraph(stands_in)
    if options.include_drafts:
        yield Paragraph(_DRAFTS)
    if options.allow_not_encoded:
        yield Paragraph(_PASSED_OVER)


def _steps(sequence: SearchSequence) -> Iterator[Line]:
    for step in sequence.steps:
        yield Line(step.text or ", ".join(step.sources), f"({step.citation})" if step.citation else "")


def _stands_in(determination: Determination) -> str:
    """What the day that was given with the call stands in for."""
    day = determination.options.as_of
    row = determination.request.row
    facts = [fact for fact in determination.dictionary.facts if fact.group == DATES]
    lacking = [
        fact.title.lower() for fact in facts if fact.name in determination.dates and row[fact.index] is None
    ]
    if day is None or not lacking:
        return ""
    return f"The case does not give the {' and the '.join(lacking)}; {day} stands in."
