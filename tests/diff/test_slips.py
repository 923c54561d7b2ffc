"""The small clinical slips in the real policies, each as a pull request: the first line names the patient."""

import shutil
from pathlib import Path

import pytest
import yaml
from cli.conftest import imrpolicy

__all__ = ["imrpolicy"]
ROOT = Path(__file__).resolve().parents[2]
SLIPS = yaml.safe_load((ROOT / "tests/mutation/slips.yaml").read_text(encoding="utf-8"))["slips"]
# What no expression can mean is refused before anything is compared; and words alone touch nobody.
REFUSED = {
    "A limit turned around",
    "A value that does not exist",
    "Weeks compared with days",
    "An id that was copied along",
}
HARMLESS = {"A summary with a stale number"}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The real policies, twice."""
    folder = tmp_path_factory.mktemp("slips")
    for side in ("old", "new"):
        shutil.copytree(ROOT / "policies", folder / side / "policies")
        shutil.copytree(ROOT / "schemas", folder / side / "schemas")
        (folder / side / "policies/releases.yaml").unlink(missing_ok=True)
    return folder


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip["slip"])
def test_the_first_line_names_the_patient(slip, project, imrpolicy):
    file = project / "new/policies" / slip["policy"] / "policy.yaml"
    text = file.read_text(encoding="utf-8")
    changed = text
    for edit in slip["edits"]:
        assert changed.count(edit["old"]) == 1
        changed = changed.replace(edit["old"], edit["new"])
    file.write_text(changed, encoding="utf-8", newline="\n")
    try:
        ran = imrpolicy("diff", str(project / "old/policies"), str(project / "new/policies"))
    finally:
        file.write_text(text, encoding="utf-8", newline="\n")
    first = ran.out.partition("\n")[0]
    if slip["slip"] in REFUSED:
        assert (ran.code, ran.out) == (1, "")
        assert "error[" in ran.err
    elif slip["slip"] in HARMLESS:
        assert (ran.code, first) == (0, "Nobody is affected: no outcome changes.")
    else:
        assert ran.code == 1
        assert first.split(": ")[0] in ("Harmed", "Let through", "Less is supported"), first
