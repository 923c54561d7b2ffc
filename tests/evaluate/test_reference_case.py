"""The real library on real cases: the published determination of 2013, for the reasons that it gives."""

import copy
import json
from pathlib import Path

import pytest
from evaluate.world import only

from imrpolicy.authored import read_document
from imrpolicy.evaluate import CaseError, PolicyLibrary, Role, SourceState, Status, replay

ROOT = Path(__file__).parents[2]
LETTER = read_document(ROOT / "cases" / "imr-2013-lumbar-block-and-cryotherapy.yaml").data()
TEXAS = read_document(ROOT / "cases" / "tx-2016-repeat-lumbar-facet-injection.yaml").data()
AS_OF = "2013-12-01"
REPORT = "Progress report of the treating physician"
MRI = "MRI of the lumbar spine"


@pytest.fixture(scope="module")
def library():
    return PolicyLibrary.load(ROOT / "policies")


@pytest.fixture
def letter():
    return copy.deepcopy(LETTER)


@pytest.fixture
def unit(letter):
    """The rental of the unit alone, in utilization review."""
    letter["requests"] = [letter["requests"][1]]
    del letter["decided"]
    letter["review"] = "utilization_review"
    return letter


def statuses(determination, role=Role.CRITERION):
    [trace] = determination.governing
    return {leaf.criterion.id: leaf.status for leaf in trace.of(role)}


def documents(determination):
    """Which records document each criterion that is met."""
    [trace] = determination.governing
    return {
        leaf.criterion.id: {record.title for use in determination.fact_uses(leaf) for record in use.records}
        for leaf in trace.of(Role.CRITERION)
        if leaf.status is Status.MET
    }


# --- the letter ----------------------------------------------------------------------------------------


def test_the_letter_is_reproduced(library):
    blocks, rental = library.evaluate(LETTER, as_of=AS_OF)
    decided = LETTER["decided"]
    assert blocks.outcome.value == decided["medial-branch-blocks"]["outcome"] == "overturned"
    assert rental.outcome.value == decided["cryotherapy-rental"]["outcome"] == "upheld"
    for determination in (blocks, rental):
        assert [source.source.id for source in determination.silent] == ["mtus"]
        assert [s.state for s in determination.sources] == [SourceState.SILENT, SourceState.GOVERNS]
        assert [trace.policy.source.guideline for trace in determination.governing] == ["odg"]
        assert determination.missing.open == ()
    assert (blocks.requires_review, rental.requires_review) == (False, True)


def test_the_blocks_are_supported_by_the_records_that_the_letter_names(library):
    blocks, _ = library.evaluate(LETTER, as_of=AS_OF)
    found = documents(blocks)
    assert found == {
        "diagnostic_purpose": {REPORT},
        "axial_loading": {REPORT},
        "facet_loading": {REPORT},
        "imaging_at_levels": {REPORT, MRI},
        "non_radicular": {REPORT},
        "conservative_care_duration": {REPORT},
        "conservative_care_kinds": {REPORT},
        "conservative_care_failed": {REPORT},
        "level_count": {REPORT},
    }
    assert [leaf.criterion.id for leaf in blocks.presumed] == list(statuses(blocks, Role.EXCLUSION))
    assert set(statuses(blocks, Role.EXCLUSION).values()) == {Status.NOT_DOCUMENTED}
    assert blocks.supported == ()


def test_the_unit_exceeds_the_limit_whatever_the_letter_does_not_say(library):
    _, rental = library.evaluate(LETTER, as_of=AS_OF)
    assert statuses(rental) == {
        "postoperative": Status.NOT_DOCUMENTED,
        "site": Status.NOT_DOCUMENTED,
        "duration": Status.NOT_MET,
    }
    assert rental.missing.open == rental.could_change.open == ()
    assert rental.supported == ()  # not without surgery and a body part
    assert rental.request.row[rental.dictionary.by_path["request.duration_days"].index] == 60


def test_a_strict_evaluation_of_the_letter_leaves_the_blocks_open(library):
    blocks, rental = library.evaluate(LETTER, as_of=AS_OF, strict=True)
    assert (blocks.outcome.value, rental.outcome.value) == ("undetermined", "upheld")
    assert blocks.presumed == ()
    assert blocks.missing.exact
    assert set(blocks.missing.open) == {
        "exam.sensory_deficit",
        "exam.motor_deficit",
        "exam.reflex_asymmetry",
        "exam.straight_leg_raise_positive",
        "imaging.foraminal_facet_encroachment",
        "history.prior_blocks",
        "history.prior_fusion_at_level",
        "patient.extreme_procedural_anxiety",
        "request.iv_sedation",
        "request.surgery_anticipated",
    }
    assert set(blocks.missing.to_recommend) < set(blocks.missing.open)


