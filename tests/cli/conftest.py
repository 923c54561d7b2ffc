"""Fixtures for the tests of the command line: a project of one's own to break, and the command run in it."""

from __future__ import annotations

import contextlib
import io
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from imrpolicy.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
# The policies and cases do not change with the real ones: an editor's change must not break these tests.
PROJECT = Path(__file__).parent / "project"


@dataclass(frozen=True)
class Run:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with policies, schemas and cases of its own, with the working directory in it."""
    shutil.copytree(PROJECT, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("README.md"))
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def imrpolicy(monkeypatch):
    """The command: `imrpolicy("check", "policies")` runs it in this process."""
    for name in ("IMRPOLICY_DEBUG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")  # argparse looks at the terminal that the tests run in

    def run(*arguments: str) -> Run:
        out, err = _Stream(), _Stream()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = main(arguments)
            except SystemExit as stop:  # argparse stops this way after `--help`
                code = int(stop.code or 0)
        return Run(int(code), out.getvalue(), err.getvalue())

    return run


class _Stream(io.StringIO):
    """Standard output that went to a file."""

    encoding = "utf-8"
