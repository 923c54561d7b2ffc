"""What every letter holds, in whichever form."""

import dataclasses
import html
import re

import pytest

from imrpolicy.letter import as_html, as_markdown
from imrpolicy.letter.content import letter_of
from imrpolicy.letter.model import Blank, Choice, Letter, Section, Table, Tone

FORMS = [as_markdown, as_html]
SHAPE = [
    "How this determination was made",
    "Clinical case summary",
    "Issues, decisions and rationales",
    "The reviewer’s part",
]


def sections(part, depth=0):
    """Every section below a part of the model, with its depth."""
    for block in part.blocks:
        if isinstance(block, Section):
            yield depth, block
            yield from sections(block, depth + 1)


def titles(letter, depth):
    return [section.title for found, section in sections(letter) if found == depth]


def issue(letter, number):
    return next(section for _, section in sections(letter) if section.number == number)


def of(kind, part):
    """Everything of a kind within a part of the model."""
    if isinstance(part, kind):
        yield part
    if dataclasses.is_dataclass(part):
        for item in dataclasses.fields(part):
            yield from of(kind, getattr(part, item.name))
    elif isinstance(part, tuple):
        for item in part:
            yield from of(kind, item)


def words(part):
    return " ".join(of(str, part))


def plain(text):
    """A letter without its markup, so that sentences can be looked for in either form."""
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r"<(?!br>)[^>]*>", "", text) if text.startswith("<!DOCTYPE") else text.replace("<br>", " ")
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", html.unescape(text))


def test_letter_has_the_shape_of_a_final_determination(letters):
    assert titles(letter_of(letters("reference")), 0) == SHAPE


@pytest.mark.parametrize("as_letter", FORMS)
def test_each_issue_is_announced_with_its_decision(letters, as_letter):
    text = plain(as_letter(letters("reference")))
    blocks = "Diagnostic Bilateral L4-L5 and L5-S1 Medial Branch Blocks under Fluoroscopic Guidance"
    rental = "Rental of a ThermoCool Hot and Cold Contrast Therapy Unit with Compression for 60 days"
    assert re.search(rf"{blocks}: ✓?Overturned", text)
    assert re.search(rf"{rental}: ✗?Upheld", text)


@pytest.mark.parametrize("as_letter", FORMS)
@pytest.mark.parametrize(
    "name",
    [
        "reference",
        "texas",
        "modify",
        "records-in-conflict",
        "guidelines-in-conflict",
        "strict",
        "no-sequence",
    ],
)
def test_neither_form_leaves_anything_out(letters, as_letter, name):
    determinations = letters(name)
    text = plain(as_letter(determinations))
    letter = letter_of(determinations)
    # The name of a table is for those who cannot see it, and a tone is a color.
    unseen = {*(table.name for table in of(Table, letter)), *Tone}
    assert [found for found in of(str, letter.blocks) if found not in unseen and found not in text] == []


@pytest.mark.parametrize("as_letter", FORMS)
def test_an_issue_says_all_that_led_to_it(letters, as_letter):
    determinations = letters("reference")
    text = plain(as_letter(determinations))
    for determination in determinations:
        for sentence in determination.rationale.split(". "):
            assert sentence in text
        for trace in determination.policies:
            assert trace.policy.reference in text
            assert trace.policy.content_hash in text
            assert trace.policy.source.edition in text
        for leaf in determination.presumed:
            assert leaf.criterion.presumed_absent in text
        for record in determination.case.records.values():
            assert record.title in text


def test_the_source_that_governs_is_shown_with_those_above_it(letters):
    table = next(
        s for _, s in sections(issue(letter_of(letters("reference")), 1)) if s.title == "Why this guideline"
    )
    text = words(table)
    assert "Medical Treatment Utilization Schedule" in text
    assert "Silent on this" in text
    assert "Governs" in text
    assert "8 CCR 9792.25(b)" in text


def test_exceeded_limit_says_that_nothing_missing_could_change_it(letters):
    text = words(issue(letter_of(letters("reference")), 2))
    assert "60 days are requested" in text
    assert "It is not documented that the unit is for use after surgery" in text
    assert "No answer about these (for use after surgery; body region) could change the outcome." in text
    assert "Which part of the body is the service for?" in text
    assert "Yes" not in set(of(str, issue(letter_of(letters("reference")), 2)))


def test_undetermined_request_names_the_questions_and_the_smallest_set(letters):
    text = words(issue(letter_of(letters("undetermined")), 1))
    assert "The questions to ask are those marked yes." in text
    assert "Is the item for use after an operation?" in text
    assert "The smallest set that would support the request" in text


def test_modified_request_says_what_is_supported(letters):
    text = words(issue(letter_of(letters("modify")), 1))
    assert "Modify" in text
    assert "Supported: 7 days" in text
    assert "8 days requested" in text


