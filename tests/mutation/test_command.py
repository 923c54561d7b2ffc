"""`imrpolicy test` on the command line: coverage, mutants, suggestions, JUnit, and what makes it fail."""

import json
import xml.etree.ElementTree as ET

import pytest

from imrpolicy.cli.junit import write_junit
from imrpolicy.issues import Place
from imrpolicy.testing import Difference, TestResult

TESTS = "policies/odg/unit/tests.yaml"
THIN = """\
# yaml-language-server: $schema=../../../schemas/tests.schema.json
policy: odg/unit
base:
  request: {service: continuous_flow_cryotherapy, postoperative: true, duration_days: 7}
# What is expected of it.
tests:
  - name: It is supported.  # as the guideline says
    expect: {applies: true, recommendation: recommended}
"""


@pytest.fixture
def thin(directory):
    """A policy with a single test, in its newest version only."""
    directory.write("odg/unit/tests.yaml", THIN)
    (directory.root / "odg/unit/versions/1.0.0.yaml").unlink()
    return directory


def data(ran):
    assert ran.err == ""
    return json.loads(ran.out)


# --- what must fail -------------------------------------------------------------------------------------


def test_nothing_to_test_fails(thin, imrpolicy):
    (thin.root / "odg/unit/tests.yaml").unlink()
    ran = imrpolicy("test")
    assert ran.code == 1
    assert "error[missing-tests]: the policy `odg/unit` has no tests" in ran.out


def test_an_empty_list_of_tests_fails(thin, imrpolicy):
    thin.write("odg/unit/tests.yaml", "policy: odg/unit\ntests: []\n")
    assert imrpolicy("test").code == 1


