"""The data of the form on its pages, and a site for which the program has not been built."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from imrpolicy.site import trial
from imrpolicy.site.content import read_content

DATA = Path(__file__).resolve().parents[1] / "site/policies"
# The build as it would go where nobody has run npm.
UNBUILT = """
import sys
from imrpolicy.site import trial
trial.is_built = lambda: False
from imrpolicy.site import plugin
plugin.is_built = trial.is_built
from mkdocs.__main__ import cli
cli(["build", *sys.argv[1:]])
"""


@pytest.fixture(scope="module")
def content():
    return read_content(DATA, None, dt.date(2026, 1, 2))


def data_of(asset):
    start, end = "window.imrpolicyTrial=", ";\n"
    assert asset.text.startswith(start)
    assert asset.text.endswith(end)
    return json.loads(asset.text[len(start) : -len(end)])


def test_the_library_and_each_version_with_criteria_have_their_data(content):
    files = {asset.path: data_of(asset) for asset in trial.trial_files(content)}
    library = files.pop("assets/imrpolicy/trial-library.js")
    policies = content.library.policies
    assert [f"{p['id']}@{p['version']}" for p in library["policies"]] == [p.reference for p in policies]
    assert set(files) == {f"policies/{p.id}/{p.version}.trial.js" for p in policies if p.leaves}
    for data in files.values():
        [policy] = data["policies"]
        assert data["only"] == f"{policy['id']}@{policy['version']}"


def test_every_page_in_the_data_is_one_of_the_site(content):
    from imrpolicy.site.pages import pages
    from imrpolicy.site.policy_page import Options

    known = {page.path.removesuffix(".md") + ".html" for page in pages(content, Options())}
    library = data_of(next(iter(trial.trial_files(content))))
    assert {policy["page"] for policy in library["policies"]} <= known


def test_a_text_cannot_leave_its_script(content):
    """Escaped once more than JSON asks for: nothing but ASCII, and no line end within."""
    for asset in trial.trial_files(content):
        assert asset.text.isascii()
        assert asset.text.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("strict", [True, False])
def test_a_site_without_the_program_says_how_to_build_it(tmp_path, strict):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Home\n", encoding="utf-8")
    config = f"site_name: Site\nplugins: [{{imrpolicy: {{policies: {json.dumps(str(DATA))}}}}}]\n"
    (tmp_path / "mkdocs.yml").write_text(config, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", UNBUILT, *(["--strict"] if strict else [])],
        cwd=tmp_path,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert (ran.returncode != 0) is strict, ran.stderr
    assert "npm ci --ignore-scripts" in ran.stderr
    if not strict:
        page = (tmp_path / "site/try/index.html").read_text(encoding="utf-8")
        assert "has not been built: in web/, run <code>npm ci --ignore-scripts</code>" in page
        assert "trial.js" not in page
