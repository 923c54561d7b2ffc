"""The case schema as a dictionary of facts, and what such a schema must not have."""

import copy
import json
import re

import pytest
from expression.dictionary import DICTIONARY, NULL, SCHEMA

from imrpolicy.facts import (
    Kind,
    SchemaError,
    ValueType,
    dictionary_from,
    label,
    load_dictionary,
    number,
)


def test_facts_have_their_place_and_type():
    fact = DICTIONARY.by_path["request.duration_days"]
    assert DICTIONARY.facts[fact.index] is fact
    assert (fact.group, fact.name, fact.title) == ("request", "duration_days", "Duration of use")
    assert fact.type == ValueType(kind=Kind.INT, unit="days", minimum=0, maximum=365)
    assert [f.index for f in DICTIONARY.facts] == list(range(len(DICTIONARY.facts)))
    assert list(DICTIONARY.groups) == ["dates", "patient", "pain", "care", "history", "request"]
    assert DICTIONARY.by_path["history.blocks"].type.element.field_named("relief").title == "Relief"


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        ("request.duration_days", 1, "1 day"),
        ("request.duration_days", 7, "7 days"),
        ("request.duration_days", None, "not documented"),
        ("request.sessions", 3, "3"),
        ("pain.relief_percent", 80.0, "80%"),
        ("request.dose", 1234567.5, "1234567.5 mL"),
        ("request.postoperative", True, "yes"),
        ("request.postoperative", False, "no"),
        ("pain.site", "lumbar_spine", "Lumbar spine"),
        ("pain.words", "burning", "burning"),
        ("care.kinds", ("nsaid", "other"), "Nsaid, Other"),
        ("care.kinds", (), "none"),
        ("history.others", ({"relief": "much", "done": True},), "relief in words much; done yes"),
    ],
)
def test_values_in_words(fact, value, words):
    assert DICTIONARY.by_path[fact].label(value) == words
    assert label(DICTIONARY.by_path[fact].type, value) == words


def test_numbers_in_words():
    assert [number(1.0, "points"), number(-1, None), number(1e300, None)] == ["1 point", "-1", "1e+300"]


def fact(definition, name="new"):
    """The test schema with one fact more."""
    schema = copy.deepcopy(SCHEMA)
    schema["$defs"]["facts"]["properties"]["pain"]["properties"][name] = definition
    return schema


WHOLE = {"type": ["integer", "null"], "minimum": 0, "maximum": 9}
CHOICES = [{"const": "a", "title": "A"}, {"const": "b", "title": "B"}]
RECORD = {"type": "object", "additionalProperties": False, "properties": {"a": WHOLE}}


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (fact({"type": ["integer", "null"]}), "`pain.new` is a number and needs `minimum` and `maximum`"),
        (fact(WHOLE | {"maximum": 2**60}), "must lie within plus and minus 2 to the power of 53"),
        (fact(WHOLE | {"maximum": -1}), "the range of `pain.new` is empty or has no end"),
        (fact(WHOLE | {"type": ["number", "null"], "maximum": float("inf")}), "is empty or has no end"),
        (fact(WHOLE | {"type": "integer"}), "`pain.new` needs `null` beside its type"),
        (fact(WHOLE | {"type": ["integer", "string"]}), "`pain.new` needs one type out of boolean, integer"),
        (fact({}), "`pain.new` needs one type out of"),
        (fact(WHOLE | {"multipleOf": 2}), "`pain.new` has `multipleOf`, which is not read for an int"),
        (fact({"type": ["string", "null"], "pattern": "a"}), "has `pattern`, which is not read for a string"),
        (fact({"type": ["string", "null"], "format": "uri"}), "has `format`, which is not read for a string"),
        (fact({"oneOf": CHOICES}), '`pain.new` needs `{"type": "null"}` among its values'),
        (fact({"oneOf": [NULL]}), "each value of the enumeration `pain.new` needs `const`"),
        (fact({"oneOf": [{"const": 1}, NULL]}), "each value of the enumeration `pain.new` needs `const`"),
        (fact({"oneOf": [*CHOICES, CHOICES[0], NULL]}), "the enumeration `pain.new` has a value twice"),
        (
            fact({"oneOf": [CHOICES[0] | {"minLength": 1}, NULL]}),
            "has `minLength`, which is not read for a choice",
        ),
        (fact({"type": ["array", "null"], "items": WHOLE}), "`pain.new[]` must not admit `null`"),
        (
            fact({"type": ["array", "null"], "items": {"oneOf": [*CHOICES, NULL]}}),
            "`pain.new[]` must not have",
        ),
        (
            fact({"type": ["array", "null"], "items": RECORD, "uniqueItems": True}),
            "for lists of plain values",
        ),
        (fact({"type": ["array", "null"], "items": RECORD | {"required": ["a"]}}), "not read for a record"),
        (
            fact({"type": ["array", "null"], "items": {"type": "object"}}),
            "needs `additionalProperties: false`",
        ),
        (fact(RECORD | {"type": ["object", "null"]}), "`pain.new` is a record outside a list"),
        (fact(WHOLE, "New"), "`pain.New`: `New` is no name"),
        (fact(WHOLE, "package"), "`package` is no name"),
        (fact(WHOLE, "two-words"), "`two-words` is no name"),
        ({}, "the case schema needs `$defs`"),
        ({"$defs": {"facts": 1}}, "the case schema needs `$defs`"),
    ],
)
def test_what_a_schema_must_not_have(schema, message):
    with pytest.raises(SchemaError, match=re.escape(message)):
        dictionary_from(schema)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda defs: defs["request_facts"].update(required=["nothing"]),
            "`request` requires a fact that it",
        ),
        (
            lambda defs: defs["request_facts"].update(required=["sessions"]),
            "`request.sessions` must not admit",
        ),
        (lambda defs: defs["facts"]["properties"].update(dates={}), "`dates` and `request` have their own"),
        (
            lambda defs: defs["dates"].pop("additionalProperties"),
            "`dates` needs `additionalProperties: false`",
        ),
        (lambda defs: defs["dates"].update(minProperties=1), "`dates` has `minProperties`"),
    ],
)
def test_what_a_group_must_not_have(change, message):
    schema = copy.deepcopy(SCHEMA)
    change(schema["$defs"])
    with pytest.raises(SchemaError, match=re.escape(message)):
        dictionary_from(schema)


def test_a_range_of_whole_numbers_ends_at_whole_numbers():
    dictionary = dictionary_from(fact(WHOLE | {"minimum": -0.5, "maximum": 7.5}))
    type_ = dictionary.by_path["pain.new"].type
    assert (type_.minimum, type_.maximum) == (0, 7)


def test_a_schema_file_is_read(tmp_path):
    file = tmp_path / "case.schema.json"
    file.write_text(json.dumps(SCHEMA), encoding="utf-8")
    assert load_dictionary(file) == DICTIONARY
    file.write_text("{", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"case\.schema\.json: not valid JSON"):
        load_dictionary(file)
