"""Counts of a result by policy, criterion, outcome and missing fact."""
# ruff: noqa: S608 - every name and text that goes into SQL is quoted

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imrpolicy.batches.sources import name, quoted
from imrpolicy.extras import need
from imrpolicy.sql.single import CRITERION

_READERS = {
    ".parquet": "read_parquet({0})",
    ".csv": "read_csv({0}, all_varchar => TRUE)",
    ".jsonl": "read_json({0}, format => 'newline_delimited', maximum_depth => 8)",
    ".ndjson": "read_json({0}, format => 'newline_delimited', maximum_depth => 8)",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One count.

    Attributes:
        by: What is counted: `outcome`, `reason`, `policy`, `criterion` or `missing fact`.
        name: Which one, such as `upheld` or `pain.radicular`.
        status: The status of a criterion, or what a policy said; else empty.
        requests: How many requests.
    """

    by: str
    name: str
    status: str
    requests: int


def summarize(outputs: Sequence[Path]) -> tuple[Line, ...]:
    """Count the rows of a result.

    Args:
        outputs: The files of a result, all of one kind: `.parquet`, `.csv` or `.jsonl`.

    Raises:
        BatchError: DuckDB is not installed.
    """
    duckdb: Any = need("duckdb", "batch")
    listed = "[" + ", ".join(quoted(path.as_posix()) for path in outputs) + "]"
    with duckdb.connect() as connection:
        source = _READERS[outputs[0].suffix].format(listed)
        connection.execute(f"CREATE TEMP VIEW result AS SELECT * FROM {source}")
        columns = [row[0] for row in connection.execute("DESCRIBE result").fetchall()]
        as_text = outputs[0].suffix == ".csv"
        found: list[Line] = []
        for by, query in _queries(columns, as_text=as_text):
            found += [Line(by, *row) for row in connection.execute(query).fetchall()]
    return tuple(found)


def _queries(columns: Sequence[str], *, as_text: bool) -> Iterable[tuple[str, str]]:
    plain = "SELECT {0}, '', count(*) FROM result WHERE {0} IS NOT NULL GROUP BY 1 ORDER BY 3 DESC, 1"
    for column in ("outcome", "reason"):
        if column in columns:
            yield column, plain.format(column)
    if "outcome" not in columns and "recommendation" in columns:
        yield "recommendation", plain.format("recommendation")
    for column in columns:
        if column.startswith(CRITERION):
            status = f"CASE CAST({name(column)} AS BOOLEAN) WHEN TRUE THEN 'met' WHEN FALSE THEN 'not_met' "
            label = quoted(column.removeprefix(CRITERION))
            yield (
                "criterion",
                (
                    f"SELECT {label}, {status} ELSE 'not_documented' END, count(*) FROM result "
                    "GROUP BY 2 ORDER BY 2"
                ),
            )
    if "policies" in columns:
        yield from _of_traces(as_text=as_text)
    if "undocumented" in columns:
        facts = _list("undocumented", '["VARCHAR"]', as_text=as_text)
        yield (
            "missing fact",
            (
                f"SELECT fact, '', count(*) FROM (SELECT unnest({facts}) AS fact FROM result) "
                "GROUP BY 1 ORDER BY 3 DESC, 1"
            ),
        )


def _of_traces(*, as_text: bool) -> Iterable[tuple[str, str]]:
    form = (
        '[{"policy": "VARCHAR", "recommendation": "VARCHAR", '
        '"criteria": [{"id": "VARCHAR", "status": "VARCHAR"}]}]'
    )
    traces = f"SELECT unnest({_list('policies', form, as_text=as_text)}) AS trace FROM result"
    yield (
        "policy",
        (
            "SELECT trace.policy, COALESCE(trace.recommendation, 'silent'), count(*) "
            f"FROM ({traces}) GROUP BY 1, 2 ORDER BY 1, 2"
        ),
    )
    yield (
        "criterion",
        (
            "SELECT policy || ' ' || criterion.id, criterion.status, count(*) FROM (SELECT trace.policy, "
            f"unnest(trace.criteria) AS criterion FROM ({traces})) GROUP BY 1, 2 ORDER BY 1, 2"
        ),
    )


def _list(column: str, form: str, *, as_text: bool) -> str:
    """A list, read from JSON text where the result is CSV."""
    return f"json_transform(CAST({column} AS JSON), {quoted(form)})" if as_text else column
