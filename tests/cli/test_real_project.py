"""The commands on the real policies and cases, whatever these are at the moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from imrpolicy.evaluate import PolicyLibrary

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted(path.name for path in (ROOT / "cases").glob("*.yaml"))


@pytest.fixture(autouse=True)
def _at_the_top(monkeypatch):
    monkeypatch.chdir(ROOT)


def test_every_policy_can_be_explained(imrpolicy):
    """Each criterion is named, and no line is too long."""
    for policy in PolicyLibrary.load("policies").policies:
        ran = imrpolicy("explain", policy.reference)
        assert (ran.code, ran.err) == (0, "")
        assert max(map(len, ran.out.splitlines())) <= 100
        for leaf in policy.leaves:
            assert f"[{leaf.id}]" in ran.out


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("options", [(), ("--strict",), ("--include-drafts",), ("--allow-not-encoded",)])
def test_every_case_can_be_evaluated(case, options, imrpolicy):
    ran = imrpolicy("evaluate", f"cases/{case}", "--as-of", "2016-06-01", *options)
    assert (ran.code, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= 100


def test_nothing_is_wrong(imrpolicy):
    """Every rule of the catalogue is applied to what is published."""
    ran = imrpolicy("check")
    assert (ran.code, ran.err) == (0, ""), ran.out
