"""The issues of what is typed and not saved are those that `check` will have once it is saved."""

from __future__ import annotations

import json
import sys

import pytest

from imrpolicy.cli.main import main
from imrpolicy.lsp import shadow
from imrpolicy.lsp.form import FormError, formatted
from imrpolicy.lsp.project import FileKind, Project
from imrpolicy.lsp.shadow import check_opened
from imrpolicy.policy import Schemas

UNIT = "policies/odg/continuous-flow-cryotherapy"
EDITS = {
    "an unknown fact": ("policy.yaml", "request.duration_days <= 7", "request.duration_day <= 7"),
    "broken YAML": ("policy.yaml", "criteria:\n", "criteria: [\n"),
    "a wrong key": ("policy.yaml", "summary:", "sumary:"),
    "a criterion lost": ("policy.yaml", "id: duration", "id: days"),
    "a wrong value in a test": ("tests.yaml", "body_region: knee", "body_region: kneee"),
    "an unreadable test": ("tests.yaml", "tests:\n", "tests: {\n"),
    "an unknown source": ("policy.yaml", "guideline: odg", "guideline: ogd"),
    "nothing": ("policy.yaml", "version: 1.0.0", "version: 1.0.0"),
    "an empty file": ("policy.yaml", None, ""),
}


def edited(project, name):
    file, old, new = EDITS[name]
    path = project / UNIT / file
    text = path.read_text(encoding="utf-8")
    assert old is None or old in text
    return path, new if old is None else text.replace(old, new, 1)


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("released", [False, True])
def test_issues_are_those_of_check(name, released, project, capsys):
    if released:
        main(["release", "--all"])
    path, text = edited(project, name)
    made = Project(root=project / "policies", schemas=Schemas(project / "schemas"), unsaved={path: text})
    kind = FileKind.TESTS if path.name == "tests.yaml" else FileKind.POLICY
    found = check_opened(path, kind, made)
    told = {(file.relative_to(project).as_posix(), issue.place.line, issue.rule)
            for file, issues in found.items() for issue in issues}  # fmt: skip
    path.write_text(text, encoding="utf-8")
    capsys.readouterr()
    main(["check", UNIT, "--format", "json"])
    wanted = json.loads(capsys.readouterr().out)["issues"]
    assert told == {(issue["file"], issue["line"], issue["rule"]) for issue in wanted}
    assert {file.name for file in found} == {"policy.yaml", "tests.yaml"}
    assert bool(told) == (name != "nothing")


def test_the_columns_are_those_of_the_text_that_is_typed(project):
    path, text = edited(project, "an unknown fact")
    made = Project(root=project / "policies", schemas=Schemas(project / "schemas"), unsaved={path: text})
    [issue] = check_opened(path, FileKind.POLICY, made)[path]
    line = text.split("\n")[issue.place.line - 1]
    assert line[issue.place.column - 1 :][: issue.length] == "request.duration_day"


def test_a_case_is_checked(project):
    path = project / "cases/imr-2013-lumbar-block-and-cryotherapy.yaml"
    text = path.read_text(encoding="utf-8").replace("duration_days: 60", "duration_days: sixty")
    made = Project(root=project / "policies", schemas=Schemas(project / "schemas"), unsaved={path: text})
    [issue] = check_opened(path, FileKind.CASE, made)[path]
    assert issue.rule == "wrong-value"


def test_a_file_is_formatted_as_by_fmt(project):
    made = Project(root=project / "policies", schemas=Schemas(project / "schemas"))
    path = project / UNIT / "tests.yaml"
    text = path.read_text(encoding="utf-8")
    loose = text.replace("policy: odg", "policy:   odg")
    assert loose != text
    path.write_text(loose, encoding="utf-8")
    typed = formatted(loose, path, FileKind.TESTS, made)
    assert main(["fmt", str(path)]) == 0
    assert typed == path.read_text(encoding="utf-8") != loose


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("status: released\n", FileKind.POLICY, "a released version never changes"),
        ("status: draft\n", FileKind.VERSION, "a released version never changes"),
        ("a: [\n", FileKind.TESTS, "mend them first"),
        ("just text\n", FileKind.TESTS, "cannot be read as keys with values"),
    ],
)
def test_what_must_not_change_is_not_formatted(text, kind, message, project):
    made = Project(root=project / "policies", schemas=Schemas(project / "schemas"))
    with pytest.raises(FormError, match=message):
        formatted(text, project / "tests.yaml", kind, made)


SHARED = {
    "policies/sources.yaml": ("kind: guideline", "kind: guidelin", FileKind.SOURCES),
    "policies/search-sequences/tx-workers-compensation.yaml": ("steps:", "step:", FileKind.SEQUENCE),
}


@pytest.mark.parametrize("file", SHARED)
def test_a_shared_file_is_checked_alone(file, project):
    """As it is on the disk, and as it is typed; the policies that it is about are left to the command."""
    old, new, kind = SHARED[file]
    path = project / file
    made = Project(root=project / "policies", schemas=Schemas(project / "schemas"))
    assert check_opened(path, kind, made) == {path: ()}
    typed = path.read_text(encoding="utf-8").replace(old, new, 1)
    made = Project(root=project / "policies", schemas=Schemas(project / "schemas"), unsaved={path: typed})
    assert check_opened(path, kind, made)[path] != ()


def test_a_file_that_is_gone_has_no_issues(project):
    made = Project(root=project / "policies", schemas=Schemas(project / "schemas"))
    for kind in (FileKind.CASE, FileKind.SOURCES, FileKind.POLICY):
        found = check_opened(project / "policies/odg/gone/policy.yaml", kind, made)
        assert not any(found.values())


def test_what_a_rule_says_of_the_whole_project_is_left_to_the_command(project, monkeypatch):
    """The copy is not whole, so it would not be true of it."""
    path, text = edited(project, "an unknown fact")
    made = Project(root=project / "policies", schemas=Schemas(project / "schemas"), unsaved={path: text})
    monkeypatch.setattr(shadow, "_OF_ALL", frozenset({"unknown-fact"}))
    assert check_opened(path, FileKind.POLICY, made)[path] == ()


def test_the_program_says_what_to_install(project, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pygls.lsp.server", None)
    monkeypatch.delitem(sys.modules, "imrpolicy.lsp.server", raising=False)
    assert main(["lsp"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert 'pip install "imrpolicy[lsp]"' in said.err
