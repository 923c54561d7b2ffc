"""What the project offers to GitHub and pre-commit is well-formed, and calls commands that exist."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml

from imrpolicy.cli.parser import VERBS, build

ROOT = Path(__file__).resolve().parents[2]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
_CALL = re.compile(r"^ *(imrpolicy [^|>\n]*)", re.MULTILINE)
_PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def options(verb):
    """The options that a command has, and the words in braces of its formats."""
    parser = build(verb)
    actions = parser._subparsers._group_actions[0].choices[verb]._actions
    return {name: action.metavar for action in actions for name in action.option_strings}


def calls():
    for hook in HOOKS:
        yield hook["entry"]
    for step in ACTION["runs"]["steps"]:
        yield from _CALL.findall(step.get("run", ""))


@pytest.mark.parametrize("call", list(calls()))
def test_each_call_is_one_that_the_program_knows(call):
    _, verb, *rest = shlex.split(re.sub(r"\$\{BASE:\+(--\w+) .*\}", r"\1 main", call))
    assert verb in VERBS
    known = options(verb)
    words = [word for word in rest if word.startswith("--")]
    assert set(words) <= set(known), f"{verb} has no {set(words) - set(known)}"
    if "--format" in words:
        assert rest[rest.index("--format") + 1] in known["--format"][1:-1].split(",")


def test_hooks_have_what_pre_commit_asks_for():
    for hook in HOOKS:
        assert {"id", "name", "entry", "language", "files"} <= hook.keys()
        re.compile(hook["files"])
    assert len({hook["id"] for hook in HOOKS}) == len(HOOKS) >= 3


@pytest.mark.parametrize(
    ("path", "hooks"),
    [
        ("policies/odg/knee-brace/policy.yaml", {"check", "test", "fmt", "verify"}),
        ("cases/one.yaml", {"check", "fmt"}),
        ("schemas/case.schema.json", {"check", "test"}),
        ("README.md", set()),
    ],
)
def test_a_hook_runs_for_the_files_that_it_is_about(path, hooks):
    found = {hook["id"].removeprefix("imrpolicy-") for hook in HOOKS if re.search(hook["files"], path)}
    assert found == hooks


def test_the_action_uses_the_inputs_that_it_declares():
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])
    for name, given in ACTION["inputs"].items():
        assert given["description"], name
        assert "default" in given, name


def test_the_action_is_composite_and_names_its_shell():
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert ("uses" in step) != (step.get("shell") == "bash")


def test_nothing_that_a_caller_gives_is_part_of_a_script():
    """It would run there as a command; it goes through the environment."""
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda path: path.name)
def test_actions_of_others_are_pinned(path):
    for used in re.findall(r"uses: (\S+)", path.read_text(encoding="utf-8")):
        assert used == "./" or _PINNED.fullmatch(used), used


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_have_no_rights_by_default(path):
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["permissions"] == {}


def test_a_workflow_gives_the_action_inputs_that_it_has():
    used = 0
    for path in WORKFLOWS:
        for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
            for step in job["steps"]:
                if step.get("uses") == "./":
                    used += 1
                    assert set(step.get("with", {})) <= set(ACTION["inputs"])
    assert used == 1


def test_every_folder_with_an_owner_exists():
    lines = (ROOT / ".github/CODEOWNERS").read_text(encoding="utf-8").splitlines()
    owned = [line.split() for line in lines if line and not line.startswith("#")]
    for path, *owners in owned:
        assert all(re.fullmatch(r"@[\w-]+/[\w-]+", owner) for owner in owners)
        assert path == "*" or (ROOT / path.strip("/")).exists()
    by_path = {path: owners for path, *owners in owned}
    assert by_path["/policies/"] == ["@imrpolicy/clinicians"]
    assert by_path["/imrpolicy/"] == by_path["/schemas/"] == ["@imrpolicy/developers"]


def test_a_pull_request_says_what_a_clinical_change_must_say():
    text = (ROOT / ".github/pull_request_template.md").read_text(encoding="utf-8")
    for asked in ("Effective date", "Who is affected, and how", "Source", "Reviewer"):
        assert f"**{asked}:**" in text


def test_the_settings_of_the_editor_start_the_server():
    settings = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))
    command = [settings["glspc.server.command"], *settings["glspc.server.commandArguments"]]
    assert command[0] == "imrpolicy"
    assert command[1] in VERBS
    recommended = json.loads((ROOT / ".vscode/extensions.json").read_text(encoding="utf-8"))
    assert "zsol.vscode-glspc" in recommended["recommendations"]
    page = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
    for name, value in settings.items():
        if name.startswith("glspc."):
            assert f'"{name}": {json.dumps(value)}' in page


def test_the_page_on_the_commands_describes_every_input_and_hook():
    page = (ROOT / "docs/cli.md").read_text(encoding="utf-8").partition("## In a pipeline")[2]
    assert re.findall(r"^\| `([\w-]+)` \|", page, flags=re.MULTILINE) == list(ACTION["inputs"])
    assert re.findall(r"- id: (\S+)", page) == [hook["id"] for hook in HOOKS]
