"""What tests and cases can go on with: facts, values, criteria and statuses, in every layout."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsp.carets import caret

from imrpolicy.lsp.complete_facts import fact_completions
from imrpolicy.lsp.outline import outline
from imrpolicy.lsp.places import criteria_beside
from imrpolicy.lsp.project import FileKind

CRITERIA = {"site": "The shoulder or the knee.", "duration": "Seven days."}
TESTS = "policy: a/b\nbase:\n  request:\n    service: other\ntests:\n  - name: One\n"


def labels(text, kind, dictionary):
    text, offset = caret(text)
    return {found.label for found in fact_completions(text, offset, kind, dictionary, CRITERIA)}


GROUPS = {
    "base": "base:\n  pa|",
    "base in braces": "base: {pa|",
    "facts": f"{TESTS}    facts:\n      |",
    "facts in braces": f"{TESTS}    facts: {{request: {{duration_days: 7}}, |",
    "after another group": f"{TESTS}    facts:\n      request: {{duration_days: 7}}\n      pa|\n",
    "a list without indentation": "tests:\n- name: One\n  facts:\n    |",
}


@pytest.mark.parametrize("name", GROUPS)
def test_groups_are_completed(name, dictionary):
    assert labels(GROUPS[name], FileKind.TESTS, dictionary) == set(dictionary.groups)


FACTS = {
    "block": f"{TESTS}    facts:\n      pain:\n        ra|",
    "braces": f"{TESTS}    facts:\n      pain: {{ra|",
    "the second in braces": f"{TESTS}    facts:\n      pain: {{severity_score: 4, |}}\n",
    "after a comment": f"{TESTS}    facts:\n      # why\n      pain:\n\n        |",
}


@pytest.mark.parametrize("name", FACTS)
def test_facts_of_a_group_are_completed(name, dictionary):
    assert labels(FACTS[name], FileKind.TESTS, dictionary) == set(dictionary.groups["pain"])


@pytest.mark.parametrize("typed", ["      pain:\n        radicular: |", "      pain: {radicular: n|"])
def test_values_of_a_fact_are_completed(typed, dictionary):
    choices = {choice.value for choice in dictionary.by_path["pain.radicular"].type.choices}
    assert labels(f"{TESTS}    facts:\n{typed}", FileKind.TESTS, dictionary) == choices


def test_values_of_a_list_and_of_a_truth_value_are_completed(dictionary):
    assert "L4-L5" in labels("base:\n  request: {levels: [L5-S1, L4|", FileKind.TESTS, dictionary)
    assert "L4-L5" in labels("base:\n  request:\n    levels:\n      - L4|", FileKind.TESTS, dictionary)
    assert labels("base:\n  request: {postoperative: |", FileKind.TESTS, dictionary) == {"true", "false"}


def test_criteria_and_statuses_are_completed(dictionary):
    expect = f"{TESTS}    expect:\n      recommendation: recommended\n      criteria: "
    assert labels(f"{expect}{{si|", FileKind.TESTS, dictionary) == set(CRITERIA)
    assert labels(f"{expect}\n        |", FileKind.TESTS, dictionary) == set(CRITERIA)
    assert labels(f"{expect}{{site: |", FileKind.TESTS, dictionary) == {"met", "not_met", "not_documented"}


def test_paths_are_completed_where_facts_are_named(dictionary):
    for typed in ("open: [request.|", "open:\n        - |", "supported: {request.|"):
        found = labels(f"{TESTS}    expect:\n      {typed}", FileKind.TESTS, dictionary)
        assert found == set(dictionary.by_path)


CASE = "id: a\nrequests:\n  - id: one\n    facts:\n      service: other\n"


def test_a_case_has_the_same_facts(dictionary):
    assert labels("facts:\n  |", FileKind.CASE, dictionary) == set(dictionary.groups)
    assert labels(f"{CASE}      |", FileKind.CASE, dictionary) == set(dictionary.groups["request"])
    assert labels(f"{CASE}facts:\n  pain: {{|", FileKind.CASE, dictionary) == set(dictionary.groups["pain"])
    assert labels(f"{CASE}    documented_by:\n      |", FileKind.CASE, dictionary) == set(dictionary.by_path)
    assert labels("dates: {|", FileKind.CASE, dictionary) == set(dictionary.groups["dates"])


@pytest.mark.parametrize("text", ["policy: |", "tests:\n  - na|", f"{TESTS}    expect: {{re|", "|", "  |"])
def test_elsewhere_nothing_is_completed(text, dictionary):
    assert labels(text, FileKind.TESTS, dictionary) == set()
    assert labels(text, FileKind.SOURCES, dictionary) == set()


def test_the_criteria_are_those_of_the_policy_beside(opened, project):
    path = project / "policies/odg/continuous-flow-cryotherapy/tests.yaml"
    found = criteria_beside(path, FileKind.TESTS, opened())
    assert list(found) == ["postoperative", "site", "duration", "purchase"]
    assert found["duration"] == "Use is limited to 7 days, home use included."
    assert criteria_beside(path, FileKind.TESTS, opened(policy="a: [")) == {}


@given(st.text("ab:{}[],\"'#- \n", max_size=60), st.data())
def test_no_text_is_too_broken(text, data):
    offset = data.draw(st.integers(0, len(text)))
    found = outline(text, offset)
    assert text[:offset].endswith(found.word)
