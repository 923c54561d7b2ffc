"""Where requests come from: Parquet, CSV, JSON lines, or a folder of them, and the parts of a job."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from imrpolicy.batches.errors import BatchError

KINDS = {".parquet": "parquet", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
# What a program packs a file into.
_PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip")
# Rows of a part of a partitioned job: enough to keep all cores busy, few enough to be done again.
PART_ROWS = 2_000_000


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
        return _files_in(source)
    if not source.exists():
        raise BatchError(f"there is no file {source.as_posix()}")
    _fail_if_packed(source)
    if source.suffix.lower() not in KINDS:
        raise BatchError(f"{source.as_posix()} is of no kind that is read; its name ends in {_endings()}")
    return (source,)


def _files_in(folder: Path) -> tuple[Path, ...]:
    """The files of a folder that are read.

    Raises:
        BatchError: There are none; or others in it hold rows too, which would be lost in silence.
    """
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):  # what systems and programs keep for themselves
            continue
        if path.is_dir():
            _fail_if_filled(folder, path)
            continue
        _fail_if_packed(path)
        if path.suffix.lower() in KINDS:
            found.append(path)
    if not found:
        raise BatchError(f"{folder.as_posix()} holds no file that ends in {_endings()}")
    return tuple(found)


def _fail_if_filled(folder: Path, inner: Path) -> None:
    """Fail if a folder within a folder holds something that would be read elsewhere."""
    for path in sorted(inner.rglob("*")):
        if path.suffix.lower() in KINDS and path.is_file():
            raise BatchError(
                f"{path.as_posix()} would not be read: only files in {folder.as_posix()} itself are; "
                "move them there, or give each folder alone"
            )


def _fail_if_packed(path: Path) -> None:
    if path.suffix.lower() in _PACKED and Path(path.stem).suffix.lower() in KINDS:
        raise BatchError(f"{path.as_posix()} is packed, which is not read; unpack it")


def kind_of(path: Path) -> str:
    """What the ending of a file says it is: `parquet`, `csv` or `jsonl`."""
    return KINDS[path.suffix.lower()]


def parts_of(source: Path, *, rows: int = PART_ROWS) -> tuple[Part, ...]:
    """The parts of a partitioned job: each file, and of a large Parquet file each run of row groups."""
    found: list[Part] = []
    for path in files_of(source):
        kind = kind_of(path)
        for first, stop in _ranges(path, rows) if kind == "parquet" else ((0, None),):
            found.append(Part(number=len(found), path=path, kind=kind, first=first, stop=stop))
    return tuple(found)


def whole_files(source: Path) -> tuple[Part, ...]:
    """The files of an input, each as one part."""
    return tuple(
        Part(number=number, path=path, kind=kind_of(path)) for number, path in enumerate(files_of(source))
    )


def relation(part: Part) -> str:
    """The SQL that reads a part in DuckDB, with the number of each row as `row_number`, from 1."""
    if part.kind == "parquet":
        others = _all_but_numbers(_parquet_names(part.path), "file_row_number")
        reader = f"read_parquet({to_read(part.path)}, file_row_number => TRUE, hive_partitioning => FALSE)"
        rows = f"SELECT {others}, file_row_number + 1 AS row_number FROM {reader}"  # noqa: S608
        if part.first or part.stop is not None:
            stop = f" AND file_row_number < {part.stop}" if part.stop is not None else ""
            rows = rows + f" WHERE file_row_number >= {part.first}{stop}"
        return rows
    if part.kind == "csv":
        names = csv_header(part.path)
        reader = csv_reader(to_read(part.path), names)
    else:
        names = _json_names(part.path)
        reader = json_reader(to_read(part.path), names)
    others = _all_but_numbers(names)
    return f"SELECT {others}, row_number() OVER () AS row_number FROM {reader}"  # noqa: S608 - names are quoted


def _all_but_numbers(names: Iterable[str], *numbers: str) -> str:
    """All columns but numbers of rows: what a file calls as we call them, and what DuckDB adds."""
    own = [name(column) for column in names if column.casefold() == "row_number"]
    return f"* EXCLUDE ({', '.join([*own, *numbers])})" if own or numbers else "*"


def quoted(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def to_read(path: Path) -> str:
    """A file in SQL that reads it: under its name alone, whatever that would stand for as a pattern.

    A path from the root on, for DuckDB takes `~` for the folder of the user.
    """
    return quoted(re.sub(r"[*?\[]", r"[\g<0>]", path.absolute().as_posix()))


def to_write(path: Path) -> str:
    """A file in SQL that writes it."""
    return quoted(path.absolute().as_posix())


def name(text: str) -> str:
    """A name in SQL."""
    return '"' + text.replace('"', '""') + '"'


def csv_reader(files: str, header: Iterable[str]) -> str:
    """The SQL that reads CSV files, as we write them too, with every value as it is written."""
    columns = _texts(header)
    return (
        f"read_csv({files}, auto_detect => FALSE, header => TRUE, delim => ',', "
        "quote => '\"', escape => '\"', nullstr => '', allow_quoted_nulls => FALSE, strict_mode => TRUE, "
        f"hive_partitioning => FALSE, columns => {columns})"
    )


def csv_header(path: Path) -> list[str]:
    """The names of the columns of a CSV file.

    Raises:
        BatchError: It has none, or names one twice.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            header = next(csv.reader(file), [])
        except UnicodeDecodeError:
            raise BatchError(f"{path.as_posix()} is not UTF-8; save it as `CSV UTF-8`") from None
        except csv.Error as error:
            raise BatchError(
                f"{path.as_posix()}:1: the line with the column names cannot be read: {error}"
            ) from None
    if not header:
        raise BatchError(f"{path.as_posix()}:1: the line is empty; the first line must name the columns")
    if "" in header:
        raise BatchError(f"{path.as_posix()}:1: column {header.index('') + 1} has no name; give it one")
    if len(header) == 1 and (separator := next((sign for sign in ";\t|" if sign in header[0]), None)):
        shown = "a tab" if separator == "\t" else f"`{separator}`"
        raise BatchError(
            f"{path.as_posix()}:1: the names of the columns stand between commas, and not {shown}; "
            "save it with commas"
        )
    _fail_on_twins(header, f"{path.as_posix()}:1")
    return header


