"""What is measured: a population, one policy of eight criteria, and the same query written by hand."""

# ruff: noqa: S608 - the queries are written here

from __future__ import annotations

from pathlib import Path

import duckdb
from criteria import CEL
from synthetic import one_policy

from imrpolicy.expression import check
from imrpolicy.facts import FactDictionary
from imrpolicy.policy import (
    Criterion,
    Group,
    Policy,
)

# The population: the columns that the eight criteria read, about one in seven of the values not documented.
POPULATION = """
SELECT 'case-' || i AS case_id, 'request' AS request_id, 'ca_workers_compensation' AS jurisdiction,
    'prospective' AS timing, 'lumbar_medial_branch_block' AS request__service,
    {purpose} AS request__purpose, {radicular} AS pain__radicular, {weeks} AS care__conservative_weeks,
    {types} AS care__conservative_types, {sensory} AS exam__sensory_deficit,
    {foraminal} AS imaging__foraminal_facet_encroachment, {levels} AS request__level_count,
    {axial} AS exam__axial_loading_pain, {loading} AS exam__facet_loading_pain,
    {blocks} AS history__prior_blocks, CAST(NULL AS VARCHAR[]) AS conflicting
FROM range({first}, {stop}) AS r(i)
"""


def _several(salt: int, *values: str) -> str:
    """One of some values, or NULL about once in seven times, by the number of the row."""
    return (
        f"CASE hash(i * 31 + {salt}) % {round(len(values) * 1.15) + 1} "
        + " ".join(f"WHEN {n} THEN {value}" for n, value in enumerate(values))
        + " END"
    )


_TRUTH = ("TRUE", "FALSE", "TRUE", "FALSE", "TRUE", "FALSE")
_BLOCK = "{{'kind': '{0}', 'level': '{1}', 'relief_percent': {2}}}"
_BLOCKS = (
    "[]",
    "[" + _BLOCK.format("medial_branch_block", "L4-L5", "CAST(80 AS BIGINT)") + "]",
    "[" + _BLOCK.format("epidural_steroid_injection", "L4-L5", "NULL") + "]",
    "[" + _BLOCK.format("epidural_steroid_injection", "L5-S1", "CAST(50 AS BIGINT)") + ", "
    + _BLOCK.format("medial_branch_block", "L3-L4", "CAST(70 AS BIGINT)") + "]",
)  # fmt: skip


def population(path: Path, rows: int, first: int = 0) -> None:
    """Write a population, or a part of one."""
    query = POPULATION.format(
        first=first,
        stop=first + rows,
        purpose=_several(1, "'diagnostic'", "'therapeutic'", "'diagnostic'", "'diagnostic'"),
        radicular=_several(2, "'none'", "'present_but_axial_predominant'", "'predominant'", "'none'"),
        weeks=_several(3, *(f"CAST({n} AS BIGINT)" for n in (0, 2, 4, 6, 8, 12))),
        types=_several(4, "['physical_therapy', 'nsaid']", "['medication']",
                       "['physical_therapy', 'medication']", "CAST([] AS VARCHAR[])"),
        sensory=_several(5, *_TRUTH),
        foraminal=_several(6, *_TRUTH),
        levels=_several(7, *(f"CAST({n} AS BIGINT)" for n in (1, 2, 2, 3))),
        axial=_several(8, *_TRUTH),
        loading=_several(9, *_TRUTH),
        blocks=_several(10, *_BLOCKS),
    )  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path.as_posix()}' (FORMAT parquet, COMPRESSION zstd)")


# --- the same query by hand --------------------------------------------------------------------------------

BY_HAND = """
SELECT *, CASE WHEN COALESCE(applies, TRUE) THEN
    c1 AND c2 AND c3 AND c4 AND c5 AND c6 AND c7 AND c8 END AS recommends
FROM (SELECT case_id, request_id,
    request__service = 'lumbar_medial_branch_block' AS applies,
    request__purpose = 'diagnostic' AS c1,
    pain__radicular IN ('none', 'present_but_axial_predominant') AS c2,
    care__conservative_weeks >= 4 AS c3,
    list_contains(care__conservative_types, 'physical_therapy')
        AND (list_contains(care__conservative_types, 'nsaid')
            OR list_contains(care__conservative_types, 'medication')) AS c4,
    NOT exam__sensory_deficit OR imaging__foraminal_facet_encroachment AS c5,
    request__level_count <= 2 AS c6,
    exam__axial_loading_pain AND exam__facet_loading_pain AS c7,
    CASE WHEN history__prior_blocks IS NULL THEN NULL
        WHEN list_bool_or(list_transform(history__prior_blocks,
            lambda b: b.kind = 'medial_branch_block' AND b.level = 'L4-L5')) THEN TRUE
        WHEN len(list_filter(history__prior_blocks, lambda b:
            (b.kind = 'medial_branch_block' AND b.level = 'L4-L5') IS NULL)) > 0 THEN NULL
        ELSE FALSE END AS c8
    FROM requests)
"""
WORDS = "CASE {0} WHEN TRUE THEN '{1}' WHEN FALSE THEN '{2}' ELSE '{3}' END"
TRACE_BY_HAND = f"""
SELECT case_id, request_id, {WORDS.format("applies", "met", "not_met", "not_documented")} AS applies,
    CASE WHEN COALESCE(applies, TRUE) THEN
        {WORDS.format("recommends", "recommended", "not_recommended", "undetermined")} END AS recommendation,
    c1, c2, c3, c4, c5, c6, c7, c8 FROM ({BY_HAND})
"""


def policy(dictionary: FactDictionary, count: int = len(CEL)) -> Policy:
    """One policy of the eight criteria, or of another number of them."""
    leaves = tuple(
        Criterion(id=f"c{n + 1}", text=f"Criterion {n + 1}.", when=CEL[n % len(CEL)],
                  node=check(CEL[n % len(CEL)], dictionary))
        for n in range(count)
    )  # fmt: skip
    return one_policy(dictionary, "lumbar_medial_branch_block", Group(kind="all", members=leaves))
