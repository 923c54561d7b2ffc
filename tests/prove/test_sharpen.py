"""Which open facts can really change the outcome."""

from evaluate.strategies import cases, options, worlds
from evaluate.world import Draft, Leaf, Members, case, library, only, service
from hypothesis import given, settings
from prove.text import Text

from imrpolicy.evaluate import Recommendation
from imrpolicy.prove.sharpen import sharpen


@settings(max_examples=200)
@given(worlds(), cases(), options())
def test_where_comparisons_are_independent_the_prover_finds_the_same_facts(world, data, asked):
    """Every fact of this world is read by one comparison, so that nothing is there to sharpen."""
    determination = only(world.library.evaluate(data, **asked))
    if determination.recommendation is not Recommendation.UNDETERMINED:
        return
    found = sharpen(determination)
    assert found.unknown == ()
    assert {fact for fact, _ in found.ranked} == set(determination.missing.open)


def determined(*texts, facts=None):
    leaves = tuple(Leaf(f"c{n}", Text(text)) for n, text in enumerate(texts))
    draft = Draft(id="odg/t", scope=service("unit"), criteria=Members("any", leaves))
    return only(library((draft,), "odg").evaluate(case(facts)))


def test_a_fact_that_would_have_to_be_two_things_at_once_is_dropped():
    """Days below 3 are never above 9, so that the sessions are never asked for where it matters."""
    determination = determined("request.days < 3 && (request.days > 9 ? request.sessions < 4 : true)")
    assert set(determination.missing.open) == {"request.days", "request.sessions"}
    found = sharpen(determination)
    assert found.dropped == ("request.sessions",)
    assert [fact for fact, _ in found.ranked] == ["request.days"]


def test_facts_that_are_known_settle_what_they_can():
    """With 5 days no comparison of days is open."""
    found = sharpen(determined("request.days < 3", "care.weeks >= 4", facts={"request.days": 5}))
    assert [fact for fact, _ in found.ranked] == ["care.weeks"]


def test_the_ranking_puts_first_what_settles_most():
    """The fact that alone suffices, before one of two that are needed together."""
    determination = determined("care.weeks >= 4", "request.days <= 7 && request.sessions < 4")
    ranked = determination.missing.ranked
    assert ranked[0][0] == "care.weeks"
    assert [share for _, share in ranked] == sorted((share for _, share in ranked), reverse=True)
    assert all(0 < share <= 1 for _, share in ranked)
