"""What authored files do without: every surprise of YAML is an issue at its place."""

from __future__ import annotations

import pytest

BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", ["3:1 duplicate-key: the key `a` is already given in line 1"]),
        ("x: {a: 1, 'a': 2}\n", ["1:11 duplicate-key: the key `a` is already given in line 1"]),
        ("a: &x 1\n", ["1:4 alias: `&x` names a value for use elsewhere, which is not supported"]),
        ("a: &x {b: 1}\n", ["1:4 alias: `&x` names a value for use elsewhere, which is not supported"]),
        ("&x a: 1\n", ["1:1 alias: `&x` names a value for use elsewhere, which is not supported"]),
        ("a: *x\n", ["1:4 alias: `*x` repeats a value from elsewhere, which is not supported"]),
        ("<<: {a: 1}\n", ["1:1 alias: `<<` copies keys from another place, which is not supported"]),
        ("a: !!str 1\n", ["1:4 tag: `!!str` is read as a YAML tag, because it starts with `!`"]),
        ("a: !has(x.y)\n", ["1:4 tag: `!has(x.y)` is read as a YAML tag, because it starts with `!`"]),
        ("a: !x [1]\n", ["1:4 tag: `!x` is read as a YAML tag, because it starts with `!`"]),
        ("a: 1\n---\nb: 2\n", ["2:1 several-documents: a second document starts here"]),
        (
            "%YAML 1.2\n---\na: 1\n",
            ["1:1 yaml-syntax: a line that starts with `%` is an order to the parser"],
        ),
        (
            "# note\n%FOO\n---\na: 1\n",
            ["2:1 yaml-syntax: a line that starts with `%` is an order to the parser"],
        ),
        ("1: a\n", ["1:1 key-type: the key `1` is not read as text"]),
        ("1.5: a\n", ["1:1 key-type: the key `1.5` is not read as text"]),
        ("010: a\n", ["1:1 key-type: the key `010` is not read as text"]),
        ("true: a\n", ["1:1 key-type: the key `true` is not read as text"]),
        ("null: a\n", ["1:1 key-type: the key `null` is not read as text"]),
        ("? \n: a\n", ["1:2 key-type: a key is missing here"]),
        ("? [a]\n: b\n", ["1:3 key-type: a key has to be text, not a list or a mapping"]),
        ("{a: b}: c\n", ["1:1 key-type: a key has to be text, not a list or a mapping"]),
        ("", ["1:1 empty-file: the file is empty"]),
        ("# only a comment\n", ["1:1 empty-file: the file has only comments"]),
        ("---\n", ["2:1 empty-file: the file has no content"]),
        ("a: b\tc\n", ["1:5 tab: a tab, which is read as a space"]),
        ("a:\n\tb: 1\n\tc: 1\n", ["2:1 tab: this line is indented with a tab, and so is 1 more"]),
        (
            "a:\n  b: 1\n  \tc: 1\n\td: 1\n\te: 1\n",
            ["3:3 tab: this line is indented with a tab, and so are 2 more"],
        ),
        ("a: x\u200by\n", ["1:5 control-character: an invisible character, U+200B (zero width space)"]),
        ("a: \u202ex\n", ["1:4 control-character: an invisible character, U+202E (right-to-left override)"]),
        ("a: x\u2028y\n", ["1:5 control-character: an invisible character, U+2028 (line separator)"]),
        ("a: x\x85y\n", ["1:5 control-character: an invisible character, U+0085 (control character)"]),
        ("a: x\0y\n", ["1:5 control-character: an invisible character, U+0000 (control character)"]),
        (
            "a: x\x07\nb: 1\nb: 2\n",
            [
                "1:5 control-character: an invisible character, U+0007 (control character)",
                "3:1 duplicate-key: the key `b` is already given in line 2",
            ],
        ),
        (
            "a: x\ufeff\n",
            ["1:5 control-character: an invisible character, U+FEFF (zero width no-break space)"],
        ),
        (
            'a: "x\\0"\n',
            ["1:4 control-character: an escape puts the invisible character U+0000 into this text"],
        ),
        (
            "a: 7\u00a0days\n",
            ["1:5 look-alike-space: this is not an ordinary space but U+00A0, no-break space"],
        ),
    ],
)
def test_yaml_that_is_not_admitted(read, said, text, expected):
    assert said(read(text).issues) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (BOM + b"a: 1\n", ["1:1 byte-order-mark: the file starts with an invisible byte-order mark"]),
        (b"a: 1\r\nb: |\r\n  x\r\n", ["1:5 line-ending: 3 lines end in the Windows way (CRLF)"]),
        (b"a: 1\nb: 2\r\n", ["2:5 line-ending: a line ends in the Windows way (CRLF)"]),
        (
            b"a: 1\rb: 2\n",
            ["1:5 line-ending: this line ends in a carriage return alone, which tools number differently"],
        ),
        (
            b"a: 1\nb: x\xe9\n",
            ["2:5 encoding: this character is not UTF-8: byte E9, which is `\u00e9` to Windows programs"],
        ),
        (
            "é: “".encode() + b"\x93\n",
            ["1:5 encoding: this character is not UTF-8: byte 93, which is `“` to Windows programs"],
        ),
        ("a: 1\n".encode("utf-16"), ["1:1 encoding: the file is saved as UTF-16 or in a binary format"]),
        ("a: 1\n".encode("utf-16-le"), ["1:1 encoding: the file is saved as UTF-16 or in a binary format"]),
        ("a: 1\n".encode("utf-16-be"), ["1:1 encoding: the file is saved as UTF-16 or in a binary format"]),
        ("a: 1\n".encode("utf-32"), ["1:1 encoding: the file is saved as UTF-16 or in a binary format"]),
        (b"\0" * 100, ["1:1 encoding: the file is saved as UTF-16 or in a binary format"]),
    ],
)
def test_bytes_that_are_not_plain_utf8_with_line_feeds(read, said, raw, expected):
    assert said(read(raw).issues) == expected


