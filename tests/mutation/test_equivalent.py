"""Mutants that no case tells from their policy: what is proven of them, and what is said without a prover."""

import contextlib
import io
import json

import pytest
from policy.directory import SCHEMAS

from imrpolicy.cli import mutation_text, reasoning
from imrpolicy.cli.main import main
from imrpolicy.cli.reasoning import reasoner
from imrpolicy.mutation import search
from imrpolicy.mutation.mutants import mutants_of
from imrpolicy.mutation.observe import Manner, observe
from imrpolicy.mutation.opinion import Bounded, Shown, Verdict
from imrpolicy.mutation.piecewise import Pieces
from imrpolicy.mutation.score import known_rows, score
from imrpolicy.mutation.search import Telling, distinguish
from imrpolicy.policy import Schemas
from imrpolicy.testing import read_suites

pytest.importorskip("z3", reason="the extra `prove` is not installed")

DICTIONARY = Schemas(SCHEMAS).dictionary
TESTS = """\
policy: odg/unit
base:
  request: {service: continuous_flow_cryotherapy, postoperative: true, duration_days: 7}
  care: {conservative_weeks: 10}
tests:
  - {name: a, expect: {recommendation: recommended}}
"""
DURATION = "    - id: duration\n"
# Ten weeks are three weeks, so that the second of these adds nothing; trying cases cannot settle that.
IMPLIED = """\
    - id: long
      text: There were ten weeks of care.
      when: care.conservative_weeks >= 10
    - id: short
      text: There were three weeks of care.
      when: care.conservative_weeks >= 3
"""
# Outside of the scope the service is another one, so that no block ever matters.
OUTSIDE = """\
    - id: outside
      text: No other service with a block.
      when: >-
        !(has(request.service) && request.service == "other"
          && history.prior_blocks.exists(block, block.relief_percent >= 50))
"""
DROPPED = "short: the criterion -> nothing"
# Four weeks are among the ten as well, so that the group of signs adds nothing either.
EQUIVALENT = ["signs: the group -> nothing", DROPPED]
WITHIN = "outside: block.relief_percent >= 50 -> block.relief_percent >= 51"


@pytest.fixture
def with_criteria(directory):
    """The small policy with more criteria, and one test in its newest version only."""

    def make(text):
        directory.replace("odg/unit/policy.yaml", DURATION, text + DURATION)
        directory.write("odg/unit/tests.yaml", TESTS)
        (directory.root / "odg/unit/versions/1.0.0.yaml").unlink()
        [suite] = read_suites(directory.load())
        assert suite.issues == ()
        return suite

    return make


def mutant(suite, name):
    return next(found for found in mutants_of(suite.newest, DICTIONARY) if found.id == name)


def told(suite, name, **how):
    return distinguish(mutant(suite, name), known_rows(suite.newest, suite), Pieces(), **how)


def test_what_another_criterion_implies_is_proven_to_change_nothing(with_criteria):
    suite = with_criteria(IMPLIED)
    assert told(suite, DROPPED) is Verdict.UNKNOWN
    assert told(suite, DROPPED, reasoner=reasoner(DICTIONARY)) is Verdict.PROVEN


def test_what_is_proven_does_not_count_and_what_is_not_does(with_criteria):
    suite = with_criteria(IMPLIED)
    without = score(suite.newest, suite, DICTIONARY)
    found = score(suite.newest, suite, DICTIONARY, reasoner=reasoner(DICTIONARY))
    assert [other.id for other in found.proven] == EQUIVALENT
    assert without.proven == ()
    assert DROPPED in [left.mutant.id for left in without.open]
    assert found.total == without.total - len(EQUIVALENT)
    assert found.noticed + len(found.survivors) == found.total


def test_a_proof_about_lists_of_records_is_said_to_be_one_and_counts_against_the_score(with_criteria):
    suite = with_criteria(OUTSIDE)
    found = told(suite, WITHIN, reasoner=reasoner(DICTIONARY))
    assert found == Bounded(lists=(("history.prior_blocks", 3),))
    left = {
        survivor.mutant.id: survivor
        for survivor in score(suite.newest, suite, DICTIONARY, reasoner=reasoner(DICTIONARY)).open
    }
    assert left[WITHIN].within == (("history.prior_blocks", 3),)
    assert left[WITHIN].telling is None


def test_a_list_that_does_not_matter_does_not_bound_a_proof(with_criteria):
    suite = with_criteria(IMPLIED + OUTSIDE)
    assert told(suite, DROPPED, reasoner=reasoner(DICTIONARY)) is Verdict.PROVEN


