"""Guideline CEL against the conformance tests of the CEL specification."""

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from conformance import conformance

HERE = Path(__file__).parent
DOCS = HERE.parent.parent / "docs"


@pytest.fixture(scope="module")
def results():
    missing = conformance.missing()
    if missing and os.environ.get("CI"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    return conformance.outcomes()


def test_every_test_passes_or_is_rejected_with_a_reason(results):
    """What guideline CEL accepts means what the specification says; the rest is refused."""
    assert len(results) > 2000
    assert [outcome for outcome in results if outcome.result not in ("passed", "rejected")] == []
    assert [outcome for outcome in results if (outcome.result == "rejected") != bool(outcome.reason)] == []


def test_what_must_be_an_error_is_rejected(results):
    """A test that expects an error at run time is refused by the checker, and passes in no other way."""
    assert {outcome.result for outcome in results if outcome.name == "divide_zero"} == {"rejected"}


def test_counts_are_the_known_ones(results, golden):
    """A change of the language or of the suite is seen; `--update-golden` writes the new counts."""
    known = "# How many conformance tests of each section pass, and how many are rejected.\n"
    golden("counts.yaml", known + yaml.safe_dump(conformance.counts(results)), folder=HERE)


def test_the_documentation_shows_the_counts_and_the_reasons(results, golden):
    page = (DOCS / "conformance.md").read_text(encoding="utf-8")
    tables = {
        "counts": conformance.counts_table(results),
        "reasons": conformance.reasons_table(results),
        "total": _total(results),
    }
    for name, table in tables.items():
        marked = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        assert marked.search(page), name
        page = marked.sub(lambda found, table=table: found[1] + table + "\n" + found[2], page)
    golden("conformance.md", page, folder=DOCS)


def _total(results):
    total = Counter(outcome.result for outcome in results)
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    version = lock["packages"]["node_modules/@bufbuild/cel-spec"]["version"]
    return (
        f"Of the {len(results)} tests in `@bufbuild/cel-spec` {version}, {total['passed']} lie inside "
        f"guideline CEL and pass; {total['rejected']} lie outside and are rejected. None gives a wrong value."
    )


def test_the_lock_file_names_no_other_registry():
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    for package in packages.values():
        assert package["integrity"].startswith("sha512-")
        assert package.get("resolved", "https://registry.npmjs.org/").startswith(
            "https://registry.npmjs.org/"
        )


@pytest.mark.parametrize("installed", ["", "node_modules/@bufbuild/cel-spec"])
def test_what_is_missing_is_said(installed, monkeypatch, tmp_path):
    """Without the npm packages the tests say how to install them."""
    monkeypatch.setattr(conformance, "HERE", tmp_path)
    monkeypatch.setattr(conformance.shutil, "which", lambda name: f"/bin/{name}")
    (tmp_path / installed).mkdir(parents=True, exist_ok=True)
    assert conformance.missing() == ("" if installed else conformance.INSTALL)