@pytest.mark.parametrize("raw", [BOM + b"a: 1\n", b"a: 1\r\n", b"a:\t1\n", "a: 7\u00a0days\n".encode()])
def test_what_does_no_harm_is_a_warning(read, raw):
    (issue,) = read(raw).issues
    assert issue.severity == "warning"


def test_every_issue_has_its_line_and_says_what_to_do(read):
    document = read("a: 1\nb: *x\n")
    (issue,) = document.issues
    assert (issue.source, issue.length) == ("b: *x", 2)
    assert "put it in a block, on a line of its own below `b: >-`" in issue.help


def test_aliases_are_never_expanded(read):
    bomb = "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(50))
    document = read(bomb)
    assert {issue.rule for issue in document.issues} == {"alias"}
    assert document.data()["b49"] == [None, None]


def test_nesting_has_a_limit(read, said):
    assert not read("[" * 64 + "]" * 64).issues
    assert said(read("[" * 65 + "]" * 65).issues) == ["1:65 too-deep: nested deeper than 64 levels"]
    deep = "".join("  " * level + "a:\n" for level in range(70))
    assert said(read(deep).issues) == ["65:129 too-deep: nested deeper than 64 levels"]


def test_a_binary_file_does_not_flood_the_report(read):
    assert len(read(b"a: 1\n#" + b"\x01" * 1000).issues) == 20


def test_a_comment_glued_to_a_block_indicator_is_an_error_to_both_parsers(read):
    (issue,) = read("a: >#\n  b\n").issues
    assert (str(issue.place), issue.rule) == ("policy.yaml:1:4", "yaml-syntax")


@pytest.mark.parametrize("text", ["---\n%FOO\n", "a: 1\n...\n%FOO\n---\nb: 1\n", "%YAML 2.0\n---\na: 1\n"])
def test_directives_are_refused_wherever_they_stand(read, text):
    assert read(text).issues


def test_several_issues_are_found_in_one_go(read):
    rules = [issue.rule for issue in read("a: yes\nb: 010\n1: x\na: *y\n").issues]
    assert rules == ["ambiguous-truth-value", "ambiguous-number", "key-type", "duplicate-key", "alias"]
