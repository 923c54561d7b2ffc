"""`imrpolicy generate`: files that are whole or not there, and one sentence where something is wrong."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
import yaml

from imrpolicy.cli.main import main
from imrpolicy.population import generate
from imrpolicy.population.columns import arrow_schema


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """The command, in a directory without policies: those that come with the package are used."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        code = main(["generate", *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_a_population_in_parquet(run, tmp_path, dictionary):
    code, out, err = run("--count", "1,000", "--seed", "3", "-o", "people.parquet")
    assert (code, err) == (0, "")
    assert out == "wrote people.parquet: 1,000 requests, facet-and-cold, seed 3\n"
    table = pq.read_table(tmp_path / "people.parquet")
    assert table.num_rows == 1000
    assert table.schema.names == arrow_schema(dictionary).names
    assert list(tmp_path.iterdir()) == [tmp_path / "people.parquet"]


def test_every_format_says_the_same(run, tmp_path):
    for name in ("a.parquet", "a.csv", "a.jsonl"):
        assert run("--count", "60", "--seed", "4", "-o", name)[0] == 0
    table = pq.read_table(tmp_path / "a.parquet").to_pylist()
    wanted = [{k: v for k, v in as_json(row).items() if v is not None} for row in table]
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == wanted
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    for row, written in zip(read, wanted, strict=True):
        assert {name for name, text in row.items() if text != ""} == set(written)
        lists = {name: value for name, value in written.items() if isinstance(value, list)}
        assert {name: json.loads(row[name]) for name in lists} == lists
        assert row["request__service"] == written["request__service"]


def as_json(row):
    """A row as JSON has it: days as text."""
    return json.loads(json.dumps(row, default=str))


def test_cases_in_a_directory_of_files_that_pass_the_check(run, tmp_path, library):
    code, out, _ = run("--count", "12", "--format", "yaml", "-o", "made")
    assert (code, out) == (0, "wrote made/: 12 requests, facet-and-cold, seed 0\n")
    files = sorted((tmp_path / "made").iterdir(), key=lambda file: int(file.stem.rsplit("-", 1)[1]))
    cases = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    assert [library.read_case(case) for case in cases] == [
        library.read_case(case) for case in generate(library.dictionary, count=12)
    ]
    assert all("not a real case" in case["source"] for case in cases)
    assert main(["check", "made"]) == 0


def test_one_policy(run, tmp_path):
    assert run("--count", "50", "--policy", "odg/continuous-flow-cryotherapy", "-o", "c.parquet")[0] == 0
    services = pq.read_table(tmp_path / "c.parquet").column("request__service").to_pylist()
    assert set(services) == {"continuous_flow_cryotherapy"}


def test_a_profile_of_ones_own(run, tmp_path):
    text = (
        "id: mine\ntitle: Mine\nnote: Made up.\nfacts:\n  patient.sex: {documented: 1, values: {female: 1}}\n"
    )
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    assert run("--count", "50", "--profile", "mine.yaml", "-o", "m.parquet")[0] == 0
    assert set(pq.read_table(tmp_path / "m.parquet").column("patient__sex").to_pylist()) == {"female"}


def test_a_wrong_profile_is_a_finding(run, tmp_path):
    text = "id: mine\ntitle: Mine\nnote: Made up.\nfacts:\n  patient.sxe: {share: 1}\n"
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    code, out, err = run("--count", "50", "--profile", "mine.yaml", "-o", "m.parquet")
    assert code == 1
    assert "mine.yaml:5:3: error[unknown-fact]: there is no fact `patient.sxe`" in out + err
    assert not (tmp_path / "m.parquet").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "a.csv"], "--count"),
        (["--count", "0", "-o", "a.csv"], "`0` is not a whole number from 1 to 10,000,000,000"),
        (["--count", "ten", "-o", "a.csv"], "`ten` is not a whole number"),
        (["--count", "-5", "-o", "a.csv"], "--count"),
        (["--count", "5", "--seed", "x", "-o", "a.csv"], "`x` is not a whole number from 0 to"),
        (["--count", "5"], "-o"),
        (["--count", "5", "-o", "a.csv", "--format", "cvs"], "did you mean `csv`"),
        (["--count", "5", "-o", "nowhere/a.csv"], "there is no directory nowhere"),
        (["--count", "5", "-o", "."], "is a directory"),
        (["--count", "5", "-o", "a.csv", "--profile", "facet-and-colt"], "did you mean `facet-and-cold`"),
        (["--count", "5", "-o", "a.csv", "--profile", "mine.yaml"], "there is no file mine.yaml"),
        (["--count", "5", "-o", "a.csv", "--policy", "odg/nothing"], "there is no policy `odg/nothing`"),
        (["--count", "10001", "--format", "yaml", "-o", "a"], "too many for files of their own"),
    ],
)
def test_a_wrong_call(run, tmp_path, arguments, said):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_directory_with_something_in_it_is_left_alone(run, tmp_path):
    (tmp_path / "made").mkdir()
    (tmp_path / "made/mine.txt").write_text("mine", encoding="utf-8")
    code, _, err = run("--count", "5", "--format", "yaml", "-o", "made")
    assert code == 2
    assert "made exists already; name a new directory" in err
    assert [file.name for file in (tmp_path / "made").iterdir()] == ["mine.txt"]


