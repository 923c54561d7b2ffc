"""`imrpolicy new`: what it writes can be checked, tested and evaluated at once."""

from __future__ import annotations

import json
import re

import pytest

from imrpolicy.evaluate import PolicyLibrary

UNIT = "odg/continuous-flow-cryotherapy"
BLANK = re.compile(r'"?<[a-z][^>]*>"?')
DAY = re.compile(r"<(?:first|last) day; \S+ has ([0-9-]+)>")
UNREADABLE = f"`{UNIT}` has no version that can be read; run `imrpolicy check`"


def filled(text):
    """A policy with words in its blanks, and in those of its days the days of the version before."""
    return BLANK.sub("Words.", DAY.sub(r"\1", text))


def test_a_new_policy_works_once_its_blanks_are_filled_in(project, imrpolicy):
    assert imrpolicy("new", "policy", "odg/knee-brace").code == 0
    file = project / "policies/odg/knee-brace/policy.yaml"
    checked = imrpolicy("check", "policies/odg/knee-brace", "--format", "json")
    issues = json.loads(checked.out)["issues"]
    text = file.read_text(encoding="utf-8")
    assert {issue["rule"] for issue in issues} == {"blank"}
    assert len(issues) == len(BLANK.findall(text))
    file.write_text(filled(text), encoding="utf-8")
    assert imrpolicy("check").code == 0
    tested = imrpolicy("test", "policies/odg/knee-brace")
    assert (tested.code, tested.out.splitlines()[-1]) == (0, "3 passed in 1 policy")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_new_version_keeps_the_old_one_byte_for_byte(line_end, project, imrpolicy):
    """Determinations cite its hash, and must find it again."""
    file = project / "policies" / UNIT / "policy.yaml"
    raw = file.read_bytes().replace(b"\n", line_end.encode())
    file.write_bytes(raw)
    before = PolicyLibrary.load("policies").policy(UNIT)
    assert imrpolicy("new", "version", UNIT, "1.1.0").code == 0
    assert (project / "policies" / UNIT / "versions/1.0.0.yaml").read_bytes() == raw
    lines = file.read_text(encoding="utf-8").splitlines()
    changed = [(old, new) for old, new in zip(raw.decode().splitlines(), lines, strict=True) if old != new]
    assert changed == [
        ("version: 1.0.0", "version: 1.1.0"),
        ("status: released", "status: draft"),
        (
            "effective: {from: 2009-01-01, by: decision}",
            "effective: {from: <first day; 1.0.0 has 2009-01-01>, by: decision}",
        ),
        ("changes: First version.", "changes: <what is new in this version, and which cases it touches>"),
    ]
    file.write_text(filled(file.read_text(encoding="utf-8")), encoding="utf-8")
    after = PolicyLibrary.load("policies")
    assert after.policy(f"{UNIT}@1.0.0").content_hash == before.content_hash
    assert imrpolicy("check", "policies").code == (0 if line_end == "\n" else 1)  # a warning of the line ends


def test_a_draft_decides_nothing_until_it_is_released(project, imrpolicy):
    imrpolicy("new", "version", UNIT, "1.1.0")
    file = project / "policies" / UNIT / "policy.yaml"
    file.write_text(filled(file.read_text(encoding="utf-8")), encoding="utf-8")
    call = ("evaluate", "cases/imr-2013-lumbar-block-and-cryotherapy.yaml", "--as-of", "2013-12-01")
    assert f"{UNIT}@1.0.0" in imrpolicy(*call).out
    assert f"{UNIT}@1.1.0" in imrpolicy(*call, "--include-drafts").out
    file.write_text(
        file.read_text(encoding="utf-8").replace("status: draft", "status: released"), encoding="utf-8"
    )
    assert f"{UNIT}@1.1.0" in imrpolicy(*call).out


def test_a_draft_has_no_second_draft(project, imrpolicy):
    imrpolicy("new", "version", UNIT, "1.1.0")
    ran = imrpolicy("new", "version", UNIT, "1.2.0")
    assert ran.code == 2
    assert ran.err == "imrpolicy: version 1.1.0 is a draft: change it as it is, and release it\n"


def test_a_block_of_changes_is_replaced_whole(project, imrpolicy):
    """The text under `changes:` may have many lines."""
    block = "odg/lumbar-medial-branch-block"
    assert imrpolicy("new", "version", block, "1.2.0").code == 0
    text = (project / "policies" / block / "policy.yaml").read_text(encoding="utf-8")
    assert text.endswith("\nchanges: <what is new in this version, and which cases it touches>\n")


@pytest.mark.parametrize("new", ["version: one\n", "version: [\n", ""])
def test_a_policy_that_cannot_be_read_gets_no_version(new, project, imrpolicy):
    file = project / "policies" / UNIT / "policy.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("version: 1.0.0\n", new), encoding="utf-8")
    ran = imrpolicy("new", "version", UNIT, "1.1.0")
    assert (ran.code, ran.err) == (2, f"imrpolicy: {UNREADABLE}\n")


def test_an_old_version_is_never_written_over(project, imrpolicy):
    kept = project / "policies" / UNIT / "versions/1.0.0.yaml"
    kept.parent.mkdir()
    kept.write_text("kept", encoding="utf-8")
    ran = imrpolicy("new", "version", UNIT, "1.1.0")
    assert ran.code == 2
    assert "versions/1.0.0.yaml exists already" in ran.err
    assert kept.read_text(encoding="utf-8") == "kept"
