"""The guide for editors and the page on the commands are true: what they show is what the commands print."""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path

import pytest

from imrpolicy.cli.parser import VERBS, build

DOCS = Path(__file__).resolve().parents[2] / "docs"
EDITING = DOCS / "editing.md"
COMMANDS = DOCS / "cli.md"
_WHOLE = re.MULTILINE | re.DOTALL
_BLOCK = re.compile(r"^```(?P<kind>console|diff|yaml)\n(?P<text>.*?)^```$", _WHOLE)


@pytest.fixture
def update(request):
    """Whether the pages are to be written anew."""
    return request.config.getoption("--update-golden") and not os.environ.get("CI")


@pytest.mark.parametrize("page", [EDITING, COMMANDS], ids=lambda page: page.name)
def test_a_page_can_be_typed_from_top_to_bottom(page, project, imrpolicy, update):
    """Each change that the page describes is made, and each command prints what the page shows."""
    text = page.read_text(encoding="utf-8")

    def play(block):
        if block["kind"] == "console":
            return f"```console\n{played(block['text'], imrpolicy)}```"
        if block["kind"] == "diff":
            change(project, block["text"])
        elif block["text"].startswith("# cases/"):
            name, _, content = block["text"].removeprefix("# ").partition("\n")
            (project / name).write_text(content, encoding="utf-8", newline="\n")
        return block[0]

    now = _BLOCK.sub(play, text)
    if update:
        page.write_text(now, encoding="utf-8", newline="\n")
    assert comparable(page.read_text(encoding="utf-8")) == comparable(now)


def played(block, imrpolicy):
    """A block of commands, each with what it prints; `> file` keeps the output in a file."""
    lines = []
    for line in block.splitlines():
        if line.startswith("$ "):
            assert line.startswith("$ imrpolicy"), "other programs are shown in blocks of the kind `sh`"
            call, _, file = line.removeprefix("$ imrpolicy").partition(" > ")
            ran = imrpolicy(*shlex.split(call))
            if file:
                Path(file).write_text(ran.out, encoding="utf-8")
            lines.append(f"{line}\n{'' if file else ran.out}{ran.err}")
    return "".join(lines)


def comparable(text):
    """The text without hashes, the number of schemas, and the line breaks of this Python's help."""
    text = re.sub(r"sha256:[0-9a-f]+", "sha256:...", text)
    text = re.sub(r"released on \d{4}-\d{2}-\d{2}", "released on ...", text)
    text = re.sub(r"^\d+ files checked", "N files checked", text, flags=re.MULTILINE)
    return re.sub(r"^usage: .*?(?=^\$|^```)", lambda help: " ".join(help[0].split()), text, flags=_WHOLE)


def change(project, block):
    """Make the change of a block: its first line names the file, minus and plus say what goes and comes."""
    head, *lines = block.splitlines()
    file = project / head.removeprefix("# ")
    old = "".join(line[1:] + "\n" for line in lines if not line.startswith("+"))
    new = "".join(line[1:] + "\n" for line in lines if not line.startswith("-"))
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} is not once in {file.name}"
    file.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


CALLS = {
    "imrpolicy check": "check",
    "imrpolicy test": "test policies/mtus/continuous-flow-cryotherapy",
    "imrpolicy fmt": "fmt policies/odg/lumbar-facet-joint-injection --check",
    "imrpolicy release": "release --all",
    "imrpolicy verify": "verify",
    "imrpolicy evaluate": "evaluate cases/tx-2016-repeat-lumbar-facet-injection.yaml",
    "imrpolicy agreement": "agreement",
    "imrpolicy explain": "explain odg/continuous-flow-cryotherapy",
    "imrpolicy facts": "facts request.duration_days",
    "imrpolicy new": "new policy odg/knee-brace",
    "imrpolicy prove": "prove",
    "imrpolicy diff": (
        "diff policies/odg/lumbar-medial-branch-block/versions/1.0.0.yaml "
        "policies/odg/lumbar-medial-branch-block/policy.yaml"
    ),
    "imrpolicy ask": "ask cases/imr-2013-lumbar-block-and-cryotherapy.yaml --as-of 2013-12-01 --strict",
    "imrpolicy replay": "replay stored.json",
}
INSIDE = {
    "a test": "tests",
    "a fact": "facts",
    "a changed file": "changed",
    "a release": "released",
    "a changed policy": "policies",
}


@pytest.mark.parametrize("section", CALLS)
def test_the_keys_of_each_document_are_described(section, project, imrpolicy):
    """The tables of a section name every key that the document has, in its order, and no other."""
    stored = imrpolicy("evaluate", "cases/tx-2016-repeat-lumbar-facet-injection.yaml", "--format", "json")
    (project / "stored.json").write_text(stored.out, encoding="utf-8")
    data = json.loads(imrpolicy(*CALLS[section].split(), "--format", "json").out)
    for what, keys in tables(section).items():
        found = data[0] if isinstance(data, list) else data
        assert list(found[INSIDE[what]][0] if what in INSIDE else found) == keys


def test_the_keys_of_an_issue_are_described(project, imrpolicy):
    (project / "policies/sources.yaml").unlink()
    [issue] = json.loads(imrpolicy("check", "--format", "json").out)["issues"][:1]
    assert tables("What all commands have in common") == {"an issue": list(issue)}


def tables(section):
    """The tables of a section that describe keys: what they are about, and the keys."""
    text = COMMANDS.read_text(encoding="utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    found = {}
    for table in re.findall(
        r"^\| key of .*?\n\n|^\| key of .*?\Z", text + "\n", flags=re.MULTILINE | re.DOTALL
    ):
        head, _, *rows = table.strip().splitlines()
        what = head.removeprefix("| key of ").partition(" |")[0]
        found[what] = [row.partition("`")[2].partition("`")[0] for row in rows]
    return found


def test_every_command_has_a_section_with_its_help():
    text = COMMANDS.read_text(encoding="utf-8")
    for verb in VERBS:
        assert f"\n## imrpolicy {verb}\n\n```console\n$ imrpolicy {verb} --help\n" in text


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_is_on_the_page(verb):
    """The help is on the page, so every option is; this finds an option without a word about it."""
    parser = build(verb)
    subparsers = parser._subparsers._group_actions[0]
    for action in subparsers.choices[verb]._actions:
        assert action.help, f"{verb}: {action.option_strings or action.dest} has no help"
