"""Which edition, which version and which search sequence: selected by the dates of a case."""

import datetime as dt

import pytest
from evaluate.world import (
    ANY_DAY,
    atom,
    case,
    library,
    loaded,
    not_recommended,
    only,
    sequence,
    service,
    silent,
    simple,
)

from imrpolicy.evaluate import CaseError, PolicyLibrary
from imrpolicy.policy import DatedBy, Effective


def period(start, end=None, by=DatedBy.DECISION):
    return Effective(start=dt.date(start, 1, 1), end=dt.date(end, 12, 31) if end is not None else None, by=by)


def policy(version="1.0.0", *, id="odg/x", **changes):
    return simple(id, "exam.a", version=version, **changes)


def governing(drafts, *ranks, dates=None, **chosen):
    determination = only(library(drafts, *(ranks or ("odg",))).evaluate(_dated(dates or {}), **chosen))
    return [trace.policy.reference for trace in determination.governing] or determination.reason.value


def _dated(dates, **changes):
    data = case({"exam.a": True}, **changes)
    data["dates"] = dates
    return data


DECIDED = {"decision": "2015-06-01"}


def test_the_highest_version_whose_period_covers_the_date():
    versions = [
        policy("1.0.0", effective=period(2010)),
        policy("1.1.0", effective=period(2012, 2014)),
        policy("2.0.0", effective=period(2016)),
    ]
    for year, expected in (
        (2009, "not_encoded"),
        (2011, ["odg/x@1.0.0"]),
        (2012, ["odg/x@1.1.0"]),
        (2014, ["odg/x@1.1.0"]),
        (2015, ["odg/x@1.0.0"]),
        (2016, ["odg/x@2.0.0"]),
    ):
        assert governing(versions, dates={"decision": f"{year}-06-01"}) == expected


def test_versions_are_ordered_as_numbers():
    assert governing([policy("1.10.0"), policy("1.9.0")], dates=DECIDED) == ["odg/x@1.10.0"]


def test_a_period_includes_its_first_and_its_last_day():
    drafts = [policy(effective=period(2012, 2014))]
    assert governing(drafts, dates={"decision": "2012-01-01"}) == ["odg/x@1.0.0"]
    assert governing(drafts, dates={"decision": "2014-12-31"}) == ["odg/x@1.0.0"]
    assert governing(drafts, dates={"decision": "2011-12-31"}) == "not_encoded"
    assert governing(drafts, dates={"decision": "2015-01-01"}) == "not_encoded"


@pytest.mark.parametrize("by", DatedBy)
def test_each_policy_is_selected_by_its_own_date(by):
    drafts = [policy(effective=period(2012, 2012, by)), policy("2.0.0", effective=period(2013, by=by))]
    dates = dict.fromkeys(("request", "service", "decision"), "2016-01-01") | {by.value: "2012-06-01"}
    assert governing(drafts, dates=dates) == ["odg/x@1.0.0"]


def test_the_dates_of_a_request_count_before_those_of_the_case():
    drafts = [policy(effective=period(2012, 2012, DatedBy.SERVICE)), policy("2.0.0", effective=period(2014))]
    data = _dated({"decision": "2013-01-01", "service": "2011-01-01"})
    data["requests"][0]["dates"] = {"service": "2012-03-01"}
    determination = only(library(drafts, "odg").evaluate(data))
    assert [trace.policy.reference for trace in determination.governing] == ["odg/x@1.0.0"]
    assert determination.dates["service"] == dt.date(2012, 3, 1)


def test_as_of_stands_in_for_the_dates_that_are_lacking_and_for_no_others():
    drafts = [
        policy(effective=period(2012, 2012, DatedBy.SERVICE)),
        policy(id="odg/y", effective=period(2015, 2015)),
    ]
    found = only(library(drafts, "odg").evaluate(_dated(DECIDED), as_of="2012-06-01"))
    assert [trace.policy.reference for trace in found.governing] == ["odg/x@1.0.0", "odg/y@1.0.0"]
    assert found.dates == {
        "request": dt.date(2012, 6, 1),
        "service": dt.date(2012, 6, 1),
        "decision": dt.date(2015, 6, 1),
    }


