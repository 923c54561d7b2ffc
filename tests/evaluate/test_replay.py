"""Replay: what holds, what does not, and what is no record at all."""

import copy
import json
from dataclasses import replace

import pytest
from evaluate.strategies import cases, options, worlds
from evaluate.trees import CASE_SCHEMA
from evaluate.world import (
    DAY,
    atom,
    case,
    in_conflict,
    library,
    loaded,
    only,
    sequence,
    service,
    silent,
    simple,
)
from hypothesis import given
from hypothesis import strategies as st

from imrpolicy.evaluate import CaseError, PolicyLibrary, RecordError, replay
from imrpolicy.evaluate.serialize import hash_of
from imrpolicy.policy import DatedBy, Effective, Schemas

POLICY = simple("odg/x", "exam.a", "request.days")
SILENT = silent("mtus/x")
LIBRARY = library([SILENT, POLICY], "mtus", "odg")
DATA = case(
    {"exam.a": True, "request.days": 60, "history.blocks": [{}, {"kind": "facet"}]},
    source="Decision 1",
    title="A case",
    **in_conflict("exam.b"),
)
RECORD = json.loads(json.dumps(only(LIBRARY.evaluate(DATA)).to_dict()))


def sealed(record):
    """A record whose hash fits, as if it had been written so."""
    return {**record, "hash": hash_of(record)}


def test_a_record_holds():
    found = replay(LIBRARY, RECORD)
    assert (found.holds, found.differences) == (True, ())
    assert found.determination.to_dict() == found.current.to_dict() == RECORD


def test_a_determination_can_be_replayed_as_it_is():
    assert replay(LIBRARY, only(LIBRARY.evaluate(DATA))).holds


def test_a_record_holds_however_its_json_is_spelled():
    """Databases and JavaScript sort keys and write 7.0 as 7."""
    spelled = json.loads(json.dumps(RECORD, sort_keys=True, indent=3).replace('"rank": 1', '"rank": 1.0'))
    assert replay(LIBRARY, spelled).holds


# --- versions ------------------------------------------------------------------------------------------


def test_a_record_holds_although_a_newer_version_decides_otherwise():
    newer = replace(POLICY, version="2.0.0", stance="not_recommended", criteria=None)
    record = only(LIBRARY.evaluate(case({"exam.a": True, "request.days": 5}))).to_dict()
    found = replay(library([SILENT, POLICY, newer], "mtus", "odg"), record)
    assert found.holds
    assert (found.determination.outcome.value, found.current.outcome.value) == ("overturned", "upheld")


def test_a_record_holds_although_a_source_was_encoded_since():
    record = only(library([POLICY], "mtus", "odg").evaluate(DATA)).to_dict()
    assert record["not_encoded"] == ["mtus"]
    found = replay(LIBRARY, record)
    assert found.holds
    assert found.determination.reason.value == "not_encoded"
    assert found.current.reason.value == "criteria"


def test_a_record_holds_although_the_sequence_was_followed_by_another():
    closed = sequence("mtus", "odg", effective=Effective(start=DAY, end=DAY))
    grown = PolicyLibrary(
        loaded(
            [SILENT, POLICY],
            closed,
            sequence("odg", id="next", effective=Effective(start=DAY.replace(year=2016))),
        )
    )
    assert replay(grown, RECORD).holds


def test_a_record_without_a_sequence_holds_although_there_is_one_now():
    record = only(PolicyLibrary(loaded([POLICY])).evaluate(DATA)).to_dict()
    assert record["reason"] == "no_sequence"
    found = replay(LIBRARY, record)
    assert found.holds
    assert found.current.reason.value == "criteria"


def test_a_record_holds_although_the_versions_now_are_selected_by_a_date_that_it_lacks():
    newer = replace(POLICY, version="2.0.0", effective=Effective(start=DAY, by=DatedBy.SERVICE))
    found = replay(library([SILENT, POLICY, newer], "mtus", "odg"), RECORD)
    assert (found.holds, found.current) == (True, None)


