"""The exit code of each command, whatever happens, and the one sentence that goes with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from imrpolicy.cli import parser
from imrpolicy.cli.main import main

IMR = "cases/imr-2013-lumbar-block-and-cryotherapy.yaml"
TEXAS = "cases/tx-2016-repeat-lumbar-facet-injection.yaml"
UNIT = "odg/continuous-flow-cryotherapy"
BLOCK = "odg/lumbar-medial-branch-block"

# A call of each command that finds nothing wrong.
FINE = {
    "check": ["check"],
    "test": ["test"],
    "fmt": ["fmt"],
    "release": ["release", "--all"],
    "verify": ["verify"],
    "evaluate": ["evaluate", TEXAS],
    "agreement": ["agreement"],
    "explain": ["explain", UNIT],
    "facts": ["facts"],
    "new": ["new", "policy", "odg/knee-brace"],
    "generate": ["generate", "--count", "10", "-o", "population.parquet"],
    "batch": ["batch", "population.csv", "-o", "determinations.parquet"],
    "sql": ["sql", UNIT],
    "schema": ["schema", "--table"],
    "prove": ["prove"],
    "diff": ["diff", f"policies/{BLOCK}/versions/1.0.0.yaml", f"policies/{BLOCK}/policy.yaml"],
    "ask": ["ask", TEXAS],
    "replay": ["replay", "stored.json"],
}
# They print no result, and so have no `--format`; they have tests of their own.
OTHERS = ["lsp", "completion", "site"]


@pytest.fixture
def stored(project, imrpolicy):
    (project / "stored.json").write_text(
        imrpolicy("evaluate", TEXAS, "--format", "json").out, encoding="utf-8"
    )
    (project / "population.csv").write_text(
        "case_id,request_id,jurisdiction,dates__service,dates__decision,request__service\n"
        "one,unit,ca_workers_compensation,2013-12-01,2013-12-01,continuous_flow_cryotherapy\n",
        encoding="utf-8",
    )
    return project


def break_a_policy(project):
    file = project / "policies" / UNIT / "policy.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("status: released", "status: relesed"), encoding="utf-8"
    )


def test_every_command_is_here():
    assert sorted([*FINE, *OTHERS]) == sorted(parser.VERBS)


def prepare(name, imrpolicy):
    """What has to be there before the call of a command."""
    if name == "verify":
        assert imrpolicy("release", "--all").code == 0


@pytest.mark.parametrize("name", FINE)
def test_0_nothing_wrong(name, stored, imrpolicy):
    prepare(name, imrpolicy)
    ran = imrpolicy(*FINE[name])
    assert (ran.code, ran.err) == (0, "")
    assert ran.out


@pytest.mark.parametrize("name", ["check", "test", "evaluate", "agreement", "explain", "replay"])
def test_1_a_policy_has_an_error(name, stored, imrpolicy):
    break_a_policy(stored)
    ran = imrpolicy(*FINE[name])
    assert ran.code == 1
    assert (
        "policies/odg/continuous-flow-cryotherapy/policy.yaml:4:9: error[unknown-value]: `relesed`"
        in ran.out + ran.err
    )
    data = imrpolicy(*FINE[name], "--format", "json")
    assert (data.code, data.err) == (1, "")
    assert [issue["rule"] for issue in json.loads(data.out)["issues"]] == ["unknown-value"]


def test_1_a_case_has_an_error(project, imrpolicy, golden):
    file = project / IMR
    file.write_text(
        file.read_text(encoding="utf-8").replace("duration_days: 60", "duration_day: 60"), encoding="utf-8"
    )
    ran = imrpolicy("evaluate", IMR)
    assert (ran.code, ran.out) == (1, "")
    golden("cli/evaluate-a-broken-case.txt", ran.err)


def test_1_a_case_lacks_a_date(project, imrpolicy, golden):
    ran = imrpolicy("evaluate", IMR)
    assert (ran.code, ran.out) == (1, "")
    golden("cli/evaluate-without-a-date.txt", ran.err)


WRONG_CALLS = {
    "unknown-command": ["chek"],
    "option-misspelt": ["evaluate", TEXAS, "--fromat", "json"],
    "option-shortened": ["evaluate", TEXAS, "--form", "json"],
    "unknown-format": ["check", "--format", "jsno"],
    "no-case": ["evaluate"],
    "one-argument-too-many": ["evaluate", TEXAS, IMR],
    "case-misspelt": ["evaluate", "cases/tx-2016-repeat-lumbar-facet-injections.yaml"],
    "case-is-a-directory": ["evaluate", "cases"],
    "date-that-is-none": ["evaluate", TEXAS, "--as-of", "2016-13-01"],
    "date-in-another-form": ["evaluate", TEXAS, "--as-of", "12/01/2016"],
    "policies-missing": ["evaluate", TEXAS, "--policies", "polices"],
    "policies-of-another-kind": ["evaluate", TEXAS, "--policies", "cases"],
    "output-without-letter": ["evaluate", TEXAS, "--output", "letter.html"],
    "output-of-another-kind": ["evaluate", TEXAS, "--format", "letter", "--output", "letter.pdf"],
    "output-in-no-directory": ["evaluate", TEXAS, "--format", "letter", "--output", "letters/letter.md"],
    "policy-misspelt": ["explain", "odg/continuous-flow-cryotherpy"],
    "version-missing": ["explain", f"{UNIT}@9.0.0"],
    "path-missing": ["check", "policy"],
    "path-of-another-kind": ["check", "notes.txt"],
    "directory-without-cases": ["check", "empty"],
    "test-outside-of-policies": ["test", "cases"],
    "replay-of-nothing": ["replay", "store.json"],
    "replay-of-a-directory": ["replay", "cases"],
    "new-without-a-name": ["new", "policy"],
    "new-of-another-kind": ["new", "polcy", "odg/knee-brace"],
    "new-with-a-bad-name": ["new", "policy", "ODG/Knee Brace"],
    "new-outside-of-policies": ["new", "policy", "../elsewhere"],
    "new-of-an-unknown-source": ["new", "policy", "ogd/knee-brace"],
    "new-that-exists": ["new", "policy", UNIT],
    "new-version-with-a-type": ["new", "version", UNIT, "1.1.0", "--type", "bool"],
    "new-fact-without-a-type": ["new", "fact", "pain.at_night"],
    "new-fact-of-another-type": ["new", "fact", "pain.at_night", "--type", "boolean"],
    "new-fact-without-a-unit": ["new", "fact", "care.injections", "--type", "int"],
    "new-fact-with-a-bad-name": ["new", "fact", "AtNight", "--type", "bool"],
    "new-fact-that-exists": ["new", "fact", "pain.radicular", "--type", "bool"],
    "new-source-with-a-bad-name": ["new", "source", "The AAOS"],
    "new-source-that-exists": ["new", "source", "odg"],
    "prove-of-nothing": ["prove", "cases"],
    "prove-without-time": ["prove", "--seconds", "0"],
    "prove-of-too-many-records": ["prove", "--records", "100"],
    "diff-of-one-file": ["diff", f"policies/{UNIT}/policy.yaml"],
    "diff-of-a-file-and-a-revision": ["diff", f"policies/{UNIT}/policy.yaml", "main"],
    "diff-of-three-revisions": ["diff", "a", "b", "c"],
    "diff-of-another-directory": ["diff", "./cases"],
    "ask-of-a-directory": ["ask", "cases"],
    "completion-of-another-shell": ["completion", "tcsh"],
    "completion-of-nothing": ["completion"],
    "new-policy-with-a-version": ["new", "policy", "odg/knee-brace", "1.0.0"],
    "new-version-without-a-number": ["new", "version", UNIT],
    "new-version-with-a-bad-number": ["new", "version", UNIT, "1.1"],
    "new-version-that-is-lower": ["new", "version", UNIT, "0.9.0"],
    "new-version-of-nothing": ["new", "version", "odg/continuous-flow-cryotherpy", "1.1.0"],
}


@pytest.mark.parametrize("name", WRONG_CALLS)
def test_2_the_call_is_wrong(name, project, imrpolicy, golden):
    """One line says what is wrong and what to do next, and nothing is printed as a result or written."""
    (project / "notes.txt").write_text("notes", encoding="utf-8")
    (project / "empty").mkdir()
    before = sorted(project.rglob("*"))
    ran = imrpolicy(*WRONG_CALLS[name])
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("imrpolicy: ")
    assert ran.err.count("\n") == 1
    assert sorted(project.rglob("*")) == before
    golden(f"cli/wrong-call-{name}.txt", ran.err)


def test_2_nothing_is_asked_for(imrpolicy):
    """The name alone prints the help."""
    ran = imrpolicy()
    assert (ran.code, ran.err) == (2, "")
    assert "imrpolicy check" in ran.out


def test_2_there_is_no_place_for_a_new_policy(tmp_path, monkeypatch, imrpolicy):
    monkeypatch.chdir(tmp_path)
    ran = imrpolicy("new", "policy", "odg/knee-brace")
    assert ran.code == 2
    assert "no directory `policies` here" in ran.err


def test_commands_work_anywhere(tmp_path, monkeypatch, imrpolicy):
    """Without policies of one's own, those that come with the package are used."""
    monkeypatch.chdir(tmp_path)
    for call in (["check"], ["explain", UNIT], ["facts"]):
        ran = imrpolicy(*call)
        assert (ran.code, ran.err) == (0, "")


