"""CEL in the browser means what the compiled function means, on random expressions and cases."""

from expression import runtimes
from expression.dictionary import DICTIONARY
from expression.strategies import with_cases
from hypothesis import assume, given

from imrpolicy.evaluate.serialize import plain
from imrpolicy.site.trial_data import _expression, _fact

FACTS = [_fact(fact) for fact in DICTIONARY.facts]


def row_of(case):
    """The facts of a case by path, as the page holds them."""
    row = runtimes.row_of(case)
    return {f.path: plain(v) for f, v in zip(DICTIONARY.facts, row, strict=True) if v is not None}


def is_exact(value):
    """Whether JavaScript reads the numbers of a value as they are written; no form takes any others."""
    if isinstance(value, dict | list):
        return all(map(is_exact, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, int) or abs(value) <= 2**53


@given(with_cases())
def test_the_text_and_the_tree_of_an_expression_give_the_status(program, drawn):
    text, node, cases = drawn
    rows = [row_of(case) for case in cases]
    assume(is_exact(rows))
    asked = {"facts": FACTS, "expression": _expression(text, node), "rows": rows}
    expected = runtimes.ours(text, cases)
    assert program.ask({"truths": asked}) == [[status, status] for status in expected]
