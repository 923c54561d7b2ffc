"""The quick word on whether a value fits a schema never says yes where the validator would find something."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from imrpolicy.authored import fits_surely, read_document

ROOT = Path(__file__).parents[2]
FILES = {
    "policy": sorted(ROOT.glob("policies/*/*/policy.yaml")),
    "sources": [ROOT / "policies" / "sources.yaml"],
    "search-sequence": sorted(ROOT.glob("policies/search-sequences/*.yaml")),
    "case": sorted(ROOT.glob("cases/*.yaml")),
}
SCHEMAS = {
    name: json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")) for name in FILES
}
DOCUMENTS = {name: [read_document(path).data() for path in paths] for name, paths in FILES.items()}
VALUES = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        1,
        1.0,
        2.5,
        -3,
        10**6,
        [],
        ["a"],
        ["a", "a"],
        [1, 1.0],
        {},
        {"id": "x"},
        {"all": []},
    ]
).map(copy.deepcopy) | st.sampled_from(
    ["", "x", "2013-01-01", "2013-02-30", "odg", "draft", "silent", "released", "criteria"]
)
KEYS = st.sampled_from("all any at_least limit note when id to url count stance x-y unheard_of".split())


def validator(name):
    return Draft202012Validator(SCHEMAS[name], format_checker=FormatChecker(["date"]))


def places(value, path=()):
    """The path of everything below a value."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in below:
        yield (*path, key)
        yield from places(item, (*path, key))


@st.composite
def altered(draw):
    """The name of a schema, and a file that fits it with something taken out, put in or replaced."""
    name = draw(st.sampled_from(sorted(FILES)))
    data = copy.deepcopy(draw(st.sampled_from(DOCUMENTS[name])))
    for _ in range(draw(st.integers(1, 2))):
        if not data:
            break
        *above, last = draw(st.sampled_from(list(places(data))))
        parent = data
        for key in above:
            parent = parent[key]
        how = draw(st.sampled_from(["remove", "replace", "add"]))
        if how == "remove":
            del parent[last]
        elif how == "replace":
            parent[last] = draw(VALUES)
        elif isinstance(parent, dict):
            parent[draw(KEYS)] = draw(VALUES)
        else:
            parent.append(draw(VALUES | st.just(parent[0])) if parent else draw(VALUES))
    return name, data


@settings(deadline=None)
@given(altered())
def test_a_yes_is_the_validators_yes(case):
    name, data = case
    if fits_surely(SCHEMAS[name])(data):
        assert validator(name).is_valid(data)


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_files_of_this_project_need_no_second_look(name):
    fits, wanted = fits_surely(SCHEMAS[name]), validator(name)
    assert [fits(data) for data in DOCUMENTS[name]] == [wanted.is_valid(data) for data in DOCUMENTS[name]]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"contains": True}, [1]),
        ({"const": 1}, 1),
        ({"enum": [0, 1]}, 1),
        ({"uniqueItems": True}, [1, 2]),
        ({"$ref": "elsewhere.json"}, 1),
        ({"allOf": [{"$id": "urn:other", "$ref": "#/$defs/a"}], "$defs": {"a": True}}, 1),
        ({"$ref": "#/$defs/nowhere"}, 1),
        ({"type": "text"}, "x"),
        ({"pattern": "("}, "x"),
        ({"minLength": "two"}, "x"),
        ({"not": {"uniqueItems": True}}, [1, 1]),
    ],
)
def test_where_it_is_not_sure_it_says_no(schema, value):
    assert fits_surely(schema)(value) is False


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": ["integer", "null"]}, [1, 1.0, None], [True, 1.5, "1"]),
        ({"type": "number", "minimum": 0, "maximum": 2}, [0, 2.0], [-1, 3, True]),
        ({"enum": ["a", "b"]}, ["a"], ["c", 1, None]),
        ({"oneOf": [{"type": "string"}, {"minLength": 2}]}, ["a", 1], ["ab"]),
        ({"anyOf": [{"type": "null"}, {"pattern": "^a"}]}, [None, "ab", 3], ["ba"]),
        ({"not": {"required": ["a"]}}, [{}, {"b": 1}], [{"a": 1}, 7]),
        ({"propertyNames": {"maxLength": 1}, "minProperties": 1}, [{"a": 1}], [{}, {"ab": 1}]),
        (
            {"patternProperties": {"^x": {"type": "null"}}, "additionalProperties": False},
            [{"xa": None}],
            [{"a": 1}],
        ),
        ({"properties": {"a": {"$ref": "#"}}}, [], [{"a": 1}]),
        ({"format": "date"}, ["2012-02-29", 5], ["2013-02-29", "20130228", "2013-2-1"]),
        ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, [{}, {"a": 1, "b": 1}], [{"a": 1}]),
        ({"allOf": [{"minItems": 1}, {"maxItems": 2}], "x-note": 1}, [[1], 7], [[], [1, 2, 3]]),
        (True, [1, {}], []),
        ({"additionalProperties": False}, [{}], [{"a": 1}]),
    ],
)
def test_keywords(schema, good, bad):
    fits = fits_surely(schema) if isinstance(schema, dict) else fits_surely({"allOf": [schema]})
    assert [fits(value) for value in good] == [True] * len(good)
    assert [fits(value) for value in bad] == [False] * len(bad)
