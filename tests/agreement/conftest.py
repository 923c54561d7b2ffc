"""Fixtures for the tests of the agreement: a small library, and cases made of a few facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from imrpolicy.evaluate import PolicyLibrary

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="session")
def library():
    """The library of `library/`, with the real schemas."""
    return PolicyLibrary.load(HERE / "library" / "policies", schemas=ROOT / "schemas")


@pytest.fixture
def make_case():
    """A function that makes a case with one request out of an entry of `cases.yaml`."""

    def make(entry, name="example"):
        shared = {
            "jurisdiction": "tx_workers_compensation",
            "dates": {"decision": "2012-03-01"},
            "records": {"one": {"title": "One"}, "two": {"title": "Two"}},
        }
        own = {key: entry[key] for key in ("jurisdiction", "dates", "review", "source") if key in entry}
        request = {"id": "item", "facts": entry["facts"], "conflicting": entry.get("conflicting", {})}
        case = shared | own | {"id": name, "requests": [request]}
        return case | ({"decided": {"item": entry["decided"]}} if "decided" in entry else {})

    return make
