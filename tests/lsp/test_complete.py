"""What an expression can go on with, wherever YAML puts it, and however little of it is typed."""

from __future__ import annotations

import pytest
from lsp.carets import caret

from imrpolicy.expression import check
from imrpolicy.expression.operators import NAMES
from imrpolicy.lsp.complete import completions
from imrpolicy.lsp.functions import BY_NAME, FUNCTIONS


def labels(text, dictionary):
    return {found.label for found in completions(*caret(text), dictionary)}


SCALARS = {
    "plain": "    - id: a\n      when: pain.r|\n",
    "double quotes": '    - id: a\n      when: "pain.r|\n',
    "single quotes": "    - id: a\n      when: 'pain.r|'\n",
    "folded": "    - id: a\n      when: >-\n        pain.r|\n",
    "folded over two lines": "    - id: a\n      when: >2-\n        true &&\n        pain.r|\n",
    "plain over two lines": "    - id: a\n      when: true &&\n        pain.r|\n",
    "first key of an item": "    - when: pain.r|\n",
    "in braces": "    - {id: a, when: pain.r|}\n",
    "scope": "applies_when: pain.r|\n",
    "an open bracket elsewhere": "criteria: [\n    - id: a\n      when: (true && pain.r|\n",
}


@pytest.mark.parametrize("name", SCALARS)
def test_facts_are_completed_in_every_kind_of_scalar(name, dictionary):
    text = SCALARS[name]
    found = completions(*caret(text), dictionary)
    wanted = [one for one in found if one.label == "pain.radicular"]
    assert len(wanted) == 1
    assert {one.label.partition(".")[0] for one in found} == {"pain"}
    text, offset = caret(text)
    assert text[wanted[0].start : offset] == "pain.r"


OUTSIDE = {
    "a text": "    - id: a\n      text: pain.|\n",
    "a key after a block": "      when: >-\n        true\n      text: pain.|\n",
    "a line that ends a block": "    - id: a\n      when: >-\n        true\n    pain.|\n",
    "a comment": "      when: true # pain.|\n",
    "behind a closed quote": '      when: "true" pain.|\n',
    "a comment of CEL": "      when: >-\n        true // pain.|\n",
    "the key": "      whe|\n",
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_is_completed_outside_of_expressions(name, dictionary):
    assert labels(OUTSIDE[name], dictionary) == set()


REGIONS = {
    "equal": '      when: request.body_region == "|\n',
    "different": '      when: request.body_region != "sh|"\n',
    "in a list": '      when: request.body_region in ["shoulder", "|\n',
    "closed": '      when: request.body_region in ["shoulder", "|"]\n',
    "escaped in double quotes": '      when: "request.body_region == \\"|\n',
    "single quotes": "      when: request.body_region == '|\n",
    "in a block": '      when: >-\n        true && request.body_region == "|\n',
    "over two lines": '      when: >-\n        request.body_region in [\n        "shoulder",\n        "|\n',
    "the other way round": '      when: >-\n        "|" == request.body_region\n',
}


@pytest.mark.parametrize("name", REGIONS)
def test_values_are_completed_for_the_fact_that_is_compared(name, dictionary):
    found = completions(*caret(REGIONS[name]), dictionary)
    choices = {choice.value for choice in dictionary.by_path["request.body_region"].type.choices}
    assert {one.label for one in found} == choices
    assert all(one.text == one.label for one in found)


def test_a_value_of_a_list_is_completed(dictionary):
    found = labels('      when: >-\n        "|" in request.levels\n', dictionary)
    assert "L4-L5" in found


def test_values_are_offered_with_their_quotes_before_one_is_typed(dictionary):
    found = completions(*caret("      when: >-\n        request.body_region == |\n"), dictionary)
    assert '"shoulder"' in {one.text for one in found}
    escaped = completions(*caret('      when: "request.body_region == |\n'), dictionary)
    assert '\\"shoulder\\"' in {one.text for one in escaped}


def test_a_variable_has_the_fields_of_the_entries(dictionary):
    text = "      when: >-\n        history.prior_blocks.exists(block, block.|\n"
    fields = {
        f"block.{field.name}" for field in dictionary.by_path["history.prior_blocks"].type.element.fields
    }
    assert labels(text, dictionary) == fields
    value = '      when: >-\n        history.prior_blocks.exists(block, block.kind == "|\n'
    assert "facet_joint_injection" in labels(value, dictionary)


def test_a_variable_is_known_within_its_brackets_only(dictionary):
    inside = "      when: >-\n        history.prior_blocks.exists(block, |\n"
    outside = "      when: >-\n        history.prior_blocks.exists(block, true) && |\n"
    assert "block" in labels(inside, dictionary)
    assert "block" not in labels(outside, dictionary)


def test_a_list_has_its_functions(dictionary):
    found = labels("      when: history.prior_blocks.|\n", dictionary)
    assert {"history.prior_blocks.exists", "history.prior_blocks.all"} <= found


def test_an_empty_expression_offers_facts_and_functions(dictionary):
    found = labels("      when: |\n", dictionary)
    assert set(dictionary.by_path) <= found
    assert {function.name for function in FUNCTIONS} <= found


def test_exactly_the_functions_of_the_language_are_offered():
    assert set(BY_NAME) == NAMES


def test_what_is_completed_can_be_checked(dictionary):
    """Every fact that is offered is one that the checker knows."""
    for path in labels("      when: |\n", dictionary) & set(dictionary.by_path):
        check(f"has({path})", dictionary)


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_a_half_typed_file_never_fails(cut, dictionary):
    text = 'id: a\ncriteria:\n  all:\n    - id: x\n      when: "a.b(\\"c\\" in [pain.radicular.exists(q, q.\n'
    completions(text[:cut], min(cut, len(text)), dictionary)
