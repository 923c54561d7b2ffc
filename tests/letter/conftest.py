"""Determinations to write letters of: the real cases, and variants of them."""

import copy
import shutil
from pathlib import Path

import pytest
import yaml

from imrpolicy.evaluate import PolicyLibrary

ROOT = Path(__file__).parents[2]
REFERENCE = "imr-2013-lumbar-block-and-cryotherapy"
TEXAS = "tx-2016-repeat-lumbar-facet-injection"
DAY = "2013-12-01"

AGAINST_ODG = """\
id: acoem/continuous-flow-cryotherapy
version: 1.0.0
status: released
title: Cryotherapy units at home
source: {guideline: acoem, section: An invented chapter, edition: "2016"}
effective: {from: 2015-01-01, by: decision}
summary: Powered units are not recommended.
applies_when: request.service == "continuous_flow_cryotherapy"
stance: not_recommended
provenance: {basis: memory, confidence: low}
changes: First version.
"""


def read_case(name):
    return yaml.safe_load((ROOT / "cases" / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def library():
    return PolicyLibrary.load(ROOT / "policies")


@pytest.fixture
def reference():
    """The reference case as plain data, to be changed at will."""
    return read_case(REFERENCE)


@pytest.fixture
def cryotherapy(reference):
    """A function that gives the reference case with the rental alone, its facts and keys changed."""

    def change(facts=None, **keys):
        case = copy.deepcopy(reference)
        del case["decided"]
        case["requests"] = case["requests"][1:]
        case["requests"][0]["facts"].update(facts or {})
        return case | keys

    return change


@pytest.fixture
def letters(library, reference, cryotherapy, tmp_path):
    """Determinations by the name of the letter."""
    after_shoulder_surgery = {"postoperative": True, "body_region": "shoulder"}
    conflict = {
        "request.body_region": [
            {"value": "shoulder", "record": "progress-report-2013-06-20"},
            {"value": "low_back", "record": "final-determination"},
        ]
    }

    def evaluate(name):
        match name:
            case "reference":
                return library.evaluate(reference, as_of=DAY)
            case "texas":
                return library.evaluate(read_case(TEXAS))
            case "undetermined":
                return library.evaluate(cryotherapy({"duration_days": 7}), as_of=DAY)
            case "modify":
                facts = {**after_shoulder_surgery, "duration_days": 8}
                return library.evaluate(cryotherapy(facts, review="utilization_review"), as_of=DAY)
            case "approve":
                facts = {**after_shoulder_surgery, "duration_days": 7}
                return library.evaluate(cryotherapy(facts, review="utilization_review"), as_of=DAY)
            case "records-in-conflict":
                facts = {"postoperative": True, "duration_days": 7}
                return library.evaluate(cryotherapy(facts, conflicting=conflict), as_of=DAY)
            case "not-encoded":
                return library.evaluate(reference, as_of="2016-01-01")
            case "no-sequence":
                return library.evaluate(reference | {"jurisdiction": "ny_no_fault"}, as_of=DAY)
            case "strict":
                return library.evaluate(reference, as_of=DAY, strict=True)
            case "guidelines-in-conflict":
                facts = {**after_shoulder_surgery, "duration_days": 7}
                return disagreeing(tmp_path).evaluate(cryotherapy(facts), as_of="2016-01-01")
            case _:
                raise KeyError(name)

    return evaluate


def disagreeing(folder):
    """A library in which ACOEM, of the same rank as ODG since 2015, does not recommend what ODG does."""
    for part in ("sources.yaml", "search-sequences/ca-workers-compensation.yaml"):
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "policies" / part, folder / part)
    for topic in ("odg/continuous-flow-cryotherapy", "mtus/continuous-flow-cryotherapy"):
        shutil.copytree(ROOT / "policies" / topic, folder / topic)
    against = folder / "acoem" / "continuous-flow-cryotherapy" / "policy.yaml"
    against.parent.mkdir(parents=True)
    against.write_text(AGAINST_ODG, encoding="utf-8")
    return PolicyLibrary.load(folder, schemas=ROOT / "schemas")
