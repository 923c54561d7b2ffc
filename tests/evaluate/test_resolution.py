"""Who governs, by example: the rules of the search sequence and of unknown scopes, one by one."""

import pytest
from evaluate.world import (
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

UNKNOWN = Tree("&&", parts=(service("unit"), atom("request.region")))
REST = Tree("&&", parts=(service("unit"), Tree("!", parts=(atom("request.region"),))))


def approves(id, scope=None):
    """A policy whose criterion is met in the cases below."""
    return simple(id, "exam.a", scope=scope)


def waits(id, scope=None):
    """A policy whose criterion is not documented in the cases below."""
    return simple(id, "exam.b", scope=scope)


def determine(drafts, *ranks, facts=None, changes=None, **chosen):
    data = case({"exam.a": True, **(facts or {})}, **(changes or {}))
    return only(library(drafts, *ranks).evaluate(data, **chosen))


def said(determination):
    return determination.recommendation.value, determination.reason.value


def states(determination):
    return " ".join(f"{s.source.id}:{s.state.value}" for s in determination.sources)


SILENT_MTUS = silent("mtus/x")

RULES = {
    # the sequence
    "a silent source gives way to the next": (
        [SILENT_MTUS, approves("odg/x")],
        ("mtus", "odg"),
        ("recommended", "criteria"),
        "mtus:silent odg:governs",
    ),
    "the highest that speaks governs": (
        [not_recommended("mtus/x"), approves("odg/x")],
        ("mtus", "odg"),
        ("not_recommended", "criteria"),
        "mtus:governs odg:outranked",
    ),
    "a source that nobody has encoded is not silent": (
        [approves("odg/x")],
        ("mtus", "odg"),
        ("undetermined", "not_encoded"),
        "mtus:not_encoded odg:outranked",
    ),
    "nor is one of equal rank": (
        [SILENT_MTUS, approves("odg/x")],
        ("mtus", "acoem odg"),
        ("undetermined", "not_encoded"),
        "mtus:silent acoem:not_encoded odg:may_govern",
    ),
    "a source below one that governs is not missed": (
        [approves("mtus/x")],
        ("mtus", "odg"),
        ("recommended", "criteria"),
        "mtus:governs odg:outranked",
    ),
    "a silent source of equal rank does not stand in the way": (
        [silent("acoem/x"), approves("odg/x")],
        ("acoem odg",),
        ("recommended", "criteria"),
        "acoem:silent odg:governs",
    ),
    "all sources are silent": (
        [SILENT_MTUS, silent("odg/x")],
        ("mtus", "odg"),
        ("undetermined", "all_silent"),
        "mtus:silent odg:silent",
    ),
    "a policy on another service is no policy": (
        [Draft(id="odg/x", scope=service("block"), stance="not_recommended")],
        ("odg",),
        ("undetermined", "not_encoded"),
        "odg:not_encoded",
    ),
    # disagreement
    "equal ranks that agree": (
        [approves("acoem/x"), approves("odg/x")],
        ("acoem odg",),
        ("recommended", "criteria"),
        "acoem:governs odg:governs",
    ),
    "equal ranks that disagree are in conflict": (
        [not_recommended("acoem/x"), approves("odg/x")],
        ("acoem odg",),
        ("undetermined", "conflict"),
        "acoem:governs odg:governs",
    ),
    "two policies of one source that disagree are in conflict": (
        [not_recommended("odg/x"), approves("odg/y")],
        ("odg",),
        ("undetermined", "conflict"),
        "odg:governs",
    ),
    "one of equal rank is open": (
        [waits("acoem/x"), approves("odg/x")],
        ("acoem odg",),
        ("undetermined", "missing_facts"),
        "acoem:governs odg:governs",
    ),
    "a policy beside a silent one of the same source speaks for it": (
        [silent("odg/x"), approves("odg/y")],
        ("odg",),
        ("recommended", "criteria"),
        "odg:governs",
    ),
    # a scope that is not documented
    "what the only policy that may govern says stands": (
        [not_recommended("odg/x", scope=UNKNOWN)],
        ("odg",),
        ("not_recommended", "criteria"),
        "odg:may_govern",
    ),
    "it stands although a lower source would say otherwise, as the rest of its guideline is not known": (
        [not_recommended("mtus/x", scope=UNKNOWN), approves("odg/x")],
        ("mtus", "odg"),
        ("not_recommended", "criteria"),
        "mtus:may_govern odg:outranked",
    ),
    "where the rest is silent, the lower source may govern": (
        [not_recommended("mtus/x", scope=UNKNOWN), silent("mtus/y", scope=REST), approves("odg/x")],
        ("mtus", "odg"),
        ("undetermined", "unknown_scope"),
        "mtus:may_govern odg:governs",
    ),
    "and where both say the same, that stands": (
        [approves("mtus/x", scope=UNKNOWN), silent("mtus/y", scope=REST), approves("odg/x")],
        ("mtus", "odg"),
        ("recommended", "criteria"),
        "mtus:may_govern odg:governs",
    ),
    "what may govern and is open leaves the request open": (
        [waits("mtus/x", scope=UNKNOWN), silent("mtus/y", scope=REST), approves("odg/x")],
        ("mtus", "odg"),
        ("undetermined", "missing_facts"),
        "mtus:may_govern odg:governs",
    ),
    "a lower rank that is reached and not encoded blocks": (
        [approves("mtus/x", scope=UNKNOWN), silent("mtus/y", scope=REST)],
        ("mtus", "odg"),
        ("undetermined", "not_encoded"),
        "mtus:may_govern odg:not_encoded",
    ),
    "a policy that surely applies beside one that may and disagrees": (
        [approves("odg/x"), not_recommended("odg/y", scope=UNKNOWN)],
        ("odg",),
        ("undetermined", "unknown_scope"),
        "odg:governs",
    ),
    "a disagreement that no answer can settle is a conflict": (
        [approves("acoem/x"), not_recommended("odg/x", scope=UNKNOWN)],
        ("acoem odg",),
        ("undetermined", "conflict"),
        "acoem:governs odg:may_govern",
    ),
    "a disagreement below a policy that may govern is open, not a conflict": (
        [
            approves("mtus/x", scope=UNKNOWN),
            silent("mtus/y", scope=REST),
            approves("odg/x"),
            not_recommended("odg/y"),
        ],
        ("mtus", "odg"),
        ("undetermined", "unknown_scope"),
        "mtus:may_govern odg:governs",
    ),
    "a disagreement of which nothing is sure is open, not a conflict": (
        [approves("odg/x", scope=UNKNOWN), not_recommended("odg/y", scope=UNKNOWN)],
        ("odg",),
        ("undetermined", "unknown_scope"),
        "odg:may_govern",
    ),
}


@pytest.mark.parametrize(("drafts", "ranks", "expected", "sources"), RULES.values(), ids=RULES)
def test_who_governs(drafts, ranks, expected, sources):
    determination = determine(drafts, *ranks)
    assert said(determination) == expected
    assert states(determination) == sources


def test_a_gap_may_be_passed_over_when_the_caller_says_so():
    determination = determine([approves("odg/x")], "mtus", "acoem odg", allow_not_encoded=True)
    assert said(determination) == ("recommended", "criteria")
    assert states(determination) == "mtus:not_encoded acoem:not_encoded odg:governs"
    assert [source.source.id for source in determination.not_encoded] == ["mtus", "acoem"]


def test_passing_over_gaps_down_to_the_end_is_no_silence():
    """Absent is not silent: nobody has established that the sources say nothing."""
    assert said(determine([], "mtus", "odg", allow_not_encoded=True)) == ("undetermined", "not_encoded")
    assert said(determine([SILENT_MTUS], "mtus", "odg", allow_not_encoded=True)) == (
        "undetermined",
        "not_encoded",
    )


def test_a_conflict_names_those_that_disagree():
    determination = determine([not_recommended("acoem/x"), approves("odg/x"), waits("odg/y")], "acoem odg")
    assert said(determination) == ("undetermined", "conflict")
    assert [trace.policy.id for trace in determination.conflict] == ["acoem/x", "odg/x"]
    assert [trace.policy.id for trace in determination.governing] == ["acoem/x", "odg/x", "odg/y"]


# --- the words of the review ---------------------------------------------------------------------------

LIMITED = simple("odg/x", "exam.a", "request.days")


@pytest.mark.parametrize(
    ("drafts", "facts", "imr", "utilization_review"),
    [
        ([approves("odg/x")], {}, "overturned", "approve"),
        ([not_recommended("odg/x")], {}, "upheld", "deny"),
        ([LIMITED], {"request.days": 60}, "upheld", "modify"),
        ([LIMITED], {"request.days": 60, "exam.a": False}, "upheld", "deny"),
        ([LIMITED], {"request.days": 60, "exam.a": None}, "upheld", "deny"),
        ([waits("odg/x")], {}, "undetermined", "request_information"),
        (
            [approves("odg/x"), not_recommended("odg/y", scope=UNKNOWN)],
            {},
            "undetermined",
            "request_information",
        ),
        ([approves("odg/x"), not_recommended("odg/y")], {}, "undetermined", "undetermined"),
        ([silent("odg/x")], {}, "undetermined", "undetermined"),
        ([], {}, "undetermined", "undetermined"),
    ],
)
def test_the_outcome_in_the_words_of_the_review(drafts, facts, imr, utilization_review):
    for review, expected in (("imr", imr), ("utilization_review", utilization_review)):
        determination = determine(drafts, "odg", facts=facts, changes={"review": review})
        assert determination.outcome.value == expected
        assert determination.requires_review is (expected not in ("overturned", "approve"))


@pytest.mark.parametrize(
    ("drafts", "sequence", "review"),
    [
        ([approves("odg/x")], "odg", False),
        ([approves("odg/x", scope=UNKNOWN)], "odg", True),
        ([approves("odg/x", scope=UNKNOWN), approves("odg/y")], "odg", False),
    ],
)
def test_an_approval_by_a_policy_that_may_not_apply_is_for_a_reviewer(drafts, sequence, review):
    """A supported request is a draft too as long as no policy behind it is known to apply."""
    determination = determine(drafts, sequence, facts={})
    assert determination.outcome.value == "overturned"
    assert determination.requires_review is review


# --- groups, exclusions, conditions --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "count", "values", "expected"),
    [
        ("all", 0, "TT", "recommended"),
        ("all", 0, "T?", "undetermined"),
        ("all", 0, "?F", "not_recommended"),
        ("any", 0, "T?", "recommended"),
        ("any", 0, "F?", "undetermined"),
        ("any", 0, "FF", "not_recommended"),
        ("at_least", 2, "TTF", "recommended"),
        ("at_least", 2, "TT?", "recommended"),
        ("at_least", 2, "TF?", "undetermined"),
        ("at_least", 2, "T??", "undetermined"),
        ("at_least", 2, "FF?", "not_recommended"),
        ("at_least", 3, "T?F", "not_recommended"),
        ("at_least", 1, "???", "undetermined"),
    ],
)
def test_groups_follow_kleene(kind, count, values, expected):
    names = ["exam.a", "exam.b", "exam.c"][: len(values)]
    leaves = tuple(Leaf(f"c{i}", atom(fact)) for i, fact in enumerate(names))
    policy = Draft(id="odg/x", scope=service("unit"), criteria=Members(kind, leaves, count))
    facts = {fact: {"T": True, "F": False, "?": None}[v] for fact, v in zip(names, values, strict=True)}
    assert determine([policy], "odg", facts=facts).recommendation.value == expected


