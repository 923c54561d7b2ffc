"""`canonical`: one form, which says the same, is reached in one step, and keeps what is not its concern."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from imrpolicy.authored import parse_document
from imrpolicy.authoring.canonical import NotCanonicalError, canonical, key_order
from imrpolicy.authoring.layout import comments
from imrpolicy.authoring.order import KeyOrder
from imrpolicy.issues import has_errors
from imrpolicy.policy import Schemas

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = Schemas(ROOT / "schemas")
POLICY = key_order(SCHEMAS, "policy")
NO_ORDER = KeyOrder({}, {}.__getitem__)
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for top in ("policies", "cases", "tests/cli/project")
    for path in (ROOT / top).rglob("*.yaml")
)


def kind(name):
    if "/search-sequences/" in name:
        return "search-sequence"
    if "cases/" in name:
        return "case"
    return {"sources.yaml": "sources", "tests.yaml": "tests", "releases.yaml": "releases"}.get(
        Path(name).name, "policy"
    )


def form(text, order=NO_ORDER):
    return canonical(parse_document(text.encode(), "file.yaml"), order)


@pytest.mark.parametrize("name", FILES)
def test_every_file_of_the_project_has_a_canonical_form(name):
    """That it says the same and does not change a second time is asserted by `canonical` itself."""
    document = parse_document((ROOT / name).read_bytes(), name)
    order = key_order(SCHEMAS, kind(name))
    text = canonical(document, order)
    again = parse_document(text.encode(), name)
    assert again.data() == document.data()
    assert sorted(comments(again)) == sorted(comments(document))
    assert canonical(again, order) == text
    assert text.splitlines()[0] == document.lines[0], "the comment that names the schema stays first"


BEFORE = """\
# yaml-language-server: $schema=x

# About the file.
version:   1.0.0
id: 'a/b'    # the id


# about the title
title: "T"
criteria:
    all:
    - text: one
      # about the id
      id: x
      when: >-
             a &&
               (b
             || c)
    # before the second
    - {id: second, when: z,
         text: q}  # beside
    -
      id: last
      text: plain text
        on two lines
      when: f
      # after the last key
    # after the last item
# about the status
status: draft
codes: {
  hcpcs: [E0218,   E0236],
}
notes:

- |2
    indented
  text

- first  # one
# the end
"""

AFTER = """\
# yaml-language-server: $schema=x

# About the file.
id: 'a/b'  # the id
version: 1.0.0
# about the status
status: draft

# about the title
title: "T"
criteria:
  all:
    # about the id
    - id: x
      text: one
      when: >-
        a &&
          (b
        || c)
    # before the second
    - {id: second, text: q, when: z}  # beside
    - id: last
      text: plain text
        on two lines
      when: f
      # after the last key
  # after the last item
codes: {hcpcs: [E0218, E0236]}
notes:
  - |2
      indented
    text

  - first  # one
