"""A small library with a released and an older version, and the whole site built from the real one."""

import datetime as dt
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from imrpolicy.site.content import read_content

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).parent / "policies"
TODAY = dt.date(2026, 1, 2)


@pytest.fixture(scope="session")
def content():
    return read_content(DATA, None, TODAY)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the real site."""
    folder = tmp_path_factory.mktemp("site")
    ran = _build("--site-dir", str(folder), cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    return folder


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """A function that makes a project of the policies here in a folder of its own, with a theme."""

    def make(theme: str = "{name: material, font: false}", plugins: str = "search, offline") -> Path:
        folder = tmp_path_factory.mktemp("project")
        shutil.copytree(DATA, folder / "policies")
        (folder / "docs").mkdir()
        (folder / "docs/index.md").write_text("# Home\n", encoding="utf-8")
        config = _CONFIG.format(theme=theme, plugins=plugins)
        (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
        return folder

    return make


@pytest.fixture(scope="session")
def build():
    """A function that runs `mkdocs build` in a folder."""
    return _build


_CONFIG = """\
site_name: Site
use_directory_urls: false
theme: {theme}
plugins: [{{imrpolicy: {{policies: policies}}}}, {plugins}]
"""


def _build(*arguments, cwd):
    variables = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1767312000"}
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", *arguments],
        cwd=cwd,
        env=variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