def test_without_numpy_the_extra_is_named(run, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("imrpolicy.population.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numpy", None)
    code, _, err = run("--count", "5", "-o", "a.parquet")
    assert code == 3
    told = 'numpy is not installed; install it with `pip install "imrpolicy[batch]"`'
    assert err == f"imrpolicy: could not run: {told}\n"


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl", "yaml"])
def test_a_failure_in_the_middle_leaves_what_was_there(run, tmp_path, monkeypatch, format):
    """A draw that fails after some blocks leaves neither half a file nor a temporary one."""
    import imrpolicy.population.api as api

    path = tmp_path / f"a.{format}"
    if format != "yaml":
        path.write_text("before", encoding="utf-8")

    def failing(*arguments, **how):
        yield from list(real(*arguments, **how))[:1]
        raise OSError(28, "No space left on device", "a")

    real = api._ahead
    monkeypatch.setattr(api, "_ahead", failing)
    code, out, err = run("--count", "10" if format == "yaml" else "9000", "--format", format, "-o", path.name)
    assert (code, out) == (3, "")
    assert "no space left on device" in err
    assert list(tmp_path.iterdir()) == ([] if format == "yaml" else [path])
    assert format == "yaml" or path.read_text(encoding="utf-8") == "before"


_LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
from imrpolicy.cli.main import main
sys.exit(main(["generate", "--count", "12000", "-o", sys.argv[1]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.jsonl"])
def test_a_file_that_cannot_grow(tmp_path, name):
    """What happens on a full disk, by a limit that the system sets on the size of a file."""
    ran = subprocess.run(
        [sys.executable, "-c", _LIMITED, name], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 3, ran.stderr
    assert ran.stderr == f"imrpolicy: could not run: {name}: file too large\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="there are no such pipes and links there")
@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_a_pipe_is_written_to_and_stays_one(format, run, tmp_path):
    """A call that names `/dev/stdout` must not put a file in its place."""
    os.mkfifo(tmp_path / "pipe")
    reader = subprocess.Popen(["cat", "pipe"], cwd=tmp_path, stdout=subprocess.PIPE)
    assert run("--count", "3", "--format", format, "-o", "pipe")[0] == 0
    assert reader.communicate(timeout=20)[0].count(b"\n") >= 3
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.skipif(os.name == "nt", reason="links need a right there that few have")
def test_a_link_stays_one(run, tmp_path):
    (tmp_path / "link.csv").symlink_to("real.csv")
    assert run("--count", "3", "-o", "link.csv")[0] == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").is_file()


@pytest.mark.parametrize(
    "call", [["generate", "--count", "3", "-o", "a.csv"], ["schema", "--table"], ["completion", "bash"]]
)
def test_without_numpy_no_command_is_a_defect(call, tmp_path):
    """Those that need it name the extra, and the others work."""
    code = (
        "import sys; sys.modules.update(numpy=None, pyarrow=None)\n"
        f"from imrpolicy.cli.main import main; sys.exit(main({call!r}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    wanted = (3, True) if call[0] == "generate" else (0, False)
    assert (ran.returncode, 'pip install "imrpolicy[batch]"' in ran.stderr) == wanted
