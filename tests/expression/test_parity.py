"""Parity is the law: on every case the compiled function means what the other CEL runtimes mean."""

from pathlib import Path

import celpy
import pytest
import yaml
from expression import runtimes
from expression.dictionary import DICTIONARY
from expression.strategies import values, with_cases
from hypothesis import example, given
from hypothesis import strategies as st

from imrpolicy.expression import ExpressionError, check, compile_nodes, unparse, walk
from imrpolicy.expression.nodes import Documented, Filter, Quantifier

NONCONFORMING = yaml.safe_load(
    Path(__file__).with_name("nonconforming.cel_python.yaml").read_text(encoding="utf-8")
)
needs_cel_cpp = pytest.mark.skipif(
    runtimes.cel_cpp() is None,
    reason="cel-expr-python has no wheel for this platform",
)


def absorbs_no_errors(node):
    """Whether cel-python may give up where the specification has an answer: see the nonconforming cases."""
    return any(
        isinstance(part, Filter) or (isinstance(part, Quantifier) and part.kind == "exists_one")
        for part in walk(node)
    )


def agrees(node, expected, actual):
    if not absorbs_no_errors(node):
        return expected == actual
    return all(theirs in (mine, None) for mine, theirs in zip(expected, actual, strict=True))


@given(with_cases())
def test_cel_python_gives_the_same_status(drawn):
    text, node, cases = drawn
    expected = runtimes.ours(text, cases)
    assert agrees(node, expected, runtimes.cel_python(unparse(node), cases))
    if not runtimes.is_mixed(node):
        assert agrees(node, expected, runtimes.cel_python(text, cases))


@given(with_cases(missing=False))
def test_cel_python_gives_the_same_status_where_all_facts_are_documented(drawn):
    text, node, cases = drawn
    assert agrees(node, runtimes.ours(text, cases), runtimes.cel_python(unparse(node), cases))


@needs_cel_cpp
@given(with_cases())
def test_cel_cpp_gives_the_same_status(drawn):
    text, node, cases = drawn
    expected = runtimes.ours(text, cases)
    assert expected == runtimes.cel_cpp_dynamic(unparse(node), cases)
    if not runtimes.is_mixed(node):
        assert expected == runtimes.cel_cpp_dynamic(text, cases)


@needs_cel_cpp
@given(with_cases(missing=False))
def test_cel_cpp_accepts_the_types_and_gives_the_same_status(drawn):
    text, node, cases = drawn
    accepted = unparse(node) if runtimes.is_mixed(node) else text
    if not any(isinstance(part, Documented) for part in walk(node)):
        # Declared one by one, facts are no members of anything, so that `has` has nothing to ask.
        runtimes.cpp_typed().compile(accepted)
    known = [case for case in cases if runtimes.fits_typed(node, case)]
    assert runtimes.ours(text, known) == (runtimes.cel_cpp_typed(accepted, known) if known else [])


@needs_cel_cpp
@given(with_cases(values(), boolean=False))
def test_cel_cpp_computes_the_same_values(drawn):
    _, node, cases = drawn
    function = compile_nodes([node])
    expected = [plain(function(runtimes.row_of(case))[0]) for case in cases]
    assert expected == runtimes.cel_cpp_dynamic(unparse(node), cases)


def plain(value):
    """One of our values as cel-cpp gives it back; days are texts there."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize("case", NONCONFORMING["evaluated"], ids=lambda case: case["expression"])
def test_cel_python_still_differs(case):
    text, facts = case["expression"], [case["facts"]]
    assert runtimes.ours(text, facts) == [case["expected"]]
    theirs = runtimes.cel_python(text, facts)
    assert theirs == [None if case["cel_python"] == "error" else case["cel_python"]]
    assert theirs != [case["expected"]]
    if runtimes.cel_cpp() is not None:
        standard = unparse(check(text, DICTIONARY))
        assert runtimes.cel_cpp_dynamic(standard, facts) == [case["expected"]]


@pytest.mark.parametrize("case", NONCONFORMING["accepted"], ids=lambda case: case["expression"])
def test_cel_python_still_accepts_too_much(case):
    celpy.Environment().compile(case["expression"])
    with pytest.raises(ExpressionError):
        check(case["expression"], DICTIONARY)
    if runtimes.cel_cpp() is not None:
        with pytest.raises(RuntimeError):
            runtimes.cpp_dynamic().compile(case["expression"])


def thinner(draw, value):
    """A value with some of what it documents left out, at any depth of records."""
    if isinstance(value, dict):
        return {name: thinner(draw, item) for name, item in value.items() if draw(st.booleans())}
    return [thinner(draw, item) for item in value] if isinstance(value, list) else value


@given(with_cases(), st.data())
def test_documenting_more_never_turns_a_status_around(drawn, data):
    text, node, cases = drawn
    if any(isinstance(part, Documented) for part in walk(node)):
        return
    more = cases[0]
    less = {group: thinner(data.draw, facts) for group, facts in more.items()}
    before, after = runtimes.ours(text, [less, more])
    assert before is None or before == after


@given(with_cases())
@example(("(1 < 2) == true", check("(1 < 2) == true", DICTIONARY), [{}]))
@example(("1 == 0.5 || 0.5 in [1, 2]", check("1 == 0.5 || 0.5 in [1, 2]", DICTIONARY), [{}]))
def test_unparsed_text_means_the_same(drawn):
    text, node, cases = drawn
    again = check(unparse(node), DICTIONARY)
    assert compiled(again, cases) == compiled(node, cases) == runtimes.ours(text, cases)
    assert unparse(check(unparse(again), DICTIONARY)) == unparse(again)


def compiled(node, cases):
    function = compile_nodes([node])
    return [function(runtimes.row_of(case))[0] for case in cases]
