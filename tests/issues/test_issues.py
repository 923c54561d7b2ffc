"""Issues: their order, their text with the caret, and the suggestions."""

from __future__ import annotations

import pytest

from imrpolicy.issues import (
    Issue,
    IssuesError,
    Place,
    Severity,
    did_you_mean,
    has_errors,
    in_order,
    nearest,
    render,
    rendered,
)


def issue(source="", column=1, length=1, **keywords):
    """An issue in line 7 of a file."""
    values = {"rule": "rule", "message": "message", "place": Place("a.yaml", 7, column)}
    return Issue(source=source, length=length, **{**values, **keywords})


def excerpt(source, column, length, width=120):
    """The two lines of an excerpt."""
    parts = rendered(issue(source, column, length), width)
    return parts.source, parts.caret


def test_a_whole_issue():
    text = render(issue("key: value", 6, 5, help="do it"))
    assert text.splitlines() == [
        "a.yaml:7:6: error[rule]: message",
        "  7 | key: value",
        "    |      ^^^^^",
        "  help: do it",
    ]


def test_a_warning_without_more():
    assert render(issue(severity=Severity.WARNING)) == "a.yaml:7:1: warning[rule]: message"


@pytest.mark.parametrize("source", ["", "   "])
def test_an_empty_line_is_not_shown(source):
    assert excerpt(source, 1, 1) == ("", "")


@pytest.mark.parametrize(
    ("source", "column", "length", "marked"),
    [
        ("key: value", 6, 5, "^^^^^"),
        ("key: value", 6, 500, "^^^^^"),  # never beyond the line
        ("key:", 5, 1, "^"),  # just behind the line, where something is missing
        ("key:   ", 7, 1, "^"),
    ],
)
def test_the_caret(source, column, length, marked):
    _, caret = excerpt(source, column, length)
    assert caret == "    | " + " " * (column - 1) + marked


def test_what_cannot_be_seen_takes_one_column():
    source, caret = excerpt("a\tb\u200bc", 5, 1)
    assert (source, caret) == ("  7 | a b c", "    |     ^")


def test_wide_letters_and_accents():
    """The caret stands below its letter, though some letters take two columns and accents none."""
    _, caret = excerpt("\u75db\u307f: x", 5, 1)
    assert caret == "    |       ^"
    _, caret = excerpt("cafe\u0301: x", 8, 1)
    assert caret == "    |       ^"
    _, caret = excerpt("\u75db\u307f", 1, 2)
    assert caret == "    | ^^^^"


@pytest.mark.parametrize("width", [40, 80, 120, 1000])
@pytest.mark.parametrize("column", [1, 2, 60, 500, 990])
def test_a_long_line_is_cut_around_the_caret(width, column):
    line = "".join(chr(ord("a") + i % 26) for i in range(1000))
    source, caret = excerpt(line, column, 10, width)
    assert max(len(source), len(caret)) <= min(width, 120)
    start = caret.index("^")
    assert source[start : start + 10] == line[column - 1 : column + 9]
    assert source.startswith("  7 | ...") == (column > min(width, 120) - 18)
    assert source.endswith("...") == (column < 900)


def test_a_long_line_with_a_long_caret():
    """A caret that has no room is cut as well."""
    source, caret = excerpt("x" * 1000, 500, 400, 80)
    assert len(source) == len(caret) <= 80
    assert caret.endswith("^")


def test_issues_are_sorted_and_told_once():
    first, second = issue(place=Place("a.yaml", 2, 9)), issue(place=Place("a.yaml", 10, 1))
    assert in_order([second, first, second]) == (first, second)
    assert has_errors([first])
    assert not has_errors([issue(severity=Severity.WARNING)])


def test_the_error_holds_all_issues():
    error = IssuesError([issue(message="b"), issue(message="a")])
    assert [found.message for found in error.issues] == ["a", "b"]
    assert str(error) == "a.yaml:7:1: a\na.yaml:7:1: b"


def test_an_issue_as_data():
    data = issue("key: value", 6, 5, help="do it").to_dict()
    assert data == {
        "file": "a.yaml", "line": 7, "column": 6, "length": 5, "severity": "error", "rule": "rule",
        "message": "message", "help": "do it",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("cryotherpy", ["cryotherapy", "neurotomy"], "cryotherapy"),
        ("duration_days", ["request.duration_days", "pain.duration_weeks"], "request.duration_days"),
        ("patient.duration_days", ["request.duration_days", "pain.score"], "request.duration_days"),
        ("x", ["a.x", "b.x"], None),
        ("", ["cryotherapy"], None),
        ("anything", [], None),
    ],
)
def test_the_nearest_word(word, known, found):
    assert nearest(word, known) == found


@pytest.mark.parametrize(
    ("word", "known", "help"),
    [
        ("cryotherpy", ["cryotherapy"], "did you mean `cryotherapy`?"),
        ("xyz", ["b", "a"], "known are `a`, `b`"),
        ("xyz", [f"name{i}" for i in range(20)], ""),
        ("xyz", [], ""),
    ],
)
def test_did_you_mean(word, known, help):
    assert did_you_mean(word, known) == help
