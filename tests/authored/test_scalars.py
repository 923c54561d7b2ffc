"""A place inside a scalar is the place in the file, in every style of scalar."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from imrpolicy.authored import Scalar, parse_document
from imrpolicy.authored.scalars import offsets

# Each text has `@` at one place in its value; the issue has to point at it.
STYLES = {
    "plain": "when: a == @ && b\n",
    "plain over lines": "when: a ==\n  @ &&\n\n  b\n",
    "plain after astral": "when: 😀 é @ b\n",
    "plain in a list": "all: [a, b @ c, d]\n",
    "single quotes": "when: 'a == @'\n",
    "apostrophes": "when: 'it''s '' @ b'\n",
    "single over lines": "when: 'a ==\n\n\n    @ b'\n",
    "double quotes": 'when: "a == @"\n',
    "escapes": 'when: "\\"a\\" \\x41 \\u00e9 \\U0001F600 \\t@ b"\n',
    "double over lines": 'when: "a ==  \n  b && @"\n',
    "escaped line end": 'when: "a == \\\n    \\ b @"\n',
    "literal": "when: |\n  a ==\n  @ && b\n",
    "literal, deeper line": "when: |\n  a ==\n      @ && b\n",
    "literal, indicated": "when: |2-\n    a ==\n  @ && b\n",
    "literal, kept": "when: |+ # why\n\n  a ==\n  @ && b\n\n\nx: 1\n",
    "folded": "when: >-\n  a ==\n  @ && b\n",
    "folded, blank lines": "when: >\n  a ==\n\n\n  @ && b\n",
    "folded, deeper line": "when: >-\n  a ==\n    b\n  @ && c\n",
    "folded, indicated": "all:\n  - when: >1-\n       a\n       @ b\n",
    "folded in a list": "all:\n  - when: >-\n      a ==\n      😀 @ && b\n  - x\n",
    "at the end of the file": "when: >-\n  a == @",
    "with tabs": "when: a\t==\t@\n",
    "with a comment": "when: >-\n  a == @ && b\n# and so on\nx: 1\n",
}


@pytest.mark.parametrize("text", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_an_issue_points_into_the_scalar(read, scalars, text, line_end):
    document = read(text.replace("\n", line_end))
    (scalar,) = [s for s in scalars(document.root) if "@" in s.text]
    start = scalar.text.index("@")
    issue = document.issue_in(scalar, start, start + 1, "rule", "message")
    line = text[: text.index("@")].count("\n") + 1
    column = text.index("@") - text.rfind("\n", 0, text.index("@"))
    assert (issue.place.line, issue.place.column) == (line, column)
    assert issue.source == text.split("\n")[line - 1]


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("a: b + c\n", 0, 5, (1, 4, 5)),
        ("a: b +\n  c\n", 2, 5, (1, 6, 1)),
        ("a: b +\n  c\n", 5, 5, (2, 4, 1)),
        ("a: 'b'\n", 1, 1, (1, 6, 1)),
        ('a: "\\x41b"\n', 0, 1, (1, 5, 4)),
        ("a: |\n  b\n\nc: 1\n", 1, 1, (2, 4, 1)),
        ("a: |\n  b\n\nc: 1\n", 2, 2, (2, 4, 1)),
        ("a: >-\n  b\n", 1, 1, (2, 4, 1)),
        ("a: b\n", 7, 9, (1, 5, 1)),
        ("a: ''\n", 0, 0, (1, 5, 1)),
        ("a: |+\n\n\nb: 1\n", 1, 2, (3, 1, 1)),
        ("a: |2\n   \nb: 1\n", 0, 1, (1, 4, 2)),
        ("a: !!str b\n", 0, 1, (1, 4, 7)),
    ],
)
def test_stretch_of_a_scalar(read, scalars, text, start, end, expected):
    document = read(text)
    scalar = next(scalars(document.root))
    issue = document.issue_in(scalar, start, end, "rule", "message")
    assert (issue.place.line, issue.place.column, issue.length) == expected


def dumped(value: str, style: str | None) -> str:
    return yaml.dump({"k": [value]}, default_style=style, allow_unicode=True, width=20)


TEXT = st.text(alphabet=st.sampled_from("ab '\"\\\n:#-é😀\t{}[]&*!|>%@`,?"), max_size=60)


@given(value=TEXT, style=st.sampled_from([None, "'", '"', "|", ">"]))
def test_the_map_holds_for_any_text_in_any_style(value, style):
    document = parse_document(dumped(value, style).encode(), "f.yaml")
    root = document.root
    scalar = root.entries["k"].items[0]
    assert isinstance(scalar, Scalar)
    if not isinstance(scalar.value, str) or scalar.value.replace("\t", " ") != value.replace("\t", " "):
        assert document.issues or not isinstance(scalar.value, str)
        return
    places = offsets(scalar, document.text)
    if places is None:
        assert not value.strip()
        return
    assert len(places) == len(scalar.text) + 1
    assert places[:-1] == sorted(places[:-1])
    for character, place in zip(scalar.text, places, strict=False):
        written = document.text[place]
        assert written in (character, "\\") or character in " \n"