def test_a_date_in_conflict_is_lacking():
    statements = [{"value": "2012-01-01", "record": "a"}, {"value": "2013-01-01", "record": "b"}]
    data = _dated(
        {"decision": "2016-01-01"},
        records={"a": {"title": "A"}, "b": {"title": "B"}},
        conflicting={"dates.decision": statements},
    )
    with pytest.raises(CaseError):
        library([policy()], "odg").evaluate(data)
    assert only(library([policy()], "odg").evaluate(data, as_of="2015-01-01")).dates["decision"].year == 2015


# --- drafts and withdrawn versions ---------------------------------------------------------------------


def test_a_draft_governs_only_where_the_caller_asks_for_it():
    drafts = [policy(), policy("2.0.0", status="draft")]
    assert governing(drafts, dates=DECIDED) == ["odg/x@1.0.0"]
    assert governing(drafts, dates=DECIDED, include_drafts=True) == ["odg/x@2.0.0"]


def test_a_draft_alone_is_not_encoded():
    assert governing([policy(status="draft")], dates=DECIDED) == "not_encoded"


def test_a_withdrawn_policy_never_governs():
    drafts = [policy(status="withdrawn")]
    assert governing(drafts, dates=DECIDED) == "not_encoded"
    assert governing(drafts, dates=DECIDED, include_drafts=True) == "not_encoded"


def test_withdrawing_a_version_does_not_bring_an_older_one_back():
    drafts = [policy(), policy("1.1.0", status="withdrawn", effective=period(2014))]
    assert governing(drafts, dates=DECIDED) == "not_encoded"
    assert governing(drafts, dates={"decision": "2013-06-01"}) == ["odg/x@1.0.0"]


def test_a_version_after_a_withdrawn_one_governs():
    drafts = [policy(), policy("1.1.0", status="withdrawn"), policy("1.2.0")]
    assert governing(drafts, dates=DECIDED) == ["odg/x@1.2.0"]


# --- the search sequence -------------------------------------------------------------------------------

CHANGED = [
    sequence("mtus", "odg", id="old", effective=period(2009, 2014)),
    sequence("mtus", "acoem odg", id="new", effective=period(2015)),
]


def test_the_sequence_is_selected_by_its_date():
    evaluator = PolicyLibrary(loaded([silent("mtus/x"), policy()], *CHANGED))
    old = only(evaluator.evaluate(_dated({"decision": "2014-12-31"})))
    new = only(evaluator.evaluate(_dated({"decision": "2015-01-01"})))
    assert (old.sequence.id, old.outcome.value) == ("old", "overturned")
    assert (new.sequence.id, new.reason.value) == ("new", "not_encoded")


def test_without_a_sequence_nothing_is_decided():
    evaluator = PolicyLibrary(loaded([policy()], *CHANGED))
    determination = only(evaluator.evaluate(_dated({"decision": "2008-01-01"})))
    assert (determination.reason.value, determination.sequence, determination.sources) == (
        "no_sequence",
        None,
        (),
    )
    assert determination.missing.open == ()
    elsewhere = {**_dated(DECIDED), "jurisdiction": "elsewhere"}
    assert only(evaluator.evaluate(elsewhere)).reason.value == "no_sequence"


# --- dates that are lacking ----------------------------------------------------------------------------


def lacking(drafts, data, *ranks, **chosen):
    with pytest.raises(CaseError) as raised:
        library(drafts, *(ranks or ("odg",))).evaluate(data, **chosen)
    return [(problem.path, problem.message) for problem in raised.value.problems]


