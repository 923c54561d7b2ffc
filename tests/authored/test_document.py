"""A document knows its data, its nodes, its hash, and how to report an issue."""

from __future__ import annotations

import hashlib

import pytest

from imrpolicy.authored import Mapping, Scalar, Sequence, parse_document, read_document
from imrpolicy.issues import Place, Severity

TEXT = "a: 1\nb:\n  - x\n  - {c: 2013-06-20}\n"


def test_data_is_json_like(read):
    assert read(TEXT).data() == {"a": 1, "b": ["x", {"c": "2013-06-20"}]}


@pytest.mark.parametrize(
    ("path", "kind", "line", "column"),
    [
        ((), Mapping, 1, 1),
        (("b",), Sequence, 3, 3),
        (("b", 1), Mapping, 4, 5),
        (("b", 1, "c"), Scalar, 4, 9),
        (("b", 1, "d"), Mapping, 4, 5),
        (("b", 9), Sequence, 3, 3),
        (("a", 0, "x"), Scalar, 1, 4),
        (("b", "x"), Sequence, 3, 3),
    ],
)
def test_the_node_at_a_path_is_the_deepest_there_is(read, path, kind, line, column):
    node = read(TEXT).node_at(path)
    assert isinstance(node, kind)
    assert node.place == Place("policy.yaml", line, column)


def test_a_file_that_could_not_be_read_has_no_nodes(read):
    with pytest.raises(ValueError, match=r"policy\.yaml could not be read"):
        read("a: [").node_at([])


def test_a_mapping_knows_the_place_of_each_key(read):
    root = read(TEXT).root
    assert {key: str(node.place) for key, node in root.keys.items()} == {
        "a": "policy.yaml:1:1",
        "b": "policy.yaml:2:1",
    }


@pytest.mark.parametrize(
    ("path", "column"),
    [(("b",), (2, 1)), (("b", 1, "c"), (4, 6)), (("b", 0), (3, 5)), ((), (1, 1)), (("z",), (1, 1))],
)
def test_the_key_at_a_path_or_the_node(read, path, column):
    place = read(TEXT).key_at(path).place
    assert (place.line, place.column) == column


def test_an_issue_underlines_its_scalar(read):
    document = read(TEXT)
    issue = document.issue(document.node_at(["b", 1, "c"]), "rule", "message", "help")
    assert (issue.place.line, issue.place.column, issue.length) == (4, 9, 10)
    assert issue.source == "  - {c: 2013-06-20}"
    assert (issue.rule, issue.message, issue.help, issue.severity) == (
        "rule",
        "message",
        "help",
        Severity.ERROR,
    )


def test_an_issue_at_a_place_takes_a_length_and_a_severity(read):
    document = read(TEXT)
    issue = document.issue(Place("policy.yaml", 3, 3), "r", "m", length=4, severity=Severity.WARNING)
    assert (issue.source, issue.length, issue.severity) == ("  - x", 4, Severity.WARNING)


def test_the_hash_does_not_depend_on_the_machine():
    unix = parse_document(b"a: 1\nb: 2\n", "f").content_hash
    assert unix == "sha256:" + hashlib.sha256(b"a: 1\nb: 2\n").hexdigest()
    assert parse_document(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "f").content_hash == unix
    assert parse_document(b"a: 1\nb: 3\n", "f").content_hash != unix


def test_reading_a_file(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_bytes(b"a: yes\n")
    assert read_document(path).path == path.as_posix()
    document = read_document(path, shown="policies/policy.yaml")
    assert str(document.issues[0].place) == "policies/policy.yaml:1:4"


def test_a_large_file_is_not_read(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_bytes(b"a: 1\n" * 3)
    assert read_document(path, max_bytes=15).issues[0].rule == "duplicate-key"
    document = read_document(path, shown="p.yaml", max_bytes=14)
    assert document.root is None
    (issue,) = document.issues
    assert (str(issue.place), issue.rule) == ("p.yaml:1:1", "too-large")
    assert "more than 14 bytes" in issue.message


def test_a_missing_file_is_not_an_issue(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.yaml"):
        read_document(tmp_path / "nowhere.yaml")