WRONG = {
    "a criterion": ("expect: {applies", "expect: {criteria: {druation: met}, applies", "`duration`"),
    "a fact": ("postoperative: true", "postoperativ: true", "`postoperative`"),
    "a key": ("expect: {applies", "expects: {applies", "`expect`"),
    "an outcome": ("recommendation: recommended", "recommendation: recomended", "`recommended`"),
    "a version": ("    expect:", "    version: 7.0.0\n    expect:", "1.1.0"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_test_that_names_what_does_not_exist_fails_and_says_what_may_be_meant(thin, imrpolicy, name):
    old, new, suggestion = WRONG[name]
    thin.replace("odg/unit/tests.yaml", old, new)
    ran = imrpolicy("test")
    assert ran.code == 1
    assert f"{TESTS}:" in ran.out
    assert suggestion in ran.out.partition("help:")[2].partition("\n\n")[0]


def test_an_expectation_of_a_failure_is_compared_with_what_happens(thin, imrpolicy):
    """It does not pass because something fails: it has to be this."""
    thin.replace("odg/unit/tests.yaml", "recommendation: recommended", "recommendation: not_recommended")
    ran = imrpolicy("test")
    assert ran.code == 1
    assert "recommendation  expected: not recommended  found: recommended" in ran.out
    long = "    facts:\n      request: {duration_days: 8}\n    expect:"
    thin.replace("odg/unit/tests.yaml", "    expect:", long)
    assert imrpolicy("test").code == 0


# --- coverage -------------------------------------------------------------------------------------------


def test_coverage(thin, imrpolicy, golden):
    ran = imrpolicy("test", "--coverage")
    assert ran.code == 0
    golden("mutation/coverage.txt", ran.out)


def test_coverage_as_data(thin, imrpolicy):
    [found] = data(imrpolicy("test", "--coverage", "--format", "json"))["coverage"]
    assert (found["policy"], found["percent"]) == ("odg/unit@1.1.0", 100 * found["shown"] // found["total"])
    [duration] = [item for item in found["items"] if item["id"] == "duration"]
    assert (duration["line"], duration["column"]) == (24, 13)
    assert (duration["seen"], duration["missing"]) == (["met"], ["not_met", "not_documented"])
    assert duration["decides_alone"] is False


def test_the_least_coverage(thin, imrpolicy):
    [found] = data(imrpolicy("test", "--coverage", "--format", "json"))["coverage"]
    assert imrpolicy("test", "--coverage", "--min", str(found["percent"])).code == 0
    assert imrpolicy("test", "--coverage", "--min", str(found["percent"] + 1)).code == 1


def test_the_parts_of_an_expression_have_their_column(thin, imrpolicy):
    when = "when: >-\n            request.postoperative\n            && !exam.facet_tenderness"
    thin.replace("odg/unit/policy.yaml", "when: request.postoperative", when)
    out = imrpolicy("test", "--coverage").out
    assert "policy.yaml:20:17: after_surgery: `exam.facet_tenderness` is never true nor false" in out


# --- mutants --------------------------------------------------------------------------------------------


def test_mutants(thin, imrpolicy, golden):
    ran = imrpolicy("test", "--mutate")
    assert ran.code == 1
    golden("mutation/survivors.txt", ran.out)


def test_the_least_score(thin, imrpolicy):
    [found] = data(imrpolicy("test", "--mutate", "--format", "json"))["mutation"]
    assert found["percent"] == 100 * found["noticed"] // found["mutants"]
    assert imrpolicy("test", "--mutate", "--min-score", str(found["percent"])).code == 0
    assert imrpolicy("test", "--mutate", "--min-score", str(found["percent"] + 1)).code == 1


def test_tests_that_fail_are_told_before_mutants(thin, imrpolicy):
    thin.replace("odg/unit/tests.yaml", "recommendation: recommended", "recommendation: none")
    found = data(imrpolicy("test", "--mutate", "--format", "json"))
    assert (found["failed"], found["mutation"]) == (1, [])
    assert "\nodg/unit: no slips were tried, since a test that fails" in imrpolicy("test", "--mutate").out


@pytest.fixture
def looser(thin):
    """A draft that supports 8 days, after a released version that supports 7, and a test that was right."""
    released = (thin.root / "odg/unit/policy.yaml").read_text(encoding="utf-8")
    thin.write("odg/unit/versions/1.1.0.yaml", released.replace("../../..", "../../../.."))
    draft = released.replace("1.1.0", "1.2.0").replace("released", "draft").replace("<= 7", "<= 8")
    thin.write("odg/unit/policy.yaml", draft)
    eight = """\
  - name: Eight days are too long.
    facts:
      request: {duration_days: 8}
    expect: {criteria: {duration: not_met}}
"""
    thin.write("odg/unit/tests.yaml", THIN + eight)
    return thin


def test_a_test_that_was_right_for_the_version_before_is_told_so(looser, imrpolicy):
    out = imrpolicy("test").out
    assert "help: correct the policy or the test; it is right for version 1.1.0" in out
    looser.replace("odg/unit/tests.yaml", "too long.\n", "too long.\n    version: 1.1.0\n")
    assert imrpolicy("test").code == 0


def test_a_test_that_was_never_right_is_told_to_be_corrected(looser, imrpolicy):
    looser.replace("odg/unit/tests.yaml", "duration: not_met", "duration: not_documented")
    out = imrpolicy("test").out
    assert "\n  help: correct the policy or the test\n" in out


def test_what_superseded_versions_lack_is_counted_and_written_on_demand(looser, imrpolicy):
    looser.replace("odg/unit/tests.yaml", "too long.\n", "too long.\n    version: 1.1.0\n")
    out = imrpolicy("test", "--suggest").out
    assert "version: 1.1.0" not in out.replace("for version 1.1.0", "")
    assert "entries for version 1.1.0, which is released and never" in out
    assert imrpolicy("test", "--suggest", "--write").code == 0
    text = (looser.root / "odg/unit/tests.yaml").read_text(encoding="utf-8")
    added = [line for line in text.splitlines() if "in version 1.1.0:" in line]
    assert added
    assert not any("# confirm" in line for line in added)
    assert imrpolicy("test", "--suggest").out == f"# {TESTS} lacks nothing\n"


def test_two_suggested_tests_never_have_the_same_facts(thin, imrpolicy):
    """What two of them would show, one shows."""
    thin.replace("odg/unit/tests.yaml", "service: continuous_flow_cryotherapy, ", "service: other, ")
    thin.replace("odg/unit/tests.yaml", "applies: true, recommendation: recommended", "recommendation: none")
    out = imrpolicy("test", "--suggest").out
    tests = [part.partition("    expect:")[0].partition("\n")[2] for part in out.split("  - name: ")[1:]]
    assert len(set(tests)) == len(tests)


def test_tests_that_fail_are_told_before_suggestions(looser, imrpolicy):
    ran = imrpolicy("test", "--suggest")
    assert ran.code == 0
    assert ran.err.startswith(f"{TESTS}: some tests fail, and suggestions rest on what is there")


def test_an_explanation_that_is_out_of_date_fails(thin, imrpolicy):
    entry = "survivors:\n  - {mutant: 'duration: nothing', reason: It was there once.}\n"
    thin.replace("odg/unit/tests.yaml", "# What is expected", entry + "# What is expected")
    ran = imrpolicy("test", "--mutate", "--min-score", "0")
    assert ran.code == 1
    assert f"{TESTS}:6:14: error[unknown-mutant]: odg/unit@1.1.0 has no mutant `duration: nothing`" in ran.out


# --- suggestions ----------------------------------------------------------------------------------------


def test_suggestions_pass_and_leave_nothing_to_suggest(thin, imrpolicy):
    """Written into the file, they pass, everything is covered, and every slip is noticed."""
    assert imrpolicy("test", "--suggest", "--write").code == 0
    ran = imrpolicy("test", "--coverage", "--min", "100", "--mutate", "--format", "json")
    found = data(ran)
    assert (ran.code, found["failed"], found["issues"]) == (0, 0, [])
    assert found["coverage"][0]["percent"] == found["mutation"][0]["percent"] == 100
    assert imrpolicy("test", "--mutate").code == 0
    assert imrpolicy("test", "--suggest").out == f"# {TESTS} lacks nothing\n"
    assert imrpolicy("test", "--suggest", "--write").out == "nothing is lacking\n"


def test_what_was_in_the_file_stays_as_it_is(thin, imrpolicy):
    imrpolicy("test", "--suggest", "--write")
    text = (thin.root / "odg/unit/tests.yaml").read_text(encoding="utf-8")
    head, _, tail = THIN.partition("# What is expected")
    assert text.startswith(head)
    assert "# What is expected" + tail in text
    assert (
        "in_force:\n  - {version: 1.1.0, from: 2010-01-01, to: 2020-12-31, by: decision}  # confirm\n" in text
    )


def test_suggestions_are_printed_as_they_are_written(thin, imrpolicy, golden):
    ran = imrpolicy("test", "--suggest")
    assert ran.code == 0
    golden("mutation/suggestions.txt", ran.out)
    imrpolicy("test", "--suggest", "--write")
    text = (thin.root / "odg/unit/tests.yaml").read_text(encoding="utf-8")
    printed = ran.out.partition("tests:\n")[2]
    assert printed
    assert text.endswith(printed)


def test_suggested_tests_go_below_the_tests_whatever_comes_after(thin, imrpolicy):
    path = thin.root / "odg/unit/tests.yaml"
    lines = THIN.replace("base:\n", "").splitlines(keepends=True)
    base = "# The base.\nbase:\n" + lines.pop(2)
    path.write_text("".join(lines) + base, encoding="utf-8")
    assert imrpolicy("test", "--suggest", "--write").code == 0
    text = path.read_text(encoding="utf-8")
    assert text.endswith(base)
    assert imrpolicy("test", "--coverage", "--min", "100").code == 0


def test_a_list_in_brackets_is_not_written_into(thin, imrpolicy):
    path = thin.root / "odg/unit/tests.yaml"
    path.write_text(
        "policy: odg/unit\ntests: [{name: a, expect: {applies: not_documented}}]\n", encoding="utf-8"
    )
    before = path.read_text(encoding="utf-8")
    ran = imrpolicy("test", "--suggest", "--write")
    assert ran.code == 2
    assert "write the list `tests` with one item on a line" in ran.err
    assert path.read_text(encoding="utf-8") == before


# --- JUnit ----------------------------------------------------------------------------------------------


def test_junit(thin, imrpolicy):
    thin.replace("odg/unit/tests.yaml", "It is supported.", "Supported & < 8.")
    thin.replace("odg/unit/tests.yaml", "recommendation: recommended", "recommendation: none")
    assert imrpolicy("test", "--junit", "report.xml").code == 1
    report = ET.parse("report.xml").getroot()
    assert (report.tag, report.get("tests"), report.get("failures")) == ("testsuites", "1", "1")
    [case] = report.iter("testcase")
    assert (case.get("classname"), case.get("name")) == ("odg/unit", "Supported & < 8.")
    assert (case.get("file"), case.get("line")) == (TESTS, "7")
    [failure] = case
    assert (failure.findtext("expected"), failure.findtext("actual")) == ("none", "recommended")


def test_junit_says_what_kept_tests_from_being_run(thin, imrpolicy):
    thin.replace("odg/unit/tests.yaml", "postoperative", "postoperativ")
    assert imrpolicy("test", "--junit", "report.xml").code == 1
    [error] = ET.parse("report.xml").getroot().iter("error")
    assert (error.get("type"), error.text) == ("unknown-fact", "did you mean `postoperative`?")


def test_junit_shows_characters_that_xml_does_not_admit_as_such(tmp_path):
    found = Difference(aspect="open", expected="a\x00b", actual="\ud800")
    result = TestResult(policy="odg/unit@1.0.0", name="\x1b[0m", place=Place("t.yaml"), differences=(found,))
    write_junit(tmp_path / "report.xml", {"odg/unit": [result]}, [])
    [case] = ET.parse(tmp_path / "report.xml").getroot().iter("testcase")
    assert case.get("name") == "\ufffd[0m"
    assert case.findtext("failure/actual") == "\ufffd"


# --- wrong calls ----------------------------------------------------------------------------------------


CALLS = {
    "test --min 90": "`--min` needs `--coverage`",
    "test --min-score 90": "`--min-score` needs `--mutate`",
    "test --write": "`--write` needs `--suggest`",
    "test --suggest --mutate": "`--suggest` stands alone",
    "test --coverage --min 101": "`101` is no percentage",
    "test --coverage --min 99.5": "`99.5` is no percentage",
}


@pytest.mark.parametrize("call", CALLS)
def test_wrong_calls(thin, imrpolicy, call):
    ran = imrpolicy(*call.split())
    assert (ran.code, ran.out) == (2, "")
    assert CALLS[call] in ran.err


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n  - name", "\n    - name"),
        ("\n    expect", "\n...\n    expect"),
        ("recommended}\n", "recommended}\n...\n"),
    ],
)
def test_nothing_is_written_into_a_file_that_it_would_break(old, new, thin, imrpolicy):
    text = (
        THIN.replace(old, new).replace("    expect", "      expect")
        if "- name" in old
        else THIN.replace(old, new)
    )
    thin.write("odg/unit/tests.yaml", text)
    ran = imrpolicy("test", "--suggest", "--write")
    assert ran.code in (1, 2)
    assert (thin.root / "odg/unit/tests.yaml").read_text(encoding="utf-8") == text


def test_suggestions_for_no_policy_are_a_wrong_call(thin, imrpolicy):
    ran = imrpolicy("test", "policies/sources.yaml", "--suggest")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no policy below policies/sources.yaml" in ran.err