@pytest.mark.parametrize(
    ("drafts", "ranks", "difference"),
    [
        ([SILENT], ("mtus", "odg"), "odg/x@1.0.0 is no longer in the library"),
        (
            [SILENT, simple("odg/x", "exam.a")],
            ("mtus", "odg"),
            "odg/x@1.0.0 was altered: its hash is not the recorded one",
        ),
        ([SILENT, POLICY], ("odg",), "the source mtus is no longer in the library"),
    ],
)
def test_a_record_does_not_hold_without_the_recorded_versions(drafts, ranks, difference):
    found = replay(library(drafts, *ranks), RECORD)
    assert not found.holds
    assert difference in found.differences
    assert found.determination is None
    assert found.current is not None


def test_a_record_does_not_hold_where_the_sequence_is_gone_or_altered():
    base = loaded([SILENT, POLICY], sequence("mtus", "odg"))
    gone = PolicyLibrary(replace(base, sequences=(sequence("mtus", "odg", id="other"),)))
    assert replay(gone, RECORD).differences == ("the search sequence always is no longer in the library",)
    altered = replace(base.sequences[0], content_hash="sha256:" + "1" * 64)
    assert replay(PolicyLibrary(replace(base, sequences=(altered,))), RECORD).differences == (
        "the search sequence always was altered: its hash is not the recorded one",
    )


def test_a_record_does_not_hold_where_its_period_no_longer_covers_the_date():
    moved = sequence("mtus", "odg", effective=Effective(start=DAY.replace(year=2016)))
    found = replay(PolicyLibrary(loaded([SILENT, POLICY], moved)), RECORD)
    assert not found.holds
    assert "reason: was criteria, is no sequence" in found.differences


# --- edited and damaged records ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "difference"),
    [
        ("outcome", "overturned", "outcome: was overturned, is upheld"),
        ("recommendation", "recommended", "recommendation: was recommended, is not recommended"),
        ("requires_review", False, "requires review: was False, is True"),
        ("supported", [], None),
        ("presumed", ["x"], "presumed: was x, is nothing"),
        ("governing", [], "governing: was nothing, is odg/x@1.0.0"),
    ],
)
def test_an_edited_outcome_does_not_hold_even_with_a_hash_that_fits(key, value, difference):
    edited = {**RECORD, key: value}
    assert "the record is not as it was written: its hash does not fit" in replay(LIBRARY, edited).differences
    found = replay(LIBRARY, sealed(edited))
    assert not found.holds
    assert difference is None or difference in found.differences


def test_an_edited_status_does_not_hold():
    edited = copy.deepcopy(RECORD)
    edited["sources"][1]["policies"][0]["criteria"][0]["status"] = "not_met"
    assert replay(LIBRARY, sealed(edited)).differences == ("odg/x@1.0.0 exam_a: was not met, is met",)


def test_an_edited_wording_is_noticed():
    edited = {**RECORD, "rationale": "Because."}
    assert replay(LIBRARY, edited).differences == (
        "the record is not as it was written: its hash does not fit",
    )


def test_an_edited_fact_does_not_hold():
    edited = copy.deepcopy(RECORD)
    edited["case"]["requests"][0]["facts"]["days"] = 5
    found = replay(LIBRARY, sealed(edited))
    assert "outcome: was upheld, is overturned" in found.differences


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (None, "this is no determination of the format `imrpolicy/determination/v1`"),
        ([RECORD], "this is no determination of the format `imrpolicy/determination/v1`"),
        ({}, "this is no determination of the format `imrpolicy/determination/v1`"),
        ({**RECORD, "format": "imrpolicy/determination/v2"}, "this is no determination of the format"),
        (
            {key: RECORD[key] for key in list(RECORD)[:5]},
            "the determination is truncated or damaged: it lacks `reason`, `requires_review`, `rationale`,",
        ),
        (
            {**RECORD, "sources": [{}]},
            "it lacks `source`, `title`, `rank`, `state`, `policies` at `sources.0`",
        ),
        ({**RECORD, "outcome": ["upheld"]}, "it does not fit its schema at `outcome`"),
        ({**RECORD, "options": {**RECORD["options"], "strict": "no"}}, "at `options.strict`"),
        ({**RECORD, "options": {**RECORD["options"], "as_of": "2015-02-30"}}, "at `options.as_of`"),
        ({**RECORD, "request": "other"}, "its case is not that of its request"),
        ({**RECORD, "rationale": {1, 2}}, "it holds what JSON does not have"),
        ({**RECORD, "rationale": float("nan")}, "it holds what JSON does not have"),
        ({**RECORD, 7: 7}, "it holds what JSON does not have"),
        ({**RECORD, "note": 1}, "it does not fit its schema"),
    ],
    ids=range(14),
)
def test_what_is_no_record_is_refused(record, message):
    with pytest.raises(RecordError) as raised:
        replay(LIBRARY, record)
    assert message in str(raised.value)


