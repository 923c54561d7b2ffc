"""Changes of policies as pull requests: who is harmed, who is let through, and what fails the build."""

import json
import os
import subprocess

import pytest
from cli.conftest import imrpolicy

__all__ = ["imrpolicy"]
UNIT = "policies/odg/continuous-flow-cryotherapy/policy.yaml"
BLOCK = "policies/odg/lumbar-medial-branch-block/policy.yaml"
VERSION = "version: 1.0.0"

_PRESUMED = "    presumed_absent: A request for a number of days is for a rental unless it says otherwise.\n"

# A slip of the pen each: the file, what stood there, what stands there now, and whom it hits.
SLIPS = {
    "limit-raised": (UNIT, "request.duration_days <= 7", "request.duration_days <= 70", "Let through"),
    "limit-lowered": (UNIT, "request.duration_days <= 7", "request.duration_days <= 5", "Harmed"),
    "boundary-left-out": (UNIT, "request.duration_days <= 7", "request.duration_days < 7", "Harmed"),
    "limit-not-marked": (UNIT, "      limit: true\n", "", "Less is supported"),
    "negation-added": (UNIT, "when: request.postoperative\n", 'when: "!request.postoperative"\n', "Harmed"),
    "place-added": (UNIT, '"knee", "carpal_tunnel"]', '"knee", "carpal_tunnel", "neck"]', "Let through"),
    "place-lost": (UNIT, '["shoulder", "knee", "carpal_tunnel"]', '["shoulder", "knee"]', "Harmed"),
    "presumption-lost": (UNIT, _PRESUMED, "", "Harmed"),
    "all-became-any": (UNIT, "criteria:\n  all:", "criteria:\n  any:", "Let through"),
    "scope-widened": (
        UNIT, 'request.service == "continuous_flow_cryotherapy"',
        'request.service in ["continuous_flow_cryotherapy", "cold_heat_pack"]', "Harmed",
    ),
    "stance-turned": (BLOCK, 'request.purpose == "diagnostic"', 'request.purpose == "therapeutic"', "Harmed"),
    "weeks-lowered": (BLOCK, "care.conservative_weeks >= 4", "care.conservative_weeks >= 3", "Let through"),
    "weeks-boundary": (BLOCK, "care.conservative_weeks >= 4", "care.conservative_weeks > 4", "Harmed"),
    "or-became-and": (
        BLOCK, '("nsaid" in care.conservative_types ||', '("nsaid" in care.conservative_types &&', "Harmed",
    ),
    "and-became-or": (
        BLOCK, '        && ("nsaid" in care', '        || ("nsaid" in care', "Let through",
    ),
    "answer-lost": (BLOCK, 'in ["none", "partial"]', 'in ["none"]', "Harmed"),
    "answer-added": (BLOCK, 'in ["none", "partial"]', 'in ["none", "partial", "adequate"]', "Let through"),
    "each-became-some": (BLOCK, "request.levels.all(level,", "request.levels.exists(level,", "Let through"),
    "exclusion-turned": (
        BLOCK, "when: history.prior_fusion_at_level", 'when: "!history.prior_fusion_at_level"', "Harmed",
    ),
    "exception-lost": (
        BLOCK,
        "\n      && !(has(imaging.foraminal_facet_encroachment) && imaging.foraminal_facet_encroachment)",
        "", "Harmed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_reported_with_the_patient_it_hits(slip, repository, imrpolicy):
    """The first line names the patient, and the build fails, since no version promises the change."""
    file, old, new, whom = SLIPS[slip]
    repository.edit(file, old, new)
    ran = imrpolicy("diff", "HEAD")
    assert ran.err == ""
    first = ran.out.partition("\n\n")[0]
    assert first.startswith(f"{whom}: "), first
    assert ran.code == 1
    assert "the version understates the change" in ran.out


def test_what_only_words_change_is_a_patch(repository, imrpolicy):
    repository.edit(UNIT, "The unit is for use after surgery.", "The unit is used after an operation.")
    ran = imrpolicy("diff", "HEAD", "--format", "json")
    data = json.loads(ran.out)
    assert (ran.code, data["headline"]) == (0, "Nobody is affected: no outcome changes.")
    [policy] = data["policies"]
    assert policy["comparison"]["relation"] == "equivalent"
    assert [part["edit"] for part in policy["parts"]] == ["reworded"]


def test_a_version_that_says_what_changes_is_fine(repository, imrpolicy):
    repository.edit(UNIT, "request.duration_days <= 7", "request.duration_days <= 10")
    repository.edit(UNIT, VERSION, "version: 1.1.0")
    ran = imrpolicy("diff", "main")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Let through: Continuous-flow cryotherapy unit;")
    assert "8 days to 10 days" in ran.out


@pytest.mark.parametrize(
    ("new", "days", "said"),
    [
        ("changes: Wording only.", 10, "Wording only"),
        ("changes: PATCH. The edition of 2014 says the same.", 5, "PATCH"),
        ("changes: The limit is clearer, and none can lose a recommendation.", 5, "none can lose"),
        ("changes: The limit is clearer, and none can gain one.", 10, "none can gain"),
    ],
)
def test_changes_that_say_otherwise_fail_the_build(new, days, said, repository, imrpolicy):
    repository.edit(UNIT, "request.duration_days <= 7", f"request.duration_days <= {days}")
    repository.edit(UNIT, VERSION, "version: 2.0.0")
    repository.edit(UNIT, "changes: First version.", new)
    ran = imrpolicy("diff", "HEAD")
    assert ran.code == 1
    assert f"`changes` says `{said}`" in ran.out


def test_two_revisions_are_read_without_touching_the_files(repository, imrpolicy):
    repository.edit(UNIT, "request.duration_days <= 7", "request.duration_days <= 10")
    repository.commit()
    repository.edit(UNIT, "request.duration_days <= 10", "request.duration_days <= 99")
    ran = imrpolicy("diff", "HEAD~1", "HEAD")
    assert "8 days to 10 days" in ran.out
    assert "99" in (repository.folder / UNIT).read_text(encoding="utf-8")


def test_a_policy_that_is_gone_harms_whom_it_supported(repository, imrpolicy):
    repository.git("rm", "-q", "-r", "policies/odg/continuous-flow-cryotherapy")
    ran = imrpolicy("diff", "HEAD")
    assert ran.out.startswith("Harmed: every request that rested on odg/continuous-flow-cryotherapy")


def test_a_new_policy_is_named(repository, imrpolicy):
    repository.git("rm", "-q", "-r", "policies/odg/continuous-flow-cryotherapy")
    repository.commit()
    ran = imrpolicy("diff", "HEAD", "HEAD~1")
    assert ran.out.startswith("New: odg/continuous-flow-cryotherapy@1.0.0 speaks to requests")


def test_known_cases_that_change_are_named(repository, imrpolicy):
    """The cold therapy unit of the reference case was asked for 60 days."""
    repository.edit(UNIT, "request.duration_days <= 7", "request.duration_days <= 60")
    repository.edit(UNIT, '"knee", "carpal_tunnel"]', '"knee", "carpal_tunnel", "low_back"]')
    repository.edit(UNIT, "when: request.postoperative\n", "when: request.duration_days >= 1\n")
    data = json.loads(imrpolicy("diff", "HEAD", "--format", "json").out)
    assert data["impact"]["requests"] > 0
    assert data["population"] is None


def test_a_made_up_population_shows_the_share(repository, imrpolicy):
    pytest.importorskip("numpy")
    repository.edit(UNIT, "request.duration_days <= 7", "request.duration_days <= 10")
    data = json.loads(imrpolicy("diff", "HEAD", "--population", "300", "--format", "json").out)
    assert data["population"]["requests"] == 300
    assert 0 < data["population"]["share"] < 1


def test_the_comment_begins_with_the_patient(repository, imrpolicy):
    repository.edit(UNIT, "request.duration_days <= 7", "request.duration_days <= 5")
    ran = imrpolicy("diff", "HEAD", "--format", "markdown")
    assert ran.out.startswith("**Harmed: Continuous-flow cryotherapy unit;")
    assert "| recommended → not recommended |" in ran.out


def test_a_text_cannot_break_the_comment(repository, imrpolicy):
    repository.edit(
        UNIT, "The unit is for use after surgery.", "<b>|bold|</b> *stars* [link](x) after surgery."
    )
    ran = imrpolicy("diff", "HEAD", "--format", "markdown")
    assert "<b>" not in ran.out
    assert "|bold|" not in ran.out
    assert "[link]" not in ran.out


def test_an_unknown_revision_is_said_in_one_line(repository, imrpolicy):
    ran = imrpolicy("diff", "nowhere")
    assert (ran.code, ran.out) == (3, "")
    assert "there is no revision `nowhere` here" in ran.err
    assert ran.err.count("\n") == 1


def test_a_shallow_clone_is_told_how_to_become_whole(repository, imrpolicy, tmp_path_factory, monkeypatch):
    repository.edit(UNIT, "The unit is for use after surgery.", "The unit is used after an operation.")
    repository.commit()
    clone = tmp_path_factory.mktemp("clone") / "shallow"
    source = repository.folder.as_uri()
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", source, str(clone)], check=True, capture_output=True
    )
    monkeypatch.chdir(clone)
    ran = imrpolicy("diff", "HEAD~1")
    assert ran.code == 3
    assert "this is a shallow clone" in ran.err
    assert "fetch-depth: 0" in ran.err


def test_a_directory_that_is_no_repository(repository, imrpolicy, tmp_path_factory, monkeypatch):
    import shutil

    outside = tmp_path_factory.mktemp("outside")
    shutil.copytree(repository.folder / "policies", outside / "policies")
    monkeypatch.chdir(outside)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(outside.parent))
    ran = imrpolicy("diff", "main")
    assert ran.code == 3
    assert "not a git repository" in ran.err or "is in no git repository" in ran.err


