"""The page about the expression language says what is true: every example in it is checked."""

import re
from pathlib import Path

import pytest

from imrpolicy.expression import ExpressionError, check, compile_nodes
from imrpolicy.expression.macros import MAX_NESTING
from imrpolicy.expression.operators import NAMES
from imrpolicy.expression.parse import MAX_LENGTH
from imrpolicy.expression.reader import MAX_DEPTH
from imrpolicy.expression.wording import LEFT_OUT
from imrpolicy.facts import load_dictionary

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "expression-language.md").read_text(encoding="utf-8")
DICTIONARY = load_dictionary(ROOT / "schemas" / "case.schema.json")
BLOCKS = re.findall(r"^```cel\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
WORDS = {"true": True, "false": False, "unknown": None}


def tables():
    """Every table of the page, as a list of rows by column."""
    for found in re.finditer(r"(?:^\|.*\|\n)+", PAGE, re.MULTILINE):
        head, _, *rows = ([c.strip() for c in line.strip("|").split("|")] for line in found[0].splitlines())
        yield [dict(zip(head, row, strict=True)) for row in rows]


def column(name):
    return [
        code for table in tables() for row in table for code in re.findall(r"`([^`]+)`", row.get(name, ""))
    ]


@pytest.mark.parametrize("text", BLOCKS)
def test_blocks_are_criteria(text):
    assert check(text, DICTIONARY)


@pytest.mark.parametrize("text", column("example"))
def test_examples_are_accepted(text):
    assert check(text, DICTIONARY, boolean=False)


@pytest.mark.parametrize("text", column("refused"))
def test_what_is_refused_is_refused(text):
    with pytest.raises(ExpressionError):
        check(text, DICTIONARY)


def test_results_are_as_shown():
    shown = [
        (row["example"].strip("`"), row["gives"].strip("`")) for t in tables() for row in t if "gives" in row
    ]
    assert len(shown) >= 8
    for text, result in shown:
        nodes = [check(part, DICTIONARY, boolean=False) for part in (text, result)]
        computed, expected = compile_nodes(nodes)([])
        assert (type(computed), computed) == (type(expected), expected), text


def test_the_tables_of_truth_are_right():
    rows = [row for table in tables() for row in table if "a" in row]
    facts = [f"exam.{name}" for name in ("motor_deficit", "sensory_deficit")]
    texts = {"a and b": "{0} && {1}", "a or b": "{0} || {1}", "not a": "!{0}"}
    known = [row for row in rows if "b" in row]
    assert len({(row["a"], row["b"]) for row in known}) == 9
    for row in rows:
        case = [None] * len(DICTIONARY.facts)
        for fact, name in zip(facts, ("a", "b"), strict=True):
            case[DICTIONARY.by_path[fact].index] = WORDS[row.get(name, "unknown")]
        for name in texts.keys() & row.keys():
            node = check(texts[name].format(*facts), DICTIONARY)
            assert compile_nodes([node])(case) == (WORDS[row[name]],), (row, name)


def test_nothing_is_left_unsaid():
    for name in NAMES | LEFT_OUT.keys():
        assert f"`{name}" in PAGE or f".{name}(" in PAGE, name
    assert f"at most {MAX_LENGTH:,} characters" in PAGE
    assert f"at most {MAX_DEPTH} levels" in PAGE
    assert f"nest {MAX_NESTING} deep" in PAGE


def test_dates_in_standard_cel():
    """The replacements for programmers hold in a runtime that has standard CEL only."""
    cel = pytest.importorskip("cel_expr_python.cel")
    stamps = {"a": "2012-02-28", "b": "2012-03-14"}
    environment = cel.NewEnv(
        variables={"day": cel.Type.STRING, "a": cel.Type.TIMESTAMP, "b": cel.Type.TIMESTAMP}
    )
    rows = [row for table in tables() for row in table if "in standard CEL" in row]
    bound = {
        name: environment.compile(rows[0]["in standard CEL"].strip("`")).eval(data={"day": day}).plain_value()
        for name, day in stamps.items()
    }
    backwards = {"a": bound["b"], "b": bound["a"]}
    days, weeks = (environment.compile(row["in standard CEL"].strip("`")) for row in rows[1:])
    assert [days.eval(data=bound).plain_value(), weeks.eval(data=bound).plain_value()] == [15, 2]
    assert [days.eval(data=backwards).plain_value(), weeks.eval(data=backwards).plain_value()] == [-15, -2]
