"""What each command prints, as text and as JSON. The files are in `tests/golden/cli`."""

from __future__ import annotations

import json
import re

import pytest

IMR = "cases/imr-2013-lumbar-block-and-cryotherapy.yaml"
TEXAS = "cases/tx-2016-repeat-lumbar-facet-injection.yaml"
BLOCK = "odg/lumbar-medial-branch-block"
UNIT = "odg/continuous-flow-cryotherapy"

COMMANDS = {
    "check": "check",
    "check-one-policy": f"check policies/{UNIT}",
    "check-one-case": f"check {TEXAS}",
    "test": "test",
    "test-one-policy": f"test policies/{UNIT}",
    "evaluate-imr": f"evaluate {IMR} --as-of 2013-12-01",
    "evaluate-imr-strict": f"evaluate {IMR} --as-of 2013-12-01 --strict",
    "evaluate-texas": f"evaluate {TEXAS}",
    "explain-unit": f"explain {UNIT}",
    "explain-block": f"explain {BLOCK}",
    "explain-block-1.0.0": f"explain {BLOCK}@1.0.0",
    "explain-silent": "explain mtus/lumbar-medial-branch-block",
    "facts-radicular": "facts pain.radicular",
    "facts-blocks": "facts history.prior_blocks",
    "facts-relief": "facts relief",
    "facts-nothing": "facts radiculr",
    "new-policy": "new policy odg/knee-brace",
    "new-version": f"new version {UNIT} 1.1.0",
}
WITH_JSON = [name for name in COMMANDS if name != "evaluate-imr-strict"]


@pytest.mark.parametrize("name", COMMANDS)
def test_text(name, project, imrpolicy, golden):
    golden(f"cli/{name}.txt", shown(COMMANDS[name], imrpolicy(*COMMANDS[name].split())))


@pytest.mark.parametrize("name", WITH_JSON)
def test_json(name, project, imrpolicy, golden):
    ran = imrpolicy(*COMMANDS[name].split(), "--format", "json")
    json.loads(ran.out)
    assert ran.err == ""
    golden(f"cli/{name}.json", same_hash(ran.out))


def test_lines_are_no_wider_than_a_page(project, imrpolicy):
    """Where nobody looks yet, lines have at most 100 characters, and none ends in a space."""
    for command in COMMANDS.values():
        for line in imrpolicy(*command.split()).out.splitlines():
            assert len(line) <= 100, line
            assert line == line.rstrip(), line


def shown(command, ran):
    """A command with what it printed."""
    return same_hash(
        f"$ imrpolicy {command}\n{ran.out}{ran.err}exit code {ran.code}\n".replace(" \n", "\n", 1)
    )


def same_hash(text):
    """The text without content hashes, which change with every comma, and without the number of schemas."""
    text = re.sub(r'"files": \d+', '"files": "N"', text)
    text = re.sub(r"^\d+ files checked", "N files checked", text, flags=re.MULTILINE)
    return re.sub(r"sha256:[0-9a-f]+", "sha256:...", text)


def fail_a_test(project):
    """Change the limit of a policy, so that some of its tests fail."""
    file = project / "policies" / UNIT / "policy.yaml"
    text = file.read_text(encoding="utf-8").replace(
        "request.duration_days <= 7", "request.duration_days <= 10"
    )
    file.write_text(text, encoding="utf-8")


def test_a_failing_test(project, imrpolicy, golden):
    fail_a_test(project)
    golden("cli/test-fails.txt", shown("test", imrpolicy("test")))
    data = json.loads(imrpolicy("test", "--format", "json").out)
    assert (data["passed"], data["failed"], data["issues"]) == (32, 1, [])
    assert [test["name"] for test in data["tests"] if not test["passed"]] == [
        "Eight days exceed the limit, and seven would be supported."
    ]


def test_a_policy_with_an_error_is_not_tested(project, imrpolicy, golden):
    file = project / "policies" / UNIT / "policy.yaml"
    text = file.read_text(encoding="utf-8").replace("request.duration_days <= 7", "request.duration_day <= 7")
    file.write_text(text, encoding="utf-8")
    golden("cli/test-of-a-broken-policy.txt", shown("test", imrpolicy("test")))


@pytest.fixture
def stored(project, imrpolicy):
    """A file of determinations."""
    file = project / "stored.json"
    file.write_text(
        imrpolicy("evaluate", IMR, "--as-of", "2013-12-01", "--format", "json").out, encoding="utf-8"
    )
    return file


def test_a_replay_that_holds(stored, imrpolicy, golden):
    ran = imrpolicy("replay", "stored.json")
    assert ran.code == 0
    golden("cli/replay-holds.txt", shown("replay stored.json", ran))
    golden("cli/replay-holds.json", imrpolicy("replay", "stored.json", "--format", "json").out)


def test_a_replay_that_does_not_hold(stored, project, imrpolicy, golden):
    fail_a_test(project)
    records = json.loads(stored.read_text(encoding="utf-8"))
    records[0]["outcome"] = "upheld"
    stored.write_text(json.dumps(records), encoding="utf-8")
    ran = imrpolicy("replay", "stored.json")
    assert ran.code == 1
    golden("cli/replay-does-not-hold.txt", shown("replay stored.json", ran))
    golden("cli/replay-does-not-hold.json", imrpolicy("replay", "stored.json", "--format", "json").out)


@pytest.mark.parametrize("what", ["truncated", "of-something-else", "without-a-key", "empty"])
def test_a_replay_of_a_file_that_is_none(what, stored, imrpolicy, golden):
    text = stored.read_text(encoding="utf-8")
    records = json.loads(text)
    del records[1]["outcome"]
    broken = {"truncated": text[:5000], "of-something-else": '{"id": "case"}', "empty": "[]",
              "without-a-key": json.dumps(records)}[what]  # fmt: skip
    stored.write_text(broken, encoding="utf-8")
    ran = imrpolicy("replay", "stored.json")
    assert (ran.code, ran.out) == (1, "")
    golden(f"cli/replay-{what}.txt", shown("replay stored.json", ran))
    data = imrpolicy("replay", "stored.json", "--format", "json")
    assert [issue["rule"] for issue in json.loads(data.out)["issues"]] == ["stored-determination"]


def test_one_determination_can_be_replayed(stored, imrpolicy):
    """A program may store each determination by itself."""
    records = json.loads(stored.read_text(encoding="utf-8"))
    stored.write_text(json.dumps(records[1]), encoding="utf-8")
    assert imrpolicy("replay", "stored.json").out.startswith(
        "imr-2013-lumbar-block-and-cryotherapy, cryotherapy-rental: upheld: holds\n"
    )
