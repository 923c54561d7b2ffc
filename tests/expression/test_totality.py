"""Nothing goes wrong in another way than by `ExpressionError`; what was accepted never goes wrong at all."""

import time

import pytest
from expression import runtimes
from expression.dictionary import DICTIONARY
from expression.strategies import expressions, values, with_cases
from hypothesis import example, given
from hypothesis import strategies as st

from imrpolicy.expression import ExpressionError, check, compile_nodes, facts_of, in_english, unparse

check("true", DICTIONARY)  # makes the parser, so that the times below are those of the texts
PIECES = st.sampled_from(
    """request.duration_days request.service pain.radicular care.scores history.blocks b b.relief v size(
    double( has( .exists(b, .all(b, .filter(b, .exists_one(b, .startsWith( date( days_between( && || ! ? : ==
    != < <= > >= + - * / % in ( ) [ ] { } , . 7 0 -1 2.5 1e9 0x1F 9223372036854775807 9223372036854775808 7u
    .5 7. true false null "shoulder" 'knee' "\\" r'a' b'a' \"""a\""" "\\u00e9" "\\q" // ` ; = & | matches(
    map( request for""".split()
) | st.sampled_from("\n\t\r\0\u202e\ud800\u00e9\u0430 ")
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=st.characters(max_codepoint=127), max_size=80),
    st.lists(PIECES, max_size=25).map(" ".join),
    st.lists(PIECES, max_size=25).map("".join),
)


@st.composite
def mutated(draw):
    """A good expression with a few characters or pieces changed."""
    text = draw(expressions())
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 12)))
        middle = draw(st.one_of(st.just(""), st.text(max_size=2), PIECES, st.just(text[start:end] * 2)))
        text = text[:start] + middle + text[end:]
    return text


@given(TEXTS | mutated())
@example("")
@example(" ")
@example("\0")
@example('"\\')
@example("request.duration_days{}")
@example("true == (")
@example("a.b ? true")
def test_any_text_is_accepted_or_refused_with_places_in_it(text):
    start = time.perf_counter()
    problems = ()
    try:
        assert_total(check(text, DICTIONARY), [{}])
    except ExpressionError as error:
        problems = error.problems
    assert time.perf_counter() - start < 2
    for problem in problems:
        assert 0 <= problem.span.start < problem.span.end <= max(1, len(text)), problem
        assert problem.message
        assert problem.rule


@given(with_cases(values() | expressions(), boolean=False))
def test_what_is_accepted_never_fails(drawn):
    _, node, cases = drawn
    assert_total(node, [{}, *cases])


def assert_total(node, cases):
    function = compile_nodes([node, node])
    for case in cases:
        first, second = function(runtimes.row_of(case))
        assert first == second
    assert in_english(node)
    assert unparse(node)
    assert set(facts_of(node)) <= set(DICTIONARY.facts)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param("true || " * 200_000 + "true", "too-long", id="a megabyte and more"),
        pytest.param("(" * 10_000 + "true" + ")" * 10_000, "too-long", id="10,000 brackets"),
        pytest.param("(" * 1_900 + "true" + ")" * 1_900, "too-deep", id="brackets that fit the length"),
        pytest.param("(" * 3_999, "syntax", id="open brackets"),
        pytest.param("!" * 3_900 + "true", "too-deep", id="a row of nots"),
        pytest.param("-" * 3_900 + "1 == 1", "too-deep", id="a row of minuses"),
        pytest.param("[" * 1_900 + "]" * 1_900, "too-deep", id="nested lists"),
        pytest.param("1+" * 1_900 + "1 == 1", "too-deep", id="a long sum"),
        pytest.param("true ? true : " * 200 + "true", "too-deep", id="a ladder of choices"),
        pytest.param("a." * 1_900 + "a", "too-deep", id="a long path"),
        pytest.param("size(" * 600 + "1" + ")" * 600, "too-deep", id="nested calls"),
        pytest.param(
            "care.scores.all(a, " * 4 + "true" + ")" * 4, "name-taken", id="one variable for all loops"
        ),
        pytest.param(
            "care.scores.all(a, care.scores.all(b, care.scores.all(c, true)))", "too-deep", id="three loops"
        ),
        pytest.param("true\0", "syntax", id="a NUL"),
        pytest.param("tr\u200bue", "syntax", id="a space without width"),
        pytest.param('pain.words == "\u202eab"', "syntax", id="text from right to left"),
        pytest.param('pain.words == "\ud800"', "syntax", id="half a character"),
        pytest.param('pain.words == "a\tb"', "syntax", id="a tab inside a text"),
        pytest.param("true\u00a0|| true", "syntax", id="a space that does not break"),
        pytest.param("p\u0430in.radicular", "syntax", id="a cyrillic letter"),
        pytest.param(
            'request.body_region == "sh\u043eulder"', "unknown-value", id="a cyrillic letter in a text"
        ),
        pytest.param("true // \u2028\n", "syntax", id="a line separator in a comment"),
        pytest.param("true\r&& false", "syntax", id="a lone carriage return"),
        pytest.param("\uff11 == \uff11", "syntax", id="wide digits"),
    ],
)
def test_hostile_text_is_refused_at_once(text, rule):
    start = time.process_time()
    with pytest.raises(ExpressionError) as caught:
        check(text, DICTIONARY)
    assert time.process_time() - start < 2
    assert {problem.rule for problem in caught.value.problems} == {rule}


def test_long_chains_are_no_depth():
    text = " || ".join(["pain.radicular"] * 200)
    function = compile_nodes([check(text, DICTIONARY)])
    assert function(runtimes.row_of({"pain": {"radicular": False}})) == (False,)
    assert check(unparse(check(text, DICTIONARY)), DICTIONARY)
