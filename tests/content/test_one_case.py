"""One case in five places: each gives what its guidelines give, and the page that shows it is true."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
from pathlib import Path

import pytest

from imrpolicy.authored import read_document
from imrpolicy.cli.main import main
from imrpolicy.evaluate import PolicyLibrary

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "one-case-five-answers.md"
CASE = ROOT / "docs" / "examples" / "one-case.yaml"
_BLOCK = re.compile(r"^```console\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)

CALIFORNIA, TEXAS, MEDICARE = "ca_workers_compensation", "tx_workers_compensation", "medicare"
ODG = "odg/lumbar-medial-branch-block"
# Place, day, drafts; outcome, reason, what governs, and the criteria that decide against it.
ANSWERS = [
    (CALIFORNIA, "2013-12-01", False, "overturned", "criteria", {ODG: []}),
    (CALIFORNIA, "2016-06-01", False, "undetermined", "not_encoded", {}),
    (CALIFORNIA, "2020-06-01", False, "undetermined", "not_encoded", {}),
    (TEXAS, "2016-06-01", False, "overturned", "criteria", {ODG: []}),
    (MEDICARE, "2022-03-01", False, "upheld", "criteria",
     {"cms-lcd/diagnostic-facet-procedure": ["pain_duration"]}),
    (CALIFORNIA, "2016-06-01", True, "undetermined", "conflict",
     {"acoem/lumbar-medial-branch-block": ["chronic"], ODG: []}),
    (CALIFORNIA, "2020-06-01", True, "upheld", "criteria",
     {"mtus/lumbar-medial-branch-block": ["chronic"]}),
]  # fmt: skip


def run(*arguments, monkeypatch):
    """What the command prints at the top of the project, and its exit code."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("IMRPOLICY_DEBUG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main(arguments)
    return code, out.getvalue()


def at(place, day):
    return ("--at", f"{place}:{day}")


@pytest.mark.parametrize(("place", "day", "drafts", "outcome", "reason", "governing"), ANSWERS)
def test_each_place_and_day_gives_what_its_guidelines_give(
    place, day, drafts, outcome, reason, governing, monkeypatch
):
    options = ["--include-drafts"] if drafts else []
    code, out = run(
        "explain", "--case", str(CASE), *at(place, day), *options, "--format", "json", monkeypatch=monkeypatch
    )
    [request] = json.loads(out)
    [answer] = request["answers"]
    assert code == 0
    assert (answer["jurisdiction"], answer["day"]) == (place, day)
    assert (answer["outcome"], answer["reason"]) == (outcome, reason)
    found = {entry["policy"].partition("@")[0]: entry["deciding"] for entry in answer["governing"]}
    assert found == governing


def test_the_answers_are_those_of_a_plain_evaluation():
    """What `explain` compares is what `evaluate` says of the case in that place."""
    library = PolicyLibrary.load(ROOT / "policies")
    for place, day, drafts, outcome, reason, governing in ANSWERS:
        case = read_document(CASE).data() | {"jurisdiction": place}
        [determination] = library.evaluate(case, as_of=day, include_drafts=drafts)
        assert (determination.outcome.value, determination.reason.value) == (outcome, reason)
        assert {trace.policy.id for trace in determination.governing} == set(governing)


def test_twelve_weeks_of_pain_are_the_difference(tmp_path, monkeypatch):
    """With three months of pain the guidelines that refused it support the request."""
    text = CASE.read_text(encoding="utf-8").replace("duration_weeks: 10", "duration_weeks: 13")
    longer = tmp_path / "longer.yaml"
    longer.write_text(text, encoding="utf-8")
    places = (*at(MEDICARE, "2022-03-01"), *at(CALIFORNIA, "2016-06-01"), *at(CALIFORNIA, "2020-06-01"))
    _, out = run(
        "explain",
        "--case",
        str(longer),
        *places,
        "--include-drafts",
        "--format",
        "json",
        monkeypatch=monkeypatch,
    )
    [request] = json.loads(out)
    assert [answer["outcome"] for answer in request["answers"]] == ["overturned"] * 3


def test_it_is_said_why_two_answers_differ(monkeypatch):
    places = (*at(CALIFORNIA, "2013-12-01"), *at(CALIFORNIA, "2020-06-01"), *at(MEDICARE, "2022-03-01"))
    _, out = run("explain", "--case", str(CASE), *places, "--format", "json", monkeypatch=monkeypatch)
    [request] = json.loads(out)
    first, second = (" ".join(sentences) for sentences in request["differences"])
    assert "Another order of search came into force on 2017-01-01" in first
    assert "mtus/lumbar-medial-branch-block@1.0.0 was in force until 2017-11-30." in first
    assert "Another law decides: Medicare in place of California workers' compensation." in second
    assert "asks this, and it is not met: The pain has lasted at least 3 months." in second


def test_two_answers_alike_are_said_to_be(monkeypatch):
    places = (*at(CALIFORNIA, "2013-12-01"), *at(TEXAS, "2016-06-01"))
    _, out = run("explain", "--case", str(CASE), *places, "--format", "json", monkeypatch=monkeypatch)
    assert json.loads(out)[0]["differences"][0][-1] == "Both come to the same recommendation."


def test_the_dates_of_a_case_do_not_hold_it_to_its_day(monkeypatch):
    """A published case with a day of its own is compared on other days all the same."""
    case = ROOT / "cases" / "tx-2016-repeat-lumbar-facet-injection.yaml"
    places = ("--at", "2016-06-01", "--at", "2018-06-01")
    _, out = run("explain", "--case", str(case), *places, "--format", "json", monkeypatch=monkeypatch)
    [request] = json.loads(out)
    assert [answer["outcome"] for answer in request["answers"]] == ["upheld", "undetermined"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name one policy, or a case"),
        (["odg/x", "--case", "cases/x.yaml"], "name one policy, or a case"),
        (["--case", "docs/examples/one-case.yaml"], "needs a day"),
        (["odg/x", "--at", "2016-01-01"], "go with `--case`"),
        (["--case", "docs/examples/one-case.yaml", "--at", "medicar:2016-01-01"], "did you mean `medicare`?"),
        (["--case", "docs/examples/one-case.yaml", "--at", "2016"], "is not a date"),
    ],
)
def test_a_wrong_call_says_what_to_do(arguments, said, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main(["explain", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_the_page_shows_what_the_commands_print(request, monkeypatch):
    text = PAGE.read_text(encoding="utf-8")

    def play(block):
        [call] = [line for line in block["text"].splitlines() if line.startswith("$ ")]
        code, out = run(*shlex.split(call.removeprefix("$ imrpolicy")), monkeypatch=monkeypatch)
        assert code == 0
        return f"```console\n{call}\n{out}```"

    now = _BLOCK.sub(play, text)
    if request.config.getoption("--update-golden") and not os.environ.get("CI"):
        PAGE.write_text(now, encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == now
