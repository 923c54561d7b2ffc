"""How expressions read in English."""

from pathlib import Path

import pytest
import yaml
from expression.dictionary import DICTIONARY

from imrpolicy.expression import check, in_english

CASES = yaml.safe_load(Path(__file__).with_name("english.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["expression"])
def test_english(case):
    assert in_english(check(case["expression"], DICTIONARY)) == case["english"]


def test_a_value_reads_as_a_noun():
    assert in_english(check("pain.score + 1", DICTIONARY, boolean=False)) == "(pain score plus 1 point)"
    assert in_english(check('["L3-L4", "L4-L5"]', DICTIONARY, boolean=False)) == '"L3-L4" or "L4-L5"'
