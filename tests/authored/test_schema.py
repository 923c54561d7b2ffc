"""Schema errors are issues at their places, in the words of whoever writes the file."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from imrpolicy.authored import validate


def group(key: str, items: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [key],
        "additionalProperties": False,
        "properties": {key: items, "id": {"type": "string"}, "text": {"type": "string"}},
    }


CRITERIA = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/criterion"}}
LEAF = {
    "type": "object",
    "required": ["id", "text", "when"],
    "additionalProperties": False,
    "properties": {
        "id": {
            "type": "string",
            "pattern": "^[a-z-]+$",
            "description": "A short name, such as post-operative.",
        },
        "text": {"type": "string", "minLength": 1},
        "when": {"type": "string", "title": "The expression"},
        "limit": {"type": "boolean"},
        "strength": {"enum": ["strong", "weak"]},
    },
}
AT_LEAST = {
    "type": "object",
    "required": ["count", "of"],
    "additionalProperties": False,
    "properties": {"count": {"type": "integer", "minimum": 1}, "of": CRITERIA},
}
GROUPS = [group("all", CRITERIA), group("any", CRITERIA), group("at_least", AT_LEAST)]
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["title"],
    "additionalProperties": False,
    "$defs": {
        "leaf": LEAF,
        "criterion": {"oneOf": [*GROUPS, {"$ref": "#/$defs/leaf"}]},
        "date": {"type": "string", "format": "date"},
        "title": {"type": "string", "description": "What the guideline is about."},
    },
    "properties": {
        "title": {"$ref": "#/$defs/title"},
        "version": {"type": "string"},
        "status": {
            "oneOf": [
                {"const": "draft", "title": "Not yet in use"},
                {"const": "released", "title": "In force"},
                {"type": "null"},
            ]
        },
        "source": {
            "type": "object",
            "required": ["guideline", "edition"],
            "properties": {"guideline": {"type": "string"}, "edition": {"type": "string"}},
            "additionalProperties": False,
        },
        "from": {"$ref": "#/$defs/date"},
        "criteria": {"oneOf": GROUPS},
        "exclusions": {"type": "array", "items": {"$ref": "#/$defs/leaf"}},
        "notes": {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "maxItems": 3},
        "days": {"type": ["integer", "null"], "minimum": 0, "maximum": 60, "x-unit": "days"},
        "step": {"type": "number", "multipleOf": 0.5, "exclusiveMinimum": 0},
        "edition": {"enum": ["2013", "2014"]},
        "level": {"type": "string", "enum": ["a", "b"]},
        "stance": {"const": "criteria"},
        "flag": {"type": "boolean"},
        "facts": {"type": "object", "propertyNames": {"enum": ["pain", "exam"]}},
        "codes": {"type": "object", "propertyNames": {"pattern": "^[a-z]+$", "description": "Lower case."}},
        "documented": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "one": {
            "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
            "dependentRequired": {"c": ["d"], "e": ["f"]},
        },
        "never": False,
        "apart": {"type": "object", "not": {"required": ["a", "b"]}},
        "odd": {"not": {"const": 1}, "description": "Anything but one"},
        "kind": {
            "oneOf": [
                {"properties": {"kind": {"const": "fact"}, "name": {"type": "string"}}, "required": ["kind"]},
                {
                    "properties": {"kind": {"const": "value"}, "name": {"type": "integer"}},
                    "required": ["kind"],
                },
            ]
        },
        "open": {
            "allOf": [{"properties": {"a": True}}],
            "properties": {"bcd": True},
            "unevaluatedProperties": False,
        },
        "patterned": {"patternProperties": {"^x-": True}, "additionalProperties": False},
        "ids": {"type": "array", "uniqueItems": True},
        "grade": {"oneOf": [{"enum": ["high", "low"]}, {"const": "none"}]},
        "count": {"oneOf": [{"type": "integer"}, {"type": "boolean"}]},
        "loose": {"type": "object", "required": ["b"], "properties": {"b": True}},
        "plain": {"type": "string", "pattern": "^[a-z]$"},
        "nothing": {"type": "null"},
    },
}


@pytest.fixture
def check(read):
    """The issues of a file with a title, under the schema; the lines count from the one after the title."""
    validator = Draft202012Validator(SCHEMA)
    Draft202012Validator.check_schema(SCHEMA)

    def issues(text: str) -> list[tuple[str, str]]:
        document = read(text if "title:" in text else f"{text}title: x\n")
        assert document.root is not None
        return [
            (f"{i.place.line}:{i.place.column} {i.rule}: {i.message}", i.help)
            for i in validate(document, validator)
        ]

    return issues


@pytest.mark.parametrize(
    ("text", "expected", "help"),
    [
        # Keys.
        ("staus: draft\n", "1:1 unknown-key: `staus` is not a key of the file", "did you mean `status`?"),
        (
            "source: {guideline: odg, edition: x, zzzz: 1}\n",
            "1:38 unknown-key: `zzzz` is not a key of `source`",
            "known are `guideline`, `edition`",
        ),
        (
            "source: {guideline:odg, edition: x}\n",
            "1:10 unknown-key: `guideline:odg` is not a key of `source`",
            "type a space after `guideline:`",
        ),
        ("patterned: {x-a: 1, b: 2}\n", "1:21 unknown-key: `b` is not a key of `patterned`", ""),
        ("open: {a: 1, bdc: 2}\n", "1:14 unknown-key: `bdc` is not a key of `open`", "did you mean `bcd`?"),
        ("never: 1\n", "1:1 unknown-key: `never` cannot be given here", "delete it"),
        ("source: {guideline: odg}\n", "1:9 missing-key: `source` has no key `edition`", "add `edition:`"),
        (
            "notes: [] # title:\n",
            "1:1 missing-key: the file has no key `title`",
            "add `title:` (what the guideline is about)",
        ),
        (
            "exclusions:\n  - {id: a, text: b}\n",
            "2:5 missing-key: item 1 of `exclusions` has no key `when`",
            "add `when:` (the expression)",
        ),
        ("one: {a: 1, c: 2}\n", "1:13 missing-key: with `c`, `one` needs the key `d` too", "add `d:`"),
        ("one: {a: 1, b: 2}\n", "1:13 conflicting-keys: `a` and `b` cannot be given together", "keep one"),
        ("apart: {a: 1, b: 2}\n", "1:15 conflicting-keys: `a` and `b` cannot be given together", "keep one"),
        ("facts: {pian: 1}\n", "1:9 unknown-key: `pian` is not a key of `facts`", "did you mean `pain`?"),
        ("facts: {zz: 1}\n", "1:9 unknown-key: `zz` is not a key of `facts`", "known are `pain`, `exam`"),
        (
            "codes: {A: 1}\n",
            "1:9 wrong-form: `A` does not have the form of the keys of `codes`",
            "lower case",
        ),
        # Types.
        (
            "version: 1.10\n",
            "1:10 wrong-type: `1.10` is read as a number, and `version` should be text",
            'put it in quotes: `"1.10"`',
        ),
        (
            "version: true\n",
            "1:10 wrong-type: `true` is read as true or false, and `version` should be text",
            'put it in quotes: `"true"`',
        ),
        (
            "version:\n",
            "1:9 wrong-type: `version` is empty",
            "write text after `version:`, or delete the key",
        ),
        (
            "version: ~\n",
            "1:10 wrong-type: `~` is read as nothing, and `version` should be text",
            "write text",
        ),
        (
            "notes: [a, ]\nversion: [1]\n",
            "2:10 wrong-type: `version` should be text, not a list",
            "starts with `[`",
        ),
        ("version:\n  - a\n", "2:3 wrong-type: `version` should be text, not a list", "without a `- `"),
        (
            "notes:\n  - Note: x\n",
            "2:5 wrong-type: item 1 of `notes` should be text, not a mapping",
            "text with `: ` in it has to be quoted",
        ),
        (
            "notes:\n  - 5\n",
            "2:5 wrong-type: `5` is read as a number, and item 1 of `notes` should be text",
            '`"5"`',
        ),
        ("notes:\n  -\n", "2:4 wrong-type: item 1 of `notes` is empty", "write text after the `-`"),
        ("notes: a\n", "1:8 wrong-type: `notes` should be a list, not text", "starts with `- `"),
        ("notes: {a: b}\n", "1:8 wrong-type: `notes` should be a list, not a mapping", "starts with `- `"),
        (
            "source: odg\n",
            "1:9 wrong-type: `source` should be a mapping, not text",
            "`guideline:` or `edition:`",
        ),
        (
            "days: 7 days\n",
            "1:7 wrong-type: `days` should be a whole number, not text",
            "write the number alone: `7`",
        ),
        (
            "days: 1,000\n",
            "1:7 wrong-type: `days` should be a whole number, not text",
            "write the number alone: `1000`",
        ),
        ("days: seven\n", "1:7 wrong-type: `days` should be a whole number, not text", "in digits"),
        (
            "days: '7'\n",
            "1:7 wrong-type: `'7'` in quotes is text, and `days` should be a whole number".replace(
                "'7'", "7"
            ),
            "write it without quotes: `7`",
        ),
        ("days: 7.5\n", "1:7 wrong-type: `7.5` is not a whole number", ""),
        (
            "days: true\n",
            "1:7 wrong-type: `true` is read as true or false, and `days` should be a whole number",
            "",
        ),
        (
            "flag: 'true'\n",
            "1:7 wrong-type: `flag` should be true or false, not text",
            "write `true` or `false`",
        ),
        (
            "documented: 5\n",
            "1:13 wrong-type: `5` is read as a number, and `documented` should be text or a list",
            '`"5"`',
        ),
        (
            "documented: [5]\n",
            "1:14 wrong-type: `5` is read as a number, and item 1 of `documented` should be text",
            '"5"',
        ),
        (
            "criteria: []\n",
            "1:11 wrong-type: `criteria` should be a mapping, not a list",
            "on a line above it",
        ),
        ("level: 5\n", "1:8 wrong-type: `5` is read as a number, and `level` should be text", '`"5"`'),
        # Values.
        ("status: drft\n", "1:9 unknown-value: `drft` is not a value of `status`", "did you mean `draft`?"),
        (
            "status: In Force\n",
            "1:9 unknown-value: `In Force` is not a value of `status`",
            "did you mean `released`?",
        ),
        (
            "status: xxx\n",
            "1:9 unknown-value: `xxx` is not a value of `status`",
            "known are `draft`, `released`",
        ),
        (
            "status: [draft]\n",
            "1:9 wrong-type: `status` should be one value, not a list",
            "known are `draft`",
        ),
        (
            "stance: silent\n",
            "1:9 unknown-value: `silent` is not a value of `stance`",
            "known are `criteria`",
        ),
        (
            "edition: 2013\n",
            "1:10 wrong-type: `2013` is not read as text, as the values of `edition` are",
            'put it in quotes: `"2013"`',
        ),
        ("edition:\n", "1:9 wrong-type: `edition` is empty", "known are `2013`, `2014`"),
        (
            "days: 70\n",
            "1:7 out-of-range: `70` is too large for `days`",
            "it has to be at least 0 and at most 60 days",
        ),
        (
            "days: -1\n",
            "1:7 out-of-range: `-1` is too small for `days`",
            "it has to be at least 0 and at most 60 days",
        ),
        ("step: 0\n", "1:7 out-of-range: `0` is too small for `step`", "it has to be more than 0"),
        ("step: 0.7\n", "1:7 out-of-range: `0.7` is not a multiple of 0.5", ""),
        (
            "from: 2013-02-30\n",
            "1:7 wrong-form: `2013-02-30` is not a day of the calendar",
            "check the month",
        ),
        ("from: 6/20/2013\n", "1:7 wrong-form: `6/20/2013` is not a date", "such as 2013-06-20"),
        (
            "from: 20130620\n",
            "1:7 wrong-type: `20130620` is read as a number, and `from` should be text",
            "quotes",
        ),
        ("notes: [a, b, a]\n", "1:15 duplicate-item: this is in `notes` already, as item 1", "delete one"),
        (
            "notes: [a, b, c, d]\n",
            "1:8 wrong-size: `notes` has too many items",
            "it can have at most 3 items",
        ),
        (
            "odd: 1\n",
            "1:6 wrong-form: `odd` does not follow the rule `not` of the schema",
            "anything but one",
        ),
        (
            "kind: {kind: value, name: x}\n",
            "1:27 wrong-type: `name` should be a whole number, not text",
            "digits",
        ),
        ("grade: hihg\n", "1:8 unknown-value: `hihg` is not a value of `grade`", "did you mean `high`?"),
        ("count: [1]\n", "1:8 wrong-type: `count` should be a whole number or true or false, not a list", ""),
        ("loose: {}\n", "1:8 missing-key: `loose` has no key `b`", "add `b:`"),
        (
            "plain: AB\n",
            "1:8 wrong-form: `AB` does not have the form of `plain`",
            "as a regular expression, is `^[a-z]$`",
        ),
        ("nothing: x\n", "1:10 wrong-type: `nothing` should be nothing, not text", ""),
        ("ids: [{a: 1}, 1, {a: 1}]\n", "1:18 duplicate-item: this is in `ids` already, as item 1", "delete"),
        # Criteria: only the alternative that was meant is reported.
        (
            "criteria: {}\n",
            "1:11 missing-key: `criteria` needs one of the keys `all`, `any` or `at_least`",
            "add one",
        ),
        ("criteria: {al: []}\n", "1:12 unknown-key: `al` is not a key of `criteria`", "did you mean `all`?"),
        ("criteria: {all: []}\n", "1:17 wrong-size: `all` is empty", "it needs at least 1 item"),
        (
            "criteria: {all: [{id: a, text: b, whn: c}]}\n",
            "1:35 unknown-key: `whn` is not a key of item 1 of `all`",
            "did you mean `when`?",
        ),
        (
            "criteria: {any: [{all: [{id: A B, text: b, when: c}]}]}\n",
            "1:30 wrong-form: `A B` does not have the form of `id`",
            "a short name, such as post-operative",
        ),
        (
            "criteria: {all: [{id: a, text: b, when: c, all: []}]}\n",
            "1:44 conflicting-keys: `all` does not go together with the other keys of item 1 of `all`",
            "known are",
        ),
        (
            "criteria: {at_least: {count: 0, of: [{id: a, text: b, when: c}]}}\n",
            "1:30 out-of-range: `0` is too small for `count`",
            "at least 1",
        ),
        (
            "criteria: {all: [foo]}\n",
            "1:18 wrong-type: item 1 of `all` should be a mapping, not text",
            "its keys",
        ),
        (
            "criteria: {all: [{id: a, text: b, when: c, strength: strng}]}\n",
            "1:54 unknown-value: `strng` is not a value of `strength`",
            "did you mean `strong`?",
        ),
    ],
)
def test_schema_error(check, text, expected, help):
    ((message, given_help),) = check(text)
    assert message == expected
    assert help in given_help
    assert "$defs" not in message


def test_a_leaf_in_the_place_of_a_group(check):
    assert [message for message, _ in check("criteria: {when: x}\n")] == [
        "1:11 missing-key: `criteria` needs one of the keys `all`, `any` or `at_least`",
        "1:12 unknown-key: `when` is not a key of `criteria`",
    ]


def test_all_errors_are_found_sorted_by_place(check):
    text = "days: -1\nversion: 2\nexclusions:\n  - id: A\n    text: ''\n    wehn: x\n"
    assert [message for message, _ in check(text)] == [
        "1:7 out-of-range: `-1` is too small for `days`",
        "2:10 wrong-type: `2` is read as a number, and `version` should be text",
        "4:9 wrong-form: `A` does not have the form of `id`",
        "5:11 wrong-size: `text` is empty",
        "6:5 unknown-key: `wehn` is not a key of item 1 of `exclusions`",
    ]


def test_what_was_said_of_a_value_as_yaml_is_not_said_again(check):
    assert check("days: no\nversion: 010\nstatus: *x\nnotes: [yes]\n") == []


def test_a_correct_file_has_no_issues(check):
    assert check("status:\ndays:\nfrom: 2012-02-29\nnotes: []\ndocumented: [a]\n") == []


def test_a_file_without_a_tree_has_no_schema_issues(read):
    assert validate(read("a: [\n"), Draft202012Validator(SCHEMA)) == ()


def test_a_format_checker_of_the_caller_is_kept(read):
    formats = FormatChecker(formats=())
    formats.checks("date")(str.isalpha)
    formats.checks("colour")(str.isdigit)
    schema = {"properties": {"a": {"format": "date"}, "b": {"format": "colour", "title": "A colour"}}}
    issues = validate(read("a: 2013-06-20\nb: x\n"), Draft202012Validator(schema, format_checker=formats))
    assert [(issue.message, issue.help) for issue in issues] == [
        ("`2013-06-20` is not a day of the calendar", "check the month and the day"),
        ("`x` does not have the form `colour`", "a colour"),
    ]


@pytest.mark.parametrize("root", ["- a\n", "x\n", "5\n", '"x"\n'])
def test_a_file_that_is_not_a_mapping(read, root):
    (issue,) = validate(read(root), Draft202012Validator(SCHEMA))
    assert (issue.place.line, issue.place.column, issue.rule) == (1, 1, "wrong-type")
    assert "the file should be a mapping" in issue.message


def test_long_values_are_cut(read):
    document = read(f"title: x\nstatus: {'x' * 500}\n")
    (issue,) = validate(document, Draft202012Validator(SCHEMA))
    assert len(issue.message) < 120


def test_deep_groups_are_validated_in_reasonable_time(read):
    document = read("title: x\ncriteria: " + "{all: [" * 30 + "{idd: 1}" + "]}" * 30)
    messages = [issue.message for issue in validate(document, Draft202012Validator(SCHEMA))]
    assert "`idd` is not a key of item 1 of `all`" in messages
