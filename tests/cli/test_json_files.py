"""Cases in JSON: what is wrong with the JSON itself is told in plain words, at its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imrpolicy.authored.json_files import read_file

BROKEN = [
    ("", "1:1 the file is empty"),
    (" \n ", "1:1 the file is empty"),
    ("{", "1:1 the file ends in the middle"),
    ('{"a": [1, 2', "1:11 the file ends in the middle"),
    ('{"a": "text', "1:11 the file ends in the middle"),
    ('{"a": 1,', "1:8 the file ends in the middle"),
    ('{"a": 1,}', "1:8 no comma goes before a closing bracket"),
    ('{"a": [1, 2, ]}', "1:12 no comma goes before a closing bracket"),
    ('{"a": 1} {', "1:10 there is text after the end of the file's content"),
    ('{"a": "one\ntwo"}', "1:11 this text is not closed on its line"),
    ('{"a": "\\d"}', "1:8 this backslash stands for no character"),
    ('{"a" 1}', "1:6 a colon is missing before this"),
    ('{"a": 1 "b": 2}', "1:9 a comma is missing before this"),
    ('{"a": yes}', "1:7 `yes` is not a value in JSON"),
    ('{"a": True}', "1:7 `True` is not a value in JSON"),
    ("{'a': 1}", "1:2 `'` is not expected here"),
    ("{a: 1}", "1:2 `a` is not a value in JSON"),
    ('{"a": 1} // comment', "1:10 there is text after the end of the file's content"),
    ('{"a": ]}', "1:7 `]` is not expected here"),
    ("id: example\n", "1:1 `id` is not a value in JSON"),
    ("[" * 100_000, "1:1 nested deeper than any case is"),
]


def read(tmp_path, text):
    file = tmp_path / "case.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_file(file, "case.json", 1_000_000)


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_json_that_is_broken(text, said, tmp_path):
    document = read(tmp_path, text)
    [issue] = document.issues
    assert f"{issue.place.line}:{issue.place.column} {issue.message}" == said
    assert document.root is None


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b'{"a": "\xe9"}', "encoding"),
        ('{"a": 1}'.encode("utf-16"), "encoding"),
        (b"1" * 1_000_001, "too-large"),
    ],
)
def test_a_file_that_is_no_text(raw, rule, tmp_path):
    assert [issue.rule for issue in read(tmp_path, raw).issues] == [rule]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "\\u00e9 \\ud83d\\ude00 \\/ \\n\\t\\" \\\\"}',
        '\ufeff{"a": 1}',
        '{\r\n\t"a": [true, false, null, -1.5]\r\n}\r\n',
        '{"a": {"b": "yes", "c": "1.10", "d": "# no comment", "e": "<<", "f": "*x", "g": ""}}',
    ],
)
def test_json_means_what_it_means_elsewhere(text, tmp_path):
    document = read(tmp_path, text)
    assert document.data() == json.loads(text.removeprefix("\ufeff"))
    assert document.issues == ()


# Text without what every case refuses: control characters and halves of characters.
_TEXT = st.text(
    st.characters(blacklist_categories=("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")) | st.just(" "), max_size=20
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(_TEXT, _VALUES, max_size=4), st.booleans(), st.sampled_from([None, 2, "\t"]))
def test_any_json_is_read_as_it_is_elsewhere(tmp_path_factory, data, ascii, indent):
    """Whatever a program writes as JSON comes out as the same data, escaped or not."""
    file = tmp_path_factory.getbasetemp() / "any.json"
    file.write_text(json.dumps(data, ensure_ascii=ascii, indent=indent), encoding="utf-8")
    document = read_file(file, "any.json", 1_000_000)
    assert [issue.message for issue in document.issues] == []
    assert document.data() == data


def test_a_number_of_thousands_of_digits_is_told(tmp_path):
    """Python refuses to count it, which is no defect of ours."""
    file = tmp_path / "case.json"
    file.write_text(f'{{"id": {"9" * 5000}}}', encoding="utf-8")
    document = read_file(file, "case.json", 1_000_000)
    assert [issue.rule for issue in document.issues] == ["ambiguous-number"]
