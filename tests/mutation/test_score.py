"""What notices a mutant, the cases that are found for those that nothing notices, and explained ones."""

from dataclasses import replace
from pathlib import Path

import pytest
from policy.directory import SCHEMAS

from imrpolicy.authored import read_document
from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.expression import check
from imrpolicy.mutation.draft import as_yaml
from imrpolicy.mutation.groups import with_criterion
from imrpolicy.mutation.judge import Judge
from imrpolicy.mutation.killing import draft_for
from imrpolicy.mutation.mutant import Mutant
from imrpolicy.mutation.mutants import mutants_of
from imrpolicy.mutation.observe import observe
from imrpolicy.mutation.paste import pasted
from imrpolicy.mutation.piecewise import Pieces
from imrpolicy.mutation.score import known_rows, score, versions_to_mutate
from imrpolicy.mutation.search import Telling, Verdict, distinguish
from imrpolicy.policy import PolicyStatus, Schemas
from imrpolicy.testing import read_suites, run_suite

FILE = "odg/unit/tests.yaml"
DICTIONARY = Schemas(SCHEMAS).dictionary
BASE = """\
policy: odg/unit
base:
  request: {service: continuous_flow_cryotherapy, postoperative: true, duration_days: 7}
tests:
"""
WELL = "{name: a, expect: {recommendation: recommended}}"


def suite_of(directory, *tests, head=""):
    directory.write(
        FILE, BASE.replace("tests:\n", f"{head}tests:\n") + "".join(f"  - {test}\n" for test in tests)
    )
    [suite] = read_suites(directory.load())
    assert suite.issues == ()
    return suite


def mutant(suite, name):
    return next(found for found in mutants_of(suite.newest, DICTIONARY) if found.id == name)


def noticed(suite, name):
    return Judge(suite, Pieces()).noticed_by(mutant(suite, name))


SEVEN_TO_SIX = "duration: request.duration_days <= 7 -> request.duration_days <= 6"
SEVEN_TO_EIGHT = "duration: request.duration_days <= 7 -> request.duration_days <= 8"


def test_a_test_at_the_boundary_notices_it(directory):
    suite = suite_of(directory, WELL)
    assert noticed(suite, SEVEN_TO_SIX) == "a"
    assert noticed(suite, SEVEN_TO_EIGHT) == ""
    eight = "{name: b, facts: {request: {duration_days: 8}}, expect: {criteria: {duration: not_met}}}"
    assert noticed(suite_of(directory, WELL, eight), SEVEN_TO_EIGHT) == "b"


def test_naming_a_criterion_does_not_show_that_it_is_needed(directory):
    """The mutant lacks the criterion; only its effect on the outcome counts."""
    name = "duration: the criterion -> nothing"
    named = "{name: b, facts: {request: {duration_days: 8}}, expect: {criteria: {duration: not_met}}}"
    assert noticed(suite_of(directory, WELL, named), name) == ""
    outcome = named.replace("criteria: {duration: not_met}", "recommendation: not_recommended")
    assert noticed(suite_of(directory, WELL, outcome), name) == "b"


DATES = "in_force:\n  - {version: 1.1.0, from: 2010-01-01, to: 2020-12-31, by: decision}\n"


def test_dates_are_noticed_by_a_stated_period(directory):
    for head, left in (("", 6), (DATES, 0)):
        suite = suite_of(directory, WELL, head=head)
        found = [m for m in mutants_of(suite.newest, DICTIONARY) if m.kind == "date"]
        assert len(found) == 6
        assert sum(not Judge(suite, Pieces()).noticed_by(m) for m in found) == left


def test_every_survivor_of_a_small_policy_is_told_apart_by_a_case(directory):
    """The case is real: the policy and the mutant differ on it, in the manner that it names."""
    suite = suite_of(directory, WELL)
    pieces = Pieces()
    rows = known_rows(suite.newest, suite)
    for found in mutants_of(suite.newest, DICTIONARY):
        if found.kind == "date":
            continue
        telling = distinguish(found, rows, pieces)
        assert isinstance(telling, Telling), found.id
        expected = observe(pieces.policy(found.original), telling.row, telling.manner)
        actual = observe(pieces.policy(found.policy), telling.row, telling.manner)
        assert expected == telling.expected
        assert expected.differs(actual)