def test_approval_carries_its_conditions(letters):
    found = issue(letter_of(letters("reference")), 1)
    assert "Conditions that the approval carries" in titles(found, 0)
    assert "No more than 0.5 mL is injected for each joint." in words(found)


def test_conditions_are_judged_after_the_service(library, reference):
    reference["timing"] = "retrospective"
    reference["facts"]["procedure"] = {"volume_ml_per_joint": 0.6}
    found = issue(letter_of(library.evaluate(reference, as_of="2013-12-01")), 1)
    assert "Conditions: as the service was performed" in titles(found, 0)
    assert "Volume for each joint: 0.6 mL" in words(found)


def test_nested_criteria_are_numbered_and_what_is_not_needed_says_so(letters):
    found = list(of(str, issue(letter_of(letters("reference")), 1)))
    assert "2.1.1" in found
    assert "Not documented; not needed" in found


def test_records_in_conflict_are_shown_against_each_other(letters):
    found = issue(letter_of(letters("records-in-conflict")), 1)
    assert "Records in conflict" in titles(found, 0)
    assert "The records contradict each other on body region" in words(found)


def test_guidelines_in_conflict_are_both_shown(letters):
    text = words(issue(letter_of(letters("guidelines-in-conflict")), 1))
    assert "They disagree." in text
    assert "Powered units are not recommended." in text
    assert "the guidelines disagree on the documented facts" in text


def test_not_encoded_is_not_called_silent(letters):
    text = words(letter_of(letters("not-encoded")))
    assert "Not encoded here, which says nothing of the guideline" in text
    assert "nothing is decided" in text


def test_without_a_search_sequence_the_letter_says_so(letters):
    assert "no search sequence is encoded" in words(letter_of(letters("no-sequence"))).lower()


def test_strict_evaluation_presumes_nothing(letters):
    text = words(letter_of(letters("strict")))
    assert "This evaluation was strict: nothing was presumed." in text
    assert "Presumed absent" not in text


@pytest.mark.parametrize(
    "name", ["reference", "texas", "undetermined", "modify", "not-encoded", "no-sequence"]
)
def test_reviewer_has_a_blank_part_to_complete(letters, name):
    determinations = letters(name)
    letter = letter_of(determinations)
    assert letter.draft
    assert letter.heading == "Draft determination"
    choices = list(of(Choice, letter))
    assert len(choices) == sum(found.requires_review for found in determinations)
    assert all(choice.options == ("Agree", "Modify", "Disagree") for choice in choices)
    blanks = [blank.label for blank in of(Blank, letter)]
    for label in ("Name", "License number", "State of license", "Specialty", "Reason", "Signature", "Date"):
        assert label in blanks


@pytest.mark.parametrize("as_letter", FORMS)
def test_approval_needs_no_reviewer_and_still_is_no_decision(letters, as_letter):
    determinations = letters("approve")
    letter = letter_of(determinations)
    assert not letter.draft
    assert list(of(Choice, letter)) == []
    assert "The reviewer’s part" not in titles(letter, 0)
    assert "It becomes a decision only when" in plain(as_letter(determinations))


@pytest.mark.parametrize("as_letter", FORMS)
@pytest.mark.parametrize("name", ["reference", "approve", "modify", "not-encoded"])
def test_no_letter_calls_itself_final(letters, as_letter, name):
    text = plain(as_letter(letters(name))).replace("final determination", "")  # of the published decision
    assert not re.search(r"\bfinal\b", text, re.IGNORECASE)


def test_dates_that_differ_stand_with_their_issues(library, reference):
    for request, day in zip(reference["requests"], ("2013-12-01", "2013-12-02"), strict=True):
        request["dates"] = {"service": day, "decision": "2013-12-03"}
    letter = letter_of(library.evaluate(reference))
    assert "Date of service: 2013-12-01" in list(of(str, issue(letter, 1)))
    assert "Date of service: 2013-12-02" in list(of(str, issue(letter, 2)))
    assert "Date of the decision: 2013-12-03" in list(of(str, letter.blocks[3]))


def test_options_are_told(library, reference):
    found = library.evaluate(reference, as_of="2016-01-01", allow_not_encoded=True, include_drafts=True)
    text = words(letter_of(found))
    assert "were passed over" in text
    assert "still drafts" in text
    assert "2016-01-01 stands in" in text


def test_letter_is_about_one_case(letters):
    with pytest.raises(ValueError, match="at least one determination"):
        letter_of([])
    with pytest.raises(ValueError, match="one case"):
        as_markdown([*letters("reference"), *letters("texas")])


def test_letter_is_the_same_each_time(letters):
    first, second = letters("reference"), letters("reference")
    assert as_html(first) == as_html(second)
    assert isinstance(letter_of(first), Letter)
    assert letter_of(first) == letter_of(second)
