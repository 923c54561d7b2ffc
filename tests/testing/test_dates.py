"""Tests run on both sides of the dates between which a version is in force."""

import datetime as dt

import pytest
from policy.directory import POLICY, said

from imrpolicy.testing import read_suites, run_suite
from imrpolicy.testing.editions import Editions

FILE = "odg/unit/tests.yaml"
BASE = """\
policy: odg/unit
in_force:
  - {period}
tests:
  - name: It is supported.
    facts:
      request: {{service: continuous_flow_cryotherapy, postoperative: true, duration_days: 7}}
    expect: {{recommendation: recommended}}
"""
RIGHT = "{version: 1.1.0, from: 2010-01-01, to: 2020-12-31, by: decision}"


@pytest.fixture
def results(directory):
    def run(period):
        directory.write(FILE, BASE.format(period=period))
        [suite] = read_suites(directory.load())
        assert suite.issues == ()
        return run_suite(suite)

    return run


def test_the_period_of_a_version_is_looked_at_on_both_sides(results):
    [period, _] = results(RIGHT)
    assert period.passed
    assert period.name == "In force from 2010-01-01 to 2020-12-31, by the date of the decision."
    assert [str(day) for day in period.days] == ["2009-12-31", "2010-01-01", "2020-12-31", "2021-01-01"]


WRONG = {
    "{version: 1.1.0, from: 2010-01-02, to: 2020-12-31, by: decision}": (
        "on 2010-01-01",
        "no",
        "yes",
    ),
    "{version: 1.1.0, from: 2009-12-31, to: 2020-12-31, by: decision}": (
        "on 2009-12-31",
        "yes",
        "no",
    ),
    "{version: 1.1.0, from: 2010-01-01, to: 2020-12-30, by: decision}": (
        "on 2020-12-31",
        "no",
        "yes",
    ),
    "{version: 1.1.0, from: 2010-01-01, to: 2021-01-01, by: decision}": (
        "on 2021-01-01",
        "yes",
        "no",
    ),
    "{version: 1.1.0, from: 2010-01-01, by: decision}": ("until further notice", "yes", "no"),
    "{version: 1.1.0, from: 2010-01-01, to: 2020-12-31, by: service}": ("by", "service", "decision"),
}


@pytest.mark.parametrize("period", WRONG)
def test_a_period_that_is_not_the_one_of_the_policy(results, period):
    [result, _] = results(period)
    found = [(d.aspect.removeprefix("in force "), d.expected, d.actual) for d in result.differences]
    assert found == [WRONG[period]]


def test_a_version_that_a_higher_one_covers_is_not_in_force(results):
    """Both versions of the directory have the same period; the higher one is in force."""
    [result, _] = results(RIGHT.replace("1.1.0", "1.0.0"))
    assert [d.aspect for d in result.differences] == ["in force on 2010-01-01", "in force on 2020-12-31"]


def test_a_test_without_dates_is_run_on_the_first_and_the_last_day(results):
    [_, test] = results(RIGHT)
    assert [str(day) for day in test.days] == ["2010-01-01", "2020-12-31"]


def test_a_test_may_differ_on_one_of_the_days_only(directory):
    old = "when: request.duration_days <= 7\n      limit: true"
    new = 'when: request.duration_days <= 7 && (!has(dates.decision) || dates.decision < date("2020-12-31"))'
    directory.replace("odg/unit/policy.yaml", old, new)
    directory.write(FILE, BASE.format(period=RIGHT))
    [suite] = read_suites(directory.load())
    [_, result] = run_suite(suite)
    assert [(d.aspect, d.actual) for d in result.differences] == [
        ("recommendation on 2020-12-31", "not recommended")
    ]


@pytest.mark.parametrize("dates", ["{decision: 2015-06-01}", "{decision: null}", "{request: 2015-06-01}"])
def test_a_test_that_states_dates_keeps_them(directory, dates):
    text = BASE.format(period=RIGHT).replace("    facts:\n", f"    facts:\n      dates: {dates}\n")
    directory.write(FILE, text)
    [suite] = read_suites(directory.load())
    [_, test] = run_suite(suite)
    assert test.days == ()


