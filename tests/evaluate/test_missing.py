"""What is missing: exactly the facts that can change the outcome, and a smallest set that would be enough."""

from dataclasses import replace
from itertools import combinations, product

import pytest
from evaluate.strategies import cases, facts_of, options, worlds
from evaluate.world import (
    ATOMS,
    DICTIONARY,
    Draft,
    Leaf,
    Members,
    Tree,
    atom,
    case,
    in_conflict,
    library,
    not_recommended,
    only,
    service,
    silent,
    simple,
)
from hypothesis import given
from hypothesis import strategies as st

from imrpolicy.evaluate import Reason, Recommendation, missing
from imrpolicy.evaluate.missing import (
    Absent,
    AtLeast,
    Choice,
    Known,
    Negation,
    Open,
    Presumed,
    find_missing,
)

FEW = ("exam.a", "exam.b", "exam.c", "care.weeks", "request.days")


def outcomes(evaluator, data, facts, **chosen):
    """The recommendation for every way in which some facts are documented or not.

    The case is read once and its row changed, since reading it each time would take most of the time.
    """
    read = evaluator.read_case(data)
    [request] = read.requests
    found = {}
    for values in product(*([None, ATOMS[fact].true, ATOMS[fact].false] for fact in facts)):
        answers = {fact: value for fact, value in zip(facts, values, strict=True) if value is not None}
        row = list(request.row)
        for fact, value in answers.items():
            row[DICTIONARY.by_path[fact].index] = value
        settled = {f: said for f, said in request.conflicting.items() if f not in answers}
        altered = replace(read, requests=(replace(request, row=tuple(row), conflicting=settled),))
        found[frozenset(answers.items())] = only(evaluator.evaluate(altered, **chosen)).recommendation
    return found


def can_change(found, facts):
    """The facts which, documented, change the outcome for some answers to the others."""
    return {
        fact
        for answers, outcome in found.items()
        for fact in facts
        if fact in dict(answers)
        if found[answers - {(fact, dict(answers)[fact])}] is not outcome
    }


@given(worlds(facts=FEW, scope_has=False), cases(facts=FEW), options())
def test_open_facts_are_exactly_those_that_can_change_the_outcome(world, data, chosen):
    evaluator = world.library
    facts = [fact for fact in FEW if fact not in facts_of(data)]
    found = outcomes(evaluator, data, facts, **chosen)
    determination = only(evaluator.evaluate(data, **chosen))
    assert set(determination.could_change.open) == can_change(found, facts)
    if determination.recommendation is Recommendation.UNDETERMINED:
        assert determination.missing == determination.could_change
    else:
        assert determination.missing == missing.Missing()


@given(worlds(facts=FEW, scope_has=False), cases(facts=FEW), options())
def test_facts_to_recommend_are_a_smallest_set_that_does(world, data, chosen):
    evaluator = world.library
    facts = [fact for fact in FEW if fact not in facts_of(data)]
    found = outcomes(evaluator, data, facts, **chosen)
    enough = [frozenset(dict(a)) for a, outcome in found.items() if outcome is Recommendation.RECOMMENDED]
    named = frozenset(only(evaluator.evaluate(data, **chosen)).could_change.to_recommend)
    if not enough:
        assert named == frozenset()
    else:
        assert named in enough
        assert len(named) == min(map(len, enough))


# --- formulas ------------------------------------------------------------------------------------------

NAMES = "fghi"


def formulas():
    """Formulas whose comparisons share facts, as real ones seldom do."""
    keys = {"f": "f", "g": "g", "fg": "fg", "gh": "gh", "hi": "hi", "i": "i", "fhi": "fhi"}
    leaf = st.one_of(
        st.sampled_from([Open(key, frozenset(facts)) for key, facts in keys.items()]),
        st.sampled_from([Absent(name) for name in NAMES]),
        st.booleans().map(Known),
    )
    return st.recursive(
        leaf,
        lambda below: st.one_of(
            below.map(Negation),
            below.map(Presumed),
            st.builds(Choice, below, below, below),
            st.builds(
                lambda count, parts: AtLeast(min(count, len(parts)), tuple(parts)),
                st.integers(0, 3),
                st.lists(below, min_size=1, max_size=3),
            ),
        ),
        max_leaves=8,
    )


