"""The benchmarks run, and what they measure is right; how long it takes is nothing that a test asserts."""

import importlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"
# The distributions under which the engines come, which are an extra of their own.
MODULES = ("cel", "cel_expr_python", "zen", "cedarpy", "matplotlib")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="not in the source distribution"),
    pytest.mark.skipif(
        any(importlib.util.find_spec(name) is None for name in MODULES), reason="needs the extra `bench`"
    ),
]


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """The folder that one quick run has written to."""
    folder = tmp_path_factory.mktemp("benchmarks")
    command = [sys.executable, str(FOLDER / "run.py"), "--quick", "--output", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONUTF8": "1"})
    assert done.returncode == 0, done.stderr
    return folder


def test_every_engine_gives_the_same_statuses_and_is_measured(output):
    # A worker that gets another status ends with an error, and with it the whole run.
    results = json.loads((output / "results.json").read_text(encoding="utf-8"))
    assert {"imrpolicy", "cel-python", "cedarpy", "zen-engine"} <= set(results["statuses"])
    for modes in results["statuses"].values():
        for figures in modes.values():
            low, middle, high = figures["microseconds"].values()
            assert 0 < low <= middle <= high
    assert results["load"]["policies"] == 8
    assert set(results) == {"machine", "versions", "statuses", "evaluate", "load", "start"}


def test_the_results_name_no_host_and_no_user(output):
    text = (output / "results.json").read_text(encoding="utf-8")
    assert str(Path.home()) not in text
    assert os.uname().nodename not in text if hasattr(os, "uname") else True


def test_the_chart_is_drawn(output):
    assert (output / "statuses.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (output / "statuses.svg").read_text(encoding="utf-8")


def test_the_results_in_the_repository_have_the_form_of_a_run(output):
    fresh = json.loads((output / "results.json").read_text(encoding="utf-8"))
    kept = json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))
    assert set(kept) == set(fresh)
    assert list(kept["statuses"]) == list(fresh["statuses"])


def test_the_page_shows_the_results_in_the_repository(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    page = importlib.import_module("page")
    text = (FOLDER.parent / "docs" / "performance.md").read_text(encoding="utf-8")
    kept = json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))
    assert page.fill(text, page.tables(kept)) == text
