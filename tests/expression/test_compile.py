"""What the compiled function computes, and that it is Kleene's logic."""

import datetime as dt
from itertools import product

import pytest
from expression.dictionary import DICTIONARY
from expression.runtimes import row_of

from imrpolicy.expression import check, compile_nodes
from imrpolicy.expression.numeric import truncated_quotient, truncated_remainder

UNKNOWN = None
THREE = (True, False, UNKNOWN)
AND = {(True, True): True, (True, None): None, (None, True): None, (None, None): None}
OR = {(False, False): False, (False, None): None, (None, False): None, (None, None): None}


def value(text, case=None, *, boolean=False):
    return compile_nodes([check(text, DICTIONARY, boolean=boolean)])(row_of(case or {}))[0]


def pain(radicular=None, constant=None):
    return {"pain": {"radicular": radicular, "constant": constant}}


@pytest.mark.parametrize(("a", "b"), list(product(THREE, THREE)))
def test_and_and_or_are_kleenes(a, b):
    case = pain(a, b)
    assert value("pain.radicular && pain.constant", case) is AND.get((a, b), False)
    assert value("pain.radicular || pain.constant", case) is OR.get((a, b), True)


@pytest.mark.parametrize(("a", "expected"), [(True, False), (False, True), (UNKNOWN, UNKNOWN)])
def test_not(a, expected):
    assert value("!pain.radicular", pain(a)) is expected


@pytest.mark.parametrize(("a", "b"), list(product(THREE, THREE)))
def test_a_comparison_with_an_unknown_is_unknown(a, b):
    expected = UNKNOWN if UNKNOWN in (a, b) else a == b
    assert value("pain.radicular == pain.constant", pain(a, b)) is expected


@pytest.mark.parametrize(
    ("a", "expected"), [(True, "yes"), (False, "no"), (UNKNOWN, UNKNOWN)], ids=["true", "false", "unknown"]
)
def test_a_choice_is_unknown_where_its_condition_is(a, expected):
    assert value('pain.radicular ? "yes" : "no"', pain(a)) == expected


def test_a_choice_does_not_look_at_what_it_does_not_choose():
    assert value("pain.radicular ? 1 : size(pain.words)", pain(True)) == 1


def test_has_is_never_unknown():
    assert value("has(pain.words)") is False
    assert value("has(pain.words)", {"pain": {"words": ""}}) is True
    assert value("has(care.scores)", {"care": {"scores": []}}) is True
    blocks = {"history": {"blocks": [{"relief": 0}, {}]}}
    assert value("history.blocks.exists(b, has(b.relief))", blocks) is True
    assert value("history.blocks.all(b, has(b.relief))", blocks) is False
    assert value("history.blocks.exists(b, has(b.levels))", blocks) is False


def blocks(*reliefs):
    return {"history": {"blocks": [{} if relief is None else {"relief": relief} for relief in reliefs]}}