@pytest.mark.parametrize("scope", ["", " && request.duration_days > 5"])
def test_the_prover_and_the_search_never_contradict_each_other(with_criteria, directory, monkeypatch, scope):
    """Each mutant is told apart by both or by none; a quantity that a limit cuts may be one of the scope."""
    directory.replace("odg/unit/policy.yaml", '"continuous_flow_cryotherapy"\n',
                      f'"continuous_flow_cryotherapy"{scope}\n')  # fmt: skip
    suite = with_criteria(IMPLIED)
    names = [found.id for found in mutants_of(suite.newest, DICTIONARY) if found.kind != "date"]
    searched = {name: told(suite, name) for name in names}
    monkeypatch.setattr(search, "_BEFORE_REASONING", 0)
    monkeypatch.setattr(search._Search, "says_the_same", lambda _: False)
    proven = {name: told(suite, name, reasoner=reasoner(DICTIONARY)) for name in names}
    assert {name for name in names if isinstance(searched[name], Telling)} == {
        name for name in names if isinstance(proven[name], Telling)
    }
    assert all(found is not Verdict.UNKNOWN for found in proven.values())
    pieces = Pieces()
    for name, telling in proven.items():
        if isinstance(telling, Telling):
            found = observe(pieces.policy(mutant(suite, name).policy), telling.row, telling.manner)
            expected = observe(pieces.policy(suite.newest), telling.row, telling.manner)
            assert expected.differs(found)


def test_a_case_that_no_evaluation_confirms_is_none(with_criteria):
    suite = with_criteria(IMPLIED)
    row = known_rows(suite.newest, suite)[0]
    shown = Shown(row=row, manner=Manner())
    assert told(suite, DROPPED, reasoner=lambda *_: shown) is Verdict.UNKNOWN


def test_once_the_budget_is_spent_nothing_more_is_claimed(with_criteria, monkeypatch):
    suite = with_criteria(IMPLIED)
    monkeypatch.setattr(reasoning, "_BUDGET", 0)
    assert told(suite, DROPPED, reasoner=reasoner(DICTIONARY)) is Verdict.UNKNOWN


def test_what_lies_outside_of_the_scope_is_found_without_the_prover(with_criteria):
    suite = with_criteria(
        "    - id: outside\n      text: Not that one.\n"
        '      when: request.service in ["continuous_flow_cryotherapy", "other"]\n'
    )
    assert told(suite, 'outside: request.service in [...] -> without "other"') is Verdict.SAME


# --- on the command line --------------------------------------------------------------------------------


def test_what_is_proven_is_printed_and_does_not_lower_the_score(with_criteria, imrpolicy):
    with_criteria(IMPLIED + OUTSIDE)
    ran = imrpolicy("test", "--mutate")
    assert f": equivalent (proven): {DROPPED}\n" in ran.out
    said = ran.out.partition(f"not noticed: {WITHIN}\n")[2].partition("policies/")[0]
    assert " ".join(said.split()).startswith(
        "proven: no case with up to 3 of `history.prior_blocks` tells it"
    )
    assert "2 more equivalent, proven by z3" in " ".join(ran.out.split())
    [data] = json.loads(imrpolicy("test", "--mutate", "--format", "json").out)["mutation"]
    assert data["equivalent"] == EQUIVALENT
    assert {s["mutant"]: s["equal_up_to"] for s in data["survivors"]}[WITHIN] == {"history.prior_blocks": 3}


def test_without_the_prover_one_line_says_what_would_help(with_criteria, imrpolicy, monkeypatch):
    with_criteria(IMPLIED)
    assert "pip install" not in imrpolicy("test", "--mutate").out
    monkeypatch.setattr(reasoning, "has_prover", lambda: False)
    monkeypatch.setattr(mutation_text, "has_prover", lambda: False)
    out = imrpolicy("test", "--mutate").out
    assert f"not noticed: {DROPPED}\n  no case was found" in out
    assert out.count('help: `pip install "imrpolicy[prove]"`') == 1


def test_an_explanation_stays_right_where_the_prover_agrees(with_criteria, directory, imrpolicy):
    """The plain installation needs it, and it must not fail where there is more."""
    with_criteria(IMPLIED)
    head = f"survivors:\n  - {{mutant: '{DROPPED}', reason: The other one implies it.}}\ntests:\n"
    directory.write("odg/unit/tests.yaml", TESTS.replace("tests:\n", head))
    out = imrpolicy("test", "--mutate").out
    assert f": explained: {DROPPED}\n" in out
    assert "error[" not in out


# --- progress -------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """What is written to a terminal."""

    def isatty(self):
        return True


@pytest.mark.parametrize("option", ["--mutate", "--suggest"])
def test_a_terminal_is_shown_how_far_it_is(with_criteria, imrpolicy, monkeypatch, option):
    with_criteria(IMPLIED)
    plain = imrpolicy("test", option)
    assert plain.err == ""
    out, terminal = io.StringIO(), Terminal()
    monkeypatch.setattr("imrpolicy.progress._EVERY", 0.001)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(terminal):
        main(["test", option])
    shown = terminal.getvalue()
    assert out.getvalue() == plain.out
    assert " in odg/unit: " in shown
    assert " left  " in shown
    last = shown.split("\r")[-2]
    assert last
    assert not last.strip()
    assert shown.endswith("\r")
    assert "\n" not in shown