def _fail_on_twins(names: Iterable[str], where: str) -> None:
    """Fail if two columns have one name: DuckDB takes no notice of capital letters."""
    first: dict[str, str] = {}
    for column in names:
        other = first.get(column.casefold())
        if other is None:
            first[column.casefold()] = column
            continue
        if other == column:
            raise BatchError(f"{where}: the column `{column}` is there twice; rename one of the two")
        raise BatchError(
            f"{where}: the columns `{other}` and `{column}` differ in capital letters alone; "
            "rename one of the two"
        )


def _parquet_names(path: Path) -> list[str]:
    """The names of the columns of a Parquet file; none where DuckDB has to say what is wrong with it.

    Raises:
        BatchError: One is there twice, or is that of the numbers of rows.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        names: list[str] = pq.read_schema(path).names
    except (OSError, pa.ArrowException):
        return []
    _fail_on_twins(names, path.as_posix())
    if "file_row_number" in (column.casefold() for column in names):
        raise BatchError(
            f"{path.as_posix()}: the rows are numbered in a column `file_row_number`; "
            "give that of the file another name"
        )
    return names


def _json_names(path: Path) -> list[str]:
    """The names of the fields of JSON lines.

    Raises:
        BatchError: There are none, or one is there twice.
    """
    names = json_names([path])
    if not names:
        raise BatchError(f"{path.as_posix()} has no line with an object in it")
    if "" in names:
        raise BatchError(f"{path.as_posix()}: a field of an object has no name; give it one")
    _fail_on_twins(names, path.as_posix())
    return names


def json_names(paths: Iterable[Path]) -> list[str]:
    """The names of all fields of the objects in JSON lines."""
    import duckdb

    files = ", ".join(map(to_read, paths))
    with duckdb.connect() as connection:
        read = f"FROM read_ndjson_objects([{files}], hive_partitioning => FALSE)"
        keys = connection.execute(f"SELECT DISTINCT unnest(json_keys(json)) {read}").fetchall()
    return sorted(key for (key,) in keys)


def json_reader(files: str, names: Iterable[str]) -> str:
    """The SQL that reads JSON lines, with every value as it is written."""
    columns = _texts(names)
    return (
        f"read_json({files}, format => 'newline_delimited', hive_partitioning => FALSE, columns => {columns})"
    )


def _texts(columns: Iterable[str]) -> str:
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
