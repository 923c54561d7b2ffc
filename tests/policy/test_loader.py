"""A directory of policies: what is read, and everything that is wrong with it, at its place."""

import datetime as dt
import shutil
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

from imrpolicy.policy import DatedBy, Policy, PolicyStatus, Schemas, Stance, Version, load_directory

BROKEN = yaml.safe_load((Path(__file__).parent / "data" / "broken.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("mistake", BROKEN, ids=lambda mistake: mistake["name"])
def test_a_mistake_is_said_at_its_place(directory, mistake):
    for old, new in mistake.get("rename", {}).items():
        (directory.root / old).rename(directory.root / new)
    for name, text in mistake.get("write", {}).items():
        directory.write(name, text)
    for name, pairs in mistake.get("change", {}).items():
        for old, new in pairs if isinstance(pairs[0], list) else [pairs]:
            directory.replace(name, old, new)
    for name in mistake.get("remove", []):
        path = directory.root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    found = directory.issues()
    assert len(found) == len(mistake["issues"]), found
    for one, pattern in zip(found, mistake["issues"], strict=True):
        # Brackets stand for themselves.
        assert fnmatchcase(one, pattern.replace("[", "[[]")), one


def test_a_directory_without_a_mistake(directory):
    loaded = directory.load()
    assert loaded.issues == ()
    assert [policy.reference for policy in loaded.policies] == ["odg/unit@1.0.0", "odg/unit@1.1.0"]
    assert list(loaded.sources) == ["odg", "mtus"]
    assert [(s.id, s.jurisdiction) for s in loaded.sequences] == [
        ("first", "ca_workers_compensation"),
        ("second", "ca_workers_compensation"),
    ]
    assert [step.sources for step in loaded.sequences[0].steps] == [("mtus",), ("odg",)]


def test_a_policy_as_it_is_read(directory):
    policy = directory.load().policies[-1]
    assert isinstance(policy, Policy)
    assert (policy.version, policy.status, policy.stance) == (
        Version(1, 1, 0),
        PolicyStatus.RELEASED,
        Stance.CRITERIA,
    )
    assert (policy.effective.start, policy.effective.end, policy.effective.by) == (
        dt.date(2010, 1, 1),
        dt.date(2020, 12, 31),
        DatedBy.DECISION,
    )
    assert [leaf.id for leaf in policy.leaves] == ["after_surgery", "weeks", "duration", "fusion", "relief"]
    signs, duration = policy.criteria.members
    assert (signs.id, signs.kind, [leaf.id for leaf in signs.members]) == (
        "signs",
        "any",
        ["after_surgery", "weeks"],
    )
    assert (duration.limit.fact.path, duration.limit.most) == ("request.duration_days", 7)
    assert policy.exclusions[0].presumed_absent == "It would be in the history."
    assert policy.file == "policies/odg/unit/policy.yaml"
    assert str(duration.place) == "policies/odg/unit/policy.yaml:24:13"


@pytest.mark.parametrize(
    ("when", "most", "inclusive"),
    [
        ("request.duration_days <= 7", 7, True),
        ("request.duration_days < 8", 8, False),
        ("7 >= request.duration_days", 7, True),
        ("8 > request.duration_days", 8, False),
        ("request.duration_days <= 7.5", 7.5, True),
        ("procedure.volume_ml_per_joint <= 0.5", 0.5, True),
    ],
)
def test_the_forms_of_a_limit(directory, when, most, inclusive):
    directory.replace("odg/unit/policy.yaml", "request.duration_days <= 7", when)
    limit = directory.load().policies[-1].criteria.members[1].limit
    assert (limit.most, limit.inclusive) == (most, inclusive)


def nested(depth):
    """A group in a group, and so on, in one line."""
    leaf = "{id: inner, text: Inner., when: request.postoperative}"
    return "{all: [" * depth + leaf + "]}" * depth


def with_criteria(directory, criteria):
    policy = (directory.root / "odg/unit/policy.yaml").read_text(encoding="utf-8")
    start, end = policy.index("criteria:\n"), policy.index("exclusions:")
    directory.write("odg/unit/policy.yaml", f"{policy[:start]}criteria: {criteria}\n{policy[end:]}")


def test_groups_may_nest_deeply(directory):
    with_criteria(directory, nested(30))
    loaded = directory.load()
    assert loaded.issues == ()
    assert [leaf.id for leaf in loaded.policies[-1].criteria.criteria()] == ["inner"]


def test_groups_that_nest_without_end_are_an_issue(directory):
    with_criteria(directory, nested(5_000))
    assert [issue.rule for issue in directory.load().issues] == ["too-deep"]


def test_a_criterion_without_limit_true_is_no_limit(directory):
    directory.replace("odg/unit/policy.yaml", "      limit: true\n", "      limit: false\n")
    assert directory.load().policies[-1].criteria.members[1].limit is None


def test_a_file_with_an_error_gives_no_policy_and_the_others_stay(directory):
    directory.replace("odg/unit/policy.yaml", "guideline: odg", "guideline: nobody")
    assert [policy.reference for policy in directory.load().policies] == ["odg/unit@1.0.0"]


def test_what_is_no_policy_is_left_alone(directory):
    directory.write("README.md", "Not a policy.")
    directory.write("odg/notes.txt", "Not a policy.")
    directory.write(".hidden/x/policy.yaml", "nonsense")
    directory.write("odg/.new-x/policy.yaml", "nonsense")
    directory.write("odg/unit/versions/readme.md", "Not a version.")
    assert directory.issues() == []


def test_without_sequences_there_are_none(directory):
    shutil.rmtree(directory.root / "search-sequences")
    loaded = directory.load()
    assert (loaded.issues, loaded.sequences) == ((), ())


def test_a_directory_that_does_not_exist(tmp_path):
    with pytest.raises(NotADirectoryError, match="there is no directory"):
        load_directory(tmp_path / "nowhere", Schemas(tmp_path))


# --- line ends and hashes ------------------------------------------------------------------------------


def hashes(directory):
    return {policy.reference: policy.content_hash for policy in directory.load().policies}


def test_line_ends_and_a_byte_order_mark_do_not_change_a_hash(directory):
    before = hashes(directory)
    path = directory.root / "odg/unit/policy.yaml"
    text = path.read_bytes()
    for changed in (text.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + text):
        path.write_bytes(changed)
        loaded = directory.load()
        assert {policy.reference: policy.content_hash for policy in loaded.policies} == before
        assert not any(issue.severity.value == "error" for issue in loaded.issues)


def test_line_ends_do_not_move_the_places_of_issues(directory):
    directory.replace("odg/unit/policy.yaml", "guideline: odg", "guideline: odgg")
    path = directory.root / "odg/unit/policy.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    [issue] = [issue for issue in directory.load().issues if issue.severity.value == "error"]
    assert str(issue.place) == "policies/odg/unit/policy.yaml:6:21"


def test_a_policy_that_moves_to_its_versions_keeps_its_hash(directory):
    """But for the number, both files hold the same; their paths to the schema differ."""
    directory.replace("odg/unit/policy.yaml", "version: 1.1.0", "version: 1.2.0")
    text = (directory.root / "odg/unit/policy.yaml").read_text(encoding="utf-8")
    directory.write(
        "odg/unit/versions/1.1.0.yaml", text.replace("1.2.0", "1.1.0").replace("../../..", "../../../..")
    )
    found = hashes(directory)
    directory.replace("odg/unit/policy.yaml", "version: 1.2.0", "version: 1.1.0")
    (directory.root / "odg/unit/versions/1.1.0.yaml").unlink()
    assert hashes(directory)["odg/unit@1.1.0"] == found["odg/unit@1.1.0"]


def test_anything_else_changes_the_hash(directory):
    before = hashes(directory)["odg/unit@1.1.0"]
    for old, new in (("changes: First", "changes: The first"), ("  all:\n", "  all:  # a comment\n")):
        directory.replace("odg/unit/policy.yaml", old, new)
        assert hashes(directory)["odg/unit@1.1.0"] != before
        directory.replace("odg/unit/policy.yaml", new, old)
    assert hashes(directory)["odg/unit@1.1.0"] == before


def test_the_hash_of_a_sequence_is_that_of_its_ranks(directory):
    """When the law changes, a sequence gets a last day and a successor; what it decided before was right."""
    before = [sequence.content_hash for sequence in directory.load().sequences]
    directory.replace(
        "search-sequences/ca.yaml", "{from: 2015-01-01, by", "{from: 2015-01-01, to: 2016-12-31, by"
    )
    directory.replace("search-sequences/ca.yaml", "citation: Rule 2", "citation: Rule 2, as amended")
    directory.write(
        "search-sequences/ca.yaml",
        (directory.root / "search-sequences/ca.yaml").read_text(encoding="utf-8")
        + "  - id: third\n    effective: {from: 2017-01-01, by: decision}\n    citation: Rule 3\n"
        "    steps: [{sources: [odg], text: One.}]\n",
    )
    after = directory.load()
    assert after.issues == ()
    assert [sequence.content_hash for sequence in after.sequences][:2] == before
    directory.replace("search-sequences/ca.yaml", "[mtus, odg]", "[odg]")
    assert directory.load().sequences[1].content_hash != before[1]


def test_sequences_have_hashes_of_their_own(directory):
    first, second = directory.load().sequences
    assert first.content_hash != second.content_hash
    assert first.content_hash.startswith("sha256:")
