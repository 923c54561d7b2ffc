"""A project checked as a whole, and one file of it as an editor has it open."""

from __future__ import annotations

from pathlib import Path

import pytest

from imrpolicy.evaluate import read_directory
from imrpolicy.lint import check_project, check_text

POLICY = "policies/demo/knee-brace/policy.yaml"
TESTS = "policies/demo/knee-brace/tests.yaml"
ALLOW = "policies/lint.yaml"


def rules(issues):
    return [issue.rule for issue in issues]


def test_only_what_was_asked_for_is_reported(check):
    found = check([{"file": POLICY, "find": "strength: A", "with": "strength: C"}])
    assert rules(found.issues) == ["unknown-strength"]
    assert rules(check_project(Path("policies"), only=[Path(POLICY)]).issues) == ["unknown-strength"]
    assert check_project(Path("policies"), only=[Path(TESTS)]).issues == ()
    assert check_project(Path("policies"), only=[Path(TESTS)]).files == 1


def test_rules_about_the_whole_are_silent_where_a_file_cannot_be_read(check):
    """What is not read cannot be found, and so nothing is said of what nobody uses."""
    grade = {"file": POLICY, "find": "when: exam.instability", "with": 'when: exam.grade == "severe"'}
    tests = {"file": TESTS, "text": "policy: demo/knee-brace\ntests: []\n"}
    allow = {"file": ALLOW, "text": "allow:\n  - {rule: vague-wording, reason: Words.}\n"}
    found = check([grade, tests, allow])
    assert {issue.place.file for issue in found.issues} == {TESTS}


def test_broken_schemas_are_all_that_is_reported(check):
    found = check([{"file": "schemas/case.schema.json", "text": "{"}])
    assert {issue.place.file for issue in found.issues} == {"schemas/case.schema.json"}


def test_an_allowance_of_an_unknown_rule_is_an_error(check):
    found = check([{"file": ALLOW, "text": "allow:\n  - {rule: vague-wordin, reason: Words.}\n"}])
    assert [(issue.rule, issue.message, issue.help) for issue in found.issues] == [
        ("unknown-rule", "there is no rule `vague-wordin`", "did you mean `vague-wording`?")
    ]


@pytest.mark.parametrize(
    "rule", ["released-file-altered", "released-file-lost", "release-not-recorded", "unused-allowance"]
)
def test_what_was_released_cannot_be_altered_with_a_reason(rule, check):
    found = check([{"file": ALLOW, "text": f"allow:\n  - {{rule: {rule}, reason: Words.}}\n"}])
    assert [(issue.rule, issue.message) for issue in found.issues] == [
        ("not-allowed", f"what `{rule}` finds cannot be allowed")
    ]


@pytest.mark.parametrize("text", ["allow: [{rule: vague-wording}]\n", "allow: []\n", "alow: []\n", "a: [\n"])
def test_a_file_of_allowances_that_cannot_be_used_is_an_error(text, check):
    found = check([{"file": ALLOW, "text": text}])
    assert found.issues
    assert {issue.place.file for issue in found.issues} == {ALLOW}


@pytest.mark.parametrize("at", ["", "    at: demo/knee-brace\n", "    at: demo/knee-brace#instability\n"])
def test_what_is_allowed_is_kept_with_its_reason(at, check):
    allow = {"file": ALLOW, "text": f"allow:\n  - rule: unknown-strength\n{at}    reason: To come.\n"}
    found = check([{"file": POLICY, "find": "strength: A", "with": "strength: C"}, allow])
    assert found.issues == ()
    assert [(one.issue.rule, one.reason) for one in found.allowed] == [("unknown-strength", "To come.")]


def test_an_older_version_and_a_withdrawn_policy_are_left_alone(check):
    found = check([{"file": POLICY, "find": "strength: A", "with": "strength: C"},
                   {"file": POLICY, "find": "status: released", "with": "status: withdrawn"}])  # fmt: skip
    assert found.issues == ()


def test_a_text_gets_the_findings_that_the_saved_file_would_get(check):
    loaded = read_directory("policies")
    text = Path(POLICY).read_text(encoding="utf-8").replace("care.weeks >= 6", "care.weeks > 6")
    before = check_text(text, Path(POLICY), loaded)
    assert rules(before) == ["untested-status", "text-bound"]
    assert before == check([{"file": POLICY, "text": text}]).issues


@pytest.mark.parametrize(
    ("file", "find", "put", "rule"),
    [
        (POLICY, "care.weeks", "care.wekks", "unknown-fact"),
        (POLICY, "id: demo/knee-brace", "id: demo/brace", "id-and-folder"),
        (POLICY, "stance: criteria", "stanse: criteria", "unknown-key"),
        (POLICY, "stance: criteria", "stance: [", "yaml-syntax"),
        (TESTS, "weeks: 5", "weekz: 5", "unknown-fact"),
        ("policies/sources.yaml", "kind: guideline", "kind: guidline", "unknown-value"),
    ],
)
def test_a_text_with_a_mistake(file, find, put, rule, project):
    text = Path(file).read_text(encoding="utf-8").replace(find, put, 1)
    assert rule in rules(check_text(text, Path(file), read_directory("policies")))


@pytest.mark.parametrize(
    "file", [POLICY, TESTS, "policies/sources.yaml", "README.md", "policies/releases.yaml"]
)
def test_a_text_without_a_mistake(file, project):
    text = Path(file).read_text(encoding="utf-8") if Path(file).exists() else "words"
    assert check_text(text, Path(file), read_directory("policies")) == ()


def test_a_new_test_counts_once_it_is_saved(check):
    """The tests are read from the disk, and run against the policy as it is being written."""
    text = Path(POLICY).read_text(encoding="utf-8").replace("exam.instability", "care.failed")
    assert rules(check_text(text, Path(POLICY), read_directory("policies"))) == ["untested-status"]
