"""`imrpolicy fmt`: what it writes, what it leaves alone, and what it says."""

from __future__ import annotations

import json

import pytest

UNIT = "policies/odg/continuous-flow-cryotherapy"
CASE = "cases/tx-2016-repeat-lumbar-facet-injection.yaml"


@pytest.fixture
def formatted(project, imrpolicy):
    """The project in canonical form."""
    assert imrpolicy("fmt").code == 0
    return project


def disorder(path):
    """Put spaces before the first value; in a policy, move the first key behind the second as well."""
    head, first, second, rest = path.read_text(encoding="utf-8").split("\n", 3)
    first = first.replace(": ", ":   ")
    keys = [second, first] if path.name == "policy.yaml" else [first, second]
    path.write_text("\n".join([head, *keys, rest]), encoding="utf-8")


def test_files_are_formatted_once(formatted, imrpolicy, golden):
    for name in (f"{UNIT}/policy.yaml", f"{UNIT}/tests.yaml"):
        disorder(formatted / name)
    golden("cli/fmt-check.txt", shown("fmt --check", imrpolicy("fmt", "--check")))
    golden("cli/fmt-diff.txt", shown(f"fmt {UNIT} --diff", imrpolicy("fmt", UNIT, "--diff")))
    golden("cli/fmt.json", imrpolicy("fmt", UNIT, "--check", "--format", "json").out)
    golden("cli/fmt.txt", shown("fmt", imrpolicy("fmt")))
    golden("cli/fmt-again.txt", shown("fmt", imrpolicy("fmt")))
    assert imrpolicy("check").code == 0
    assert imrpolicy("fmt", "--check").code == 0


def shown(command, ran):
    return f"$ imrpolicy {command}\n{ran.out}{ran.err}exit code {ran.code}\n"


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_nothing_is_written_by_looking(option, formatted, imrpolicy):
    file = formatted / UNIT / "policy.yaml"
    disorder(file)
    before = file.read_bytes()
    assert imrpolicy("fmt", option).code == 1
    assert file.read_bytes() == before


def test_line_ends_and_a_byte_order_mark_are_mended(formatted, imrpolicy):
    file = formatted / UNIT / "policy.yaml"
    good = file.read_bytes()
    file.write_bytes(b"\xef\xbb\xbf" + good.replace(b"\n", b"\r\n"))
    assert "only its line ends would change" in imrpolicy("fmt", "--diff").out
    assert imrpolicy("fmt").code == 0
    assert file.read_bytes() == good


def test_superseded_versions_are_left_alone(formatted, imrpolicy):
    old = formatted / "policies/odg/lumbar-medial-branch-block/versions/1.0.0.yaml"
    disorder(old)
    before = old.read_bytes()
    assert imrpolicy("fmt").code == 0
    assert imrpolicy("fmt", str(old)).out == "0 files read: nothing to do\n"
    assert old.read_bytes() == before


def test_recorded_releases_are_left_alone(formatted, imrpolicy):
    """Their form cannot be mended any more; the tests beside them can."""
    disorder(formatted / UNIT / "policy.yaml")
    assert imrpolicy("release", "--all").code == 0
    before = (formatted / UNIT / "policy.yaml").read_bytes()
    ledger = (formatted / "policies/releases.yaml").read_bytes()
    disorder(formatted / UNIT / "tests.yaml")
    assert imrpolicy("fmt").out.startswith(f"formatted {UNIT}/tests.yaml\n\n")
    assert (formatted / UNIT / "policy.yaml").read_bytes() == before
    assert (formatted / "policies/releases.yaml").read_bytes() == ledger


def test_a_file_with_an_error_does_not_hold_up_the_others(formatted, imrpolicy, golden):
    broken = formatted / UNIT / "policy.yaml"
    broken.write_text("id: [\n", encoding="utf-8")
    disorder(formatted / UNIT / "tests.yaml")
    golden("cli/fmt-broken.txt", shown(f"fmt {UNIT}", imrpolicy("fmt", UNIT)))
    assert broken.read_text(encoding="utf-8") == "id: [\n"
    assert imrpolicy("fmt", UNIT).code == 1


def test_a_layout_that_would_not_come_out_the_same_is_refused(formatted, imrpolicy):
    file = formatted / UNIT / "policy.yaml"
    file.write_text("id: a/b\nnotes: [ # none\n]\n", encoding="utf-8")
    ran = json.loads(imrpolicy("fmt", UNIT, "--format", "json").out)
    assert [issue["rule"] for issue in ran["issues"]] == ["form"]
    assert file.read_text(encoding="utf-8") == "id: a/b\nnotes: [ # none\n]\n"


def test_cases_are_formatted_and_json_is_not(formatted, imrpolicy):
    edited = formatted / CASE
    edited.write_text(edited.read_text(encoding="utf-8").replace("\nid: ", "\nid:   "), encoding="utf-8")
    (formatted / "cases/one.json").write_text('{"jurisdiction": "x",   "id": "y"}', encoding="utf-8")
    assert imrpolicy("fmt", "cases", CASE).out.startswith(f"formatted {CASE}\n\n")
    assert "  " in (formatted / "cases/one.json").read_text(encoding="utf-8")


def test_where_there_are_no_policies_something_must_be_named(tmp_path, monkeypatch, imrpolicy):
    monkeypatch.chdir(tmp_path)
    ran = imrpolicy("fmt")
    assert ran.code == 2
    assert ran.err == "imrpolicy: there is no directory `policies` here; name what to format\n"
