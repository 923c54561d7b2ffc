"""Policies compared: by proof, and by trying every case of a small world."""

from dataclasses import replace
from itertools import product

import pytest
from evaluate.strategies import worlds
from evaluate.world import (
    ATOMS,
    DICTIONARY,
    Draft,
    Leaf,
    Members,
    atom,
    not_recommended,
    service,
    silent,
    simple,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from prove.text import Text

from imrpolicy.evaluate import CompiledPolicy, Timing
from imrpolicy.prove import Bump, Direction, Relation, Says, compare
from imrpolicy.prove.compare import _Side
from imrpolicy.prove.proof import Answer, Prover, Situation

FEW = (*[fact for fact in ATOMS if fact.startswith("exam.")][:2], "request.days", "history.blocks")


def values(fact):
    """Every value that matters of a fact: true, false, and not documented."""
    found = [None, ATOMS[fact].true, ATOMS[fact].false]
    if fact == "history.blocks":
        found += [[], [{}], [{"kind": "other"}, {}]]
    return found


def situations(facts):
    """Every case of the small world over some facts."""
    index = {path: fact.index for path, fact in DICTIONARY.by_path.items()}
    for service_asked in ("unit", "block", "other"):
        for chosen in product(*(values(fact) for fact in facts)):
            row = [None] * len(DICTIONARY.facts)
            row[index["request.service"]] = service_asked
            for fact, value in zip(facts, chosen, strict=True):
                row[index[fact]] = tuple(value) if isinstance(value, list) else value
            for timing in Timing:
                for strict in (False, True):
                    yield Situation(row=tuple(row), timing=timing, strict=strict)


@st.composite
def pairs(draw):
    """Two policies over the same few facts, often nearly the same."""
    drafts = draw(worlds(facts=FEW)).drafts
    if not drafts:
        drafts = (simple("odg/t0", FEW[0]),)
    old = drafts[0]
    new = draw(st.sampled_from(drafts))
    if new is old and old.criteria and draw(st.booleans()):
        extra = Leaf("extra", atom(draw(st.sampled_from(FEW))))
        new = replace(old, criteria=Members("all", (old.criteria, extra)))
    return old.model(), replace(new, version="1.0.1").model()


@settings(max_examples=120)
@given(pairs())
def test_a_comparison_is_what_every_case_shows(drawn):
    """Each transition that some case makes is found, and no other; so is that nothing changes."""
    old, new = drawn
    prover = Prover(DICTIONARY)
    sides = _Side(old, prover), _Side(new, prover)
    seen, amounts, applicability = set(), set(), False
    for situation in situations(FEW):
        says = tuple(side.says(situation) for side in sides)
        if says[0] is not says[1]:
            seen.add(says)
        elif says[0] is Says.NOT_RECOMMENDED:
            pair = tuple(side.amounts(situation) for side in sides)
            amounts |= {pair} if pair[0] != pair[1] else set()
        surely = {side.surely_applies(situation) for side in sides}
        applicability |= says[0] is says[1] is not Says.NOTHING and len(surely) > 1
    found = compare(old, new, dictionary=DICTIONARY)
    assert found.unknown == ()
    assert {(part.before, part.after) for part in found.transitions} == seen
    assert {(part.before, part.after) for part in found.quantities} == amounts
    assert (found.applicability is not None) == applicability
    assert (found.relation is Relation.EQUIVALENT) == (not seen and not amounts and not applicability)


@settings(max_examples=100)
@given(pairs())
def test_a_witness_is_confirmed_by_an_evaluation(drawn):
    old, new = drawn
    compiled = [CompiledPolicy(policy) for policy in drawn]
    found = compare(old, new, dictionary=DICTIONARY, reasons=True)
    for part in found.transitions:
        for witness in (part.witness, *(reason.witness for reason in part.reasons)):
            row = [None] * len(DICTIONARY.facts)
            for fact, value in witness.facts:
                row[fact.index] = value
            situation = Situation(row=tuple(row), timing=witness.timing, strict=witness.strict)
            said = []
            for policy in compiled:
                trace = policy.evaluate(situation.row, **situation.manner)
                spoke = trace is not None and trace.recommendation is not None
                said.append(trace.recommendation.value if spoke else "nothing")
            assert said == [part.before.value, part.after.value]


def limited(most, **changes):
    """A policy that supports the unit for so many days, after an examination."""
    text = f"request.days <= {most}"
    days = Leaf("days", Text(text), limit=True)
    fact = FEW[0]
    return Draft(
        id="odg/t",
        scope=service("unit"),
        criteria=Members("all", (Leaf("exam", atom(fact)), days)),
        **changes,
    )


def compared(old, new):
    return compare(old.model(), new.model(), dictionary=DICTIONARY)


def test_a_limit_that_is_lowered_takes_support_away():
    found = compared(limited(10), limited(7, version="1.1.0"))
    assert found.relation is Relation.ONLY_STRICTER
    assert (found.asked, found.declared, found.is_understated) == (Bump.MAJOR, Bump.MINOR, True)
    first = found.transitions[0]
    assert (first.before, first.after) == (Says.RECOMMENDED, Says.NOT_RECOMMENDED)
    assert first.witness.value("request.days") == 8
    [span] = first.witness.spans
    assert (span.least, span.most) == (8, 10)
    [quantity] = found.quantities
    assert (quantity.before, quantity.after) == ((("request.days", 10),), (("request.days", 7),))
    assert quantity.direction is Direction.STRICTER


def test_a_limit_that_is_raised_lets_more_through():
    found = compared(limited(7), limited(10, version="1.1.0"))
    assert found.relation is Relation.ONLY_LOOSER
    assert (found.asked, found.is_understated) == (Bump.MINOR, False)


def test_wording_alone_is_a_patch():
    found = compared(limited(7), replace(limited(7), version="1.0.1"))
    assert (found.relation, found.asked, found.is_understated) == (Relation.EQUIVALENT, Bump.PATCH, False)


@pytest.mark.parametrize(
    ("old", "new", "bump"),
    [
        (silent("odg/t"), not_recommended("odg/t"), Bump.MAJOR),
        (not_recommended("odg/t"), silent("odg/t"), Bump.MINOR),
        (limited(7), silent("odg/t"), Bump.MAJOR),
        (silent("odg/t"), limited(7), Bump.MAJOR),
    ],
)
def test_a_policy_that_begins_or_ceases_to_speak(old, new, bump):
    """To speak against what was left to others can take a recommendation away."""
    assert compared(old, new).asked is bump


def test_a_question_without_an_answer_is_unknown_and_never_fine(monkeypatch):
    """Also where nothing was found that differs."""
    monkeypatch.setattr(Prover, "_ask", lambda *_: (Answer.UNKNOWN, None))
    found = compared(limited(7), limited(7))
    assert found.relation is Relation.UNKNOWN
    assert "recommended -> not_recommended" in found.unknown