def test_documenting_what_was_presumed_changes_nothing_where_it_is_absent(library, letter):
    letter["facts"]["history"] = {"prior_blocks": [], "prior_fusion_at_level": False}
    letter["facts"]["exam"] |= {
        "sensory_deficit": False,
        "motor_deficit": False,
        "reflex_asymmetry": False,
        "straight_leg_raise_positive": False,
    }
    letter["requests"][0]["facts"] |= {"surgery_anticipated": False, "iv_sedation": False}
    blocks, _ = library.evaluate(letter, as_of=AS_OF, strict=True)
    assert (blocks.outcome.value, blocks.presumed) == ("overturned", ())


def test_read_to_the_letter_the_denial_would_have_stood(library, letter):
    """Version 1.0.0 took any radicular pain as a bar; it is superseded, and never chosen."""
    [trace] = library.evaluate(letter, as_of=AS_OF)[0].governing
    assert str(trace.policy.version) != "1.0.0"
    assert library.policy("odg/lumbar-medial-branch-block@1.0.0").version < trace.policy.version


def test_later_the_letter_would_need_a_guideline_that_is_not_encoded(library):
    """Since 2015 ACOEM ranks beside ODG, and its chapter of the time is not encoded."""
    for determination in library.evaluate(LETTER, as_of="2016-01-01"):
        assert (determination.outcome.value, determination.reason.value) == ("undetermined", "not_encoded")
        assert [source.source.id for source in determination.not_encoded] == ["acoem"]
        assert determination.governing == ()
        assert determination.requires_review


def test_a_gap_may_be_passed_over_knowingly(library):
    outcomes = [
        determination.outcome.value
        for determination in library.evaluate(LETTER, as_of="2016-01-01", allow_not_encoded=True)
    ]
    assert outcomes == ["overturned", "upheld"]


def test_the_record_of_the_letter_can_be_stored_and_replayed(library):
    for determination in library.evaluate(LETTER, as_of=AS_OF):
        record = json.loads(json.dumps(determination.to_dict()))
        assert list(library.loaded.schemas.validator("determination").iter_errors(record)) == []
        assert replay(library, record).holds


# --- variations ----------------------------------------------------------------------------------------


def test_sixty_days_after_shoulder_surgery_are_cut_to_seven(library, unit):
    unit["requests"][0]["facts"] |= {"postoperative": True, "body_region": "shoulder"}
    determination = only(library.evaluate(unit, as_of=AS_OF))
    assert determination.outcome.value == "modify"
    [quantity] = determination.supported
    assert (quantity.fact.path, quantity.requested, quantity.supported) == ("request.duration_days", 60, 7)
    assert quantity.inclusive
    assert determination.requires_review


def test_without_surgery_nothing_is_left_to_cut(library, unit):
    determination = only(library.evaluate(unit, as_of=AS_OF))
    assert (determination.outcome.value, determination.supported) == ("deny", ())


def test_a_week_without_the_body_part_is_a_question(library, unit):
    unit["requests"][0]["facts"] |= {"postoperative": True, "duration_days": 7}
    determination = only(library.evaluate(unit, as_of=AS_OF))
    assert determination.outcome.value == "request_information"
    assert "request.body_region" in determination.missing.open
    assert determination.missing.to_recommend == ("request.body_region",)


def test_records_in_conflict_leave_the_request_open(library, letter):
    del letter["facts"]["pain"]["radicular"]
    del letter["documented_by"]["pain.radicular"]
    letter["conflicting"] = {
        "pain.radicular": [
            {"value": "present_but_axial_predominant", "record": "progress-report-2013-06-20"},
            {"value": "predominant", "record": "final-determination"},
        ]
    }
    blocks, rental = library.evaluate(letter, as_of=AS_OF)
    assert (blocks.outcome.value, rental.outcome.value) == ("undetermined", "upheld")
    assert statuses(blocks)["non_radicular"] is Status.NOT_DOCUMENTED
    assert "pain.radicular" in blocks.missing.open
    assert blocks.missing.to_recommend == ("pain.radicular",)
    use = blocks.fact_use(blocks.dictionary.by_path["pain.radicular"])
    assert [(s.value, s.record) for s in use.conflicting] == [
        ("present_but_axial_predominant", "progress-report-2013-06-20"),
        ("predominant", "final-determination"),
    ]
    assert replay(library, blocks.to_dict()).holds


