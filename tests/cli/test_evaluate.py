"""What `imrpolicy evaluate` shows of outcomes that the reference cases do not have."""

from __future__ import annotations

import json

import pytest

HEAD = """\
id: example
title: An example
jurisdiction: {jurisdiction}
review: {review}
timing: {timing}
records:
  report: {{title: Progress report, date: 2013-06-20}}
  consultation: {{title: Consultation, author: A consultant}}
"""
UNIT = "continuous_flow_cryotherapy"
BLOCK = "lumbar_medial_branch_block"
FACTS = """\
facts:
  pain: {radicular: none}
  exam: {axial_loading_pain: true, facet_loading_pain: true, sensory_deficit: false, motor_deficit: false}
  imaging: {spondylosis_levels: [L4-L5]}
  care: {conservative_weeks: 8, conservative_types: [physical_therapy, nsaid], conservative_response: none}
  history: {prior_blocks: [], prior_fusion_at_level: false}
"""
BLOCK_FACTS = (
    f"service: {BLOCK}, purpose: diagnostic, levels: [L4-L5], level_count: 1, surgery_anticipated: false"
)
CASES = {
    "missing-facts": f"requests: [{{id: unit, facts: {{service: {UNIT}, postoperative: true}}}}]\n",
    "only-the-limit": (
        "requests: [{id: unit, title: A unit for 60 days, "
        f"facts: {{service: {UNIT}, postoperative: true, body_region: knee, duration_days: 60}}}}]\n"
    ),
    "records-in-conflict": (
        "conflicting:\n"
        "  exam.sensory_deficit:\n"
        "    - {value: true, record: report}\n"
        "    - {value: false, record: consultation}\n"
        f"requests: [{{id: blocks, facts: {{service: {BLOCK}}}}}]\n"
    ),
    "everything-documented": f"{FACTS}requests: [{{id: blocks, facts: {{{BLOCK_FACTS}}}}}]\n",
    "not-encoded": "requests: [{id: other, facts: {service: other}}]\n",
}


def write(project, text, *, review="imr", timing="prospective", jurisdiction="ca_workers_compensation"):
    """Write a case."""
    head = HEAD.format(review=review, timing=timing, jurisdiction=jurisdiction)
    (project / "case.yaml").write_text(head + text, encoding="utf-8")


@pytest.mark.parametrize("review", ["imr", "utilization_review"])
@pytest.mark.parametrize("name", CASES)
def test_outcomes(name, review, project, imrpolicy, golden):
    write(project, CASES[name], review=review)
    ran = imrpolicy("evaluate", "case.yaml", "--as-of", "2013-12-01")
    assert (ran.code, ran.err) == (0, "")
    golden(f"cli/outcome-{name}-{review}.txt", ran.out)


def test_after_the_service_conditions_have_a_status(project, imrpolicy, golden):
    write(project, CASES["everything-documented"], timing="retrospective")
    golden("cli/outcome-retrospective.txt", imrpolicy("evaluate", "case.yaml", "--as-of", "2013-12-01").out)


def test_a_jurisdiction_without_a_search_sequence(project, imrpolicy, golden):
    write(project, CASES["not-encoded"], jurisdiction="ny_no_fault")
    golden("cli/outcome-no-sequence.txt", imrpolicy("evaluate", "case.yaml", "--as-of", "2013-12-01").out)


def test_policies_of_equal_rank_that_disagree(project, imrpolicy, golden):
    """Since 2015 neither ACOEM nor ODG comes before the other."""
    unit = project / "policies/odg/continuous-flow-cryotherapy/policy.yaml"
    other = project / "policies/acoem/continuous-flow-cryotherapy/policy.yaml"
    other.parent.mkdir(parents=True)
    text = unit.read_text(encoding="utf-8").replace("odg", "acoem").replace("<= 7", "<= 3")
    other.write_text(text, encoding="utf-8")
    mtus = project / "policies/mtus/continuous-flow-cryotherapy/policy.yaml"
    mtus.write_text(mtus.read_text(encoding="utf-8").replace("to: 2017-11-30, ", ""), encoding="utf-8")
    facts = f"service: {UNIT}, postoperative: true, body_region: knee, duration_days: 5"
    write(project, f"requests: [{{id: unit, facts: {{{facts}}}}}]\n")
    golden("cli/outcome-conflict.txt", imrpolicy("evaluate", "case.yaml", "--as-of", "2016-12-01").out)


def test_a_letter(project, imrpolicy):
    """To the standard output as Markdown, to a file by its ending."""
    write(project, CASES["only-the-limit"])
    call = ["evaluate", "case.yaml", "--as-of", "2013-12-01", "--format", "letter"]
    printed = imrpolicy(*call).out
    assert "60 days" in printed
    assert imrpolicy(*call, "--output", "letter.md").out == "wrote letter.md\n"
    assert (project / "letter.md").read_text(encoding="utf-8") == printed
    assert imrpolicy(*call, "--output", "letter.html").code == 0
    assert (project / "letter.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_json_and_yaml_cases_are_the_same(project, imrpolicy):
    """Tabs, escapes and pairs of escapes are JSON too."""
    request = {"id": "unit", "title": "µ \U0001f600 /", "facts": {"service": UNIT, "duration_days": 60}}
    case = {"id": "example", "jurisdiction": "ca_workers_compensation", "requests": [request]}
    found = []
    for text in (json.dumps(case), json.dumps(case, indent="\t", ensure_ascii=False).replace("/", "\\/")):
        (project / "case.json").write_text(text, encoding="utf-8")
        ran = imrpolicy("evaluate", "case.json", "--as-of", "2013-12-01", "--format", "json")
        assert (ran.code, ran.err) == (0, "")
        found.append(json.loads(ran.out))
    assert found[0] == found[1]
    assert found[0][0]["outcome"] == "upheld"


def test_windows_line_ends_change_nothing(project, imrpolicy):
    before = imrpolicy("evaluate", "cases/tx-2016-repeat-lumbar-facet-injection.yaml", "--format", "json")
    for file in project.rglob("*.yaml"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    after = imrpolicy("evaluate", "cases/tx-2016-repeat-lumbar-facet-injection.yaml", "--format", "json")
    assert before == after
