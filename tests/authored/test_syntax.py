"""YAML that cannot be read is explained in plain words, the same whichever parser found it."""

from __future__ import annotations

import pytest

BLOCK = "put it in a block, on a line of its own below `{}: >-`, or in single quotes"
WHEN = BLOCK.format("when")


@pytest.mark.parametrize(
    ("text", "expected", "help"),
    [
        # Expressions that look like YAML.
        ('when: "a" == b\n', "1:11 there is text after the closing quote", WHEN),
        ("when: 'a' == b\n", "1:11 there is text after the closing quote", WHEN),
        ("when: 'it's'\n", "1:11 there is text after the closing quote", "write `''` for an apostrophe"),
        ("- 'a' b\n", "1:7 there is text after the closing quote", "below `- >-`"),
        ("when: x ? y : z\n", "1:13 a second `: ` in one line is read as another key", "below `when: >-`"),
        (
            "text: Note: x\n",
            "1:11 a second `: ` in one line is read as another key",
            "put the value in quotes",
        ),
        ("when: !has(x) && y\n", "1:7 a value that starts with `!` has to be quoted", WHEN),
        ("when: !y!z 1\n", "1:7 a value that starts with `!` has to be quoted", WHEN),
        ("when: &&x\n", "1:7 a value that starts with `&` has to be quoted", WHEN),
        ("when: *x == 2\n", "1:7 a value that starts with `*` has to be quoted", WHEN),
        ("when: @x\n", "1:7 a value that starts with `@` has to be quoted", WHEN),
        ("when: `x\n", "1:7 a value that starts with a backtick has to be quoted", WHEN),
        ("when: %x\n", "1:7 a value that starts with `%` has to be quoted", WHEN),
        ("when: >= 3\n", "1:7 a value that starts with `>` has to be quoted", WHEN),
        ("when: > 3\n", "1:7 a value that starts with `>` has to be quoted", WHEN),
        ("when: |x\n", "1:7 a value that starts with `|` has to be quoted", WHEN),
        ("when: ? x\n", "1:7 a value that starts with `?` has to be quoted", WHEN),
        ("when: ,x\n", "1:7 a value that starts with `,` has to be quoted", WHEN),
        ("when: ]\n", "1:7 a value that starts with `]` has to be quoted", WHEN),
        ("all:\n  - when: @x\n", "2:11 a value that starts with `@` has to be quoted", WHEN),
        ("when: [1, 2].exists(x, x)\n", "1:13 there is text after a value that starts with `[`", WHEN),
        ("when: {a}.b\n", "1:10 there is text after a value that starts with `{`", WHEN),
        ("when: - x > 3\n", "1:7 a list cannot start on the line of its key", WHEN),
        (
            "text: x\n  up to 7 days: y\n",
            "2:15 `: ` inside text that goes over several lines is read as another key",
            "put the whole text in quotes",
        ),
        # Quotes, brackets and escapes.
        ('a: "x\nb: 1\n', '1:4 the quote `"` that opens here is never closed', "close it"),
        ("a: 'x\nb: 1\n", "1:4 the quote `'` that opens here is never closed", "close it"),
        (
            'a: "x\nb: "y"\n',
            '1:4 the quote `"` that opens here is closed in line 2 only',
            "close it on this line",
        ),
        ('a: "x\n---\ny"\n', '1:4 the quote `"` that opens here is never closed', "close it"),
        ('a: "\\q"\n', "1:5 `\\q` stands for no character inside double quotes", "single quotes"),
        ('a: "\\d{5}"\n', "1:5 `\\d` stands for no character inside double quotes", "single quotes"),
        ('a: "\\x4"\n', "1:5 `\\x4` stands for no character inside double quotes", "single quotes"),
        ('a: "b\\ud83d"\n', "1:6 `\\ud83d` stands for no character inside double quotes", "single quotes"),
        ('a: "\\U00110000"\n', "1:5 `\\U00110000` stands for no character inside double quotes", "single"),
        ('"\\ud800": 1\n', "1:2 `\\ud800` stands for no character inside double quotes", "single quotes"),
        ("a: [b, c\nd: 1\n", "1:4 the `[` that opens here is not closed", "close it with `]`"),
        ("a: {b: 1\nd: 1\n", "1:4 the `{` that opens here is not closed", "close it with `}`"),
        ("a: {b: 1 c: 2}\n", "1:11 inside `{` and `}`, a comma is missing before `: 2}`", "with a comma"),
        ("a: [,]\n", "1:5 `,` is not expected here", "brackets and commas"),
        ("{: a}\n", "1:2 `:` is not expected here", "brackets and commas"),
        ("a: [b]: c\n", "1:7 there is text after a value that starts with `[`", BLOCK.format("a")),
        ("a: [b]]\n", "1:7 there is text after a value that starts with `[`", BLOCK.format("a")),
        # Colons, lists and indentation.
        ("a: 1\ntitle Foo\nb: 2\n", "2:1 there is no `: ` in `title Foo`", "`key: value`"),
        ("a:1\nb: 2\n", "1:1 there is no `: ` in `a:1`", "a space after the colon"),
        ("x:\n  b c\n  d: 1\n", "2:3 there is no `: ` in `b c`", "`key: value`"),
        (": x\n", "1:1 a key is missing before the `:`", "`key: value`"),
        ("- a\n-b\n", "2:1 a list item needs a space after its `-`", "write `- b`"),
        ("a: 1\n  b: 2\n", "2:3 this line is indented below line 1, which already has a value", "align it"),
        ("a: 1\n\n  b: 2\n", "3:3 this line is indented below line 1, which already has a value", "align it"),
        ("  a: 1\n b: 2\n", "2:2 the indentation fits none of the lines above", "align it"),
        ("a:\n  - b\n c: 1\n", "3:2 the indentation fits none of the lines above", "align it"),
        ("- a\nb: 1\n", "2:1 `b: 1` stands among the items of the list in line 1", "start an item"),
        ("a: x\n- b\n", "2:1 a list item is not expected here", "align it"),
    ],
)
def test_explanation(read, text, expected, help):
    (issue,) = read(text).issues
    assert f"{issue.place.line}:{issue.place.column} {issue.message}" == expected
    assert issue.rule == "yaml-syntax"
    assert help in issue.help


def test_a_file_with_a_syntax_error_has_no_tree(read):
    document = read("a: 1\nb: c: d\n")
    assert document.root is None
    assert document.data() is None


def test_what_was_found_before_a_syntax_error_is_kept(read, said):
    assert said(read("a: yes\nb: c: d\n").issues) == [
        "1:4 ambiguous-truth-value: `yes` is text to this tool and a truth value to others",
        "2:5 yaml-syntax: a second `: ` in one line is read as another key",
    ]
