"""Cases: what is wrong is said, all of it, and nothing but `CaseError` is raised."""

import copy
import datetime as dt
import json
import pickle
import threading

import pytest
from evaluate.world import case, in_conflict, library, only, simple

from imrpolicy.evaluate import CaseError, PolicyLibrary, Timing

LIBRARY = library([simple("odg/x", "exam.a")], "odg")


def problems(data, evaluator=LIBRARY, **chosen):
    with pytest.raises(CaseError) as raised:
        evaluator.evaluate(data, **chosen)
    return [str(problem) for problem in raised.value.problems]


# --- what is wrong, in words ---------------------------------------------------------------------------

REPORT = {"records": {"report": {"title": "Report"}}}

WRONG = {
    "no mapping": (["x"], ["a case must be a mapping with `id`, `jurisdiction` and `requests`"]),
    "nothing at all": (
        {},
        [
            "requests: a case needs at least one request (write a list with `- id: ...` for each)",
            "id: a case needs an `id`, as text",
            "jurisdiction: a case needs a `jurisdiction`",
        ],
    ),
    "key that is no text": (
        case(id="case") | {7: 1},
        ["7: the key `7` must be text (put it in quotes)"],
    ),
    "unknown key": (case(titel="x"), ["titel: `titel` is not known here (did you mean `title`?)"]),
    "number as id": (case(id=7), ["id: `7` must be text (put it in quotes)"]),
    "empty review": (
        case(review=""),
        ["review: `` is not a known review (known are `imr`, `utilization_review`)"],
    ),
    "wrong timing": (
        case(timing="retrospectiv"),
        ["timing: `retrospectiv` is not a known timing (did you mean `retrospective`?)"],
    ),
    "list as review": (
        case(review=["imr"]),
        ["review: a list is not a known review (it is one of `imr`, `utilization_review`)"],
    ),
    "request in facts": (
        case(facts={"request": {}}),
        [
            (
                "facts.request: there is no group of facts `request` here "
                "(facts of a request stand in `facts` of that request)"
            )
        ],
    ),
    "dates in facts": (
        case(facts={"dates": {}}),
        ["facts.dates: there is no group of facts `dates` here (`dates` stands beside `facts`, not in it)"],
    ),
    "unknown group": (
        case(facts={"exams": {}}),
        ["facts.exams: there is no group of facts `exams` here (did you mean `exam`?)"],
    ),
    "group that is no mapping": (
        case(facts={"exam": [1]}),
        ["facts.exam: this must be a mapping of facts to values"],
    ),
    "facts that are no mapping": (case(facts=[]), ["facts: a list must be a mapping of groups to facts"]),
    "number as fact name": (
        case(facts={"exam": {1: True}}),
        ["facts.exam.1: the key `1` must be text (put it in quotes)"],
    ),
    "wrong values": (
        case(facts={"exam": {"a": "yes"}, "care": {"weeks": float("nan"), "kind": 7}}),
        [
            "facts.exam.a: `yes` must be true or false",
            "facts.care.weeks: `nan` must be a whole number of weeks",
            "facts.care.kind: `7` is not one of its values (its values are `exercise`, `rest`)",
        ],
    ),
    "enormous number": (
        case(facts={"care": {"weeks": 10**5000}}),
        [
            (
                "facts.care.weeks: a number of more than 30 digits is out of range "
                "(it lies between 0 weeks and 400 weeks)"
            )
        ],
    ),
    "enormous number as a key deep inside": (
        case(facts={"history": {"blocks": [{10**5000: 1}]}}),
        ["facts.history.blocks.0: there is a key here that is no text (put it in quotes)"],
    ),
    "records that are no mapping": (
        case(records=["report"]),
        ["records: a list must be a mapping of ids to records"],
    ),
    "record without a title": (
        case(records={"report": {}, "note": "x", "mri": {"title": 7, "date": "soon", "by": "x"}}),
        [
            "records.report.title: a record needs a `title`, as text",
            "records.note: a record must be a mapping with a `title`",
            "records.mri.by: `by` is not known here (known are `author`, `date`, `title`)",
            "records.mri.date: `soon` is not a date (write it as year, month, day: 2013-06-20)",
            "records.mri.title: `7` must be text (put it in quotes)",
        ],
    ),
    "documented_by that is no mapping": (
        case(documented_by=["report"]),
        ["documented_by: a list must be a mapping of facts, such as `pain.radicular`"],
    ),
    "documented_by of all sorts": (
        case(
            **REPORT,
            documented_by={
                "exam.a": "reprot",
                "exam.b": 7,
                "exam.c": [],
                "exam.d": ["report", ["report"], "report"],
                "exam.z": "report",
                "care.weeks": None,
            },
        ),
        [
            "documented_by.exam.z: there is no fact `exam.z` (did you mean `exam.e`?)",
            "documented_by.exam.a: there is no record `reprot` in this case (did you mean `report`?)",
            "documented_by.exam.b: this must name a record, or a list of records (give ids out of `records`)",
            "documented_by.exam.c: this must name a record, or a list of records (give ids out of `records`)",
            "documented_by.exam.d.1: a list must be the id of a record (ids are text, as in `records`)",
            "documented_by.exam.d.2: the record `report` is named twice (keep one)",
            (
                "documented_by.care.weeks: this must name a record, or a list of records "
                "(give ids out of `records`)"
            ),
        ],
    ),
    "conflicts of all sorts": (
        case(
            **REPORT,
            conflicting={
                "exam.a": [{"value": True, "record": "report"}],
                "exam.b": "report",
                "exam.c": [{"value": True}, "x"],
                "exam.d": [{"value": 1, "record": "report"}, {"value": None, "record": "note"}],
                "care.weeks": [{"value": 5, "record": "report"}, {"value": 5.0, "record": "report"}],
                "request.service": [
                    {"value": "unit", "record": "report"},
                    {"value": "block", "record": "report"},
                ],
            },
        ),
        [
            "conflicting.exam.a: a conflict needs at least two statements, each with `value` and `record`",
            "conflicting.exam.b: a conflict needs at least two statements, each with `value` and `record`",
            "conflicting.exam.c.0: each statement has `value` and `record`, and nothing else",
            "conflicting.exam.c.1: each statement has `value` and `record`, and nothing else",
            "conflicting.exam.d.0.value: `1` must be true or false",
            "conflicting.exam.d.1.value: an empty value must be true or false",
            "conflicting.exam.d.1.record: there is no record `note` in this case (known are `report`)",
            (
                "conflicting.care.weeks: the statements agree, so the records are not in conflict "
                "(give the value among the facts, and the records in `documented_by`)"
            ),
            (
                "conflicting.request.service: `request.service` says what is asked for "
                "and cannot be in conflict (give what is asked for, or a request for each)"
            ),
        ],
    ),
    "requests of all sorts": (
        case(
            requests=[
                {"id": "one", "facts": {"service": "unit"}},
                {"id": "one", "facts": {"service": "unti"}},
                {"id": 7, "facts": None},
                "x",
                {"facts": {"service": "unit", "days": True}, "title": 7, "note": ""},
            ]
        ),
        [
            "requests.1.facts.service: `unti` is not one of its values (did you mean `unit`?)",
            "requests.1.id: the id `one` is used twice (give each request its own)",
            (
                "requests.2.facts: the fact `request.service` is required (add `service:`; "
                "`imrpolicy facts request.service` lists its values)"
            ),
            "requests.2.id: `7` must be text (put it in quotes)",
            "requests.3: a request must be a mapping with `id` and `facts`",
            (
                "requests.4.note: `note` is not known here (known are `conflicting`, `dates`, "
                "`documented_by`, `facts`, `id`, `title`)"
            ),
            "requests.4.facts.days: `true` must be a whole number of days",
            "requests.4.id: a request needs an `id`, as text",
            "requests.4.title: `7` must be text (put it in quotes)",
        ],
    ),
    "wrong date": (
        case(dates={"decision": "2015-02-30"}),
        ["dates.decision: `2015-02-30` is not a date (write it as year, month, day: 2013-06-20)"],
    ),
}


