"""Tests that are about several versions, and what a new version makes of them."""

import json

import pytest
from policy.directory import said

from imrpolicy.testing import read_suites, run_suite
from imrpolicy.testing.coverage import coverage
from imrpolicy.testing.versions import new_version

FILE = "odg/unit/tests.yaml"
SHOWN = "policies/odg/unit/tests.yaml"
HEAD = """\
policy: odg/unit
{top}base:
  request: {{service: continuous_flow_cryotherapy, postoperative: true, duration_days: 7}}
tests:
"""
TEST = "  - {{name: x, {version}expect: {{recommendation: recommended}}}}\n"
LONGER = "  - {name: longer, facts: {request: {duration_days: 8}}, expect: {criteria: {duration: not_met}}}\n"


@pytest.fixture
def suite(directory):
    def read(text):
        directory.write(FILE, text)
        [found] = read_suites(directory.load())
        return found

    return read


def named(found):
    assert found.issues == ()
    return [(test.name, str(test.policy.version)) for test in found.tests]


WAYS = {
    "1.0.0": ["1.0.0"],
    "1.1.0": ["1.1.0"],
    "[1.1.0, 1.0.0]": ["1.0.0", "1.1.0"],
    "1.0.0 and later": ["1.0.0", "1.1.0"],
    "1.1.0 and later": ["1.1.0"],
    "1.0.0 to 1.1.0": ["1.0.0", "1.1.0"],
    "1.0.0 to 1.0.0": ["1.0.0"],
    '"1.0.0 and later"': ["1.0.0", "1.1.0"],
}


@pytest.mark.parametrize("written", WAYS)
def test_a_test_is_run_for_each_version_that_it_names(written, suite):
    found = suite(HEAD.format(top="") + TEST.format(version=f"version: {written}, "))
    expected = [("x", number) for number in WAYS[written]]
    assert named(found) == expected
    assert [(r.name, r.policy, r.passed) for r in run_suite(found)] == [
        ("x", f"odg/unit@{number}", True) for _, number in expected
    ]


@pytest.mark.parametrize("written", WAYS)
def test_the_top_of_the_file_says_it_for_tests_that_name_none(written, suite):
    head = HEAD.format(top=f"version: {written}\n")
    own = TEST.format(version="version: 1.0.0, ").replace("name: x", "name: own")
    found = suite(head + TEST.format(version="") + own)
    assert named(found) == [*(("x", number) for number in WAYS[written]), ("own", "1.0.0")]
    assert [str(policy.version) for policy in found.usual] == WAYS[written]


def test_without_any_word_a_test_is_about_the_newest(suite):
    assert named(suite(HEAD.format(top="") + TEST.format(version=""))) == [("x", "1.1.0")]


UNKNOWN = "unknown-version]: the policy has no version 2.0.0; help: its versions are 1.0.0, 1.1.0"
WRONG = {
    "2.0.0": UNKNOWN,
    "2.0.0 and later": UNKNOWN,
    "1.0.0 to 2.0.0": UNKNOWN,
    "[1.0.0, 2.0.0]": UNKNOWN,
    "1.1.0 to 1.0.0": (
        "unknown-version]: the range starts with 1.1.0, which is higher than 1.0.0; "
        "help: write `1.0.0 to 1.1.0`"
    ),
    "[1.0.0, 1.0.0]": "duplicate-item]: ",
    "1.0.0 or later": "wrong-form]: ",
    "[1.0.0 and later]": "wrong-form]: ",
    "1.1": "wrong-type]: ",
}


@pytest.mark.parametrize("written", WRONG)
@pytest.mark.parametrize("where", ["top", "test"])
def test_versions_that_are_none_are_told_where_they_are_written(where, written, suite):
    top = f"version: {written}\n" if where == "top" else ""
    own = f"version: {written}, " if where == "test" else ""
    found = suite(HEAD.format(top=top) + TEST.format(version=own))
    [issue] = [said(issue) for issue in found.issues]
    line = 2 if where == "top" else 5
    assert issue.startswith(f"{SHOWN}:{line}:")
    assert WRONG[written] in issue
    assert found.tests == ()


def test_the_place_in_a_list_is_the_version_itself(suite):
    found = suite(HEAD.format(top="version: [1.0.0, 2.0.0]\n") + TEST.format(version=""))
    assert str(found.issues[0].place) == f"{SHOWN}:2:18"


def test_a_criterion_that_only_some_versions_have_splits_the_test(directory, suite):
    directory.replace("odg/unit/policy.yaml", "id: fusion", "id: welded")
    test = "  - {name: x, version: 1.0.0 and later, expect: {criteria: {fusion: not_documented}}}\n"
    [issue] = [said(issue) for issue in suite(HEAD.format(top="") + test).issues]
    assert issue.startswith(
        f"{SHOWN}:5:61: error[unknown-criterion]: odg/unit@1.1.0 has no criterion `fusion`"
    )
    assert "help: version 1.0.0 has it: split the test, as its versions differ here; known are" in issue


