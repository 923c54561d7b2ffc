"""What the wheel holds, that it works where it is installed, and that the pins agree."""

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
CASE = "imr-2013-lumbar-block-and-cryotherapy.yaml"
DATA = ("policies", "schemas", "cases")

# What somebody else's program does with the guidelines that come with the package.
SMOKE = """
from imrpolicy.evaluate import PolicyLibrary
request = {"id": "unit", "facts": {"service": "continuous_flow_cryotherapy", "duration_days": 60}}
case = {"id": "smoke", "jurisdiction": "ca_workers_compensation", "requests": [request]}
[determination] = PolicyLibrary.load().evaluate(case, as_of="2013-12-01")
print(determination.outcome.value)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with the sdist, and the wheel built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """The folder of the programs of a new environment in which only the wheel is installed."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    _run(programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--constraint", ROOT / "requirements" / "ci.txt", _only(built, "*.whl"))  # fmt: skip
    return programs


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_its_data(built):
    with zipfile.ZipFile(_only(built, "*.whl")) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    data = {
        f"imrpolicy/data/{path.relative_to(ROOT).as_posix()}"
        for top in DATA
        for path in (ROOT / top).rglob("*")
        if path.is_file()
    }
    code = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "imrpolicy").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert names == data | code


@pytest.mark.slow
def test_the_sdist_can_be_built_and_tested(built):
    with tarfile.open(_only(built, "*.tar.gz")) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"LICENSE", "README.md", "pyproject.toml", "scripts/test.py", "tests/test_packaging.py"} <= names
    assert {".pre-commit-config.yaml", ".vscode/settings.json", "requirements/ci.txt"} <= names
    assert not [name for name in names if "node_modules" in name or "__pycache__" in name]


@pytest.mark.slow
def test_the_installed_command_evaluates_a_case_in_another_folder(installed, tmp_path):
    case = tmp_path / CASE
    case.write_bytes((ROOT / "cases" / CASE).read_bytes())
    output = _run(installed / "imrpolicy", "evaluate", case.name, "--as-of", "2013-12-01", cwd=tmp_path)
    assert "cryotherapy" in output


@pytest.mark.slow
def test_a_few_lines_of_python_evaluate_a_case_in_another_folder(installed, tmp_path):
    assert _run(installed / "python", "-c", SMOKE, cwd=tmp_path) == "upheld\n"


def test_the_lock_fits_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [Requirement(text) for text in project["dependencies"] + extras["dev"] + extras["docs"]]
    locked = _locked()
    for requirement in wanted:
        if requirement.name == "imrpolicy":
            continue
        version = locked.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement} is not locked: run `python3 scripts/lock.py --keep`"
        assert version in requirement.specifier, f"{requirement} does not admit the locked {version}"


def test_the_commit_hooks_run_the_locked_ruff():
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"ruff==([\w.]+)", text)) == {str(_locked()["ruff"])}


def test_the_commit_hooks_are_well_formed():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for repo in config["repos"] for hook in repo["hooks"]] == [
        "ruff-check",
        "ruff-format",
        "metaschema",
        "imrpolicy-check",
    ]


def test_every_file_with_a_schema_is_wired_to_it_in_the_editor():
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    wired = {}
    for schema, patterns in settings["yaml.schemas"].items():
        assert (ROOT / schema).is_file()
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            wired.update(dict.fromkeys(ROOT.glob(pattern), schema))
    written = {path for top in ("policies", "cases") for path in (ROOT / top).rglob("*.yaml")}
    assert set(wired) == written


def _locked():
    lines = (ROOT / "requirements" / "ci.txt").read_text(encoding="utf-8").splitlines()
    pins = (line.partition(";")[0].strip().split("==") for line in lines if "==" in line.partition(";")[0])
    return {canonicalize_name(name): Version(version) for name, version in pins}


def _only(folder, pattern):
    (path,) = folder.glob(pattern)
    return path


def _run(*command, cwd=ROOT):
    """Run a command that must succeed, outside this test's environment, and return what it printed."""
    variables = {name: os.environ[name] for name in os.environ if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command[0]} failed with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout
