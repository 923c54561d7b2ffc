"""A project of one's own, and places in its files given by what stands there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from imrpolicy.lsp.project import Project
from imrpolicy.policy import Schemas

ROOT = Path(__file__).resolve().parents[2]
UNIT = "policies/odg/continuous-flow-cryotherapy"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The small project of the tests of the command line, with the working directory in it."""
    shutil.copytree(ROOT / "tests/cli/project", tmp_path, dirs_exist_ok=True)
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def opened(project):
    """The project as the server has it, with some files typed but not saved."""

    def make(**unsaved):
        files = {project / UNIT / f"{name}.yaml": text for name, text in unsaved.items()}
        return Project(root=project / "policies", schemas=Schemas(project / "schemas"), unsaved=files)

    return make


@pytest.fixture(scope="session")
def dictionary():
    return Schemas(ROOT / "schemas").dictionary