def test_an_exclusion_in_conflict_is_not_presumed(library, letter):
    letter["conflicting"] = {
        "history.prior_fusion_at_level": [
            {"value": True, "record": "progress-report-2013-06-20"},
            {"value": False, "record": "mri-lumbar-2012-12-28"},
        ]
    }
    blocks, _ = library.evaluate(letter, as_of=AS_OF)
    assert blocks.outcome.value == "undetermined"
    assert "fusion_at_level" not in {leaf.criterion.id for leaf in blocks.presumed}
    assert "history.prior_fusion_at_level" in blocks.missing.to_recommend


RETROSPECTIVE = {
    "procedure": {
        "volume_ml_per_joint": 0.5,
        "local_anesthetic": "lidocaine",
        "opioid_sedation": False,
        "iv_sedation": False,
        "hours_without_analgesic_before": 4,
        "hours_without_analgesic_after": 4,
    },
    "response": {
        "relief_percent": 80,
        "relief_hours": 2,
        "pain_scale_recorded": True,
        "diary_kept": True,
    },
}


@pytest.mark.parametrize(
    ("volume", "expected"), [(0.5, "overturned"), (0.6, "upheld"), (None, "undetermined")]
)
def test_conditions_count_in_a_retrospective_review(library, letter, volume, expected):
    letter["facts"] |= copy.deepcopy(RETROSPECTIVE)
    letter["facts"]["procedure"]["volume_ml_per_joint"] = volume
    letter["requests"][0]["facts"]["neurotomy_planned"] = True
    before, _ = library.evaluate(letter, as_of=AS_OF)
    assert before.outcome.value == "overturned"
    assert [leaf.criterion.id for leaf in before.conditions] == list(statuses(before, Role.CONDITION))
    letter["timing"] = "retrospective"
    after, _ = library.evaluate(letter, as_of=AS_OF)
    assert after.outcome.value == expected


@pytest.mark.parametrize("relief", [80, 0, None])
def test_a_block_that_turns_out_negative_was_needed_all_the_same(library, letter, relief):
    """What a block shows decides on the neurotomy after it, not on the block."""
    letter["facts"] |= copy.deepcopy(RETROSPECTIVE)
    letter["facts"]["response"]["relief_percent"] = relief
    letter["requests"][0]["facts"]["neurotomy_planned"] = True
    letter["timing"] = "retrospective"
    after, _ = library.evaluate(letter, as_of=AS_OF)
    assert after.outcome.value == "overturned"


def test_the_case_without_its_dates_is_refused_and_told_what_needs_them(library, letter):
    with pytest.raises(CaseError) as raised:
        library.evaluate(letter)
    [problem] = raised.value.problems
    assert problem.path == ("dates", "decision")
    assert "the search sequence is selected by it" in problem.message
    letter["dates"]["decision"] = AS_OF
    with pytest.raises(CaseError) as raised:
        library.evaluate(letter)
    assert {problem.path for problem in raised.value.problems} == {("dates", "service")}
    assert "mtus/" in raised.value.problems[0].message


# --- Texas ---------------------------------------------------------------------------------------------


def test_a_second_injection_at_the_same_levels_is_not_supported(library):
    determination = only(library.evaluate(TEXAS))
    assert determination.outcome.value == TEXAS["decided"]["facet-injection"]["outcome"] == "upheld"
    assert statuses(determination, Role.EXCLUSION)["earlier_injection"] is Status.MET
    assert determination.requires_review
    [trace] = determination.governing
    [leaf] = [leaf for leaf in trace.criteria if leaf.criterion.id == "earlier_injection"]
    titles = {record.title for use in determination.fact_uses(leaf) for record in use.records}
    assert titles == {"Decision and order after the medical contested case hearing of 2016-09-08"}


def test_every_case_of_the_project_is_determined_stored_and_replayed(library):
    validator = library.loaded.schemas.validator("determination")
    for path in sorted((ROOT / "cases").glob("*.yaml")):
        for determination in library.evaluate(read_document(path).data(), as_of=AS_OF):
            record = json.loads(json.dumps(determination.to_dict()))
            assert list(validator.iter_errors(record)) == []
            assert replay(library, record).holds
