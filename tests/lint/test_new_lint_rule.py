"""`imrpolicy new lint-rule`: what it writes is a rule that works once its blanks are filled in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from imrpolicy.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
BLANK = re.compile(r"<[a-z][^>\n]*>")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """As much of the project as a rule needs."""
    without = shutil.ignore_patterns("__pycache__", "data")
    for name in ("imrpolicy", "schemas", "docs/rules", "tests/lint"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=without)
    shutil.copy(ROOT / "tests/conftest.py", tmp_path / "tests")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "tests/lint/project/policies", tmp_path / "policies")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(checkout):
    return [path for path in checkout.rglob("*") if "no_maybe" in path.name or "no-maybe" in path.name]


@pytest.mark.slow
def test_a_new_rule_passes_every_check_once_its_blanks_are_filled(checkout, capsys):
    assert main(["new", "lint-rule", "no-maybe"]) == 0
    assert "pytest tests/lint --update-golden" in capsys.readouterr().out
    files = written(checkout)
    assert len(files) == 3
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert BLANK.search(text)
        text = text.replace("that ends with a period>", ">.")
        path.write_text(BLANK.sub("Perhaps", text), encoding="utf-8", newline="\n")
    tests = ("pytest", "tests/lint/test_rules.py", "-q", "-k", "no-maybe or every_rule or catalogue")
    assert run(checkout, *tests, "--update-golden") == 0
    assert run(checkout, *tests) == 0
    assert run(checkout, "ruff", "check", "imrpolicy/lint") == 0
    assert run(checkout, "ruff", "format", "--check", "imrpolicy/lint") == 0


def run(checkout, *arguments):
    """A program of Python's, with the package of the checkout in front of the installed one."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "CI": ""}
    plain = ["-p", "no:cacheprovider", "-p", "no:asyncio"] if arguments[0] == "pytest" else []
    ran = subprocess.run(
        [sys.executable, "-m", *arguments, *plain],
        cwd=checkout, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    print(ran.stdout[-3000:], ran.stderr[-1000:])
    return ran.returncode


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("No-Maybe", "`No-Maybe` is no id: write small letters and hyphens, such as `summary-number`"),
        ("summary-number", "the rule `summary-number` exists already"),
    ],
)
def test_an_id_that_is_none_or_taken_is_refused(name, message, checkout, capsys):
    before = written(checkout)
    assert main(["new", "lint-rule", name]) == 2
    assert message in capsys.readouterr().err
    assert written(checkout) == before


def test_a_rule_needs_a_checkout(project, capsys):
    assert main(["new", "lint-rule", "no-maybe"]) == 2
    assert "a rule is a part of imrpolicy: go to a checkout of it" in capsys.readouterr().err


@pytest.mark.parametrize("lost", ["docs/rules", "tests/lint/rules"])
def test_nothing_is_written_before_all_of_it_can_be(lost, checkout, capsys):
    shutil.rmtree(checkout / lost)
    assert main(["new", "lint-rule", "no-maybe"]) == 2
    assert f"there is no directory {lost}; restore the checkout" in capsys.readouterr().err
    assert written(checkout) == []


def test_a_page_that_is_there_is_not_written_over(checkout, capsys):
    page = checkout / "docs/rules/no-maybe.md"
    page.write_text("Kept.\n", encoding="utf-8")
    assert main(["new", "lint-rule", "no-maybe"]) == 2
    assert "docs/rules/no-maybe.md exists already" in capsys.readouterr().err
    assert written(checkout) == [page]
    assert page.read_text(encoding="utf-8") == "Kept.\n"


def test_a_word_of_python_is_no_module(checkout, capsys):
    assert main(["new", "lint-rule", "import"]) == 2
    assert "`import` is a word of Python" in capsys.readouterr().err


def test_a_catalogue_without_rules_is_said(checkout, capsys):
    (checkout / "imrpolicy/lint/registry.py").write_text("", encoding="utf-8")
    assert main(["new", "lint-rule", "no-maybe"]) == 2
    assert "has no list of rules; restore it" in capsys.readouterr().err
    assert written(checkout) == []
