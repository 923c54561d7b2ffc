"""The program of the page in one Node process, asked line by line."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
BUILT = (WEB / "node_modules/@bufbuild/cel").is_dir()


class Program:
    """Node, running web/src/batch.js."""

    def __init__(self, process):
        self._process = process

    def ask(self, message):
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        if "library" in message:
            return None
        answer = json.loads(self._process.stdout.readline())
        assert not isinstance(answer, dict) or "error" not in answer, answer["error"]
        return answer

    def load(self, data):
        self.ask({"library": data})


@pytest.fixture(scope="session")
def program():
    node = shutil.which("node")
    if node is None or not BUILT:
        pytest.skip("Node.js or the packages of web/ are not installed (npm ci --ignore-scripts in web/)")
    process = subprocess.Popen(
        [node, str(WEB / "src/batch.js")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=WEB,
    )
    with process:
        yield Program(process)
        process.stdin.close()
        assert process.wait(10) == 0


CONFIG = """\
site_name: Site
use_directory_urls: false
theme: {{name: material, font: false, palette: [
  {{media: "(prefers-color-scheme: light)", scheme: default, primary: custom}},
  {{media: "(prefers-color-scheme: dark)", scheme: slate, primary: custom}}]}}
plugins: [{{imrpolicy: {{policies: {policies}, cases: {cases}}}}}, search, offline]
extra: {{generator: false}}
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The pages of the real library, in a site of their own."""
    if not (ROOT / "imrpolicy/site/assets/trial.js").is_file():
        pytest.skip("the program of the page is not built (npm run build in web/)")
    folder = tmp_path_factory.mktemp("site")
    (folder / "docs").mkdir()
    (folder / "docs/index.md").write_text("# Home\n", encoding="utf-8")
    read = {name: json.dumps(str(ROOT / name)) for name in ("policies", "cases")}
    (folder / "mkdocs.yml").write_text(CONFIG.format(**read), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=folder,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1767312000"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stderr
    return folder / "site"