def refuse(monkeypatch, name):
    """Make a file one that cannot be opened; a test that runs as root cannot take permissions away."""
    opened = Path.open

    def open_or_refuse(path, *arguments, **keywords):
        if path.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **keywords)

    monkeypatch.setattr(Path, "open", open_or_refuse)


@pytest.mark.parametrize("name", FINE)
def test_3_a_file_cannot_be_read(name, stored, imrpolicy, monkeypatch):
    files = {
        "facts": "case.schema.json",
        "evaluate": Path(TEXAS).name,
        "ask": Path(TEXAS).name,
        "replay": "stored.json",
        "verify": "releases.yaml",
    }
    file = files.get(name, "sources.yaml")
    prepare(name, imrpolicy)
    refuse(monkeypatch, file)
    ran = imrpolicy(*FINE[name])
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("imrpolicy: could not run: ")
    assert ran.err.endswith(f"{file}: permission denied\n")


def test_3_the_letter_cannot_be_written(project, imrpolicy):
    """Something else has the name already; nothing is left beside it."""
    (project / "letter.html").mkdir()
    before = sorted(project.rglob("*"))
    ran = imrpolicy("evaluate", TEXAS, "--format", "letter", "--output", "letter.html")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("imrpolicy: could not run: ")
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize("kind", ["policy", "version"])
def test_3_a_new_file_cannot_be_written(kind, project, imrpolicy, monkeypatch):
    """Either everything is written, or nothing has changed."""
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    refuse(monkeypatch, "policy.yaml")
    monkeypatch.setattr(Path, "write_text", refused)
    call = {"policy": ["odg/knee-brace"], "version": [UNIT, "1.1.0"]}[kind]
    ran = imrpolicy("new", kind, *call)
    assert (ran.code, ran.out) == (3, "")
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def refused(path, *_arguments, **_keywords):
    raise PermissionError(13, "Permission denied", str(path))