def test_two_directories_are_compared_without_git(repository, imrpolicy):
    import shutil

    shutil.copytree("policies", "older/policies")
    repository.edit(UNIT, "request.duration_days <= 7", "request.duration_days <= 10")
    ran = imrpolicy("diff", "older/policies", "policies")
    assert ran.out.startswith("Let through: ")


def test_guidelines_are_held_against_each_other(repository, imrpolicy):
    """Whom one supports and the other does not, with what stands in the way."""
    other = "policies/odg/strict-cryotherapy/policy.yaml"
    text = (repository.folder / UNIT).read_text(encoding="utf-8")
    text = text.replace("id: odg/continuous-flow-cryotherapy", "id: odg/strict-cryotherapy")
    text = text.replace('["shoulder", "knee", "carpal_tunnel"]', '["knee"]')
    path = repository.folder / other
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    ran = imrpolicy("diff", UNIT, other)
    assert (ran.code, ran.err) == (0, "")
    assert "[site]" in ran.out
    assert "for example body region: Shoulder" in ran.out
    data = json.loads(imrpolicy("diff", UNIT, other, "--format", "json").out)
    first, second = data["pairs"][0]["separations"]
    assert [reason["criterion"] for reason in first["reasons"]] == ["site"]
    assert second["reasons"] == []
    printed = imrpolicy("diff", UNIT, other, "--format", "markdown").out
    assert "for example" in printed


