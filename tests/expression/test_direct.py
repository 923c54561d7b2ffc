"""What is read directly is what cel-python's grammar gives, to the last place in the text."""

import pytest
from expression.strategies import expressions, values
from hypothesis import example, given
from hypothesis import strategies as st

from imrpolicy.expression import ExpressionError
from imrpolicy.expression.direct import read_directly
from imrpolicy.expression.grammar import read_with_grammar

PIECES = st.sampled_from(
    r"""a b.c request.duration_days true false in null as if trueish inside 7 0 1.5 007 1. .5 1e3 -1 -
    7u 0x1 "" "x" 'y' "a\"b" "in" "(" '(' && || ! == != < <= > >= + * / % ( ) [ ] , . ? : // { } ;
    r"x" b'x' \""" é "é" exists( size( .exists(v, has( a.b( $ @ = & |""".split()
) | st.sampled_from([" ", "\n", "\t", "\r", "\r\n"])


@st.composite
def altered(draw):
    """An expression with one stretch of it replaced."""
    text = draw(expressions())
    start = draw(st.integers(0, len(text)))
    return text[:start] + draw(PIECES) + text[start + draw(st.integers(0, 3)) :]


@given(
    st.one_of(
        expressions(),
        values(),
        altered(),
        st.lists(PIECES, max_size=9).map(" ".join),
        st.lists(PIECES, max_size=9).map("".join),
    )
)
@example("(a.b) ? (c.d) : (e.f)")
@example("!(!(a.b) == c.d)")
@example("a.b in [1,2] in [true]")
@example("a.b ? c.d : e.f ? true : false")
def test_direct_reading_and_the_grammar_agree(text):
    syntax = read_directly(text)
    if syntax is not None:
        assert syntax == read_with_grammar(text)


@pytest.mark.parametrize(
    "text",
    [
        'request.service == "continuous_flow_cryotherapy"',
        'request.body_region in ["shoulder", "knee"]',
        "!exam.sensory_deficit || imaging.foraminal_facet_encroachment",
        'history.blocks.exists(b, b.kind == "facet" && b.relief_percent >= 50)',
        "has(history.blocks) && size(history.blocks) <= 2\n  || days_between(dates.injury, dates.seen) > 28",
        "request.postoperative ? request.duration_days <= 7 : request.unit_cost < 12.5",
    ],
)
def test_the_usual_forms_are_read_directly(text):
    assert read_directly(text) is not None


@pytest.mark.parametrize(
    "text", ["", "a.b -", "a.b - 1", "-1", "a.b // why", "a.b[0]", r'"\n"', "7u", "(a.b).c", "a.b.c"]
)
def test_all_else_is_left_to_the_grammar(text):
    assert read_directly(text) is None


@pytest.mark.parametrize(
    "write",
    [
        lambda n: "(" * n + "a.b" + ")" * n,
        lambda n: "!" * n + "a.b",
        lambda n: "!(" * n + "a.b" + ")" * n,
        lambda n: "1 + " * n + "1",
        lambda n: "a.b ? c.d : " * n + "e.f",
        lambda n: "(a.b || (c.d && " * n + "e.f" + "))" * n,
        lambda n: "x.all(y, y in [1] && " * n + "true" + ")" * n,
        lambda n: "size(" * n + "a.b" + ")" * n,
        lambda n: "a.b" + ".f()" * n,
    ],
)
def test_depth_is_never_underestimated(write):
    for count in [*range(1, 60), 300, 1_000]:
        syntax = read_directly(write(count))
        if syntax is not None:
            assert syntax == read_with_grammar(write(count))
    assert syntax is None  # of the deepest


def test_a_mistake_is_explained_as_before():
    with pytest.raises(ExpressionError, match="a single `=` does not compare"):
        read_with_grammar("request.duration_days = 7")