def value(formula, facts, says):
    """A formula once some facts are documented; `says` answers each comparison that they settle."""
    match formula:
        case Known():
            return formula.value
        case Open():
            return says[formula.key] if formula.facts <= facts else None
        case Absent():
            return formula.fact in facts
        case Negation():
            found = value(formula.of, facts, says)
            return None if found is None else not found
        case Presumed():
            return value(formula.of, facts, says) is True
        case Choice():
            condition = value(formula.condition, facts, says)
            return (
                None
                if condition is None
                else value((formula.otherwise, formula.then)[condition], facts, says)
            )
        case AtLeast():
            values = [value(part, facts, says) for part in formula.parts]
            if values.count(True) >= formula.count:
                return True
            return None if values.count(True) + values.count(None) >= formula.count else False


SETS = [frozenset(found) for size in range(5) for found in combinations(NAMES, size)]
ANSWERS = [
    dict(zip(("f", "g", "fg", "gh", "hi", "i", "fhi"), answers, strict=True))
    for answers in product([True, False], repeat=7)
]


@given(formulas(), formulas())
def test_the_search_agrees_with_trying_everything(recommended, not_recommended_formula):
    found = find_missing(recommended, not_recommended_formula, NAMES.index, ())
    table = {
        facts: [
            (value(recommended, facts, says) is True, value(not_recommended_formula, facts, says) is True)
            for says in ANSWERS
        ]
        for facts in SETS
    }
    expected = {name for facts in SETS for name in facts if table[facts] != table[facts - {name}]}
    assert found.open == tuple(sorted(expected))
    enough = [facts for facts in SETS if any(says for says, _ in table[facts])]
    assert set(found.to_recommend) in enough or not enough
    assert len(found.to_recommend) == min(map(len, enough), default=0)


def test_many_alternatives_are_no_trouble():
    """Five of thirty comparisons have 142,506 smallest answers."""
    parts = tuple(Open(f"k{i}", frozenset({f"f{i:02}"})) for i in range(30))
    formula = AtLeast(5, parts)
    found = find_missing(formula, Negation(formula), lambda fact: int(fact[1:]), ())
    assert found.exact
    assert len(found.open) == 30
    assert found.to_recommend == ("f00", "f01", "f02", "f03", "f04")


def test_beyond_the_limit_every_fact_is_named_and_the_result_says_so(monkeypatch):
    monkeypatch.setattr(missing, "MOST_STEPS", 10)
    parts = tuple(Open(f"k{i}", frozenset({f"f{i}"})) for i in range(9))
    formula = AtLeast(5, parts)
    found = find_missing(formula, Negation(formula), lambda fact: int(fact[1:]), ["f3", "f1", "f3"])
    assert (found.open, found.to_recommend, found.exact) == (("f1", "f3"), (), False)


def test_more_variables_than_are_looked_at_are_no_crash():
    parts = tuple(Open(f"k{i}", frozenset({f"f{i}"})) for i in range(1000))
    formula = AtLeast(1000, parts)
    assert not find_missing(formula, Negation(formula), lambda fact: int(fact[1:]), ["f1"]).exact


# --- by example ----------------------------------------------------------------------------------------


def missing_of(drafts, *ranks, facts=None, **chosen):
    return only(library(drafts, *ranks).evaluate(case(facts), **chosen)).missing


def test_only_what_can_change_the_outcome_is_open():
    """A branch of alternatives that is met makes the others needless."""
    either = Members("any", (Leaf("one", atom("exam.a")), Leaf("two", atom("exam.b"))))
    policy = Draft(
        id="odg/x",
        scope=service("unit"),
        criteria=Members("all", (either, Leaf("three", atom("exam.c")))),
    )
    found = missing_of([policy], "odg", facts={"exam.a": True})
    assert (found.open, found.to_recommend) == (("exam.c",), ("exam.c",))


