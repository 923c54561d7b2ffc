"""The tutorial is true: each change that it describes is made, and each command prints what it shows."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from cli.test_docs import change, comparable, played

from imrpolicy.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/tutorial.md"
PRACTICE = ROOT / "tests/cli/practice"
ID = "house/lumbar-medial-branch-block"
_BLOCK = re.compile(r"^```(?P<kind>console|diff)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def practice(tmp_path, monkeypatch):
    """The project to practice on, as the tutorial copies it."""
    shutil.copytree(PRACTICE, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("README.md"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_tutorial_can_be_typed_from_top_to_bottom(practice, imrpolicy, request):
    text = PAGE.read_text(encoding="utf-8")

    def play(block):
        if block["kind"] == "console":
            return f"```console\n{played(block['text'], imrpolicy)}```"
        change(practice, block["text"])
        return block[0]

    now = _BLOCK.sub(play, text)
    if request.config.getoption("--update-golden") and not os.environ.get("CI"):
        PAGE.write_text(now, encoding="utf-8", newline="\n")
    assert comparable(PAGE.read_text(encoding="utf-8")) == comparable(now)
    # At its end everything is well, and the version before is what it was.
    assert main(["check", "policies"]) == main(["test"]) == main(["verify"]) == 0
    old = (PRACTICE / "policies" / ID / "policy.yaml").read_text(encoding="utf-8")
    assert (practice / "policies" / ID / "versions/1.0.0.yaml").read_text(encoding="utf-8") == old


def test_every_refusal_that_it_promises_is_shown():
    """Altered, number not raised, a blank, a text that differs from the expression, a failing test."""
    text = PAGE.read_text(encoding="utf-8")
    for shown in (
        "error[released-file-altered]",
        "1.0.0 is not higher than 1.0.0",
        "error[blank]: `changes` is still a blank",
        "the text says `6 weeks`, and the expression says",
        "failed: Five weeks of care are too few.",
    ):
        assert shown in text


def test_the_project_to_practice_on_is_well(practice):
    assert main(["check", "policies"]) == main(["test"]) == main(["verify"]) == 0
