"""`imrpolicy release` and `imrpolicy verify`: what is released never changes, and a change is found."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = "odg/continuous-flow-cryotherapy"
BLOCK = "odg/lumbar-medial-branch-block"
LEDGER = "policies/releases.yaml"
BLANK = re.compile(r'"?<[a-z][^>]*>"?')
DAY = re.compile(r"<(?:first|last) day; \S+ has ([0-9-]+)>")


def filled(text):
    """A policy with words in its blanks, and in those of its days the days of the version before."""
    return BLANK.sub("Words.", DAY.sub(r"\1", text))


def shown(command, ran):
    text = re.sub(r"sha256:[0-9a-f]+", "sha256:...", f"{ran.out}{ran.err}")
    text = re.sub(r"\b20\d\d-\d\d-\d\d\b", "<day>", text)
    return f"$ imrpolicy {command}\n{text}exit code {ran.code}\n"


@pytest.fixture
def released(project, imrpolicy):
    """The project in canonical form, with a record of all that is released."""
    assert imrpolicy("fmt").code == 0
    assert imrpolicy("release", "--all").code == 0
    return project


@pytest.fixture
def policy(released):
    """The policy of the unit."""
    return released / "policies" / UNIT / "policy.yaml"


def edit(path, *pairs):
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def start(imrpolicy, policy, number="1.0.1"):
    """Start a new version, and fill in its blank."""
    assert imrpolicy("new", "version", UNIT, number).code == 0
    policy.write_text(filled(policy.read_text(encoding="utf-8")), encoding="utf-8")


def snapshot(folder):
    return {path: path.read_bytes() for path in sorted((folder / "policies").rglob("*")) if path.is_file()}


def git(folder, *arguments):
    if shutil.which("git") is None:
        pytest.skip("git is not here")
    person = ["-c", "user.name=Editor", "-c", "user.email=editor@example.org"]
    subprocess.run(["git", *person, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder):
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "All of it")


# --- the record of what is there ----------------------------------------------------------------------------


def test_everything_released_is_recorded_at_once(project, imrpolicy, golden):
    golden("cli/verify-without-a-ledger.txt", shown("verify", imrpolicy("verify")))
    golden("cli/release-without-a-ledger.txt", shown(f"release {UNIT}", imrpolicy("release", UNIT)))
    golden("cli/release-all.txt", shown("release --all", imrpolicy("release", "--all")))
    text = (project / LEDGER).read_text(encoding="utf-8")
    golden("cli/releases.yaml", re.sub(r"\b20\d\d-\d\d-\d\d\b", "<day>", text))
    golden("cli/release-all-again.txt", shown("release --all", imrpolicy("release", "--all")))
    golden("cli/verify.txt", shown("verify", imrpolicy("verify")))
    golden("cli/verify.json", imrpolicy("verify", "--format", "json").out)
    assert imrpolicy("check").code == 0


def test_an_empty_record_starts_a_project_without_releases(project, imrpolicy):
    (project / "policies/lint.yaml").unlink()
    for path in (project / "policies").glob("*/*"):
        if path.is_dir():
            shutil.rmtree(path)
    imrpolicy("new", "policy", "odg/knee-brace")
    file = project / "policies/odg/knee-brace/policy.yaml"
    text = filled(file.read_text(encoding="utf-8"))
    file.write_text(text.replace("confidence: low", "confidence: high"), encoding="utf-8")
    assert imrpolicy("fmt").code == 0
    ran = imrpolicy("release", "odg/knee-brace")
    assert (ran.code, ran.err) == (0, "")
    assert imrpolicy("verify").out == "1 released version verified: all are as they were released\n"


def test_all_without_any_release_makes_an_empty_record(released, imrpolicy):
    (released / "policies/lint.yaml").unlink()
    for path in (released / "policies").glob("*/*"):
        if path.is_dir() and path.as_posix().endswith(UNIT):
            edit(path / "policy.yaml", ("status: released", "status: draft"))
        elif path.is_dir():
            shutil.rmtree(path)
    (released / LEDGER).unlink()
    assert imrpolicy("release", "--all").out == f"wrote {LEDGER}\n"
    assert (released / LEDGER).read_text(encoding="utf-8").endswith("\nreleases: {}\n")
    assert imrpolicy("verify").code == 0


# --- a release ----------------------------------------------------------------------------------------------


def test_a_draft_is_released(released, policy, imrpolicy, golden):
    start(imrpolicy, policy)
    draft = policy.read_text(encoding="utf-8")
    golden("cli/release.txt", shown(f"release {UNIT}", imrpolicy("release", UNIT)))
    assert policy.read_text(encoding="utf-8") == draft.replace("status: draft", "status: released")
    assert imrpolicy("check").code == 0
    assert imrpolicy("verify").out == "7 released versions verified: all are as they were released\n"
    golden("cli/release-twice.txt", shown(f"release {UNIT}", imrpolicy("release", UNIT)))


def test_what_a_release_prints_as_json(policy, imrpolicy):
    start(imrpolicy, policy)
    data = json.loads(imrpolicy("release", UNIT, "--format", "json").out)
    assert [(entry["policy"], entry["version"]) for entry in data["released"]] == [(UNIT, "1.0.1")]
    assert data["files"] == [f"policies/{UNIT}/policy.yaml", LEDGER]


def test_a_release_adds_one_line_to_the_record(released, policy, imrpolicy):
    before = (released / LEDGER).read_text(encoding="utf-8").splitlines()
    start(imrpolicy, policy)
    assert imrpolicy("release", UNIT).code == 0
    after = (released / LEDGER).read_text(encoding="utf-8").splitlines()
    [added] = [line for line in after if line not in before]
    assert added.startswith("    1.0.1: {released: ")
    after.remove(added)
    assert after == before


def test_a_version_set_to_released_by_hand_is_recorded(policy, imrpolicy):
    start(imrpolicy, policy)
    edit(policy, ("status: draft", "status: released"))
    assert "release-not-recorded" in imrpolicy("check").out
    assert imrpolicy("release", UNIT).out == f"released {UNIT}@1.0.1\nwrote {LEDGER}\n"
    assert imrpolicy("check").code == 0


def test_a_withdrawal_is_a_version_like_any_other(policy, imrpolicy):
    start(imrpolicy, policy)
    edit(policy, ("status: draft", "status: withdrawn"))
    assert imrpolicy("release", UNIT).code == 0
    assert "status: withdrawn" in policy.read_text(encoding="utf-8")
    assert imrpolicy("verify").code == 0


REFUSED = {
    "an error": [("when: request.postoperative", "when: request.postoperativ")],
    "a failing test": [("request.duration_days <= 7", "request.duration_days <= 8")],
    "medium confidence": [("confidence: high", "confidence: medium")],
    "another form": [("version: 1.0.1\nstatus: draft", "status: draft\nversion: 1.0.1")],
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_release_is_refused_and_nothing_is_written(reason, released, policy, imrpolicy, golden):
    start(imrpolicy, policy)
    edit(policy, *REFUSED[reason])
    before = snapshot(released)
    ran = imrpolicy("release", UNIT)
    golden(f"cli/release-with-{reason.replace(' ', '-')}.txt", shown(f"release {UNIT}", ran))
    assert ran.code == 1
    assert snapshot(released) == before
    issues = json.loads(imrpolicy("release", UNIT, "--format", "json").out)["issues"]
    assert {issue["file"].partition("/")[0] for issue in issues} == {"policies"}


def test_errors_elsewhere_do_not_stand_in_the_way(released, policy, imrpolicy):
    start(imrpolicy, policy)
    edit(released / "policies/odg/lumbar-facet-joint-injection/tests.yaml", ("tests:", "test:"))
    assert imrpolicy("release", UNIT).code == 0


def test_nothing_is_half_released(released, policy, imrpolicy, monkeypatch):
    """Where the record cannot be written, the policy stays a draft."""
    start(imrpolicy, policy)
    before = snapshot(released)
    from imrpolicy.cli import release, write

    def fails(path, text):
        if path == Path(LEDGER):
            raise OSError(28, "No space left on device", str(path))
        write.write_whole(path, text)

    monkeypatch.setattr(release, "write_whole", fails)
    ran = imrpolicy("release", UNIT)
    assert (ran.code, ran.err) == (3, f"imrpolicy: could not run: {LEDGER}: no space left on device\n")
    assert snapshot(released) == before


def test_a_recovered_file_goes_again_where_the_rest_cannot_be_written(
    released, policy, imrpolicy, monkeypatch
):
    """The folder of versions that was made for it may stay; it holds nothing."""
    commit(released)
    edit(policy, ("version: 1.0.0", "version: 1.0.1"), ("status: released", "status: draft"),
         ("changes: First version.", "changes: Words."))  # fmt: skip
    before = snapshot(released)
    from imrpolicy.cli import release, write

    def fails(path, text):
        if path == Path(LEDGER):
            raise OSError(28, "No space left on device", str(path))
        write.write_whole(path, text)

    monkeypatch.setattr(release, "write_whole", fails)
    assert imrpolicy("release", UNIT).code == 3
    assert snapshot(released) == before


def test_what_cannot_be_formatted_can_be_released(policy, imrpolicy):
    start(imrpolicy, policy)
    edit(policy, ("  hcpcs: [E0218, E0236]", "  cpt: [ # none\n  ]\n  hcpcs: [E0218, E0236]"))
    assert imrpolicy("fmt", "--check", f"policies/{UNIT}").code == 1
    assert imrpolicy("release", UNIT).code == 0


def test_a_project_without_schemas_of_its_own(released, policy, imrpolicy):
    shutil.rmtree(released / "schemas")
    start(imrpolicy, policy)
    assert imrpolicy("release", UNIT).code == 0
    assert imrpolicy("verify").code == 0
    assert imrpolicy("fmt", "--check").code == 0


def test_a_release_needs_a_project(tmp_path, monkeypatch, imrpolicy):
    monkeypatch.chdir(tmp_path)
    ran = imrpolicy("release", UNIT)
    assert ran.code == 2
    assert "there is no directory `policies` here" in ran.err


def test_the_policies_of_the_installation_are_verified_where_there_are_none(
    released, tmp_path_factory, monkeypatch, imrpolicy
):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.setattr("imrpolicy.cli.verify.bundled_directory", lambda name: released / name)
    assert imrpolicy("verify").out == "6 released versions verified: all are as they were released\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "name one policy, or give `--all`"),
        ((UNIT, "--all"), "name one policy, or give `--all`"),
        (("odg/continuous-flow",), "there is no policy `odg/continuous-flow`; did you mean"),
    ],
)
def test_wrong_calls(arguments, says, released, imrpolicy):
    ran = imrpolicy("release", *arguments)
    assert ran.code == 2
    assert says in ran.err


def test_a_policy_that_cannot_be_read_is_not_released(policy, imrpolicy):
    policy.write_text("version: [\n", encoding="utf-8")
    ran = imrpolicy("release", UNIT)
    assert ran.code == 2
    assert "has no version that can be read; run `imrpolicy check`" in ran.err


# --- what was altered, added or lost ------------------------------------------------------------------------


def test_an_altered_file_is_found_and_not_released_again(policy, imrpolicy, golden):
    edit(policy, ("request.duration_days <= 7", "request.duration_days <= 8"))
    golden("cli/verify-altered.txt", shown("verify", imrpolicy("verify")))
    golden("cli/check-altered.txt", shown("check", imrpolicy("check")))
    golden("cli/release-altered.txt", shown(f"release {UNIT}", imrpolicy("release", UNIT)))
    assert imrpolicy("release", "--all").code == 1
    assert imrpolicy("new", "version", UNIT, "1.0.1").code == 1


def test_a_comment_alters_a_file_and_the_name_of_its_schema_does_not(policy, imrpolicy):
    """A file that is put aside lies one folder deeper, so the path to its schema is another."""
    edit(policy, ("../../../schemas/", "../../../../schemas/"))
    assert imrpolicy("verify").code == 0
    edit(policy, ("id: ", "# a comment\nid: "))
    assert imrpolicy("verify").code == 1


def test_an_altered_older_version_is_found(released, imrpolicy):
    old = f"policies/{BLOCK}/versions/1.0.0.yaml"
    edit(released / old, ("title: ", "title:  "))
    [issue] = json.loads(imrpolicy("verify", "--format", "json").out)["issues"]
    assert (issue["file"], issue["rule"]) == (old, "released-file-altered")


@pytest.mark.parametrize("text", ["", "version: [\n", "\x00"])
def test_a_released_file_that_cannot_be_read_was_altered(text, policy, imrpolicy):
    policy.write_text(text, encoding="utf-8")
    [issue] = json.loads(imrpolicy("verify", "--format", "json").out)["issues"]
    assert issue["rule"] == "released-file-altered"


def test_a_lost_file_is_found(released, policy, imrpolicy, golden):
    shutil.rmtree(policy.parent)
    (released / "policies" / BLOCK / "versions/1.0.0.yaml").unlink()
    golden("cli/verify-lost.txt", shown("verify", imrpolicy("verify")))
    assert imrpolicy("check").code == 1


def test_an_added_file_is_found(released, imrpolicy, golden):
    versions = released / "policies" / BLOCK / "versions"
    text = (versions / "1.0.0.yaml").read_text(encoding="utf-8")
    (versions / "0.9.0.yaml").write_text(text.replace("version: 1.0.0", "version: 0.9.0"), encoding="utf-8")
    golden("cli/verify-added.txt", shown("verify", imrpolicy("verify")))
    assert imrpolicy("check").code == 1
    assert imrpolicy("release", BLOCK).code == 1


def test_only_what_is_named_is_verified(released, policy, imrpolicy):
    edit(policy, ("title: ", "title:  "))
    assert imrpolicy("verify", f"policies/{BLOCK}").code == 0
    assert imrpolicy("verify", f"policies/{UNIT}/policy.yaml").code == 1
    assert imrpolicy("verify", "policies/odg").code == 1
    assert imrpolicy("verify", f"policies/{UNIT}").out.splitlines()[-1] == (
        "1 released version verified: 1 error in 1 file"
    )
    (released / "policies" / BLOCK / "versions/1.0.0.yaml").unlink()
    assert imrpolicy("verify", f"policies/{BLOCK}").code == 1
    assert imrpolicy("verify", "cases").code == 2


def test_a_record_that_cannot_be_read(released, imrpolicy):
    edit(released / LEDGER, ("sha256:", "md5:"))
    for command in (("verify",), ("check",), ("release", UNIT)):
        ran = imrpolicy(*command)
        assert ran.code == 1
        assert "policies/releases.yaml" in ran.out + ran.err


# --- with a history -----------------------------------------------------------------------------------------


def test_a_version_written_over_the_released_one_is_found_in_the_history(released, policy, imrpolicy):
    """An editor who raises the number by hand loses the released text; the history has it."""
    commit(released)
    raw = policy.read_bytes()
    edit(policy, ("version: 1.0.0", "version: 1.0.1"), ("status: released", "status: draft"),
         ("changes: First version.", "changes: Words."))  # fmt: skip
    assert "its file is gone" in imrpolicy("verify").out
    ran = imrpolicy("release", UNIT)
    assert (ran.code, ran.err) == (0, "")
    assert (policy.parent / "versions/1.0.0.yaml").read_bytes() == raw
    assert imrpolicy("verify").code == 0
    assert imrpolicy("check").code == 0


def test_without_a_history_a_lost_version_stands_in_the_way(policy, imrpolicy, golden):
    edit(policy, ("version: 1.0.0", "version: 1.0.1"), ("status: released", "status: draft"))
    golden("cli/release-over-a-lost-one.txt", shown(f"release {UNIT}", imrpolicy("release", UNIT)))


def test_a_file_may_have_been_away_for_a_while(released, imrpolicy):
    """A revision in which the file was deleted has no text of it."""
    old = released / "policies" / BLOCK / "versions/1.0.0.yaml"
    raw = old.read_bytes()
    commit(released)
    old.unlink()
    git(released, "commit", "--quiet", "--all", "--message", "Lose a version")
    assert imrpolicy("release", BLOCK).code == 0
    assert old.read_bytes() == raw


def test_without_git_there_is_no_history(released, policy, imrpolicy, monkeypatch):
    monkeypatch.setattr("imrpolicy.authoring.history.shutil.which", lambda _: None)
    (released / "policies" / BLOCK / "versions/1.0.0.yaml").unlink()
    assert imrpolicy("release", BLOCK).code == 1
    assert imrpolicy("verify", "--since", "HEAD").code == 2


def test_a_lost_older_version_is_put_back(released, imrpolicy):
    commit(released)
    old = released / "policies" / BLOCK / "versions/1.0.0.yaml"
    raw = old.read_bytes()
    old.unlink()
    assert imrpolicy("release", BLOCK).out == f"wrote policies/{BLOCK}/versions/1.0.0.yaml\n"
    assert old.read_bytes() == raw


def test_records_are_compared_with_those_of_a_revision(released, policy, imrpolicy, golden):
    commit(released)
    start(imrpolicy, policy)
    assert imrpolicy("release", UNIT).code == 0
    assert imrpolicy("verify", "--since", "HEAD").code == 0
    edit(policy, ("status: released", "status: draft"))
    lines = (released / LEDGER).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "1.0.1" not in line and "1.1.0" not in line]
    kept = [line.replace("released: 2", "released: 3") if "1.0.0" in line else line for line in kept]
    (released / LEDGER).write_text("".join(kept), encoding="utf-8")
    golden("cli/verify-since.txt", shown("verify --since HEAD", imrpolicy("verify", "--since", "HEAD")))


def test_there_may_be_no_such_revision_or_no_record_in_it(released, policy, imrpolicy):
    (released / LEDGER).rename(released / "kept.yaml")
    commit(released)
    (released / "kept.yaml").rename(released / LEDGER)
    assert imrpolicy("verify", "--since", "HEAD").code == 0
    ran = imrpolicy("verify", "--since", "nowhere")
    assert (ran.code, ran.err) == (
        2,
        "imrpolicy: there is no revision `nowhere` in a history of git here\n",
    )


def test_a_broken_record_in_the_history_is_told(released, imrpolicy):
    good = (released / LEDGER).read_text(encoding="utf-8")
    (released / LEDGER).write_text("releases: 1\n", encoding="utf-8")
    commit(released)
    (released / LEDGER).write_text(good, encoding="utf-8")
    ran = imrpolicy("verify", "--since", "HEAD")
    assert ran.code == 1
    assert f"HEAD:{LEDGER}" in ran.out
