"""The command: what it prints, what it finds, and how it ends."""

from __future__ import annotations

import json
import shutil

import pytest
from agreement.conftest import HERE, ROOT

from imrpolicy.authored import read_document
from imrpolicy.cli.main import main

ENTRIES = {entry["name"]: entry for entry in read_document(HERE / "cases.yaml").data()}
EXPLAINED = [name for name, entry in ENTRIES.items() if not entry["expect"].get("findings")]
UNEXPLAINED = "the governing guideline cited explains nothing"


@pytest.fixture
def project(tmp_path, monkeypatch, make_case):
    """A project with the small library, and a function that writes cases into it."""
    shutil.copytree(HERE / "library" / "policies", tmp_path / "policies")
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    (tmp_path / "cases").mkdir()
    monkeypatch.chdir(tmp_path)

    def write(names):
        for position, name in enumerate(names):
            case = make_case(ENTRIES[name], f"case-{position:02}")
            (tmp_path / "cases" / f"case-{position:02}.json").write_text(json.dumps(case))

    return write


def test_text(project, capsys, golden):
    project(EXPLAINED)
    assert main(["agreement"]) == 0
    golden("agreement.txt", capsys.readouterr().out)


def test_markdown(project, capsys, golden):
    project(EXPLAINED)
    assert main(["agreement", "cases", "--format", "markdown"]) == 0
    golden("agreement-small.md", capsys.readouterr().out)


def test_json(project, capsys):
    project(ENTRIES)
    assert main(["agreement", "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert len(data["comparisons"]) == len(ENTRIES)
    total = data["final"]["total"]
    assert total["labels"] == sum(comparison["final"] for comparison in data["comparisons"])
    for way in ("by_topic", "by_source", "by_decision"):
        for name in ("labels", "agree", "disagree", "undetermined", "not_encoded"):
            assert sum(tally[name] for tally in data["final"][way].values()) == total[name]
    messages = [message for entry in ENTRIES.values() for message in entry["expect"].get("findings", ())]
    assert sorted(issue["message"] for issue in data["issues"]) == sorted(messages)


@pytest.mark.parametrize("format", ["text", "markdown"])
def test_a_disagreement_that_nothing_explains_is_found_at_its_place(project, capsys, format):
    project([UNEXPLAINED])
    assert main(["agreement", "--format", format]) == 1
    printed = capsys.readouterr()
    assert "1 final label: 0 agree, 1 disagree" in printed.out
    assert printed.err.startswith("cases/case-00.json:1:")
    assert "error[disagreement]: the policies say upheld, the reviewer decided overturned" in printed.err
    assert "never bend a policy for it" in printed.err


def test_without_any_decision_there_is_nothing_to_count(project, capsys, make_case, tmp_path):
    case = make_case({"facts": {"service": "continuous_flow_cryotherapy"}})
    (tmp_path / "cases" / "open.json").write_text(json.dumps(case))
    assert main(["agreement"]) == 0
    assert "0 final labels" in capsys.readouterr().out


def test_a_case_counts_once(project, capsys):
    project([EXPLAINED[0]])
    shutil.copy("cases/case-00.json", "cases/copy.json")
    assert main(["agreement"]) == 1
    assert "the id `case-00` is that of cases/case-00.json as well" in capsys.readouterr().err
    assert main(["agreement", "cases", "cases/case-00.json"]) == 1
    assert main(["agreement", "cases/case-00.json", "cases/case-00.json"]) == 0


def test_a_case_without_any_date(project, capsys, make_case, tmp_path):
    case = make_case(ENTRIES[EXPLAINED[0]] | {"dates": {}})
    (tmp_path / "cases" / "undated.json").write_text(json.dumps(case))
    assert main(["agreement"]) == 1
    assert "cases/undated.json" in capsys.readouterr().err


def test_a_broken_decision(project, capsys, make_case, tmp_path):
    decided = {"outcome": "upheld", "final": "yes", "level": "court", "disagreement": {"cause": "mood"}}
    case = make_case(ENTRIES[EXPLAINED[0]] | {"decided": decided})
    (tmp_path / "cases" / "broken.json").write_text(json.dumps(case))
    assert main(["agreement"]) == 1
    printed = capsys.readouterr().err
    for message in ("`yes` must be `true` or `false`", "no level of a decision", "no cause of a disagreement",
                    "needs an `explanation`"):  # fmt: skip
        assert message in printed


@pytest.mark.parametrize("arguments", [["nowhere"], ["--format", "xml"], ["--policies", "nowhere"]])
def test_wrong_calls(project, capsys, arguments):
    project([EXPLAINED[0]])
    assert main(["agreement", *arguments]) == 2