@pytest.mark.parametrize("text", ["{", '{"type": "objekt"}', "{}"])
@pytest.mark.parametrize(
    "name", [name for name in FINE if name not in ("check", "new", "fmt", "verify", "replay")]
)
def test_3_the_schemas_are_broken(name, text, project, imrpolicy):
    for file in (project / "schemas").iterdir():
        file.write_text(text, encoding="utf-8")
    ran = imrpolicy(*FINE[name])
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("imrpolicy: could not run: the schemas cannot be used: ")
    assert "`imrpolicy check` says where" in ran.err
    assert imrpolicy("check").code == 1


@pytest.mark.parametrize("name", FINE)
def test_3_an_unexpected_error(name, stored, imrpolicy, monkeypatch):
    """One line says that it is a defect, and how to report it."""
    fails_with(monkeypatch, name, ZeroDivisionError("division by zero"))
    ran = imrpolicy(*FINE[name])
    assert ran.code == 3
    assert ran.err == (
        "imrpolicy: unexpected error, which is a defect of imrpolicy and not of your files "
        "(ZeroDivisionError: division by zero); please run it again with `--debug` or IMRPOLICY_DEBUG=1 "
        "and report what it prints, without the data of patients\n"
    )


@pytest.mark.parametrize("where", ["before", "after", "environment"])
def test_3_debug_shows_the_traceback(where, project, imrpolicy, monkeypatch):
    fails_with(monkeypatch, "facts", ZeroDivisionError("division by zero"))
    if where == "environment":
        monkeypatch.setenv("IMRPOLICY_DEBUG", "1")
    ran = imrpolicy(
        *{"before": ["--debug", "facts"], "after": ["facts", "--debug"], "environment": ["facts"]}[where]
    )
    assert ran.code == 3
    assert ran.err.startswith("Traceback (most recent call last):")
    assert ran.err.endswith("please report what is printed above, without the data of patients\n")


def test_130_stopped_from_the_keyboard(project, imrpolicy, monkeypatch):
    fails_with(monkeypatch, "facts", KeyboardInterrupt())
    ran = imrpolicy("facts")
    assert (ran.code, ran.out, ran.err) == (130, "", "imrpolicy: interrupted\n")


def fails_with(monkeypatch, name, error):
    """Make a command fail."""

    def fail(_options):
        raise error

    monkeypatch.setattr(f"imrpolicy.cli.{name}.run", fail)


@pytest.mark.parametrize("name", FINE)
def test_help(name, imrpolicy):
    """Each command says what it does, names its options and shows an example."""
    ran = imrpolicy(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "example" in ran.out
    assert f"  imrpolicy {name}" in ran.out
    assert "--format" in ran.out


def test_version(imrpolicy):
    ran = imrpolicy("--version")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("imrpolicy ")


def test_main_reads_the_arguments_of_the_process(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["imrpolicy", "--version"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("imrpolicy ")
