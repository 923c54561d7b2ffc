"""Every cause, out of small cases; the real cases; and what a case has to give."""

from __future__ import annotations

import datetime as dt

import pytest
from agreement.conftest import HERE, ROOT

from imrpolicy.agreement import Cause, Verdict, as_markdown, compare
from imrpolicy.authored import read_document
from imrpolicy.evaluate import CaseError, PolicyLibrary

ENTRIES = read_document(HERE / "cases.yaml").data()
REAL = sorted((ROOT / "cases").glob("*.yaml"))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["name"])
def test_how_policy_and_reviewer_compare(entry, library, make_case):
    agreement = compare(library, [library.read_case(make_case(entry))])
    [comparison] = agreement.comparisons
    found = comparison.to_dict() | {"findings": [finding.message for finding in agreement.findings]}
    expected = {"findings": []} | entry["expect"]
    assert {name: found[name] for name in expected} == expected


def test_every_verdict_and_every_cause_has_a_case():
    expected = [entry["expect"] for entry in ENTRIES]
    assert {entry["verdict"] for entry in expected} == {verdict.value for verdict in Verdict}
    assert {entry["cause"] for entry in expected if entry.get("cause")} == {cause.value for cause in Cause}


def test_a_request_without_a_published_decision_is_passed_over(library, make_case):
    case = make_case({"facts": {"service": "continuous_flow_cryotherapy"}})
    assert compare(library, [library.read_case(case)]).comparisons == ()
    decided = make_case(ENTRIES[0])
    decided["requests"].append({"id": "undecided", "facts": ENTRIES[0]["facts"]})
    agreement = compare(library, [library.read_case(decided)])
    assert [comparison.request for comparison in agreement.comparisons] == ["item"]


def test_a_case_needs_a_date_that_selects_an_edition(library, make_case):
    """The day of the injury selects none, and nobody may take today for the day of an old decision."""
    case = library.read_case(make_case(ENTRIES[0] | {"dates": {"injury": "2012-03-01"}}))
    with pytest.raises(CaseError):
        compare(library, [case])


def test_presuming_nothing_about_a_label_it_is_not_final(library, make_case):
    entry = {"facts": ENTRIES[0]["facts"], "decided": {"outcome": "overturned"}}
    agreement = compare(library, [library.read_case(make_case(entry))])
    assert agreement.total.labels == 0
    assert agreement.by_level["Level not given"].agree == 1


@pytest.fixture(scope="module")
def real():
    library = PolicyLibrary.load(ROOT / "policies")
    return compare(library, [library.read_case(read_document(path).data()) for path in REAL])


def test_the_page_of_the_real_cases_is_current(real, golden):
    golden("agreement.md", as_markdown(real), ROOT / "docs")


def test_every_disagreement_on_a_real_case_is_explained(real):
    assert real.findings == ()


def test_every_decision_of_the_real_cases_is_compared(real):
    decided = [(path.stem, name) for path in REAL for name in read_document(path).data()["decided"]]
    assert [(comparison.case, comparison.request) for comparison in real.comparisons] == decided


def test_the_real_cases_say_who_decided(real):
    assert all(comparison.label.level for comparison in real.comparisons)


def test_only_the_determination_without_a_date_has_a_stand_in(real):
    days = {comparison.case: comparison.stand_in for comparison in real.comparisons if comparison.stand_in}
    assert days == {"imr-2013-lumbar-block-and-cryotherapy": dt.date(2013, 6, 20)}