def test_the_test_that_is_printed_notices_the_mutant(directory):
    """Pasted into the file, the test passes, and the mutant is noticed from then on."""
    for name in [m.id for m in mutants_of(suite_of(directory, WELL).newest, DICTIONARY) if m.kind != "date"]:
        suite = suite_of(directory, WELL)
        if noticed(suite, name):
            continue
        found = mutant(suite, name)
        telling = distinguish(found, known_rows(suite.newest, suite), Pieces())
        draft = draft_for(suite.newest, telling, suite, DICTIONARY)
        text = as_yaml(draft.data(suite.base, DICTIONARY))
        directory.write(FILE, pasted(read_document(directory.root / FILE), [], [text]))
        [after] = read_suites(directory.load())
        assert after.issues == (), text
        assert [result.differences for result in run_suite(after)] == [(), ()], text
        assert Judge(after, Pieces()).noticed_by(mutant(after, name)) == draft.name


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        # A whole number above 3 is one from 4 on.
        ("care.conservative_weeks > 3", "care.conservative_weeks >= 4", Verdict.SAME),
        ("request.postoperative", "!(!request.postoperative)", Verdict.SAME),
        ("care.conservative_weeks > 3", "care.conservative_weeks > 4", None),
    ],
)
def test_expressions_that_say_the_same_are_proven_so(directory, before, after, verdict):
    directory.replace("odg/unit/policy.yaml", "care.conservative_weeks >= 4", before)
    suite = suite_of(directory, WELL)
    leaf = next(leaf for leaf in suite.newest.leaves if leaf.id == "weeks")
    changed = replace(leaf, when=after, node=check(after, DICTIONARY))
    other = Mutant(
        id="x", kind="x", where="weeks", before="", after="", original=suite.newest,
        policy=with_criterion(suite.newest, leaf, changed),
    )  # fmt: skip
    found = distinguish(other, known_rows(suite.newest, suite), Pieces())
    assert found is verdict if verdict else isinstance(found, Telling)


def test_the_score_is_rounded_down(directory):
    found = score(suite_of(directory, WELL).newest, suite_of(directory, WELL), DICTIONARY)
    assert found.percent == 100 * found.noticed // found.total
    assert found.noticed + len(found.survivors) == found.total


EXPLAINED = "survivors:\n  - {{mutant: '{}', reason: The source counts started days.}}\n"


def test_an_explained_survivor_counts_as_guarded(directory):
    plain = suite_of(directory, WELL)
    suite = suite_of(directory, WELL, head=EXPLAINED.format(SEVEN_TO_EIGHT))
    before, after = (score(found.newest, found, DICTIONARY) for found in (plain, suite))
    assert len(after.open) == len(before.open) - 1
    assert after.percent > before.percent
    assert after.issues == ()


WRONG = {
    "duration: request.duration_days <= 9 -> 8": "unknown-mutant",
    SEVEN_TO_SIX: "noticed-mutant",
}


@pytest.mark.parametrize("name", WRONG)
def test_an_explanation_that_is_out_of_date_is_an_error(directory, name):
    suite = suite_of(directory, WELL, head=EXPLAINED.format(name))
    [issue] = score(suite.newest, suite, DICTIONARY).issues
    assert (issue.rule, str(issue.place)) == (WRONG[name], "policies/odg/unit/tests.yaml:5:14")


def test_the_policies_of_the_project_notice_every_slip_or_say_why_not(pytestconfig):
    """Slow when something is missing, since a case is looked for then; quick when nothing is."""
    loaded = PolicyLibrary.load(Path(pytestconfig.rootpath) / "policies").loaded
    scores = [
        score(policy, suite, loaded.dictionary)
        for suite in read_suites(loaded)
        for policy in versions_to_mutate(suite)
        if policy.status is PolicyStatus.RELEASED
    ]
    assert [issue for found in scores for issue in found.issues] == []
    assert [f"{found.policy.reference}: {left.mutant.id}" for found in scores for left in found.open] == []