def test_files_that_were_broken_are_named(repository, imrpolicy):
    """What they held looks new, and is said not to have been compared."""
    repository.edit(UNIT, "status: released", "status: relesed")
    repository.commit()
    repository.edit(UNIT, "status: relesed", "status: released")
    data = json.loads(imrpolicy("diff", "HEAD", "--format", "json").out)
    assert data["unread"] == ["odg/continuous-flow-cryotherapy/policy.yaml"]
    assert "have errors" in imrpolicy("diff", "HEAD").out


def test_what_becomes_a_draft_governs_nobody(repository, imrpolicy):
    repository.edit(UNIT, "status: released", "status: draft")
    ran = imrpolicy("diff", "HEAD")
    assert ran.out.startswith("Harmed: every request that rested on odg/continuous-flow-cryotherapy")
    assert "It is a draft now" in ran.out


# --- revisions that are not as they should be -------------------------------------------------------------


def test_a_broken_policy_is_named_by_its_revision(repository, imrpolicy):
    """Not by the copy that was made of it, which is gone when the message is read."""
    repository.edit(UNIT, "status: released", "status: relesed")
    repository.commit()
    ran = imrpolicy("diff", "HEAD~1", "HEAD")
    assert ran.code == 1
    assert ran.err.startswith(f"HEAD:{UNIT}:4:9: error[")
    assert "imrpolicy-" not in ran.err
    repository.edit(UNIT, "status: relesed", "status: released")
    data = json.loads(imrpolicy("diff", "HEAD", "--format", "json").out)
    assert data["unread"] == ["odg/continuous-flow-cryotherapy/policy.yaml"]


@pytest.mark.skipif(os.name == "nt", reason="links need a right there that few have")
def test_links_are_followed_within_the_revision_and_never_out_of_it(repository, imrpolicy):
    folder = repository.folder / "policies/odg"
    inside = folder / "continuous-flow-cryotherapy/policy.yaml"
    inside.rename(folder / "unit.txt")
    inside.symlink_to("../unit.txt")
    (folder / "absolute.yaml").symlink_to("/etc/hosts")
    (folder / "outside.yaml").symlink_to("../../../../../../../../etc/hosts")
    repository.commit()
    ran = imrpolicy("diff", "HEAD")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("No policy differs.")


def test_attributes_of_an_archive_hide_no_policy(repository, imrpolicy):
    (repository.folder / ".gitattributes").write_text("policies/odg export-ignore\n", encoding="utf-8")
    repository.commit()
    assert imrpolicy("diff", "HEAD").out.startswith("No policy differs.")


def test_policies_that_were_a_file_are_no_directory(repository, imrpolicy):
    (repository.folder / "policies").rename(repository.folder / "kept")
    (repository.folder / "policies").write_text("here\n", encoding="utf-8")
    repository.commit()
    (repository.folder / "policies").unlink()
    (repository.folder / "kept").rename(repository.folder / "policies")
    ran = imrpolicy("diff", "HEAD")
    assert ran.code == 3
    assert ran.err == "imrpolicy: could not run: `policies` is no directory in the revision `HEAD`\n"