def excluding(*, presumed):
    both = Tree("&&", parts=(atom("exam.b"), atom("exam.c")))
    return Draft(
        id="odg/x",
        scope=service("unit"),
        criteria=Members("all", (Leaf("yes", atom("exam.a")),)),
        exclusions=(Leaf("excluded", both, presumed=presumed),),
    )


@pytest.mark.parametrize(
    ("presumed", "facts", "strict", "expected", "listed"),
    [
        (False, {"exam.b": True, "exam.c": True}, False, "not_recommended", []),
        (False, {"exam.b": False}, False, "recommended", []),
        (False, {"exam.b": True}, False, "undetermined", []),
        (True, {"exam.b": True}, False, "recommended", ["excluded"]),
        (True, {"exam.b": True, "exam.c": True}, False, "not_recommended", []),
        (True, {"exam.b": False}, False, "recommended", []),
        (True, {"exam.b": True}, True, "undetermined", []),
        (True, {}, True, "undetermined", []),
    ],
)
def test_exclusions_and_presumptions(presumed, facts, strict, expected, listed):
    determination = determine([excluding(presumed=presumed)], "odg", facts=facts, strict=strict)
    assert determination.recommendation.value == expected
    assert [leaf.criterion.id for leaf in determination.presumed] == listed


def test_nothing_is_presumed_about_a_fact_in_conflict():
    determination = determine([excluding(presumed=True)], "odg", changes=in_conflict("exam.b"))
    assert determination.recommendation.value == "undetermined"
    assert determination.presumed == ()
    [use] = [
        u
        for leaf in determination.governing[0].criteria
        for u in determination.fact_uses(leaf)
        if u.conflicting
    ]
    assert [(s.value, s.record) for s in use.conflicting] == [(True, "report"), (False, "note")]
    assert use.value is None


