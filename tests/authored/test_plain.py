"""Plain scalars are read by the YAML 1.2 core rules, and their surprises are issues."""

from __future__ import annotations

import pytest

from imrpolicy.authored.plain import read_plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None),
        ("true", True), ("False", False), ("TRUE", True),
        ("0", 0), ("7", 7), ("-7", -7), ("+7", 7), ("123456789012345", 123456789012345),
        ("0.5", 0.5), ("-1.10", -1.1), ("1.0", 1.0),
        ("2013-06-20", "2013-06-20"), ("2013-06-20T10:00:00Z", "2013-06-20T10:00:00Z"),
        ("1.2.3", "1.2.3"), ("E0218", "E0218"), ("97.1x", "97.1x"), ("M54.5", "M54.5"),
        ("nope", "nope"), ("yesterday", "yesterday"), ("-", "-"), ("...", "..."), ("7 days", "7 days"),
        ("request.days <= 7", "request.days <= 7"), ("٣", "٣"), ("1/2", "1/2"), ("tRUE", "tRUE"),
    ],
)  # fmt: skip
def test_value(text, value):
    assert read_plain(text) == (value, None)
    assert type(read_plain(text)[0]) is type(value)


@pytest.mark.parametrize("text", ["yes", "No", "ON", "off", "y", "N"])
def test_words_that_are_truth_values_elsewhere_stay_text(text):
    value, surprise = read_plain(text)
    assert value == text
    assert surprise is not None
    assert surprise.rule == "ambiguous-truth-value"
    assert f'`"{text}"`' in surprise.help


@pytest.mark.parametrize(
    "text",
    [
        "010", "-01", "00.5", "01996", "0x1F", "0o17", "0b11", "1_000", "1e3", "1.5e3", "1E-3", "1:30",
        "190:20:30", ".inf", "-.INF", ".nan", ".5", "5.",
        "1234567890123456", "0.12345678901234567", "9" * 5000,
    ],
)  # fmt: skip
def test_numbers_with_more_than_one_reading_stay_text(text):
    value, surprise = read_plain(text)
    assert value == text
    assert surprise is not None
    assert surprise.rule == "ambiguous-number"
    assert len(surprise.message) < 150


@pytest.mark.parametrize("text", ["1" + "_" * 100_000 + "x", "1:" * 100_000, "0" * 100_000 + "x"])
def test_hostile_text_is_read_at_once(text):
    assert read_plain(text) == (text, None)


def test_values_in_a_file(read, said):
    document = read('a: 1.10\nb: "1.10"\nc: no\nd: |\n  yes\ne: [1:30, 2013-06-20]\non: x\n')
    assert document.data() == {
        "a": 1.1, "b": "1.10", "c": "no", "d": "yes\n", "e": ["1:30", "2013-06-20"], "on": "x"
    }  # fmt: skip
    assert said(document.issues) == [
        "3:4 ambiguous-truth-value: `no` is text to this tool and a truth value to others",
        "6:5 ambiguous-number: `1:30` is a number in base 60 to some readers, and text to others",
    ]
