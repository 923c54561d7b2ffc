"""Coverage: the statuses that tests have shown, and whether each criterion decided the outcome alone."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy.directory import POLICY, SCHEMAS

from imrpolicy.authored import parse_document
from imrpolicy.evaluate import Timing
from imrpolicy.issues import Place
from imrpolicy.policy import Schemas
from imrpolicy.policy.build import build_policy
from imrpolicy.testing import read_suites
from imrpolicy.testing.coverage import Decisions, coverage, percent
from imrpolicy.testing.suite import Test

FILE = "odg/unit/tests.yaml"
BASE = """\
policy: odg/unit
base:
  request: {service: continuous_flow_cryotherapy, postoperative: true, duration_days: 7}
  care: {conservative_weeks: 0}
  history: {prior_fusion_at_level: false}
tests:
  - {name: It is supported., expect: {recommendation: recommended}}
"""


@pytest.fixture
def items(directory):
    """What some tests have shown, by id."""

    def read(*tests):
        directory.write(FILE, BASE + "".join(f"  - {test}\n" for test in tests))
        [suite] = read_suites(directory.load())
        assert suite.issues == ()
        return {item.id: item for item in coverage(suite.newest, suite).items}

    return read


TOO_LONG = "{name: a, facts: {request: {duration_days: 8}}, expect: {recommendation: not_recommended}}"


def test_the_statuses_that_were_seen(items):
    found = items(TOO_LONG, "{name: b, facts: {request: {duration_days: null}}, expect: {applies: true}}")
    assert found["duration"].seen == {"met", "not_met", "not_documented"}
    assert found["duration"].missing == ()
    assert found["after_surgery"].missing == ("not_met", "not_documented")


def test_a_criterion_decides_alone_once_two_tests_show_it(items):
    assert not items()["duration"].decides
    assert items(TOO_LONG)["duration"].decides


def test_a_criterion_that_is_not_met_along_with_another_has_not_decided_alone(items):
    """Both the duration and the surgery fail: flipping either one would still leave the other."""
    both = "{name: a, facts: {request: {duration_days: 8, postoperative: false}}, expect: {applies: true}}"
    found = items(both)
    assert found["duration"].seen >= {"met", "not_met"}
    assert not found["duration"].decides
    assert not found["after_surgery"].decides


def test_an_alternative_decides_alone_where_the_other_one_does_not_hold(items):
    without = "{name: a, facts: {request: {postoperative: false}}, expect: {applies: true}}"
    assert items(without)["after_surgery"].decides
    facts = "{request: {postoperative: false}, care: {conservative_weeks: 4}}"
    weeks = f"{{name: b, facts: {facts}, expect: {{applies: true}}}}"
    assert items(without, weeks)["weeks"].decides


def test_a_condition_decides_afterwards_only(items):
    first = "timing: {timing}, facts: {{response: {{relief_percent: {relief}}}}}, expect: {{applies: true}}"
    for timing, decides in (("prospective", False), ("retrospective", True)):
        tests = [
            f"{{name: {name}, {first.format(timing=timing, relief=relief)}}}"
            for name, relief in (("a", 70), ("b", 69))
        ]
        assert items(*tests)["relief"].decides is decides


def test_statuses_of_a_case_that_the_policy_does_not_apply_to_do_not_count(items):
    other = "{name: a, facts: {request: {service: other, duration_days: 8}}, expect: {applies: false}}"
    found = items(other)
    assert found["duration"].seen == {"met"}
    assert found["applies_when"].seen == {"met", "not_met"}
    assert found["applies_when"].decides


def test_the_parts_of_an_expression(directory, items):
    directory.replace(
        "odg/unit/policy.yaml",
        "when: request.postoperative",
        "when: request.postoperative && !(request.duration_days > 30)",
    )
    parts = items(TOO_LONG)["after_surgery"].parts
    assert [(part.text, part.missing) for part in parts] == [
        ("request.postoperative", ("false", "unknown")),
        ("request.duration_days > 30", ("true", "unknown")),
    ]


def test_what_is_always_documented_need_not_be_shown_undocumented(directory, items):
    directory.replace(
        "odg/unit/policy.yaml", "when: request.postoperative", "when: has(request.postoperative)"
    )
    assert items()["after_surgery"].wanted == ("met", "not_met")


@pytest.mark.parametrize(
    ("shown", "total", "expected"), [(11_999, 12_000, 99), (0, 3, 0), (2, 3, 66), (3, 3, 100), (0, 0, 100)]
)
def test_percentages_are_never_rounded_up(shown, total, expected):
    assert percent(shown, total) == expected


_STATUS = st.sampled_from([True, False, None])


@given(st.lists(st.tuples(_STATUS, _STATUS, _STATUS), min_size=1, max_size=6))
def test_what_decides_is_what_the_definition_says(rows):
    """Against the definition written out: all pairs of tests, each flipped by hand."""
    decisions = _decisions()
    test = _test()
    for position in range(3):
        pairs = itertools.product(rows, rows)
        expected = any(
            a[position] is True
            and b[position] is False
            and _says(a) != _says(b)
            and _says(a) != _says(_flip(a, position))
            and _says(b) != _says(_flip(b, position))
            for a, b in pairs
        )
        decisive = [row for row in rows if row[position] is not None and decisions(position, row, test)]
        outcomes = {v: {_says(row) for row in decisive if row[position] is v} for v in (True, False)}
        assert any(x != y for x in outcomes[True] for y in outcomes[False]) == expected


def _flip(row, position):
    return tuple(not value if i == position else value for i, value in enumerate(row))


def _says(row):
    """(a || b) && c, of Kleene."""
    first, second, third = row
    either = True if True in (first, second) else None if None in (first, second) else False
    return False if False in (either, third) else None if None in (either, third) else True


def _decisions():
    """The same formula as a policy: an alternative of two criteria, and a third."""
    text = POLICY[: POLICY.index("exclusions:")] + POLICY[POLICY.index("provenance:") :]
    document = parse_document(text.encode(), "policy.yaml")
    policy, issues = build_policy(document, Schemas(SCHEMAS).dictionary, {})
    assert issues == ()
    found = Decisions(policy)
    return lambda position, row, test: found.is_decisive(position + 1, (True, *row), test)


def _test():
    return Test(
        name="", policy=None, row=(), strict=False, timing=Timing.PROSPECTIVE, expect={}, place=Place("")
    )