def test_a_fact_in_conflict_counts_as_not_documented_whatever_else_the_case_says():
    changes = in_conflict("exam.a")
    assert determine([approves("odg/x")], "odg", changes=changes).missing.open == ("exam.a",)


@pytest.mark.parametrize(
    ("timing", "value", "expected"),
    [
        ("prospective", False, "recommended"),
        ("prospective", None, "recommended"),
        ("retrospective", True, "recommended"),
        ("retrospective", False, "not_recommended"),
        ("retrospective", None, "undetermined"),
    ],
)
def test_conditions_count_afterwards_only(timing, value, expected):
    policy = Draft(
        id="odg/x",
        scope=service("unit"),
        criteria=Members("all", (Leaf("yes", atom("exam.a")),)),
        conditions=(Leaf("relief", atom("exam.b")),),
    )
    determination = determine([policy], "odg", facts={"exam.b": value}, changes={"timing": timing})
    assert determination.recommendation.value == expected
    assert [leaf.criterion.id for leaf in determination.conditions] == ["relief"]
    expected_open = ("exam.b",) if expected == "undetermined" else ()
    assert determination.missing.open == expected_open


def test_a_policy_that_is_not_recommended_needs_no_facts():
    determination = determine([not_recommended("odg/x")], "odg", facts={"exam.a": None})
    assert said(determination) == ("not_recommended", "criteria")
    assert determination.governing[0].criteria == ()