@pytest.mark.parametrize(
    ("reliefs", "exists", "every", "one", "number"),
    [
        ((), False, True, False, 0),
        ((90,), True, True, True, 1),
        ((10,), False, False, False, 0),
        ((90, 90), True, True, False, 2),
        ((10, 90), True, False, True, 1),
        ((None,), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        ((None, 90), True, UNKNOWN, UNKNOWN, UNKNOWN),
        ((90, None), True, UNKNOWN, UNKNOWN, UNKNOWN),
        ((None, 10), UNKNOWN, False, UNKNOWN, UNKNOWN),
        ((10, None), UNKNOWN, False, UNKNOWN, UNKNOWN),
        ((90, 90, None), True, UNKNOWN, UNKNOWN, UNKNOWN),
        ((10, None, 90), True, False, UNKNOWN, UNKNOWN),
    ],
)
def test_lists_with_elements_that_are_unknown(reliefs, exists, every, one, number):
    case = blocks(*reliefs)
    assert value("history.blocks.exists(b, b.relief >= 80)", case) is exists
    assert value("history.blocks.all(b, b.relief >= 80)", case) is every
    assert value("history.blocks.exists_one(b, b.relief >= 80)", case) is one
    assert value("size(history.blocks.filter(b, b.relief >= 80))", case) == number


@pytest.mark.parametrize(
    "text",
    [
        "history.blocks.exists(b, true)",
        "history.blocks.all(b, false)",
        "history.blocks.exists_one(b, true)",
        "size(history.blocks.filter(b, true)) == 0",
        "size(history.blocks) == 0",
        '"L3-L4" in request.levels',
        "pain.words.contains(pain.words)",
        "days_between(dates.injury, dates.injury) == 0",
        "-pain.score == 0",
        "pain.score - pain.score == 0",
        "double(pain.score) == 0.0",
        "pain.site == pain.site",
    ],
)
def test_what_is_not_documented_is_unknown(text):
    assert value(text) is UNKNOWN


def test_loops_in_loops_see_both_variables():
    case = {"history": {"blocks": [{"relief": 3, "pulses": [1, 2]}, {"relief": 2, "pulses": [2]}]}}
    assert value("history.blocks.exists(b, b.pulses.exists(p, p == 1 && b.relief == 3))", case) is True
    assert value("history.blocks.all(b, b.pulses.exists(p, p == 1 && b.relief == 3))", case) is False
    assert value("[1, 2].all(n, history.blocks.exists(b, n in b.pulses))", case) is True


@pytest.mark.parametrize(("a", "b"), list(product((-7, -6, 0, 6, 7), (-3, -1, 1, 2))))
def test_whole_division_goes_towards_zero(a, b):
    quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
    assert value(f"({a}) / {b}") == truncated_quotient(a, b) == quotient
    assert value(f"({a}) % {b}") == truncated_remainder(a, b) == a - b * quotient


def test_the_least_whole_number_divides():
    assert value("-9223372036854775808 / 2") == -(2**62)
    assert value("-9223372036854775808 % 2") == 0
    assert value("9223372036854775807 / -1") == -(2**63 - 1)


def test_decimal_numbers():
    assert value("7.0 / 2.0") == 3.5
    assert value("-(0.0) == 0.0") is True
    assert value("0.1 + 0.2 == 0.3") is False
    assert value("2 == 2.0 && 2 < 2.5 && 2.5 > 2 && 2 != 2.5") is True
    assert value("2 in [1.5, 2.0]") is True
    assert value("2.0 in [1, 2]") is True


def test_dates():
    case = {"dates": {"injury": "2012-02-28", "request": "2012-03-01"}}
    assert value("days_between(dates.injury, dates.request)", case) == 2
    assert value("days_between(dates.request, dates.injury)", case) == -2
    assert value("weeks_between(dates.injury, dates.request)", case) == 0
    assert value('weeks_between(date("2012-01-15"), date("2012-01-01"))') == -2
    assert value('weeks_between(date("2012-01-14"), date("2012-01-01"))') == -1
    assert value('days_between(date("0001-01-01"), date("9999-12-31"))') == 3652058
    assert value("dates.injury < dates.request && dates.injury != dates.request", case) is True
    assert value('dates.injury in [date("2012-02-28")]', case) is True
    assert value('date("2012-02-28")') == dt.date(2012, 2, 28)


def test_texts():
    case = {"pain": {"words": "h\u00e9 \U0001f600"}}
    assert value("size(pain.words)", case) == 4
    assert value("pain.words.size()", case) == 4
    assert value('pain.words.startsWith("h\\u00e9") && pain.words.endsWith("\\U0001F600")', case) is True
    assert value('pain.words.contains("") && !pain.words.contains("H")', case) is True
    assert value('"a\\"b" == "a\\u0022b"') is True


def test_constants_of_one_spelling_and_several_types_stay_apart():
    assert value('1 == 1.0 && "1" != "2" && true', None) is True
    assert value("true in [true] && 1 in [1] && 1.0 in [1.0]") is True
    assert compile_nodes([check(t, DICTIONARY, boolean=False) for t in ("[true]", "[1]", "[1.0]")])(
        row_of({})
    ) == ((True,), (1,), (1.0,))


def test_several_expressions_share_one_function():
    nodes = [check(text, DICTIONARY) for text in ("pain.radicular", "!pain.radicular", "pain.score > 3")]
    assert compile_nodes(nodes)(row_of(pain(True))) == (True, False, UNKNOWN)
    assert compile_nodes([])(row_of({})) == ()


def test_nothing_that_an_author_wrote_reaches_the_source():
    """A text is passed in as an object: quotation marks in it cannot end anything."""
    text = 'pain.words == \'") or __import__("os").abort() #\''
    assert value(text, {"pain": {"words": "x"}}) is False
