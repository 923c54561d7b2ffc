"""The tests beside a policy: how they are read, what is wrong with them, and what they compare."""

import pytest
from policy.directory import said

from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.testing import read_suites, run_suite

FILE = "odg/unit/tests.yaml"
SHOWN = "policies/odg/unit/tests.yaml"
BASE = """\
policy: odg/unit
base:
  request: {service: continuous_flow_cryotherapy, postoperative: true, duration_days: 7}
tests:
"""


@pytest.fixture
def suite(directory):
    """The suite of some tests, each as one line of YAML."""

    def read(*tests, base=BASE):
        if tests:
            directory.write(FILE, base + "".join(f"  - {test}\n" for test in tests))
        [found] = read_suites(directory.load())
        return found

    return read


def issues(found):
    return [said(issue) for issue in found.issues]


# --- what is wrong with a file of tests ----------------------------------------------------------------


def test_no_tests_beside_a_policy(directory, suite):
    (directory.root / FILE).unlink()
    found = suite()
    assert (found.policy, found.file, found.tests) == ("odg/unit", SHOWN, ())
    assert issues(found) == [
        (
            f"{SHOWN}:1:1: error[missing-tests]: the policy `odg/unit` has no tests; "
            "help: add `tests.yaml` with a test for each criterion: met, not met, not documented"
        )
    ]


def test_a_file_without_tests(directory, suite):
    directory.write(FILE, "policy: odg/unit\ntests: []\n")
    found = suite()
    assert found.tests == ()
    [issue] = found.issues
    assert str(issue.place).startswith(f"{SHOWN}:2")


WRONG = {
    "unknown criterion": (
        "{name: x, expect: {criteria: {fusoin: met}}}",
        (
            f"{SHOWN}:5:35: error[unknown-criterion]: odg/unit@1.1.0 has no criterion `fusoin`; "
            "help: did you mean `fusion`?"
        ),
    ),
    "unknown fact": (
        "{name: x, facts: {request: {duration_day: 8}}, expect: {applies: true}}",
        (
            f"{SHOWN}:5:33: error[unknown-fact]: there is no fact `request.duration_day`; "
            "help: did you mean `duration_days`?"
        ),
    ),
    "unknown group": (
        "{name: x, facts: {reqest: {duration_days: 8}}, expect: {applies: true}}",
        (
            f"{SHOWN}:5:23: error[unknown-fact]: there is no group of facts `reqest`; "
            "help: did you mean `request`?"
        ),
    ),
    "wrong value": (
        "{name: x, facts: {request: {duration_days: many}}, expect: {applies: true}}",
        f"{SHOWN}:5:48: error[wrong-value]: `many` must be a whole number of days",
    ),
    "unknown version": (
        "{name: x, version: 2.0.0, expect: {applies: true}}",
        (
            f"{SHOWN}:5:24: error[unknown-version]: the policy has no version 2.0.0; "
            "help: its versions are 1.0.0, 1.1.0"
        ),
    ),
    "unknown fact that is expected open": (
        "{name: x, expect: {open: [request.duration_day]}}",
        (
            f"{SHOWN}:5:31: error[unknown-fact]: there is no fact `request.duration_day`; "
            "help: did you mean `request.duration_days`?"
        ),
    ),
    "unknown field that is expected open": (
        '{name: x, expect: {open: ["history.prior_blocks[].knd"]}}',
        (
            f"{SHOWN}:5:31: error[unknown-field]: the entries of `history.prior_blocks` have no field `knd`; "
            "help: did you mean `kind`?"
        ),
    ),
    "field of a fact that is no list": (
        '{name: x, expect: {open: ["request.postoperative[].kind"]}}',
        f"{SHOWN}:5:31: error[unknown-field]: the entries of `request.postoperative` have no field `kind`",
    ),
    "unknown quantity": (
        "{name: x, expect: {supported: {request.duration_day: 7}}}",
        (
            f"{SHOWN}:5:36: error[unknown-fact]: there is no fact `request.duration_day`; "
            "help: did you mean `request.duration_days`?"
        ),
    ),
}


@pytest.mark.parametrize(("test", "expected"), WRONG.values(), ids=WRONG)
def test_a_test_that_names_what_does_not_exist(suite, test, expected):
    found = suite(test)
    assert issues(found) == [expected]
    assert found.tests == ()


def test_two_tests_with_one_name(suite):
    test = "{name: x, expect: {applies: true}}"
    assert issues(suite(test, test)) == [
        f"{SHOWN}:6:12: error[duplicate-id]: another test has the name `x`; help: give each test its own name"
    ]


def test_tests_of_another_policy(suite):
    found = suite("{name: x, expect: {applies: true}}", base=BASE.replace("odg/unit", "odg/units"))
    assert issues(found) == [
        (
            f"{SHOWN}:1:9: error[id-and-folder]: these tests lie beside `odg/unit`; "
            "help: write `policy: odg/unit`"
        )
    ]