# the end
"""


def test_the_form_of_a_policy():
    assert form(BEFORE, POLICY) == AFTER


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: {b: [1,\n  2] , c: {d}}\n", "a: {b: [1, 2], c: {d: null}}\n"),
        ("a: [1, # one\n  2]  # list\n", "a:  # list\n  - 1  # one\n  - 2\n"),
        ("a: [ # first\n  {b: 1}\n # last\n]\n", "a:\n  # first\n  - {b: 1}\n  # last\n"),
        ("a: []\nb: {}\nc:\n", "a: []\nb: {}\nc:\n"),
        ("- a: [b: c]\n- - 1\n  - 2\n", "- a: [{b: c}]\n- - 1\n  - 2\n"),
        ("---\na: 1\r\nb:\t2\n...\n", "a: 1\nb: 2\n"),
        ("\n\n# c\n\n\na:\n\n  # d\n\n  b: 1\n\n\n\n", "# c\n\na:\n  # d\n\n  b: 1\n"),
        ("a: >+\n  kept\n\n\nb: 1\n", "a: >+\n  kept\n\n\nb: 1\n"),
        ("a: |-  # why\n    x\n   \n    y\n", "a: |-  # why\n  x\n\n  y\n"),
        ("a: 'it''s\n\n      two'\n", "a: 'it''s\n\n  two'\n"),
        ("? a\n: 1\n", "a: 1\n"),
        ("a:\n- 1\n# about b\nb: 2\n", "a:\n  - 1\n# about b\nb: 2\n"),
        ("a:   # beside\n  b: 1\n", "a:  # beside\n  b: 1\n"),
        ("a:\n- # beside the dash\n  b: 1\n", "a:\n  # beside the dash\n  - b: 1\n"),
    ],
)
def test_small_forms(before, after):
    assert form(before) == after


def test_brackets_are_filled_up_to_the_width():
    """A list in brackets that needs several lines is aligned below its first entry."""
    words = [f"fact_number_{number}" for number in range(12)]
    text = form(f"a: [{','.join(words)}]\nb:\n- [{','.join(words)}]\n")
    assert all(len(line) <= 120 for line in text.splitlines())
    assert text.splitlines()[1].startswith("  fact")
    assert text.splitlines()[3:] == [
        "  - [" + ", ".join(words[:7]) + ",",
        "     " + ", ".join(words[7:]) + "]",
    ]


def test_what_has_no_room_in_brackets_leaves_them():
    long = "x" * 130
    assert form(f"a: {{b: {long}, c: [{long}]}}\n") == f"a:\n  b: {long}\n  c:\n    - {long}\n"
    assert form('a: {b: "one\n  two"}\n') == 'a:\n  b: "one\n    two"\n'


@pytest.mark.parametrize("text", ["", "only text\n", "a: *b\n", "a: 1\na: 2\n"])
def test_what_cannot_be_read_has_no_form(text):
    with pytest.raises(NotCanonicalError, match=r"file\.yaml cannot be read"):
        form(text)


def test_what_would_say_something_else_has_no_form():
    """The proof is by reading again, so a defect of the printer can only refuse a file."""
    with pytest.raises(NotCanonicalError):
        form("a: [ # a comment in an empty list\n]\n")


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["a: 2\n"], "would not say the same"),
        (["a: '1'\n"], "would not say the same"),
        (["a: [1]\n"], "would not say the same"),
        (["a: [\n"], "would not say the same"),
        (["a: 1\n"], "would not say the same"),
        (["a: 1  # kept\n", "a:  1  # kept\n"], "would change once more"),
    ],
)
def test_a_defect_of_the_printer_changes_nothing(texts, says, monkeypatch):
    printed = iter(texts)
    monkeypatch.setattr("imrpolicy.authoring.canonical.printed", lambda *_: next(printed))
    with pytest.raises(NotCanonicalError, match=says):
        form("a:   1 # kept\n")


def test_the_order_of_a_schema_that_points_to_another():
    """Each part is looked up in the file in which it stands."""
    parts = {"$defs": {"x/y": {"properties": {"b": {}, "a": {}}}}}
    schema = {"properties": {"top": {"$ref": "urn:parts#/$defs/x~1y"}}, "$defs": {"x/y": {}}}
    order = KeyOrder(schema, {"urn:parts": parts}.__getitem__)
    assert form("top: {a: 1, b: 2}\n", order) == "top: {b: 2, a: 1}\n"


def test_keys_that_the_schema_does_not_know_come_last():
    assert form("odd: 1\ntitle: t\nid: a/b\n", POLICY) == "id: a/b\ntitle: t\nodd: 1\n"


PROJECT = sorted((ROOT / "tests/cli/project").rglob("*.yaml"))
INSERTED = st.tuples(
    st.integers(0, 400),
    st.sampled_from(["line", "beside"]),
    st.integers(0, 8),
    st.sampled_from(["", "# a comment", "#", "# key: value", "# [", "# 'quoted"]),
)


@given(st.sampled_from(PROJECT), st.lists(INSERTED, min_size=1, max_size=8))
def test_comments_and_empty_lines_anywhere(path, inserted):
    """Whatever is put between and beside the lines of a file, all of it is kept."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, where, indent, text in inserted:
        number %= len(lines)
        if where == "line":
            lines.insert(number, " " * indent + text)
        else:
            lines[number] += f"  {text}"
    document = parse_document("\n".join(lines).encode(), "file.yaml")
    assume(not has_errors(document.issues))
    text = canonical(document, POLICY)
    assert sorted(comments(parse_document(text.encode(), "f"))) == sorted(comments(document))


TEXT = st.text(st.sampled_from("ab1 -:#,[]{}\"'!|>&*?%@`\\\n._é="), max_size=12)
KEY = st.text(st.sampled_from("ab1-:#,[]{}\"'!|>&*?%@`._é="), max_size=8)
SCALAR = st.none() | st.booleans() | st.integers(-99, 99) | TEXT
TREE = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEY, inner, max_size=4),
    max_leaves=12,
)


@given(
    st.dictionaries(KEY, TREE, min_size=1, max_size=4),
    st.fixed_dictionaries(
        {
            "default_flow_style": st.sampled_from([True, False, None]),
            "default_style": st.sampled_from([None, '"', "'", "|", ">"]),
            "indent": st.integers(2, 6),
            "width": st.integers(20, 200),
        }
    ),
)
def test_any_tree_in_any_style(tree, style):
    """However a file is written, as long as it can be read."""
    document = parse_document(
        yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, **style).encode(), "file.yaml"
    )
    assume(not has_errors(document.issues))
    text = canonical(document, NO_ORDER)
    assert parse_document(text.encode(), "file.yaml").data() == document.data()