def test_a_case_that_no_longer_fits_is_refused():
    edited = copy.deepcopy(RECORD)
    edited["case"]["documented_by"] = {"exam.z": "report"}
    with pytest.raises(RecordError) as raised:
        replay(LIBRARY, sealed(edited))
    assert "the recorded case does not fit the case schema: documented_by.exam.z" in str(raised.value)
    assert isinstance(raised.value.__cause__, CaseError)


def test_a_record_nested_without_end_is_refused():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(RecordError):
        replay(LIBRARY, {**RECORD, "rationale": deep})


def _places(value, path=()):
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in below:
        yield (*path, key)
        yield from _places(item, (*path, key))


_ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(
        [0, 1, -1, 2**70, 0.5, "", "x", "met", "upheld", "2015-02-30", "odg/x", [], {}, [[]], {"id": 1}]
    ),
).map(copy.deepcopy)


def _altered(draw, record):
    record = copy.deepcopy(record)
    *above, last = draw(st.sampled_from(list(_places(record))))
    parent = record
    for key in above:
        parent = parent[key]
    how = draw(st.sampled_from(["remove", "replace", "replace", "add"]))
    if how == "remove":
        del parent[last]
    elif how == "replace":
        parent[last] = draw(_ANYTHING)
    elif isinstance(parent, dict):
        parent[draw(st.sampled_from(["x", "id", "facts", "status"]))] = draw(_ANYTHING)
    else:
        parent.append(draw(_ANYTHING))
    return record


@given(worlds(), cases(), options(), st.data())
def test_an_altered_record_is_refused_or_does_not_hold(world, data, chosen, draw):
    evaluator = world.library
    record = only(evaluator.evaluate(data, **chosen)).to_dict()
    altered = _altered(draw.draw, record)
    if hash_of(altered) == hash_of(record):
        return
    try:
        found = replay(evaluator, altered)
    except RecordError:
        return
    assert not found.holds
    assert found.differences


@given(worlds(), cases(), options(), st.data())
def test_an_altered_record_with_a_hash_that_fits_is_no_crash_and_decides_nothing_else(
    world, data, chosen, draw
):
    """Somebody who knows how can give a record another hash; what was decided is still evaluated again."""
    evaluator = world.library
    record = only(evaluator.evaluate(data, **chosen)).to_dict()
    altered = sealed(_altered(draw.draw, record))
    try:
        found = replay(evaluator, altered)
    except RecordError:
        return
    if found.holds:
        decided = found.determination.to_dict()
        for key in (
            "outcome",
            "recommendation",
            "reason",
            "governing",
            "missing",
            "supported",
            "requires_review",
        ):
            assert altered[key] == decided[key]


def test_a_library_with_a_case_schema_of_its_own_replays_its_own_cases(tmp_path):
    """The facts of the record are not among those of the package."""
    base = loaded([SILENT, POLICY], sequence("mtus", "odg"))
    own = PolicyLibrary(replace(base, schemas=Schemas(tmp_path, {"case": CASE_SCHEMA})))
    assert replay(own, RECORD).holds


def test_the_scope_of_a_recorded_policy_is_looked_at_again():
    drafts = [
        simple("odg/x", "exam.a", scope=service("unit")),
        simple("odg/y", "exam.b", scope=atom("exam.c")),
    ]
    evaluator = library(drafts, "odg")
    record = only(evaluator.evaluate(case({"exam.a": True}))).to_dict()
    edited = copy.deepcopy(record)
    edited["sources"][0]["policies"][1]["applies"] = "met"
    assert replay(evaluator, sealed(edited)).differences == (
        "odg/y@1.0.0 applies: was met, is not documented",
    )
