"""A new policy: whole or not at all, and sound once its blanks are filled."""

import re
from pathlib import Path

import pytest
from policy.directory import said

from imrpolicy.testing import read_suites, run_suite
from imrpolicy.testing.scaffold import NewPolicyError, new_policy
from imrpolicy.testing.versions import new_version

SUCH_AS = "such as 2014-01-01, in place of `<...>`"


def fill(path):
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"<[^<>\n]+>", "Something that was written", text), encoding="utf-8")


def test_a_new_policy_passes_once_its_blanks_are_filled(directory):
    written = new_policy(directory.root, "odg/knee-brace")
    assert [path.as_posix() for path in written] == [
        "policies/odg/knee-brace/policy.yaml",
        "policies/odg/knee-brace/tests.yaml",
    ]
    blanks = directory.load().issues
    assert {issue.rule for issue in blanks} == {"blank"}
    assert len(blanks) == 7
    fill(written[0])
    loaded = directory.load()
    assert [said(issue) for issue in loaded.issues] == []
    [suite] = [suite for suite in read_suites(loaded) if suite.policy == "odg/knee-brace"]
    assert suite.issues == ()
    assert [result.passed for result in run_suite(suite)] == [True, True, True]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("unit", "`unit` is no id"),
        ("odg/", "`odg/` is no id"),
        ("ODG/Unit", "`ODG/Unit` is no id"),
        ("odg/../x", "`odg/../x` is no id"),
        ("odg/x/y", "`odg/x/y` is no id"),
        ("odg/x\n", "is no id"),
        ("odg/" + "x" * 200, "is no id"),
        ("odgg/unit", "there is no source `odgg`; did you mean `odg`? (see sources.yaml)"),
        ("odg/unit", "the policy `odg/unit` exists already"),
    ],
)
def test_a_policy_that_cannot_be_started(directory, name, message):
    before = contents(directory.root)
    with pytest.raises(NewPolicyError) as raised:
        new_policy(directory.root, name)
    assert message in str(raised.value)
    assert contents(directory.root) == before


def test_a_folder_that_exists_is_not_written_over(directory):
    directory.write("odg/brace/notes.txt", "mine")
    before = contents(directory.root)
    with pytest.raises(NewPolicyError):
        new_policy(directory.root, "odg/brace")
    assert contents(directory.root) == before


@pytest.mark.parametrize("name", ["odg/brace", "mtus/brace"], ids=["known folder", "first of its source"])
@pytest.mark.parametrize("error", [OSError("full"), KeyboardInterrupt()], ids=["disk full", "interrupted"])
def test_nothing_is_left_behind_where_it_cannot_be_written(directory, monkeypatch, name, error):
    before = contents(directory.root)

    def fail(self, text, **options):
        if self.name == "tests.yaml":
            raise error
        self.write_bytes(text.encode())

    monkeypatch.setattr(Path, "write_text", fail)
    with pytest.raises(type(error)):
        new_policy(directory.root, name)
    assert contents(directory.root) == before


def test_nothing_is_left_behind_where_no_folder_can_be_made(directory, monkeypatch):
    before = contents(directory.root)
    monkeypatch.setattr("tempfile.mkdtemp", _full)
    with pytest.raises(OSError, match="full"):
        new_policy(directory.root, "mtus/brace")
    assert contents(directory.root) == before


def _full(*arguments, **options):
    raise OSError("full")


def test_sources_that_cannot_be_read_declare_nothing(directory):
    directory.write("sources.yaml", "sources: [")
    with pytest.raises(NewPolicyError, match="there is no source `odg`"):
        new_policy(directory.root, "odg/brace")


def test_a_new_version_leaves_the_old_one_as_it_is(directory):
    old = (directory.root / "odg/unit/policy.yaml").read_bytes()
    before = {policy.reference: policy.content_hash for policy in directory.load().policies}
    new_version(directory.root, "odg/unit", "1.2.0")
    assert (directory.root / "odg/unit/versions/1.1.0.yaml").read_bytes() == old
    loaded = directory.load()
    found = [said(issue).partition("error[blank]: ")[2].partition("; help: ") for issue in loaded.issues]
    assert [(message, help) for message, _, help in found] == [
        ("`from` is still a blank", f"write the first day on which this version holds, {SUCH_AS}"),
        (
            "`to` is still a blank",
            "write the last day in place of `<...>`, or take out `to` where no end is known",
        ),
        ("`changes` is still a blank", "write the text in place of `<...>`"),
    ]
    assert {policy.reference: policy.content_hash for policy in loaded.policies} == before


def test_a_new_version_that_cannot_be_written_changes_nothing(directory, monkeypatch):
    (directory.root / "odg/unit/versions/1.0.0.yaml").unlink()
    (directory.root / "odg/unit/versions").rmdir()
    before = contents(directory.root)
    monkeypatch.setattr(Path, "write_text", _full)
    with pytest.raises(OSError, match="full"):
        new_version(directory.root, "odg/unit", "1.2.0")
    assert contents(directory.root) == before


def contents(root):
    return {path.as_posix(): path.read_bytes() if path.is_file() else None for path in root.rglob("*")}
