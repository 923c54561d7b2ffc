"""The commands `prove` and `ask`: their findings, case files, and what they say without the prover."""

import json
from pathlib import Path

import pytest
import yaml
from cli.conftest import imrpolicy, project

__all__ = ["imrpolicy", "project"]
UNIT = "policies/odg/continuous-flow-cryotherapy/policy.yaml"
CASE = "cases/imr-2013-lumbar-block-and-cryotherapy.yaml"


@pytest.fixture
def flawed(project):
    """A project whose policy asks for something that its scope asks for already."""
    file = project / UNIT
    text = file.read_text(encoding="utf-8")
    text = text.replace(
        '"continuous_flow_cryotherapy"', '"continuous_flow_cryotherapy" && request.postoperative', 1
    )
    file.write_text(text, encoding="utf-8", newline="\n")
    return project


def test_a_finding_has_its_place_its_case_and_the_next_step(flawed, imrpolicy):
    ran = imrpolicy("prove")
    assert (ran.code, ran.err) == (1, "")
    assert f"{UNIT}:21:13: finding[never-fails]: criterion" in " ".join(ran.out.split())
    assert "case: Continuous-flow cryotherapy unit; for use after surgery: yes" in ran.out
    assert "help: correct the expression, or leave it out" in ran.out


def test_a_case_file_shows_the_finding(flawed, imrpolicy):
    """Its first line is the call that evaluates it, and `check` takes it."""
    ran = imrpolicy("prove", "--write", "findings")
    [file] = sorted((flawed / "findings").iterdir())
    assert f"wrote findings/{file.name}" in ran.out
    head, _, rest = file.read_text(encoding="utf-8").partition("\n")
    call = head.removeprefix("# imrpolicy ").replace(file.name, f"findings/{file.name}").split()
    assert yaml.safe_load(rest)["requests"][0]["facts"]["postoperative"] is True
    assert imrpolicy(*call).code == 0
    assert imrpolicy("check", f"findings/{file.name}").code == 0


def test_only_what_is_asked_for_is_proven(flawed, imrpolicy):
    ran = imrpolicy("prove", "policies/mtus", "--format", "json")
    data = json.loads(ran.out)
    assert (ran.code, data["findings"]) == (0, [])
    assert data["policies"] == 2


@pytest.mark.parametrize("call", [["prove"], ["diff", "main"]])
def test_without_the_prover_the_extra_is_named(call, project, imrpolicy, monkeypatch):
    monkeypatch.setattr("imrpolicy.cli.prover.find_spec", lambda _: None)
    ran = imrpolicy(*call)
    assert (ran.code, ran.out) == (3, "")
    assert 'pip install "imrpolicy[prove]"' in ran.err


def test_asking_works_without_the_prover(project, imrpolicy, monkeypatch):
    """The ranking is there, and says that nothing was left out by proof."""
    call = ["ask", CASE, "--as-of", "2013-12-01", "--strict"]
    proven = imrpolicy(*call, "--format", "json")
    monkeypatch.setattr("imrpolicy.cli.prover.find_spec", lambda _: None)
    ran = imrpolicy(*call)
    assert (ran.code, ran.err) == (0, "")
    assert "not proven" in ran.out
    [block, unit] = json.loads(proven.out)
    assert block["proven"]
    assert [question["settles"] for question in block["ask"]] == sorted(
        (question["settles"] for question in block["ask"]), reverse=True
    )
    assert all(question["question"].endswith("?") for question in block["ask"])
    assert unit["ask"] == []


def test_the_same_witness_is_told_every_time(project, imrpolicy):
    """What was proven before must not matter, nor the seed of Python's hashes."""
    import os
    import subprocess
    import sys

    call = ["diff", "policies/odg/lumbar-medial-branch-block/versions/1.0.0.yaml",
            "policies/odg/lumbar-medial-branch-block/policy.yaml"]  # fmt: skip
    expected = imrpolicy(*call).out
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "imrpolicy", *call],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            cwd=Path.cwd(),
            check=True,
        )
        assert done.stdout == expected


def test_cases_are_not_written_over_a_file(project, imrpolicy, monkeypatch):
    """It is said before anything is proven."""
    monkeypatch.setattr("imrpolicy.prove.prove", None)
    ran = imrpolicy("prove", "--write", CASE)
    assert (ran.code, ran.err) == (2, f"imrpolicy: {CASE} is a file; name a directory for the cases\n")
