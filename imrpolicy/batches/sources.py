"""Where requests come from: Parquet, CSV, JSON lines, or a folder of them, and the parts of a job."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from imrpolicy.batches.errors import BatchError

KINDS = {".parquet": "parquet", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
# Rows of a part of a partitioned job: enough to keep all cores busy, few enough to be done again.
PART_ROWS = 2_000_000
# All columns but what a file may call as we call the numbers of its rows.
_OTHERS = "COLUMNS(lambda c: lower(c) NOT IN ('row_number', 'file_row_number'))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one part of a job reads: a file, or some of the rows of a Parquet file.

    Attributes:
        number: Its number, from 0.
        path: The file.
        kind: `parquet`, `csv` or `jsonl`.
        first: The first row, from 0.
        stop: The row after the last; none to read to the end.
    """

    number: int
    path: Path
    kind: str
    first: int = 0
    stop: int | None = None

    @property
    def name(self) -> str:
        """A name for its output."""
        return f"part-{self.number:05}"


def files_of(source: Path) -> tuple[Path, ...]:
    """The files of an input.

    Raises:
        BatchError: There are none, or it is of no kind that can be read.
    """
    if source.is_dir():
        found = tuple(sorted(path for path in source.iterdir() if path.suffix in KINDS))
        if not found:
            raise BatchError(f"{source.as_posix()} holds no file that ends in {_endings()}")
        return found
    if not source.exists():
        raise BatchError(f"there is no file {source.as_posix()}")
    if source.suffix not in KINDS:
        raise BatchError(f"{source.as_posix()} is of no kind that is read; its name ends in {_endings()}")
    return (source,)


def parts_of(source: Path, *, rows: int = PART_ROWS) -> tuple[Part, ...]:
    """The parts of a partitioned job: each file, and of a large Parquet file each run of row groups."""
    found: list[Part] = []
    for path in files_of(source):
        kind = KINDS[path.suffix]
        for first, stop in _ranges(path, rows) if kind == "parquet" else ((0, None),):
            found.append(Part(number=len(found), path=path, kind=kind, first=first, stop=stop))
    return tuple(found)


def whole_files(source: Path) -> tuple[Part, ...]:
    """The files of an input, each as one part."""
    return tuple(
        Part(number=number, path=path, kind=KINDS[path.suffix])
        for number, path in enumerate(files_of(source))
    )


def relation(part: Part) -> str:
    """The SQL that reads a part in DuckDB, with the number of each row as `row_number`, from 1."""
    path = quoted(part.path.as_posix())
    if part.kind == "parquet":
        reader = f"read_parquet({path}, file_row_number => TRUE)"
        rows = f"SELECT {_OTHERS}, file_row_number + 1 AS row_number FROM {reader}"  # noqa: S608
        if part.first or part.stop is not None:
            stop = f" AND file_row_number < {part.stop}" if part.stop is not None else ""
            rows = rows + f" WHERE file_row_number >= {part.first}{stop}"
        return rows
    reader = _csv(part.path) if part.kind == "csv" else _json_lines(part.path)
    return f"SELECT {_OTHERS}, row_number() OVER () AS row_number FROM {reader}"  # noqa: S608 - names are quoted


def quoted(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A name in SQL."""
    return '"' + text.replace('"', '""') + '"'


def _csv(path: Path) -> str:
    columns = _texts(csv_header(path))
    return (
        f"read_csv({quoted(path.as_posix())}, auto_detect => FALSE, header => TRUE, delim => ',', "
        "quote => '\"', escape => '\"', nullstr => '', allow_quoted_nulls => FALSE, strict_mode => TRUE, "
        f"columns => {columns})"
    )


def csv_header(path: Path) -> list[str]:
    """The names of the columns of a CSV file.

    Raises:
        BatchError: It has none, or names one twice.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            header = next(csv.reader(file), [])
        except (csv.Error, UnicodeDecodeError) as error:
            raise BatchError(
                f"{path.as_posix()}:1: the line with the column names cannot be read: {error}"
            ) from None
    if not header:
        raise BatchError(f"{path.as_posix()} is empty; its first line must name the columns")
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        raise BatchError(f"{path.as_posix()}:1: the column `{twice[0]}` is there twice")
    return header


def _json_lines(path: Path) -> str:
    names: dict[str, None] = {}
    import duckdb

    with duckdb.connect() as connection:
        keys = connection.execute(
            "SELECT DISTINCT unnest(json_keys(json)) FROM read_ndjson_objects(?)", [path.as_posix()]
        ).fetchall()
    names = dict.fromkeys(sorted(key for (key,) in keys))
    if not names:
        raise BatchError(f"{path.as_posix()} has no line with an object in it")
    columns = _texts(list(names))
    return f"read_json({quoted(path.as_posix())}, format => 'newline_delimited', columns => {columns})"


def _texts(columns: list[str]) -> str:
    return "{" + ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in columns) + "}"


def _ranges(path: Path, rows: int) -> list[tuple[int, int | None]]:
    """Runs of row groups of a Parquet file, each of about so many rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_metadata(path)
    except (OSError, pa.ArrowException) as error:
        raise BatchError(f"{path.as_posix()} is no Parquet file that can be read: {error}") from None
    found: list[tuple[int, int | None]] = []
    first = end = 0
    for group in range(metadata.num_row_groups):
        end += metadata.row_group(group).num_rows
        if end - first >= rows:
            found.append((first, end))
            first = end
    if end > first or not found:
        found.append((first, end))
    return found


def _endings() -> str:
    return ", ".join(f"`{ending}`" for ending in KINDS)
