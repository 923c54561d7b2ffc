"""The slips that are put into a policy: which there are, that each changes something, and their names."""

import pytest
from policy.directory import SCHEMAS

from imrpolicy.expression import check, unparse
from imrpolicy.mutation.edits import edits
from imrpolicy.mutation.mutants import mutants_of
from imrpolicy.policy import Schemas

DICTIONARY = Schemas(SCHEMAS).dictionary


def slips(text):
    return [edit.text for edit in edits(text, check(text, DICTIONARY), DICTIONARY)]


SLIPS = {
    # Of whole numbers the bound is moved, never the operator: `> 7` is `>= 8`.
    "request.duration_days <= 7": [
        "request.duration_days <= 6",
        "request.duration_days <= 8",
        "request.duration_days >= 7",
    ],
    # What lies outside of the fact's range is refused by the checker, and no slip.
    "care.conservative_weeks > 0": ["care.conservative_weeks > 1", "care.conservative_weeks < 0"],
    "pain.severity_score >= 4.5": [
        "pain.severity_score >= 4.4",
        "pain.severity_score >= 4.6",
        "pain.severity_score > 4.5",
        "pain.severity_score <= 4.5",
    ],
    "request.postoperative": ["!request.postoperative", "has(request.postoperative)"],
    "!request.postoperative": ["request.postoperative", "!has(request.postoperative)"],
    "has(request.postoperative)": ["!has(request.postoperative)"],
    'request.body_region in ["shoulder", "knee"]': [
        'request.body_region in ["knee"]',
        'request.body_region in ["shoulder"]',
        'request.body_region in ["shoulder", "knee", "ankle_foot"]',
    ],
    'request.laterality == "left"': ['request.laterality == "right"', 'request.laterality != "left"'],
    'dates.decision < date("2020-01-01")': [
        'dates.decision < date("2019-12-31")',
        'dates.decision < date("2020-01-02")',
        'dates.decision > date("2020-01-01")',
    ],
    "request.postoperative && care.conservative_weeks > 0": [
        "request.postoperative || care.conservative_weeks > 0",
        "care.conservative_weeks > 0",
        "request.postoperative ",
        "!request.postoperative && care.conservative_weeks > 0",
        "has(request.postoperative) && care.conservative_weeks > 0",
        "request.postoperative && care.conservative_weeks > 1",
        "request.postoperative && care.conservative_weeks < 0",
    ],
}


@pytest.mark.parametrize("text", SLIPS)
def test_the_slips_of_an_expression(text):
    assert [slip.strip() for slip in slips(text)] == [slip.strip() for slip in SLIPS[text]]


def test_slips_inside_a_list():
    text = 'history.prior_blocks.exists(b, b.kind == "other" && b.relief_percent >= 70)'
    found = slips(text)
    assert 'history.prior_blocks.all(b, b.kind == "other" && b.relief_percent >= 70)' in found
    assert "history.prior_blocks.exists(b, b.relief_percent >= 70)" in found
    assert 'history.prior_blocks.exists(b, b.kind == "other" && b.relief_percent >= 71)' in found


def test_brackets_stay_where_they_are():
    text = "(request.postoperative || exam.facet_loading_pain) && request.duration_days <= 7"
    found = {unparse(check(slip, DICTIONARY)) for slip in slips(text)}
    wanted = "(request.postoperative && exam.facet_loading_pain) && request.duration_days <= 7"
    assert unparse(check(wanted, DICTIONARY)) in found


def mutants(directory):
    [policy] = [policy for policy in directory.load().policies if str(policy.version) == "1.1.0"]
    return mutants_of(policy, DICTIONARY)


def test_all_mutants_of_a_policy(directory, golden):
    found = mutants(directory)
    golden(
        "mutation/mutants.txt", "".join(f"{mutant.place}: {mutant.kind}: {mutant.id}\n" for mutant in found)
    )


def test_each_mutant_has_a_name_of_its_own_and_differs_from_the_policy(directory):
    found = mutants(directory)
    assert len({mutant.id for mutant in found}) == len(found)
    assert all(mutant.policy != mutant.original for mutant in found)


def test_a_name_stays_when_another_part_of_the_policy_changes(directory):
    before = {mutant.id for mutant in mutants(directory)}
    directory.replace("odg/unit/policy.yaml", "care.conservative_weeks >= 4", "care.conservative_weeks >= 6")
    after = {mutant.id for mutant in mutants(directory)}
    assert {name for name in before ^ after if not name.startswith("weeks: care")} == set()


def test_a_group_of_some_out_of_several(directory):
    policy = (directory.root / "odg/unit/policy.yaml").read_text(encoding="utf-8")
    some = policy.replace("      any:\n", "      at_least:\n        count: 1\n        of:\n")
    head, _, rest = some.partition("        of:\n")
    members, _, tail = rest.partition("    - id: duration")
    indented = "".join(f"  {line}\n" for line in members.splitlines())
    directory.write("odg/unit/policy.yaml", f"{head}        of:\n{indented}    - id: duration{tail}")
    found = [mutant.id for mutant in mutants(directory) if mutant.kind == "count"]
    assert found == ["signs: at least 1 -> at least 2"]


def test_a_limit_stays_a_limit(directory):
    """The bound of the limit moves with that of the expression; what could be no limit is not made."""
    found = {m.after: m.policy for m in mutants(directory) if m.where == "duration" and m.kind == "threshold"}
    limits = {
        after: leaf.limit.most
        for after, policy in found.items()
        for leaf in policy.leaves
        if leaf.id == "duration"
    }
    assert limits == {"request.duration_days <= 6": 6, "request.duration_days <= 8": 8}
    assert "duration: request.duration_days <= 7 -> request.duration_days >= 7" not in {
        mutant.id for mutant in mutants(directory)
    }
