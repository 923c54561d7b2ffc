"""The rename of a criterion, in its policy and its tests together."""

from __future__ import annotations

import re

import pytest

from imrpolicy.cli.main import main
from imrpolicy.lsp.project import FileKind, Project, kind_of
from imrpolicy.lsp.rename import RenameError, check_renamable, rename
from imrpolicy.lsp.targets import target_at
from imrpolicy.policy import Schemas

SHARED = "version: 1.0.0 and later\n"
UNIT = "policies/odg/continuous-flow-cryotherapy"


@pytest.fixture
def draft(project, capsys):
    """A draft whose tests are about it alone, but for one that is about the version before it."""
    assert main(["new", "version", "odg/continuous-flow-cryotherapy", "1.1.0"]) == 0
    capsys.readouterr()
    policy, tests = project / UNIT / "policy.yaml", project / UNIT / "tests.yaml"
    text = policy.read_text(encoding="utf-8")
    text = text.replace("changes: <", "changes: A <").replace(
        "<first day; 1.0.0 has 2009-01-01>", "2014-01-01"
    )
    policy.write_text(text, encoding="utf-8")
    text = tests.read_text(encoding="utf-8")
    old = "  - name: Eight days exceed the limit, and seven would be supported.\n"
    assert old in text
    assert SHARED in text
    text = text.replace(SHARED, "")
    tests.write_text(text.replace(old, f"{old}    version: 1.0.0\n"), encoding="utf-8")
    return project


def ask(project, file, marked):
    path = project / file
    made = Project(root=project / "policies", schemas=Schemas(project / "schemas"))
    document = made.document(path)
    offset = document.text.index(marked) + len(marked) - 1
    kind = kind_of(path, made.root)
    return target_at(document, offset, kind, made.schemas.dictionary), path, kind, made


def renamed(project, file, marked, new):
    target, path, kind, made = ask(project, file, marked)
    found = rename(target, new, path, kind, made)
    for one in sorted(found, key=lambda one: one.start, reverse=True):
        text = one.path.read_text(encoding="utf-8")
        one.path.write_text(text[: one.start] + one.new + text[one.end :], encoding="utf-8")
    return found


@pytest.mark.parametrize(
    ("file", "marked"), [("policy.yaml", "id: duration"), ("tests.yaml", "site: met, duration")]
)
def test_policy_and_tests_are_changed_together(file, marked, draft, capsys):
    """From either file; what is tested is still tested, and the earlier version keeps its id."""
    found = renamed(draft, f"{UNIT}/{file}", marked, "days")
    assert {one.path.name for one in found} == {"policy.yaml", "tests.yaml"}
    assert main(["check", UNIT]) == 0, capsys.readouterr().out
    assert main(["test", UNIT]) == 0, capsys.readouterr().out
    text = (draft / UNIT / "tests.yaml").read_text(encoding="utf-8")
    assert re.findall(r"\bduration: \w+", text) == ["duration: not_met"]  # of the test of version 1.0.0
    assert "id: days\n" in (draft / UNIT / "policy.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("site", "the id `site` is already used in line"),
        ("Days", "`Days` is no id"),
        ("two words", "`two words` is no id"),
        ("", "`` is no id"),
        ("true", "`true` has a meaning of its own in YAML"),
        ("on", "`on` has a meaning of its own in YAML"),
        ("x" * 61, "is no id"),
        ("purchase", "the id `purchase` is already used in line"),
    ],
)
def test_an_id_in_use_or_malformed_is_refused(new, message, draft):
    with pytest.raises(RenameError, match=message):
        renamed(draft, f"{UNIT}/policy.yaml", "id: duration", new)


def test_a_released_version_is_left_as_it_is(project):
    target, *rest = ask(project, f"{UNIT}/policy.yaml", "id: duration")
    with pytest.raises(RenameError, match="is released and never changes; start a new version first"):
        check_renamable(target, *rest)


def test_a_test_of_an_earlier_version_is_left_as_it_is(draft):
    tests = draft / UNIT / "tests.yaml"
    text = tests.read_text(encoding="utf-8")
    marked = text[text.index("version: 1.0.0") :]
    marked = marked[: marked.index("duration:") + len("duration")]
    target, *rest = ask(draft, f"{UNIT}/tests.yaml", marked)
    assert target.version == "1.0.0"
    with pytest.raises(RenameError, match="an earlier version never changes"):
        check_renamable(target, *rest)


@pytest.mark.parametrize("shared", [SHARED, "version: [1.0.0, 1.1.0]\n", "version: 1.0.0 to 1.1.0\n"])
def test_a_test_of_an_earlier_version_too_is_split_first(shared, draft):
    """The earlier version keeps the id, so that no one test can name it for both."""
    tests = draft / UNIT / "tests.yaml"
    text = tests.read_text(encoding="utf-8")
    tests.write_text(text.replace("base:\n", f"{shared}base:\n", 1), encoding="utf-8")
    with pytest.raises(
        RenameError, match="is about an earlier version too, which keeps the id; split it first"
    ):
        renamed(draft, f"{UNIT}/policy.yaml", "id: duration", "days")


def test_other_names_are_no_criteria(draft):
    target, *rest = ask(draft, f"{UNIT}/policy.yaml", "request.duration_days")
    with pytest.raises(RenameError, match="only the id of a criterion"):
        check_renamable(target, *rest)


@pytest.mark.parametrize("file", ["policy.yaml", "tests.yaml"])
def test_a_broken_file_is_mended_first(file, draft):
    target, path, _, made = ask(draft, f"{UNIT}/policy.yaml", "id: duration")
    broken = Project(root=made.root, schemas=made.schemas, unsaved={draft / UNIT / file: "a: [\n"})
    with pytest.raises(RenameError, match="cannot be read; mend it first"):
        rename(target, "days", path, FileKind.POLICY, broken)
