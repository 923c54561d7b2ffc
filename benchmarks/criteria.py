"""The eight criteria of one policy in the language of each engine, and the cases to evaluate them on.

They have the forms that guidelines need: comparisons, a list to be in, truth values, and, or, not, and
`exists` over a list of records. Every fact is documented in every case, which suits all engines: with a
missing fact most of them raise an exception, which takes them longer than an answer.
"""

from __future__ import annotations

from typing import Any

CEL = (
    'request.purpose == "diagnostic"',
    'pain.radicular in ["none", "present_but_axial_predominant"]',
    "care.conservative_weeks >= 4",
    (
        '"physical_therapy" in care.conservative_types'
        ' && ("nsaid" in care.conservative_types || "medication" in care.conservative_types)'
    ),
    "!exam.sensory_deficit || imaging.foraminal_facet_encroachment",
    "request.level_count <= 2",
    "exam.axial_loading_pain && exam.facet_loading_pain",
    'history.prior_blocks.exists(block, block.kind == "medial_branch_block" && block.level == "L4-L5")',
)

# The expression language of zen-engine.
ZEN = (
    "request.purpose == 'diagnostic'",
    "pain.radicular in ['none', 'present_but_axial_predominant']",
    "care.conservative_weeks >= 4",
    (
        "'physical_therapy' in care.conservative_types"
        " and ('nsaid' in care.conservative_types or 'medication' in care.conservative_types)"
    ),
    "not exam.sensory_deficit or imaging.foraminal_facet_encroachment",
    "request.level_count <= 2",
    "exam.axial_loading_pain and exam.facet_loading_pain",
    "some(history.prior_blocks, #.kind == 'medial_branch_block' and #.level == 'L4-L5')",
)

# Cedar has no quantifier with a condition. The records of these cases have two fields, so that asking whether
# the set contains one record asks the same.
CEDAR = (
    'context.request.purpose == "diagnostic"',
    '["none", "present_but_axial_predominant"].contains(context.pain.radicular)',
    "context.care.conservative_weeks >= 4",
    (
        'context.care.conservative_types.contains("physical_therapy")'
        ' && (context.care.conservative_types.contains("nsaid")'
        ' || context.care.conservative_types.contains("medication"))'
    ),
    "!context.exam.sensory_deficit || context.imaging.foraminal_facet_encroachment",
    "context.request.level_count <= 2",
    "context.exam.axial_loading_pain && context.exam.facet_loading_pain",
    'context.history.prior_blocks.contains({kind: "medial_branch_block", level: "L4-L5"})',
)

Facts = dict[str, dict[str, Any]]


def _case(weeks: int, radicular: str, types: list[str], levels: int, blocks: list[tuple[str, str]]) -> Facts:
    return {
        "request": {"purpose": "diagnostic" if weeks else "therapeutic", "level_count": levels},
        "pain": {"radicular": radicular},
        "care": {"conservative_weeks": weeks, "conservative_types": types},
        "exam": {"sensory_deficit": levels > 2, "axial_loading_pain": True, "facet_loading_pain": weeks > 3},
        "imaging": {"foraminal_facet_encroachment": weeks > 10},
        "history": {"prior_blocks": [{"kind": kind, "level": level} for kind, level in blocks]},
    }


_EPIDURAL, _FACET = ("epidural_steroid_injection", "L5-S1"), ("facet_joint_injection", "L4-L5")
_BRANCH = "medial_branch_block"

CASES: tuple[Facts, ...] = (
    _case(8, "present_but_axial_predominant", ["physical_therapy", "medication"], 2, [_EPIDURAL, _FACET]),
    _case(2, "predominant", ["medication", "nsaid"], 3, [_EPIDURAL, _FACET, (_BRANCH, "L4-L5")]),
    _case(12, "none", ["nsaid", "physical_therapy"], 4, [_FACET, _EPIDURAL, (_BRANCH, "L3-L4")]),
    _case(0, "none", ["acupuncture"], 1, [(_BRANCH, "L4-L5"), _EPIDURAL, _FACET]),
)

STATUSES: tuple[tuple[bool, ...], ...] = (
    (True, True, True, True, True, True, True, False),
    (True, False, False, False, False, False, False, True),
    (True, True, True, True, True, False, True, False),
    (False, True, False, False, True, True, False, True),
)


def as_case(facts: Facts) -> dict[str, Any]:
    """The facts as the case that imrpolicy reads."""
    shared = {group: values for group, values in facts.items() if group != "request"}
    request = {"id": "request", "facts": {"service": "lumbar_medial_branch_block", **facts["request"]}}
    return {
        "id": "benchmark",
        "jurisdiction": "ca_workers_compensation",
        "facts": shared,
        "requests": [request],
    }
