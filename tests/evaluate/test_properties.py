"""Properties of evaluation on random libraries and cases."""

import json
import pickle
from dataclasses import replace

from evaluate import reference
from evaluate.strategies import FACTS, World, cases, facts_of, options, worlds
from evaluate.world import ATOMS, case, only
from hypothesis import assume, given
from hypothesis import strategies as st

from imrpolicy.evaluate import PolicyLibrary, Recommendation, Status, Timing, replay
from imrpolicy.evaluate.formula import outcome
from imrpolicy.evaluate.missing import Absent, AtLeast, Choice, Known, Negation, Open, Presumed

STATUS = {True: Status.MET, False: Status.NOT_MET, None: Status.NOT_DOCUMENTED}
OPPOSITES = {
    (Recommendation.RECOMMENDED, Recommendation.NOT_RECOMMENDED),
    (Recommendation.NOT_RECOMMENDED, Recommendation.RECOMMENDED),
}


def with_fact(data, fact, value):
    """A case with one more fact documented."""
    group, _, name = fact.partition(".")
    data = json.loads(json.dumps(data))
    if group == "request":
        data["requests"][0]["facts"][name] = value
    else:
        data["facts"].setdefault(group, {})[name] = value
    return data


@given(worlds(), cases(), options())
def test_a_determination_is_what_the_design_says(world, data, chosen):
    determination = only(world.library.evaluate(data, **chosen))
    manner = {
        "retrospective": determination.case.timing is Timing.RETROSPECTIVE,
        "in_conflict": frozenset(data.get("conflicting", ())),
    }
    facts = facts_of(data)
    expected = reference.determine(world, facts, **manner, **chosen)
    assert determination.recommendation == expected.recommendation
    assert determination.reason == expected.reason
    assert {trace.policy.id for trace in determination.governing} == expected.governing
    drafts = {draft.id: draft for draft in world.drafts}
    for trace in determination.policies:
        draft = drafts[trace.policy.id]
        said = reference.says(draft, facts, strict=chosen["strict"], **manner)
        assert trace.recommendation == said
        for leaf, written in zip(trace.criteria, draft.leaves, strict=True):
            assert leaf.status is STATUS[written.tree.says(facts)]


@given(worlds(has=False), cases(conflicts=False), options(), st.sampled_from(FACTS), st.booleans())
def test_one_more_fact_never_turns_an_outcome_around(world, data, chosen, fact, value):
    """But for a presumption about that very fact."""
    assume(facts_of(data).get(fact) is None)
    before = only(world.library.evaluate(data, **chosen))
    after = only(
        world.library.evaluate(with_fact(data, fact, getattr(ATOMS[fact], str(value).lower())), **chosen)
    )
    if (before.recommendation, after.recommendation) in OPPOSITES:
        assert fact in {use.fact.path for leaf in before.presumed for use in before.fact_uses(leaf)}


@given(worlds(), cases(), options())
def test_strict_never_recommends_what_is_not_recommended_otherwise(world, data, chosen):
    library = world.library
    strict = only(library.evaluate(data, **{**chosen, "strict": True}))
    if strict.recommendation is Recommendation.RECOMMENDED:
        assert (
            only(library.evaluate(data, **{**chosen, "strict": False})).recommendation
            is strict.recommendation
        )
    assert strict.presumed == ()


@given(worlds(), cases(), options())
def test_a_fact_that_nothing_reads_changes_nothing(world, data, chosen):
    read = set().union(*(draft.atoms for draft in world.drafts))
    unread = [fact for fact in FACTS if fact not in read and facts_of(data).get(fact) is None]
    before = only(world.library.evaluate(data, **chosen))
    for fact in unread:
        after = only(world.library.evaluate(with_fact(data, fact, ATOMS[fact].true), **chosen))
        assert _decided(after) == _decided(before)