@pytest.mark.parametrize(("data", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_with_its_place(data, expected):
    assert problems(data) == expected


@pytest.mark.parametrize(
    "as_of", ["20150601", "2015-6-1", "soon", 20150601, 3.5, dt.datetime(2015, 6, 1, tzinfo=dt.UTC), [], True]
)
def test_as_of_must_be_a_date(as_of):
    [problem] = problems(case(), as_of=as_of)
    assert problem.startswith("as_of: ")
    assert "is not a date" in problem


def test_a_case_can_be_given_as_read():
    read = LIBRARY.read_case(case({"exam.a": True}))
    assert LIBRARY.evaluate(read) == LIBRARY.evaluate(case({"exam.a": True}))


def test_a_case_that_was_read_with_other_facts_is_refused():
    read = LIBRARY.read_case(case())
    [problem] = problems(read, PolicyLibrary.load())
    assert problem == "the case was read by a library with other facts (give it as plain data)"


# --- what a determination keeps ------------------------------------------------------------------------


def test_what_was_evaluated_is_not_changed_by_changing_the_input():
    data = case(
        {"exam.a": True, "history.blocks": [{"kind": "facet"}]},
        **in_conflict("exam.b"),
        documented_by={"exam.a": ["report", "note"]},
        source="Decision 1",
    )
    determination = only(LIBRARY.evaluate(data))
    before, record = copy.deepcopy(determination), determination.to_dict()
    _destroy(data)
    assert determination == before
    assert determination.to_dict() == record


def test_what_was_evaluated_is_not_changed_by_changing_its_record():
    determination = only(LIBRARY.evaluate(case({"history.blocks": [{"kind": "facet"}]}, source="Decision 1")))
    record = determination.to_dict()
    expected = json.loads(json.dumps(record))
    _destroy(record)
    assert determination.to_dict() == expected


def _destroy(value):
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            _destroy(item)
    value.clear()


def test_the_error_of_a_case_can_be_pickled():
    error = pickle.loads(pickle.dumps(_error(case(id=7))))
    assert [str(p) for p in error.problems] == ["id: `7` must be text (put it in quotes)"]


def _error(data):
    with pytest.raises(CaseError) as raised:
        LIBRARY.evaluate(data)
    return raised.value


def test_a_record_named_for_a_fact_without_a_value_documents_nothing():
    data = case({"exam.b": True}, **REPORT, documented_by={"exam.a": "report", "exam.b": "report"})
    determination = only(LIBRARY.evaluate(data))
    by_path = determination.dictionary.by_path
    assert determination.fact_use(by_path["exam.a"]).records == ()
    assert [record.id for record in determination.fact_use(by_path["exam.b"]).records] == ["report"]


def test_one_library_serves_many_threads():
    evaluator = library([simple("odg/x", "exam.a", "request.days")], "odg")
    data = [case({"exam.a": a, "request.days": d}) for a in (True, False, None) for d in (5, 60, None)]
    alone = [evaluator.evaluate(one) for one in data]
    fresh = library([simple("odg/x", "exam.a", "request.days")], "odg")
    found = [[] for _ in range(8)]
    threads = [
        threading.Thread(target=lambda own=own: own.extend(fresh.evaluate(one) for one in data * 20))
        for own in found
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(own == alone * 20 for own in found)


def test_timing_and_review_have_defaults():
    read = LIBRARY.read_case(case(review=None, timing=None, title=None, records=None))
    assert (read.review.value, read.timing, read.title) == ("imr", Timing.PROSPECTIVE, "")
