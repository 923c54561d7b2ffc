"""What the checker says about expressions that it does not accept, and where."""

import datetime as dt
import inspect
from pathlib import Path

import pytest
import yaml
from expression.dictionary import DICTIONARY

from imrpolicy.expression import ExpressionError, check, facts_of, messages, walk
from imrpolicy.expression.nodes import Constant, FieldValue, Variable
from imrpolicy.facts import Kind

CASES = yaml.safe_load(Path(__file__).with_name("messages.yaml").read_text(encoding="utf-8"))


def problems_of(text):
    with pytest.raises(ExpressionError) as caught:
        check(text, DICTIONARY)
    return caught.value.problems


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["expression"])
def test_messages(case):
    text = case["expression"]
    found = [
        {"rule": p.rule, "message": p.message, "help": p.help, "marked": text[p.span.start : p.span.end]}
        for p in problems_of(text)
    ]
    assert found == [{"help": ""} | problem for problem in case["problems"]]


def test_every_kind_of_finding_has_a_case(monkeypatch):
    """A message without a case in the file is one that nobody has read."""
    makers = {
        name: made for name, made in vars(messages).items() if inspect.isfunction(made) and name[0] != "_"
    }
    makers = {name: made for name, made in makers.items() if made.__annotations__["return"] == "Problem"}
    said = set()
    for name, made in makers.items():
        monkeypatch.setattr(messages, name, lambda *a, name=name, made=made: said.add(name) or made(*a))
    for case in CASES:
        problems_of(case["expression"])
    assert said == set(makers)


def test_messages_follow_the_house_style():
    for case in CASES:
        for problem in case["problems"]:
            for sentence in (problem["message"], problem.get("help", "")):
                assert not sentence.endswith((".", "!")), sentence
                assert sentence[:1].islower() or not sentence[:1].isalpha(), sentence


@pytest.mark.parametrize(
    "text", ["a.{}", "{}", "{}()", 'pain.site == "{}"', 'date("{}")', "care.scores.exists(s, s.{})"]
)
def test_long_names_are_cut_in_messages(text):
    (problem,) = problems_of(text.format("x" * 3_000))
    assert len(problem.message) < 200
    assert len(problem.help) < 300


def test_places_are_those_of_the_text():
    text = 'true && ("knee" == request.body_region) // why\n && !(pain.score  >=  (4))'
    node = check(text, DICTIONARY)
    places = {text[part.span.start : part.span.end] for part in walk(node)}
    assert {"true", '"knee"', "request.body_region", "pain.score", "4"} <= places
    assert '"knee" == request.body_region' in places


def test_the_operator_is_found_behind_brackets_and_comments():
    text = "((request.duration_days)) // <= == in\n <= (request.duration_weeks)"
    (problem,) = problems_of(text)
    assert text.index("<= (") == problem.span.start
    assert problem.span.end == problem.span.start + 2


def test_problems_come_in_the_order_of_the_text_and_once():
    found = problems_of('pain.x && pain.words == 3 && pain.score == "4" && pain.x')
    assert [p.span.start for p in found] == sorted(p.span.start for p in found)
    assert len(set(found)) == len(found) == 4


def test_a_value_of_any_type_is_accepted_on_demand():
    assert check("pain.score + 1", DICTIONARY, boolean=False).type.kind is Kind.INT
    assert check("care.scores", DICTIONARY, boolean=False).type.element.kind is Kind.INT


def test_results_carry_their_unit_and_range():
    def type_of(text):
        return check(text, DICTIONARY, boolean=False).type

    assert (
        type_of("request.duration_days * 2 + 1").minimum,
        type_of("request.duration_days * 2 + 1").maximum,
    ) == (1, 731)
    assert type_of("2 * request.duration_days - 1").unit == "days"
    assert type_of("-pain.score").minimum == -10
    assert type_of("pain.score % -3").maximum == 2
    assert type_of("pain.radicular ? pain.score : 100").maximum == 100
    assert type_of("size(care.scores)").maximum == 4
    assert type_of("size(care.doses)").minimum == 1
    assert type_of("size(care.doses.filter(d, d > 1.0))").minimum == 0
    assert type_of("pain.relief_percent / 2.0").maximum == 50.0
    assert type_of("weeks_between(dates.injury, dates.request)").unit == "weeks"


def test_facts_are_named_once_in_the_order_of_the_text():
    node = check("pain.score > 3 && care.scores.exists(s, s == pain.score) && has(pain.words)", DICTIONARY)
    assert [fact.path for fact in facts_of(node)] == ["pain.score", "care.scores", "pain.words"]


def test_elements_know_the_list_behind_them():
    node = check('history.blocks.exists(b, b.levels.exists(l, l == "L3-L4") && b.relief > 3)', DICTIONARY)
    assert {part.path for part in walk(node) if isinstance(part, FieldValue)} == {
        "history.blocks[].levels",
        "history.blocks[].relief",
    }
    assert {part.path for part in walk(node) if isinstance(part, Variable)} >= {"history.blocks[].levels[]"}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (r'"\a\b\f\n\r\t\v\\\"\'\`\?"', "\a\b\f\n\r\t\v\\\"'`?"),
        (r"'\x41\X42\u00e9\U0001F600\101'", "AB\u00e9\U0001f600A"),
        ('"it\'s"', "it's"),
        ("'say \"a\"'", 'say "a"'),
        ('"// no comment"', "// no comment"),
        ("0x1F", 31),
        ("-0x1F", -31),
        ("007", 7),
        ("-9223372036854775808", -(2**63)),
        ("9223372036854775807", 2**63 - 1),
        (".5", 0.5),
        ("1e-3", 0.001),
        ("2.5E+3", 2500.0),
        ("true", True),
        ('date("2012-02-29")', dt.date(2012, 2, 29)),
    ],
)
def test_literals(written, value):
    node = check(written, DICTIONARY, boolean=False)
    assert isinstance(node, Constant)
    assert (type(node.value), node.value) == (type(value), value)
