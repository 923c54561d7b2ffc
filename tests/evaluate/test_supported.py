"""What would be supported where nothing but a limit stands in the way."""

from dataclasses import replace

import pytest
from evaluate.world import Draft, Leaf, Members, Tree, atom, case, library, only, service, simple

from imrpolicy.evaluate import CompiledPolicy
from imrpolicy.evaluate.supported import supported_quantities
from imrpolicy.expression import check
from imrpolicy.facts import dictionary_from
from imrpolicy.policy import Criterion, Group, Limit


def limit(fact):
    return Leaf(f"limit_{fact.partition('.')[2]}", atom(fact), limit=True)


def policy(*members, kind="all", id="odg/x", **changes):
    return Draft(id=id, scope=service("unit"), criteria=Members(kind, members), **changes)


def supported(*drafts, ranks=("odg",), **facts):
    named = {path.replace("__", "."): value for path, value in facts.items()}
    found = only(library(list(drafts), *ranks).evaluate(case(named, review="utilization_review")))
    return {q.fact.path: q.supported for q in found.supported}, found.outcome.value


YES = Leaf("yes", atom("exam.a"))
NO = Leaf("no", atom("exam.b"))


def test_the_limit_where_everything_else_is_met():
    found = supported(policy(YES, limit("request.days")), exam__a=True, request__days=60)
    assert found == ({"request.days": 7}, "modify")


@pytest.mark.parametrize("other", [False, None])
def test_nothing_where_something_else_is_not_met_or_not_documented(other):
    assert supported(policy(YES, limit("request.days")), exam__a=other, request__days=60) == ({}, "deny")


def test_a_second_limit_that_is_not_documented_is_not_met():
    both = policy(limit("request.days"), limit("request.sessions"))
    assert supported(both, request__days=60) == ({}, "deny")
    assert supported(both, request__days=60, request__sessions=3) == ({"request.days": 7}, "modify")


def test_two_exceeded_limits_are_both_named():
    both = policy(limit("request.days"), limit("request.sessions"))
    found = supported(both, request__days=60, request__sessions=9)
    assert found == ({"request.days": 7, "request.sessions": 3}, "modify")


def test_a_limit_that_decides_nothing_is_not_named():
    """The days go beyond their limit, but an alternative to it is met."""
    either = Members("any", (limit("request.days"), YES))
    found = supported(
        policy(either, limit("request.sessions")), exam__a=True, request__days=60, request__sessions=9
    )
    assert found == ({"request.sessions": 3}, "modify")


def test_few_cuts_are_better_than_many():
    either = Members("any", (limit("request.days"), limit("request.sessions")))
    found = supported(policy(either), request__days=60, request__sessions=9)
    assert len(found[0]) == 1


def test_an_exclusion_stands_in_the_way():
    excluded = policy(limit("request.days"), exclusions=(Leaf("excluded", atom("exam.b")),))
    assert supported(excluded, request__days=60, exam__b=True) == ({}, "deny")
    assert supported(excluded, request__days=60) == ({}, "deny")
    assert supported(excluded, request__days=60, exam__b=False) == ({"request.days": 7}, "modify")


def test_a_presumed_exclusion_does_not():
    presumed = policy(limit("request.days"), exclusions=(Leaf("excluded", atom("exam.b"), presumed=True),))
    assert supported(presumed, request__days=60) == ({"request.days": 7}, "modify")


def test_policies_of_equal_rank_support_what_all_of_them_do():
    drafts = [
        policy(limit("request.days"), id="acoem/x"),
        policy(limit("request.days"), limit("request.sessions")),
    ]
    found = supported(*drafts, ranks=("acoem odg",), request__days=60, request__sessions=9)
    assert found == ({"request.days": 7, "request.sessions": 3}, "modify")


def test_nothing_where_one_of_them_fails_on_something_else():
    drafts = [policy(limit("request.days"), id="acoem/x"), policy(YES)]
    found = supported(*drafts, ranks=("acoem odg",), request__days=60, exam__a=False)
    assert found == ({}, "deny")


def test_a_cut_that_another_criterion_forbids_is_no_offer():
    """The same comparison, negated: the days must be few and must not."""
    forbidden = policy(limit("request.days"), Leaf("not", Tree("!", parts=(atom("request.days"),))))
    assert supported(forbidden, request__days=60) == ({}, "deny")


def test_a_condition_that_is_not_met_stands_in_the_way_afterwards():
    conditional = policy(limit("request.days"), conditions=(Leaf("relief", atom("exam.b")),))
    evaluator = library([conditional], "odg")
    for timing, value, expected in (
        ("retrospective", False, 0),
        ("retrospective", None, 0),
        ("retrospective", True, 1),
        ("prospective", False, 1),
    ):
        data = case({"request.days": 60, "exam.b": value}, timing=timing)
        assert len(only(evaluator.evaluate(data)).supported) == expected


def test_nothing_is_supported_of_a_request_that_is_undetermined_or_recommended():
    limited = simple("odg/x", "exam.a", "request.days")
    assert supported(limited, request__days=None, exam__a=True)[0] == {}
    assert supported(limited, request__days=5, exam__a=True)[0] == {}


def _number(type_, minimum):
    return {"type": [type_, "null"], "minimum": minimum, "maximum": 400}


NUMBERS = dictionary_from(
    {
        "$defs": {
            "dates": {"type": "object", "additionalProperties": False, "properties": {}},
            "facts": {"type": "object", "properties": {}},
            "request_facts": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"whole": _number("integer", 0), "decimal": _number("number", 0)},
            },
        }
    }
)


@pytest.mark.parametrize(
    ("text", "supported", "is_reached"),
    [
        ("request.whole <= 7", 7, True),
        ("request.whole < 8", 7, True),
        ("request.whole <= 7.5", 7, True),
        ("request.whole < 7.5", 7, True),
        ("request.decimal <= 0.5", 0.5, True),
        ("request.decimal < 0.5", 0.5, False),
    ],
)
def test_the_greatest_value_within_a_limit(text, supported, is_reached):
    node = check(text, NUMBERS)
    found = Limit(fact=node.left.fact, most=node.right.value, inclusive=node.operator == "<=")
    assert (found.supported, found.is_reached) == (supported, is_reached)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("request.whole <= 0", 9, []),  # nothing is left to support
        ("request.whole < 1", 9, []),
        ("request.decimal < 0.5", 0.5, [(0.5, False)]),
        ("request.decimal < 0.5", 2, [(0.5, False)]),
        ("request.whole < 7.5", 9, [(7, True)]),
    ],
)
def test_what_is_offered_is_recommended_indeed(text, value, expected):
    node = check(text, NUMBERS)
    cap = Limit(fact=node.left.fact, most=node.right.value, inclusive=node.operator == "<=")
    leaf = Criterion(id="limit", text="A limit.", when=text, node=node, limit=cap)
    scope = check("has(request.whole) || has(request.decimal)", NUMBERS)
    model = replace(policy(YES).model(), criteria=Group(kind="all", members=(leaf,)), scope=scope)
    compiled = CompiledPolicy(model)
    row = [None, None]
    row[node.left.fact.index] = value
    manner = {"strict": False, "retrospective": False, "in_conflict": frozenset()}
    found = supported_quantities([(compiled, compiled.evaluate(row, **manner))], row, **manner)
    assert [(q.supported, q.inclusive) for q in found] == expected
