"""`ValueReader` asks of a case what the case schema asks, and a few things more or less, each listed here."""

import datetime as dt
import math
from pathlib import Path

import pytest
import yaml
from expression.case_strategies import value_of
from expression.dictionary import DICTIONARY, SCHEMA
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from imrpolicy.facts import REQUEST, ValueReader, load_dictionary

HERE = Path(__file__).parent
REAL = load_dictionary(HERE.parent.parent / "schemas" / "case.schema.json")
MESSAGES = yaml.safe_load((HERE / "messages.yaml").read_text(encoding="utf-8"))
READERS = {"test": (DICTIONARY, ValueReader(DICTIONARY)), "real": (REAL, ValueReader(REAL))}


def group_schema(schema, group):
    defs = schema["$defs"]
    return (
        defs["request_facts"] if group == REQUEST else defs.get(group) or defs["facts"]["properties"][group]
    )


def read(reader, group, values):
    row, problems = [None] * reader.width, []
    reader.read_group(group, values, row, (group,), problems)
    return row, problems


DATES = "2013-W25-4 20130620 2013-6-20 2013-06-31 2012-02-29 2013-06-20T00:00:00 0000-01-01 L4-L5".split()
DATES += ["\u0662\u0660\u0661\u0663-06-20", "2013-06-20\n", ""]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-3, 130),
    st.sampled_from([10**400, -(10**25), 2**53, 2**53 + 1, 2**63]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-3, 130).map(float),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
    st.dates().map(str),
    st.sampled_from(DATES),
    st.sampled_from([[], {}, [None], [[]], [True], [1.5], {"relief": 101}, {"nonsense": 1}]),
)


def spoiled(type_):
    """Lists that are too long, repeat themselves or hold junk, and records with junk."""
    if type_.element is None:
        return JUNK
    item = st.one_of(value_of(type_.element), JUNK, _record(type_.element))
    long = st.integers(0, (type_.longest or 3) + 2).flatmap(
        lambda size: value_of(type_.element).map(lambda one: [one] * size)
    )
    return st.one_of(st.lists(item, max_size=4), long)


def _record(type_):
    fields = {f.name: st.one_of(value_of(f.type), JUNK) for f in type_.fields}
    return st.fixed_dictionaries({}, optional=fields | {"unknown": JUNK})


@st.composite
def groups(draw):
    """A dictionary, one of its groups, and values good and bad for some of its facts."""
    which = draw(st.sampled_from(sorted(READERS)))
    dictionary, _ = READERS[which]
    group = draw(st.sampled_from(sorted(dictionary.groups)))
    names = draw(st.lists(st.sampled_from(sorted(dictionary.groups[group])), max_size=4, unique=True))
    if group == REQUEST and draw(st.booleans()):
        names.append("service")
    values = {}
    for name in names:
        type_ = dictionary.groups[group][name].type
        values[name] = draw(st.one_of(value_of(type_), value_of(type_), JUNK, spoiled(type_)))
    if draw(st.integers(0, 9)) == 0:
        values["nonsense"] = draw(JUNK)
    return which, group, values


@given(groups())
def test_reader_and_schema_agree(drawn):
    which, group, values = drawn
    dictionary, reader = READERS[which]
    schema = group_schema(dictionary.schema, group)
    errors = list(Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(values))
    row, problems = read(reader, group, values)
    assert bool(problems) == bool(errors), (problems, errors)
    if not problems:
        facts = dictionary.groups[group]
        documented = {name for name, fact in facts.items() if row[fact.index] is not None}
        assert documented == {name for name, value in values.items() if value is not None}


def test_the_schemas_are_schemas():
    Draft202012Validator.check_schema(SCHEMA)
    assert REAL.facts


@pytest.mark.parametrize(
    ("fact", "value", "read_as"),
    [
        ("dates.injury", dt.date(2012, 10, 29), dt.date(2012, 10, 29)),
        ("dates.injury", "2012-10-29", dt.date(2012, 10, 29)),
        ("pain.score", 5.0, 5),
        ("pain.relief_percent", 80, 80.0),
        ("care.kinds", ("nsaid",), ("nsaid",)),
        ("care.visits", ["2013-01-01"], (dt.date(2013, 1, 1),)),
        ("history.others", [{"kind": 1, "done": None}], ({"kind": 1},)),
    ],
)
def test_values_take_the_form_that_expressions_read(fact, value, read_as):
    result, problem = READERS["test"][1].read_value(fact, value, ())
    assert problem is None
    assert result == read_as
    assert type(result) is type(read_as)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_is_a_number(value):
    assert READERS["test"][1].read_value("pain.relief_percent", value, ())[1]
    assert READERS["test"][1].read_value("pain.score", value, ())[1]


def test_a_group_may_be_null_and_a_point_in_time_is_no_date():
    reader = READERS["test"][1]
    assert read(reader, "pain", None) == ([None] * reader.width, [])
    assert reader.read_value("dates.injury", dt.datetime(2012, 10, 29, tzinfo=dt.UTC), ())[1]


def test_a_required_fact_is_missed():
    reader = READERS["real"][1]
    message = "the fact `request.service` is required"
    for values in (None, {}, {"service": None}):
        [problem] = read(reader, REQUEST, values)[1]
        assert (problem.path, problem.message) == ((REQUEST,), message)


@pytest.mark.parametrize("case", MESSAGES, ids=lambda case: f"{case['group']}: {case['message']}")
def test_messages(case):
    """What is wrong in a case is said in plain words, with its place."""
    _, problems = read(READERS["test"][1], case["group"], case["values"])
    assert [p.message for p in problems] == [case["message"]]
    assert [p.help for p in problems] == [case.get("help", "")]
    assert [list(p.path) for p in problems] == [case["path"]]
    assert [p.key for p in problems] == [case.get("key", False)]
    assert case["message"] in str(problems[0])


def test_a_number_of_thousands_of_digits_is_refused_in_words():
    _, problem = READERS["test"][1].read_value("request.sessions", 10**5000, ())
    assert problem.message == "a number of more than 30 digits is out of range"
    _, (found,) = read(READERS["test"][1], "pain", {10**5000: 1})
    assert found.message == "there is a key here that is no text"
    _, problem = READERS["test"][1].read_value("request.service", 10**5000, ())
    assert problem.message == "a number of more than 30 digits is not one of its values"
