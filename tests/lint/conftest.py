"""A small project to break: one policy, its tests, a source, and a dictionary of a few facts."""

from __future__ import annotations

import datetime as dt
import shlex
import shutil
from pathlib import Path

import pytest

from imrpolicy.cli.main import main
from imrpolicy.lint import check_project

ROOT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 1, 1)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The small project, with the working directory in it."""
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    shutil.copytree(Path(__file__).parent / "project", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def check(project):
    """A function that makes changes to the project, and says what is found then."""

    def run(changes=()):
        for change in changes:
            _make(change)
        return check_project(Path("policies"), today=TODAY)

    return run


def _make(change):
    """Make one change to the project in the working directory."""
    if "run" in change:
        assert main(shlex.split(change["run"])) == 0, change["run"]
        return
    file = Path(change["file"])
    if "find" in change:
        text = file.read_text(encoding="utf-8")
        assert text.count(change["find"]) == 1, f"{change['find']!r} is not once in {change['file']}"
        text = text.replace(change["find"], change["with"])
    elif "append" in change:
        text = file.read_text(encoding="utf-8") + change["append"]
    elif "text" in change:
        text = change["text"]
        file.parent.mkdir(parents=True, exist_ok=True)
    else:
        assert change == {"file": change["file"], "remove": True}
        file.unlink()
        return
    file.write_text(text, encoding="utf-8", newline="\n")
