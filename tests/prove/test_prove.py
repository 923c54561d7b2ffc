"""What proofs find, and that an evaluation of each case shows it."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import z3
from evaluate.world import DICTIONARY, Draft, Leaf, Members, library, not_recommended, service, simple
from prove.text import Text

from imrpolicy.evaluate import PolicyLibrary, Recommendation, Status
from imrpolicy.policy import DatedBy, Effective
from imrpolicy.prove import RULES, Weight, prove
from imrpolicy.prove.proof import Answer, Prover

EXAM = next(path for path in DICTIONARY.by_path if path.startswith("exam."))
OTHER = [path for path in DICTIONARY.by_path if path.startswith("exam.")][1]


def policy(*criteria, kind="all", exclusions=(), scope=None, id="odg/t", **changes):
    """A policy from expressions; one that begins with `limit:` is a limit."""
    leaves = tuple(
        Leaf(f"c{n}", Text(text.removeprefix("limit:")), limit=text.startswith("limit:"))
        for n, text in enumerate(criteria)
    )
    against = tuple(Leaf(f"x{n}", Text(text)) for n, text in enumerate(exclusions))
    return Draft(
        id=id,
        scope=scope or service("unit"),
        criteria=Members(kind, leaves),
        exclusions=against,
        **changes,
    )


def found(*drafts, ranks=("odg",)):
    return [one for one in prove(library(drafts, *ranks)).findings if one.rule != "gap-in-scope"]


def rules(*drafts, ranks=("odg",)):
    return [
        (one.rule, one.message.split("`")[1]) for one in found(*drafts, ranks=ranks) if "`" in one.message
    ]


BETWEEN = "request.days >= 3 && request.days <= 9"


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (policy(EXAM, "request.days <= 7"), []),
        (policy(EXAM, "request.days < 3 && request.days > 5"), [("never-met", "c1")]),
        (policy(EXAM, "request.days >= 0"), [("never-fails", "c1")]),
        (policy(EXAM, scope=Text(f'request.service == "unit" && {EXAM}')), [("never-fails", "c0")]),
        (policy(EXAM, "limit:request.days <= 400"), [("limit-out-of-reach", "c1")]),
        (policy(BETWEEN, "request.days <= 12"), [("implied", "c1")]),
        (policy(BETWEEN, "request.days <= 12", kind="any"), [("implied", "c0")]),
        # Less documented, the wider one can fail before the narrower does.
        (policy(f"{EXAM} ? request.days <= 5 : false", "request.days <= 7"), []),
        (policy(EXAM, exclusions=[f"{EXAM} || {OTHER}"]), [("swallows-everything", "x0")]),
        (policy(EXAM, exclusions=[OTHER]), []),
        (policy(EXAM, exclusions=["request.days > 400"]), [("never-met", "x0")]),
    ],
)
def test_parts_that_cannot_matter(draft, expected):
    told = [one for one in rules(draft) if one[0] != "recommends-nothing"]
    assert told == expected


def test_a_policy_that_can_recommend_nothing():
    [one] = found(policy("request.days <= 3", "request.days >= 8"))
    assert one.rule == "recommends-nothing"
    assert one.weight is Weight.FINDING


def test_a_scope_that_nothing_comes_under():
    [one] = found(
        policy(EXAM, scope=Text('request.service == "unit" && request.days < 2 && request.days > 3'))
    )
    assert (one.rule, one.witness) == ("never-applies", None)


def test_policies_of_one_source_that_contradict_each_other():
    """The case shows the conflict: one recommends, the other does not, and nothing is determined."""
    drafts = (simple("odg/a", EXAM), not_recommended("odg/b"))
    [one] = found(*drafts)
    assert one.rule == "overlap"
    [determination] = library(drafts, "odg").evaluate(one.to_case(), as_of=one.setting.day)
    assert determination.reason.value == "conflict"


def test_sources_of_equal_rank_may_disagree():
    drafts = (simple("acoem/a", EXAM), not_recommended("odg/b"))
    [one] = found(*drafts, ranks=("acoem odg",))
    assert (one.rule, one.weight) == ("equal-rank", Weight.NOTE)
    assert prove(library(drafts, "acoem odg")).is_fine
    [determination] = library(drafts, "acoem odg").evaluate(one.to_case(), as_of=one.setting.day)
    assert determination.reason.value == "conflict"
    assert found(*drafts, ranks=("acoem", "odg")) == []


def test_policies_that_are_never_in_force_together_do_not_contradict():
    early = Effective(start=dt.date(2000, 1, 1), end=dt.date(2009, 12, 31), by=DatedBy.DECISION)
    late = Effective(start=dt.date(2010, 1, 1), by=DatedBy.DECISION)
    assert found(simple("odg/a", EXAM, effective=early), not_recommended("odg/b", effective=late)) == []


def test_a_gap_in_time():
    early = Effective(start=dt.date(2000, 1, 1), end=dt.date(2009, 12, 31), by=DatedBy.DECISION)
    late = Effective(start=dt.date(2010, 1, 3), by=DatedBy.DECISION)
    drafts = (simple("odg/a", EXAM, effective=early), simple("odg/b", EXAM, effective=late))
    [one] = found(*drafts)
    assert (one.rule, one.setting.day) == ("gap-in-time", dt.date(2010, 1, 1))
    [determination] = library(drafts, "odg").evaluate(one.to_case(), as_of=one.setting.day)
    assert determination.reason.value == "not_encoded"
    closed = replace(drafts[1], effective=replace(late, start=dt.date(2010, 1, 1)))
    assert found(drafts[0], closed) == []


def test_a_scope_that_covers_only_a_part_is_a_note():
    drafts = (simple("odg/a", "request.days", scope=Text(f'request.service == "unit" && {EXAM}')),)
    [one] = prove(library(drafts, "odg")).findings
    assert (one.rule, one.weight) == ("gap-in-scope", Weight.NOTE)
    assert one.witness.value(EXAM) is False


def test_what_the_prover_gives_up_on_is_unknown_and_never_fine(monkeypatch):
    monkeypatch.setattr(Prover, "_ask", lambda *_: (Answer.UNKNOWN, None))
    proof = prove(library((policy(EXAM),), "odg"))
    assert {one.rule for one in proof.findings} == {"not-known"}
    assert any("cover all of" in one.message for one in proof.findings)
    assert not proof.is_fine


def test_stopping_the_prover_from_the_keyboard_stops_the_proof():
    """It keeps the signal to itself, and would go on with the next question."""

    class Stopped:
        def __getattr__(self, _):
            return lambda *_: None

        def check(self):
            return z3.unknown

        def reason_unknown(self):
            return "interrupted from keyboard"

    prover = Prover(DICTIONARY)
    prover._solver = Stopped()
    with pytest.raises(KeyboardInterrupt):
        prover.possible(True)


def test_the_least_time_is_not_all_the_time_in_the_world(monkeypatch):
    """To the prover, 0 means without end."""
    given = []
    monkeypatch.setattr(z3.Solver, "set", lambda _, *setting: given.append(setting))
    Prover(DICTIONARY, 0.0001)
    assert given == [("timeout", 1)]


# --- the real library ----------------------------------------------------------------------------------

REAL = Path(__file__).parents[2] / "policies"


@pytest.fixture(scope="module")
def real():
    loaded = PolicyLibrary.load(REAL)
    return loaded, prove(loaded)


def test_the_cases_of_the_real_library_are_confirmed_by_an_evaluation(real):
    loaded, proof = real
    assert {one.rule for one in proof.findings} <= RULES.keys()
    cases = [one for one in proof.findings if one.to_case() is not None]
    assert cases
    for one in cases:
        [determination] = loaded.evaluate(
            one.to_case(), as_of=one.setting.day, include_drafts=one.setting.drafts
        )
        traces = {trace.policy.reference: trace for trace in determination.policies}
        said = {traces[p.reference].recommendation for p in one.policies if p.reference in traces}
        match one.rule:
            case "equal-rank" | "overlap":
                assert said == {Recommendation.RECOMMENDED, Recommendation.NOT_RECOMMENDED}, one.message
            case "gap-in-time" | "gap-in-scope":
                assert said == set(), one.message
            case "recommends-nothing":
                assert Recommendation.RECOMMENDED not in said
            case _:
                assert traces[one.policies[0].reference].applies is Status.MET, one.message


def test_nothing_of_the_real_library_stays_unknown(real):
    assert real[1].of(Weight.UNKNOWN) == ()