MISTAKES = {
    "{version: 2.0.0, from: 2010-01-01, by: decision}": (
        "3:15: error[unknown-version]: the policy has no version 2.0.0; help: its versions are 1.0.0, 1.1.0"
    ),
    "{version: 1.1.0, from: 2010-01-01, to: 2009-01-01, by: decision}": (
        "3:44: error[period]: the period ends on 2009-01-01, before it starts; help: correct `from` or `to`"
    ),
    "{version: 1.1.0, from: 2010-01-01, until: 2009-01-01, by: decision}": (
        "3:40: error[unknown-key]: `until` is not a key of item 1 of `in_force`; "
        "help: known are `version`, `from`, `to`, `by`"
    ),
}


@pytest.mark.parametrize("period", MISTAKES)
def test_mistakes_in_a_period(directory, period):
    directory.write(FILE, BASE.format(period=period))
    [suite] = read_suites(directory.load())
    [issue] = [said(issue) for issue in suite.issues]
    assert issue.startswith(f"policies/{FILE}:{MISTAKES[period]}")
    assert suite.tests == ()


def test_a_period_that_is_stated_twice(directory):
    directory.write(FILE, BASE.format(period=f"{RIGHT}\n  - {RIGHT}"))
    [suite] = read_suites(directory.load())
    assert [issue.rule for issue in suite.issues] == ["duplicate-id"]


def test_the_period_in_force_ends_where_a_higher_version_begins(directory):
    directory.write(
        "odg/unit/policy.yaml",
        POLICY.replace("from: 2010-01-01", "from: 2015-03-01").replace("1.1.0", "2.0.0"),
    )
    versions = directory.load().policies
    editions = Editions(versions)
    found = {str(policy.version): editions.period(policy) for policy in versions}
    assert (found["1.0.0"].start, found["1.0.0"].end) == (dt.date(2010, 1, 1), dt.date(2015, 2, 28))
    assert (found["2.0.0"].start, found["2.0.0"].end) == (dt.date(2015, 3, 1), dt.date(2020, 12, 31))


def test_a_version_that_is_never_in_force_has_no_period(directory):
    old, _ = directory.load().policies
    assert Editions(directory.load().policies).period(old) is None


DRAFT = (("status: released", "status: draft"), ("1.1.0", "2.0.0"), ("from: 2010-01-01", "from: 2015-03-01"))
OLD = "version: 1.0.0, from: 2010-01-01, to: {}, by: decision"


@pytest.mark.parametrize(("status", "end", "passed"), [
    ("draft", "2020-12-31", True),  # as it is
    ("draft", "2015-02-28", True),  # as it will be once the draft is released
    ("draft", "2016-02-28", False),
    ("released", "2015-02-28", True),
    ("released", "2020-12-31", False),
])  # fmt: skip
def test_a_period_can_be_stated_before_the_release_that_ends_it(directory, status, end, passed):
    text = POLICY
    for old, new in DRAFT:
        text = text.replace(old, new)
    directory.write("odg/unit/policy.yaml", text.replace("status: draft", f"status: {status}"))
    directory.write(FILE, BASE.format(period="{" + OLD.format(end) + "}"))
    [suite] = read_suites(directory.load())
    assert suite.issues == ()
    assert run_suite(suite)[0].passed is passed


def test_a_wrong_period_names_the_line_to_write(results):
    [result, _] = results(RIGHT.replace(", to: 2020-12-31", ""))
    assert result.help == f"if the policy is right, write `- {RIGHT}`; else correct its `effective`"


def test_a_period_of_a_version_that_decides_nothing_is_to_be_taken_out(results):
    [result, _] = results(RIGHT.replace("1.1.0", "1.0.0"))
    assert result.help.startswith(
        "no case is decided by this version any more; if that is what you mean, take"
    )