def test_a_case_without_the_date_of_the_sequence_is_refused():
    assert lacking([], _dated({})) == [
        (
            ("dates", "decision"),
            "the date of the decision is not given, and the search sequence is selected by it",
        )
    ]


def test_a_case_without_the_date_of_a_policy_on_its_service_is_refused():
    drafts = [policy(), policy(id="odg/y", effective=period(2010, by=DatedBy.SERVICE))]
    assert lacking(drafts, _dated(DECIDED)) == [
        (("dates", "service"), "the date of the service is not given, and `odg/y@1.0.0` is selected by it")
    ]


@pytest.mark.parametrize(
    "other",
    [
        policy(id="odg/y", effective=period(2010, by=DatedBy.SERVICE), scope=service("block")),
        policy(id="odg/y", effective=period(2010, by=DatedBy.SERVICE), status="draft"),
        policy(id="acoem/y", effective=period(2010, by=DatedBy.SERVICE)),
    ],
    ids=["another service", "a draft", "a source outside the sequence"],
)
def test_the_date_of_a_policy_that_cannot_matter_is_not_asked_for(other):
    assert governing([policy(), other], dates=DECIDED) == ["odg/x@1.0.0"]


def test_the_date_of_a_draft_is_asked_for_where_drafts_count():
    draft = policy(id="odg/y", effective=period(2010, by=DatedBy.SERVICE), status="draft")
    assert lacking([policy(), draft], _dated(DECIDED), include_drafts=True)[0][0] == ("dates", "service")


def test_the_date_of_a_policy_that_may_be_on_any_service_is_asked_for():
    anything = policy(id="odg/y", effective=period(2010, by=DatedBy.REQUEST), scope=atom("exam.b"))
    assert lacking([policy(), anything], _dated(DECIDED))[0][0] == ("dates", "request")


def test_everything_that_is_lacking_is_said_once_before_anything_is_evaluated():
    drafts = [
        policy(effective=period(2010, by=DatedBy.SERVICE)),
        not_recommended("odg/y", scope=service("block"), effective=period(2010, by=DatedBy.REQUEST)),
    ]
    data = _dated(DECIDED)
    data["requests"] = [
        {"id": "one", "facts": {"service": "other"}},
        {"id": "two", "facts": {"service": "unit"}},
        {"id": "three", "facts": {"service": "unit"}},
        {"id": "four", "facts": {"service": "block"}},
    ]
    assert [path for path, _ in lacking(drafts, data)] == [("dates", "service"), ("dates", "request")]


def test_a_plan_is_made_anew_when_the_plans_are_full(monkeypatch):
    monkeypatch.setattr("imrpolicy.evaluate.plan._MOST_PLANS", 3)
    evaluator = library([policy(effective=ANY_DAY)], "odg")
    for day in range(1, 9):
        for _ in range(2):
            found = only(evaluator.evaluate(_dated({"decision": f"2015-06-0{day}"})))
            assert found.dates["decision"].day == day
    assert len(evaluator._planner._plans) <= 3


def test_the_services_of_a_scope_are_read_from_it():
    from evaluate.world import Tree, node

    from imrpolicy.evaluate.compiled import services_of

    unit, block, other = service("unit"), service("block"), atom("exam.a")
    for tree, expected in (
        (unit, {"unit"}),
        (Tree("&&", parts=(other, unit)), {"unit"}),
        (Tree("||", parts=(unit, block)), {"unit", "block"}),
        (Tree("||", parts=(unit, other)), None),
        (Tree("&&", parts=(Tree("||", parts=(unit, block)), other)), {"unit", "block"}),
        (Tree("!", parts=(unit,)), None),
        (other, None),
    ):
        assert services_of(node(tree.text)) == expected
    for text, expected in (
        ('request.service in ["unit", "block"]', {"unit", "block"}),
        ('request.region in ["knee"]', None),
        ('request.region == "knee"', None),
        ('"unit" == request.service', None),
        ('request.service != "unit"', None),
    ):
        assert services_of(node(text)) == expected