@given(worlds(), cases(), options(), st.permutations(range(3)))
def test_the_order_of_sources_within_a_rank_changes_nothing_but_the_order(world, data, chosen, order):
    ranks = tuple(tuple(rank[i] for i in order if i < len(rank)) for rank in world.ranks)
    one = only(world.library.evaluate(data, **chosen))
    other = only(World(world.drafts, ranks).library.evaluate(data, **chosen))
    assert (one.recommendation, one.reason, one.outcome) == (
        other.recommendation,
        other.reason,
        other.outcome,
    )
    assert {s.source.id: s.state for s in one.sources} == {s.source.id: s.state for s in other.sources}


@given(worlds(), cases(), options(), st.randoms(use_true_random=False))
def test_the_same_is_determined_however_one_comes_to_it(world, data, chosen, random):
    """A second time, from the case as read, from policies in another order, and through `pickle`."""
    library = world.library
    determinations = library.evaluate(data, **chosen)
    record = only(determinations).to_dict()
    shuffled = list(world.loaded.policies)
    random.shuffle(shuffled)
    for again in (
        library.evaluate(library.read_case(data), **chosen),
        PolicyLibrary(replace(world.loaded, policies=tuple(shuffled))).evaluate(data, **chosen),
        pickle.loads(pickle.dumps(determinations)),
    ):
        assert again == determinations
        assert only(again).to_dict() == record


@given(worlds(), cases(), options())
def test_a_record_fits_its_schema_and_holds(world, data, chosen):
    library = world.library
    determination = only(library.evaluate(data, **chosen))
    record = determination.to_dict()
    stored = json.loads(json.dumps(record))
    assert stored == record
    assert list(library.loaded.schemas.validator("determination").iter_errors(stored)) == []
    replayed = replay(library, stored)
    assert replayed.holds, replayed.differences
    assert replayed.determination.to_dict() == replayed.current.to_dict() == record


@given(worlds(), worlds(), cases(), options())
def test_new_policies_and_versions_do_not_undo_what_was_decided(world, other, data, chosen):
    record = only(world.library.evaluate(data, **chosen)).to_dict()
    newer = tuple(replace(draft, version="2.0.0") for draft in other.drafts if _is_named(draft, world))
    grown = World(world.drafts + newer, world.ranks)
    replayed = replay(grown.library, record)
    assert replayed.holds, replayed.differences
    assert replayed.determination.to_dict() == record
    assert replayed.current == only(grown.library.evaluate(record["case"], **chosen))


def _is_named(draft, world):
    return any(draft.source in rank for rank in world.ranks)


@given(worlds(), cases(), options())
def test_the_formulas_say_what_the_walk_says(world, data, chosen):
    determination = only(world.library.evaluate(data, **chosen))
    recommended, not_recommended = outcome(determination.sources, determination._setting)
    assert (_now(recommended) is True) is (determination.recommendation is Recommendation.RECOMMENDED)
    assert (_now(not_recommended) is True) is (determination.recommendation is Recommendation.NOT_RECOMMENDED)


def _now(formula):
    """The value of a formula as long as nothing more is documented."""
    match formula:
        case Known():
            return formula.value
        case Open():
            return None
        case Absent():
            return False
        case Negation():
            value = _now(formula.of)
            return None if value is None else not value
        case Presumed():
            return _now(formula.of) is True
        case Choice():
            condition = _now(formula.condition)
            return None if condition is None else _now(formula.then if condition else formula.otherwise)
        case AtLeast():
            values = [_now(part) for part in formula.parts]
            met, failed = values.count(True), values.count(False)
            return True if met >= formula.count else False if failed > len(values) - formula.count else None


def _decided(determination):
    return (
        determination.outcome,
        determination.reason,
        determination.governing,
        determination.sources,
        determination.supported,
        determination.missing,
    )


def test_a_case_of_the_small_world_is_a_case():
    assert facts_of(case({"exam.a": True})) == {"exam.a": True, "request.service": "unit"}
