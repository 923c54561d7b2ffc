"""Small clinical slips in the real policies: each is caught, and docs/slips.md says by what."""

import json
import os
import shutil
from pathlib import Path

import pytest
import yaml
from mutation.conftest import ROOT

from imrpolicy.evaluate import read_directory
from imrpolicy.expression import unparse
from imrpolicy.mutation.mutants import mutants_of
from imrpolicy.policy import Group

PAGE = ROOT / "docs" / "slips.md"
SLIPS = yaml.safe_load((Path(__file__).parent / "slips.yaml").read_text(encoding="utf-8"))["slips"]
HEAD = """\
# Slips, and what catches them

Each row is a small slip, put by itself into one of the real policies. *check* says what `imrpolicy check`
finds, *test* how many of the policy's tests fail, and *mutate* whether `imrpolicy test --mutate` puts the
very same slip into the policy, so that a missing test would have been noticed before anybody made it. The
ledger of released versions is left aside: with it, `check` finds every change of a released file.

The page is written from `tests/mutation/slips.yaml` by the tests of imrpolicy, which make each slip again.

| slip | policy | instead of | is written | check | test | mutate |
|---|---|---|---|---|---|---|
"""


def applied(text, slip):
    for edit in slip["edits"]:
        times = text.count(edit["old"])
        assert times == 1, f"{slip['policy']} has {edit['old']!r} {times} times"
        text = text.replace(edit["old"], edit["new"])
    return text


def shape(policy):
    """What a policy says, whatever its words."""

    def leaf(part):
        return (part.id, unparse(part.node), part.limit is not None, bool(part.presumed_absent))

    def group(part):
        if not isinstance(part, Group):
            return leaf(part)
        return part.kind, part.count, tuple(group(member) for member in part.members)

    return (
        unparse(policy.scope),
        policy.stance,
        policy.effective,
        group(policy.criteria) if policy.criteria else None,
        tuple(map(leaf, policy.exclusions)),
        tuple(map(leaf, policy.conditions)),
    )


@pytest.fixture
def real(tmp_path, monkeypatch):
    """The real policies that have slips, without the ledger, and the working directory beside them."""
    kept = {slip["policy"] for slip in SLIPS}
    for path in (ROOT / "policies").rglob("*.yaml"):
        name = path.relative_to(ROOT / "policies")
        if name.parts[0] in ("sources.yaml", "search-sequences") or "/".join(name.parts[:2]) in kept:
            copy = tmp_path / "policies" / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def catch(real, imrpolicy):
    """What catches a slip: the rules of `check`, the tests that fail, and whether it is a mutant as well."""
    facts = read_directory("policies").dictionary

    def find(slip):
        folder = f"policies/{slip['policy']}"
        file = real / folder / "policy.yaml"
        right = file.read_text(encoding="utf-8")
        before = newest(slip["policy"])
        file.write_text(applied(right, slip), encoding="utf-8", newline="\n")
        checked = json.loads(imrpolicy("check", folder, "--format", "json").out)
        rules = {issue["rule"] for issue in checked["issues"]}
        tested = json.loads(imrpolicy("test", folder, "--format", "json").out)
        failed = [test["name"] for test in tested["tests"] if not test["passed"]]
        after = newest(slip["policy"])
        mutants = {shape(mutant.policy) for mutant in mutants_of(before, facts)}
        file.write_text(right, encoding="utf-8", newline="\n")
        return sorted(rules), failed, after is not None and shape(after) in mutants

    return find


def newest(name):
    file = f"policies/{name}/policy.yaml"
    return next((policy for policy in read_directory("policies").policies if policy.file == file), None)


def test_the_files_are_right_as_they_are(real, imrpolicy):
    """Otherwise a slip would be said to be caught by what was wrong before."""
    for policy in sorted({slip["policy"] for slip in SLIPS}):
        ran = imrpolicy("test", f"policies/{policy}")
        assert ran.code == 0, ran.out
        assert imrpolicy("check", f"policies/{policy}").code == 0


def test_there_are_twenty():
    assert len(SLIPS) >= 20
    assert len({slip["slip"] for slip in SLIPS}) == len(SLIPS)


def test_every_slip_is_caught_and_the_page_says_by_what(catch, request):
    rows = []
    for slip in SLIPS:
        rules, failed, same = catch(slip)
        assert rules or failed, f"nothing catches: {slip['slip']}"
        rows.append(row(slip, rules, failed, same))
    text = HEAD + "".join(rows)
    if request.config.getoption("--update-golden") and not os.environ.get("CI"):
        PAGE.write_text(text, encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == text, "docs/slips.md is out of date; use --update-golden"


def row(slip, rules, failed, same):
    old, new = (cell(slip, key) for key in ("old", "new"))
    tests = f"{len(failed)} fail" + ("s" if len(failed) == 1 else "") if failed else "-"
    check = ", ".join(f"`{rule}`" for rule in rules) or "-"
    cells = [slip["slip"], f"`{slip['policy']}`", old, new, check, tests, "yes" if same else "-"]
    return f"| {' | '.join(cells)} |\n"


def cell(slip, key):
    """What is written, on one line, as far as it differs."""
    old, new = slip["edits"][0]["old"], slip["edits"][0]["new"]
    text = " ".join((old if key == "old" else new).split())
    if not text:
        return "nothing"
    short = text if len(text) <= 70 else text[:67].rstrip() + "..."
    return f"`{short}`".replace("|", "\\|")