def test_each_version_counts_what_its_tests_show(suite):
    found = suite(HEAD.format(top="version: 1.0.0 and later\n") + TEST.format(version="") + LONGER)
    for policy in found.versions:
        [duration] = [item for item in coverage(policy, found).items if item.id == "duration"]
        assert duration.seen == {"met", "not_met"}
        assert duration.decides


def test_a_failing_test_says_how_to_split_it(directory, suite, imrpolicy, tmp_path):
    directory.replace(
        "odg/unit/policy.yaml", "when: request.duration_days <= 7", "when: request.duration_days <= 10"
    )
    suite(HEAD.format(top="version: 1.0.0 and later\n") + LONGER)
    ran = imrpolicy("test", "policies", "--junit", str(tmp_path / "junit.xml"))
    assert f"{SHOWN}:6:5: failed: longer (version 1.1.0)\n" in ran.out
    assert "1 passed, 1 failed" in ran.out
    said_ = " ".join(ran.out.split())
    assert (
        "if it is meant to be right for version 1.0.0 only, write `version: 1.0.0` below its name, and add a "
        "copy under another name with `version: 1.1.0 and later` and what is to be expected there"
    ) in said_
    names = ("longer (version 1.0.0)", "longer (version 1.1.0)")
    assert all(f'name="{name}"' in (tmp_path / "junit.xml").read_text(encoding="utf-8") for name in names)
    data = json.loads(imrpolicy("test", "policies", "--format", "json").out)
    assert [(test["policy"], test["passed"]) for test in data["tests"]] == [
        ("odg/unit@1.0.0", True),
        ("odg/unit@1.1.0", False),
    ]


# --- a new version -----------------------------------------------------------------------------------------

# What the tests say, by what they said before 1.2.0 was started; 1.1.0 is the newest.
CARRIED = {
    "1.1.0": "1.1.0 and later",
    "[1.0.0, 1.1.0]": "[1.0.0, 1.1.0, 1.2.0]",
    "1.0.0 to 1.1.0": "1.0.0 and later",
    "1.0.0 and later": "1.0.0 and later",
    "1.1.0 and later": "1.1.0 and later",
    "1.0.0": "1.0.0",
    "[1.0.0]": "[1.0.0]",
}


@pytest.mark.parametrize("written", CARRIED)
def test_a_new_version_joins_the_tests_of_the_newest(written, directory):
    head = HEAD.format(top=f"version: {written}  # why\n")
    own = TEST.format(version=f"version: {written}, ")
    directory.write(FILE, head + own)
    new_version(directory.root, "odg/unit", "1.2.0")
    text = (directory.root / FILE).read_text(encoding="utf-8")
    assert text == (head + own).replace(f"version: {written}", f"version: {CARRIED[written]}")


def test_a_list_with_an_item_on_each_line_gets_one_more(directory):
    head = HEAD.format(top="version:\n  - 1.0.0\n  - 1.1.0\n")
    directory.write(FILE, head + TEST.format(version=""))
    new_version(directory.root, "odg/unit", "1.2.0")
    text = (directory.root / FILE).read_text(encoding="utf-8")
    assert text == head.replace("  - 1.1.0\n", "  - 1.1.0\n  - 1.2.0\n") + TEST.format(version="")


def test_tests_that_name_no_version_get_one_line(directory):
    text = (
        HEAD.format(top="")
        + TEST.format(version="")
        + TEST.format(version="version: 1.0.0, ").replace("x", "z", 1)
    )
    directory.write(FILE, text)
    written = new_version(directory.root, "odg/unit", "1.2.0")
    assert [path.name for path in written] == ["1.1.0.yaml", "policy.yaml", "tests.yaml"]
    after = (directory.root / FILE).read_text(encoding="utf-8")
    assert after == text.replace("base:\n", "version: 1.1.0 and later\nbase:\n")


def test_what_the_tests_of_both_versions_show_is_right_at_once(directory):
    directory.write(FILE, HEAD.format(top="") + TEST.format(version="") + LONGER)
    new_version(directory.root, "odg/unit", "1.2.0")
    for blank, text in (
        ("<first day; 1.1.0 has 2010-01-01>", "2015-01-01"),
        ("<last day; 1.1.0 has 2020-12-31>", "2020-12-31"),
        ("<what is new in this version, and which cases it touches>", "Words."),
    ):
        directory.replace("odg/unit/policy.yaml", blank, text)
    [suite] = read_suites(directory.load())
    assert named(suite) == [(name, version) for name in ("x", "longer") for version in ("1.1.0", "1.2.0")]
    assert all(result.passed for result in run_suite(suite))


@pytest.mark.parametrize("text", ["policy: [\n", "- a\n", "{policy: odg/unit, tests: []}\n"])
def test_tests_that_cannot_be_changed_in_place_stay_as_they_are(text, directory):
    directory.write(FILE, text)
    new_version(directory.root, "odg/unit", "1.2.0")
    assert (directory.root / FILE).read_text(encoding="utf-8") == text
