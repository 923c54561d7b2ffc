"""Counts of a result by policy, criterion, outcome and missing fact."""
# ruff: noqa: S608 - every name and text that goes into SQL is quoted

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imrpolicy.batches.readers import csv_header, csv_reader, json_names, json_reader, name, quoted, to_read
from imrpolicy.batches.sources import kind_of
from imrpolicy.extras import need
from imrpolicy.sql.single import CRITERION

if TYPE_CHECKING:
    import duckdb

# What is counted, in this order: the first two, and criteria, for one policy; else all but these.
_ORDER = ("applies", "recommendation", "outcome", "reason", "missing fact", "policy", "criterion")
_STATUSES = ("met", "not_met", "not_documented", "recommended", "not_recommended", "undetermined", "silent")
_PLAIN = ("applies", "recommendation", "outcome", "reason")
# The lists that are counted: of a trace what a summary needs.
_LISTS = {
    "policies": (
        '[{"policy": "VARCHAR", "recommendation": "VARCHAR", '
        '"criteria": [{"id": "VARCHAR", "status": "VARCHAR"}]}]'
    ),
    "undocumented": '["VARCHAR"]',
}


@dataclass(frozen=True, slots=True)
class Line:
    """One count.

    Attributes:
        by: What is counted: `outcome`, `reason`, `policy`, `criterion` or `missing fact`; for one policy
            `applies`, `recommendation` or `criterion`.
        name: Which one, such as `upheld` or `pain.radicular`.
        status: The status of a criterion, or what a policy said; else empty.
        requests: How many requests.
        of: Out of how many: those to which the policy applies or may, for what it and its criteria say;
            else all.
    """

    by: str
    name: str
    status: str
    requests: int
    of: int

    @property
    def share(self) -> float:
        """The requests as a share, from 0 to 1."""
        return self.requests / self.of if self.of else 0.0


def lines_of(rows: int, counted: Iterable[tuple[str, str, str, int]]) -> tuple[Line, ...]:
    """Counts as lines, in order: the most frequent first, criteria by how often they are not documented.

    Args:
        rows: How many requests there are.
        counted: What is counted, which one, the status, and how many; those of which there are none are
            left out.
    """
    found = [one for one in counted if one[3]]
    of = Counter[tuple[str, str]]()
    lacking = Counter[tuple[str, str]]()
    for by, which, status, number in found:
        of[by, which] += number
        lacking[by, which] += number if status == "not_documented" else 0
    looked_at = sum(number for by, _, _, number in found if by == "recommendation")
    lines = [
        Line(by, which, status, number, _of(by, rows, looked_at, of[by, which]))
        for by, which, status, number in found
    ]

    def place(line: Line) -> tuple[Any, ...]:
        key = line.by, line.name
        status = _STATUSES.index(line.status) if line.status else 0
        return _ORDER.index(line.by), -lacking[key], -of[key], line.name, status

    return tuple(sorted(lines, key=place))


def _of(by: str, rows: int, looked_at: int, own: int) -> int:
    if by in ("policy", "criterion"):
        return own
    return looked_at if by == "recommendation" else rows


def summarize(outputs: Sequence[Path]) -> tuple[Line, ...]:
    """Count the rows of a result.

    Args:
        outputs: The files of a result, all of one kind: `.parquet`, `.csv` or `.jsonl`.

    Raises:
        MissingExtraError: DuckDB is not installed.
    """
    duckdb: Any = need("duckdb", "batch")
    kind = kind_of(outputs[0])
    source = _reader(outputs, kind)
    with duckdb.connect(config={"preserve_insertion_order": False}) as connection:
        columns = [row[0] for row in connection.execute(f"DESCRIBE FROM {source}").fetchall()]
        with _as_parquet(connection, source, columns, kind) as read:
            connection.execute(f"CREATE TEMP VIEW result AS FROM {read}")
            [(rows,)] = connection.execute("SELECT count(*) FROM result").fetchall()
            found = [row for query in _queries(columns) for row in connection.execute(query).fetchall()]
            found += _criteria(connection, columns)
    return lines_of(rows, found)


def _reader(outputs: Sequence[Path], kind: str) -> str:
    """The SQL that reads a result as it was written: nothing in it is guessed from its first rows."""
    files = "[" + ", ".join(map(to_read, outputs)) + "]"
    if kind == "parquet":
        return f"read_parquet({files}, hive_partitioning => FALSE)"
    if kind == "csv":
        return csv_reader(files, csv_header(outputs[0]))
    return json_reader(files, json_names(outputs))


@contextmanager
def _as_parquet(
    connection: duckdb.DuckDBPyConnection, source: str, columns: Sequence[str], kind: str
) -> Iterator[str]:
    """What is counted as something that can be read several times; text is read once, and never held."""
    if kind == "parquet":
        yield source
        return
    chosen = [name(column) for column in columns if column in _PLAIN or column.startswith(CRITERION)]
    for column, form in _LISTS.items():
        if column in columns:
            chosen.append(f"json_transform(CAST({column} AS JSON), {quoted(form)}) AS {column}")
    with tempfile.TemporaryDirectory(prefix="imrpolicy-") as folder:
        path = quoted((Path(folder) / "counted.parquet").as_posix())
        # Small groups of rows: what is written lies in memory until a group is full.
        how = "(FORMAT parquet, ROW_GROUP_SIZE 20480)"
        connection.execute(f"COPY (SELECT {', '.join(chosen)} FROM {source}) TO {path} {how}")
        yield f"read_parquet({path})"


def _queries(columns: Sequence[str]) -> Iterator[str]:
    """Queries that give what is counted, which one, the status, and how many."""
    for column in _PLAIN:
        if column in columns and not (column == "recommendation" and "outcome" in columns):
            given = f"FROM result WHERE {column} IS NOT NULL"
            yield f"SELECT {quoted(column)}, {column}, '', count(*) {given} GROUP BY 2"
    if "policies" in columns:
        traces = "SELECT unnest(policies) AS trace FROM result"
        yield (
            "SELECT 'policy', trace.policy, COALESCE(trace.recommendation, 'silent'), count(*) "
            f"FROM ({traces}) GROUP BY 2, 3"
        )
        yield (
            "SELECT 'criterion', policy || ' ' || criterion.id, criterion.status, count(*) "
            "FROM (SELECT trace.policy AS policy, unnest(trace.criteria) AS criterion "
            f"FROM ({traces})) GROUP BY policy, criterion.id, criterion.status"
        )
    if "undocumented" in columns:
        yield (
            "SELECT 'missing fact', fact, '', count(*) "
            "FROM (SELECT unnest(undocumented) AS fact FROM result) GROUP BY 2"
        )


def _criteria(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[str]
) -> Iterator[tuple[str, str, str, int]]:
    """The criteria of one policy, all in one look, where the policy applies or may."""
    criteria = [column for column in columns if column.startswith(CRITERION)]
    if not criteria:
        return
    values = [f"CAST({name(column)} AS BOOLEAN)" for column in criteria]
    counts = [f"count_if({value}), count_if(NOT {value}), count_if({value} IS NULL)" for value in values]
    query = f"SELECT {', '.join(counts)} FROM result WHERE applies <> 'not_met'"
    [numbers] = connection.execute(query).fetchall()
    for position, column in enumerate(criteria):
        for status, number in zip(_STATUSES, numbers[3 * position : 3 * position + 3], strict=False):
            yield "criterion", column.removeprefix(CRITERION), status, number
