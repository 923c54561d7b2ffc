"""What `docs/batch.md` says of speed and memory is what was measured."""

import importlib
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BENCHMARKS = ROOT / "benchmarks"

pytestmark = pytest.mark.skipif(not BENCHMARKS.is_dir(), reason="not in the source distribution")


def test_the_page_shows_the_results_in_the_repository(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for name in ("measuring", "page", "batch_page"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    batch_page, page = importlib.import_module("batch_page"), importlib.import_module("page")
    results = json.loads((BENCHMARKS / "batch_results.json").read_text(encoding="utf-8"))
    text = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
    assert page.fill(text, batch_page.parts(results)) == text