def test_mistakes_in_the_base_are_said_once(suite):
    found = suite(
        "{name: a, expect: {applies: true}}",
        "{name: b, expect: {applies: true}}",
        base=BASE.replace("duration_days: 7", "duration_days: -7"),
    )
    [issue] = issues(found)
    assert issue.startswith(f"{SHOWN}:3:")
    assert "error[wrong-value]: `-7` is out of range" in issue


def test_the_tests_of_a_broken_policy_are_not_run_on_an_older_version(directory, suite):
    directory.replace("odg/unit/policy.yaml", "guideline: odg", "guideline: nobody")
    found = suite()
    assert (found.tests, found.issues) == ((), ())  # the loader says what is wrong with the policy


# --- what tests compare --------------------------------------------------------------------------------


def differences(found):
    assert found.issues == ()
    return [(d.aspect, d.expected, d.actual) for result in run_suite(found) for d in result.differences]


PASSING = [
    "{name: a, expect: {applies: true, criteria: {signs: met, weeks: not_documented}}}",
    "{name: b, expect: {open: [], supported: {}}}",
    "{name: c, facts: {request: {service: other}}, expect: {applies: false, recommendation: none}}",
    "{name: d, facts: {request: {service: null}}, expect: {applies: not_documented, open: []}}",
    "{name: e, facts: {request: {duration_days: 8}}, expect: {supported: {request.duration_days: 7}}}",
    (
        "{name: f, facts: {request: {postoperative: null}}, expect: "
        "{recommendation: undetermined, open: [request.postoperative, care.conservative_weeks, "
        "history.prior_fusion_at_level]}}"
    ),
    "{name: g, strict: true, expect: {recommendation: undetermined, open: [history.prior_fusion_at_level]}}",
    (
        "{name: h, timing: retrospective, facts: {response: {relief_percent: 60}}, expect: "
        "{recommendation: not_recommended, criteria: {relief: not_met}}}"
    ),
    (
        "{name: i, version: 1.0.0, facts: {history: {prior_fusion_at_level: true}}, expect: "
        "{recommendation: not_recommended, criteria: {fusion: met}}}"
    ),
]


@pytest.mark.parametrize("test", PASSING)
def test_expectations_that_are_met(suite, test):
    found = suite(test)
    assert differences(found) == []
    [result] = run_suite(found)
    assert result.passed
    assert str(result.place) == f"{SHOWN}:5:5"


DIFFERENT = [
    ("{name: x, expect: {applies: false}}", ("applies", "no", "yes")),
    (
        "{name: x, facts: {request: {service: null}}, expect: {applies: true}}",
        ("applies", "yes", "not documented"),
    ),
    (
        "{name: x, expect: {recommendation: not_recommended}}",
        ("recommendation", "not recommended", "recommended"),
    ),
    ("{name: x, expect: {criteria: {fusion: met}}}", ("fusion", "met", "not documented")),
    ("{name: x, expect: {criteria: {signs: not_met}}}", ("signs", "not met", "met")),
    (
        "{name: x, facts: {request: {service: other}}, expect: {criteria: {signs: met}}}",
        ("signs", "met", "not evaluated, as the policy does not apply"),
    ),
    ("{name: x, expect: {open: [request.body_region]}}", ("open", "request.body_region", "nothing")),
    (
        "{name: x, expect: {supported: {request.duration_days: 1234567}}}",
        ("supported", "request.duration_days 1234567", "nothing"),
    ),
    (
        "{name: x, facts: {request: {duration_days: 8}}, expect: {supported: {}}}",
        ("supported", "nothing", "request.duration_days 7"),
    ),
]


@pytest.mark.parametrize(("test", "expected"), DIFFERENT)
def test_expectations_that_are_not_met(suite, test, expected):
    found = suite(test)
    assert differences(found) == [expected]
    assert not run_suite(found)[0].passed


def test_several_differences_of_one_test(suite):
    found = suite(
        "{name: x, expect: {applies: false, recommendation: none, criteria: {signs: met, duration: not_met}}}"
    )
    assert [aspect for aspect, _, _ in differences(found)] == ["applies", "recommendation", "duration"]


def test_what_a_silent_policy_recommends(directory, suite):
    policy = (directory.root / "odg/unit/policy.yaml").read_text(encoding="utf-8")
    head = policy[: policy.index("criteria:\n  all")].replace("stance: criteria", "stance: silent")
    directory.write("odg/unit/policy.yaml", head + policy[policy.index("provenance:") :])
    found = suite("{name: x, expect: {applies: true, recommendation: none, open: [], supported: {}}}")
    assert differences(found) == []


def test_the_policies_of_the_project_pass_their_tests(pytestconfig):
    suites = read_suites(PolicyLibrary.load(pytestconfig.rootpath / "policies").loaded)
    failed = [
        f"{result.place}: {result.name}: {result.differences}"
        for suite in suites
        for result in run_suite(suite)
        if not result.passed
    ]
    assert [issue for suite in suites for issue in suite.issues] == []
    assert failed == []