def test_a_presumed_exclusion_is_open_but_not_needed():
    policy = simple("odg/x", "exam.a")
    policy = Draft(
        id="odg/x",
        scope=service("unit"),
        criteria=policy.criteria,
        exclusions=(Leaf("fusion", atom("exam.b"), presumed=True),),
    )
    found = missing_of([policy], "odg")
    assert (found.open, found.to_recommend) == (("exam.a", "exam.b"), ("exam.a",))
    strict = missing_of([policy], "odg", strict=True)
    assert strict.to_recommend == ("exam.a", "exam.b")


def test_a_scope_that_is_not_documented_is_open_where_it_decides_who_governs():
    knee = Tree("&&", parts=(service("unit"), atom("request.region")))
    drafts = [
        simple("mtus/knee", "exam.a", scope=knee),
        silent(
            "mtus/rest", scope=Tree("&&", parts=(service("unit"), Tree("!", parts=(atom("request.region"),))))
        ),
        not_recommended("odg/x"),
    ]
    determination = only(library(drafts, "mtus", "odg").evaluate(case({"exam.a": True})))
    assert determination.reason is Reason.UNKNOWN_SCOPE
    assert determination.missing.open == ("request.region",)
    assert determination.missing.to_recommend == ("request.region",)


def test_where_nothing_can_recommend_nothing_is_named():
    """Both policies wait for the same fact, and whatever it says, they disagree."""
    drafts = [
        simple("acoem/x", "exam.a"),
        Draft(
            id="odg/x",
            scope=service("unit"),
            criteria=Members("all", (Leaf("no", Tree("!", parts=(atom("exam.a"),))),)),
        ),
    ]
    assert missing_of(drafts, "acoem odg") == missing.Missing()


def test_a_field_of_an_entry_is_named_with_its_list():
    found = missing_of([simple("odg/x", "history.blocks")], "odg", facts={"history.blocks": [{}]})
    assert (found.open, found.to_recommend) == (("history.blocks[].kind",),) * 2


def test_what_asks_whether_something_is_documented_counts():
    """`has` makes a settled outcome depend on a fact that is not documented."""
    unless = Tree("||", parts=(Tree("!", parts=(Tree("has", "exam.b"),)), atom("exam.b")))
    policy = Draft(id="odg/x", scope=service("unit"), criteria=Members("all", (Leaf("unless", unless),)))
    determination = only(library([policy], "odg").evaluate(case()))
    assert determination.recommendation is Recommendation.RECOMMENDED
    assert determination.missing.open == ()
    assert determination.could_change.open == ("exam.b",)


def test_an_exclusion_with_a_fact_in_conflict_is_presumed_once_that_is_settled():
    policy = Draft(
        id="odg/x",
        scope=service("unit"),
        criteria=Members("all", (Leaf("yes", atom("exam.a")),)),
        exclusions=(Leaf("both", Tree("&&", parts=(atom("exam.b"), atom("exam.c"))), presumed=True),),
    )
    data = case({"exam.a": True}, **in_conflict("exam.b"))
    determination = only(library([policy], "odg").evaluate(data))
    assert determination.recommendation is Recommendation.UNDETERMINED
    assert determination.missing.to_recommend == ("exam.b",)
    assert determination.missing.open == ("exam.b", "exam.c")


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_the_order_of_what_is_missing_does_not_depend_on_the_hash_seed(seed, tmp_path):
    import os
    import subprocess
    import sys

    script = (
        "from evaluate.test_missing import *\n"
        "facts = ['exam.c', 'exam.a', 'exam.b']\n"
        "blocks = Members('any', tuple(Leaf(f'k{i}', atom(f)) for i, f in enumerate(facts)))\n"
        "print(missing_of([Draft(id='odg/x', scope=service('unit'), criteria=blocks)], 'odg'))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True
    )
    assert run.stdout.strip() == (
        "Missing(open=('exam.a', 'exam.b', 'exam.c'), to_recommend=('exam.a',), exact=True)"
    )
