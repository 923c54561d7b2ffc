"""The part that a licensed reviewer completes by hand. imrpolicy leaves all of it blank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imrpolicy.evaluate import Determination
from imrpolicy.letter.model import Blank, Choice, Form, Notice, Section, Tone
from imrpolicy.letter.wording import DECISIONS, request_title

_OPTIONS = ("Agree", "Modify", "Disagree")
_WHO = ("Name", "License number", "State of license", "Specialty")


def reviewers_part(determinations: Sequence[Determination]) -> Iterator[Section]:
    """The section to complete; none where every request is supported."""
    fields: list[Blank | Choice] = []
    for number, found in enumerate(determinations, start=1):
        if found.requires_review:
            decision = DECISIONS[found.outcome].word.lower()
            fields.append(Choice(f"Issue {number}, {request_title(found)}: {decision}", _OPTIONS))
            fields.append(Blank("Reason", lines=3))
    if not fields:
        return
    notice = Notice(
        title="For the licensed reviewer",
        text="Everything below is blank on purpose. Without it this letter decides nothing.",
        tone=Tone.PLAIN,
    )
    who = tuple(Blank(label) for label in _WHO)
    blanks = (*fields, *who, Blank("Signature", lines=2), Blank("Date"))
    yield Section(title="The reviewer’s part", blocks=(notice, Form(blanks)))
