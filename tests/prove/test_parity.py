"""Parity: what the prover takes an expression to mean is what the evaluator makes of it."""

from expression.case_strategies import cases
from expression.dictionary import DICTIONARY
from expression.runtimes import row_of
from expression.strategies import checked, expressions, with_cases
from hypothesis import given, settings
from hypothesis import strategies as st

from imrpolicy.expression import check, compile_nodes, facts_of, walk
from imrpolicy.expression.nodes import Arithmetic
from imrpolicy.facts import Kind
from imrpolicy.prove.proof import Answer, Prover
from imrpolicy.prove.shrink import boundaries_of
from imrpolicy.prove.solver import z3


def rounds(node):
    """Whether decimal numbers are calculated with, which a machine rounds and the prover does not."""
    return any(isinstance(p, Arithmetic) and p.type.kind is Kind.DOUBLE for p in walk(node))


def decided(term):
    if isinstance(term, bool):
        return term
    term = z3.simplify(term)
    assert z3.is_true(term) or z3.is_false(term)
    return z3.is_true(term)


@settings(max_examples=200)
@given(with_cases())
def test_a_case_has_the_status_that_the_prover_gives_it(drawn):
    """Where all values are given, so that nothing is left to search."""
    _, node, cases = drawn
    if rounds(node):
        return
    function = compile_nodes([node])
    for case in cases[:2]:
        row = row_of(case)
        fixed = {fact.path: row[fact.index] for fact in facts_of(node)}
        truth = Prover(DICTIONARY, fixed=fixed).encoder.truth(node)
        status = function(row)[0]
        assert (decided(truth.true), decided(truth.false)) == (status is True, status is False)


@settings(max_examples=120)
@given(checked(expressions(depth=3)), st.sampled_from([True, False, None]))
def test_a_witness_evaluates_to_what_is_claimed(drawn, wanted):
    """A case that the prover finds has the status it was asked for, also after it was made small."""
    _, node = drawn
    function = compile_nodes([node])
    prover = Prover(DICTIONARY, seconds=1.0)
    prover.symbols.boundaries = boundaries_of([node])
    truth = prover.encoder.truth(node)
    claim = {True: truth.true, False: truth.false, None: truth.unknown}[wanted]
    confirmed = []

    def oracle(situation):
        confirmed.append(function(situation.row)[0] is wanted)
        return confirmed[-1]

    found = prover.find(oracle, claim)
    if found.answer is Answer.YES:
        assert function(found.situation.row)[0] is wanted
    elif confirmed:
        assert rounds(node) or confirmed[0], "the prover's case has another status"


@settings(max_examples=120)
@given(checked(expressions(depth=3)), st.data())
def test_no_case_contradicts_a_proof(drawn, data):
    """What the prover says cannot be, is never met by a case within the bound."""
    _, node = drawn
    if rounds(node):
        return
    prover = Prover(DICTIONARY, seconds=1.0, bound=5)
    truth = prover.encoder.truth(node)
    claims = {True: truth.true, False: truth.false, None: truth.unknown}
    impossible = {value for value, claim in claims.items() if prover.possible(claim) is Answer.NO}
    function = compile_nodes([node])
    paths = [fact.path for fact in facts_of(node)]
    for case in data.draw(st.lists(cases(paths), min_size=1, max_size=10)):
        assert function(row_of(case))[0] not in impossible


def test_a_list_can_hold_one_more_than_is_counted():
    """Or what counts further than the bound would look impossible."""
    node = check("size(history.blocks) >= 4", DICTIONARY)
    prover = Prover(DICTIONARY)
    prover.symbols.prepare([node])
    truth = prover.encoder.truth(node)
    assert prover.possible(truth.true) is prover.possible(truth.false) is Answer.YES
    assert "history.blocks" not in prover.symbols.cut_short
    fewer = Prover(DICTIONARY)
    assert fewer.possible(fewer.encoder.truth(node).true) is Answer.NO
    assert fewer.symbols.cut_short["history.blocks"] == 3


def test_whole_numbers_are_divided_towards_zero():
    """As CEL does, and not as z3 does."""
    node = check("pain.score / 2 == -1 && pain.score % 2 == -1", DICTIONARY)
    prover = Prover(DICTIONARY)
    found = prover.find(
        lambda situation: compile_nodes([node])(situation.row)[0], prover.encoder.truth(node).true
    )
    assert found.situation.row[DICTIONARY.by_path["pain.score"].index] == -3
