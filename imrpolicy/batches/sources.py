"""Where requests come from: Parquet, CSV, JSON lines, or a folder of them, and the parts of a job."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.readers import (
    csv_header,
    csv_reader,
    json_lines_names,
    json_reader,
    name,
    parquet_names,
    to_read,
)

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
        elif not path.name.startswith("_"):  # as `_SUCCESS`, which says that Spark was done
            raise BatchError(
                f"{path.as_posix()} would not be read: its name ends in none of {_endings()}; "
                "name it after what it is, or move it out of the folder"
            )
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
        others = _all_but_numbers(parquet_names(part.path), "file_row_number")
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
        names = json_lines_names(part.path)
        reader = json_reader(to_read(part.path), names)
    others = _all_but_numbers(names)
    return f"SELECT {others}, row_number() OVER () AS row_number FROM {reader}"  # noqa: S608 - names are quoted


def _all_but_numbers(names: Iterable[str], *numbers: str) -> str:
    """All columns but numbers of rows: what a file calls as we call them, and what DuckDB adds."""
    own = [name(column) for column in names if column.casefold() == "row_number"]
    return f"* EXCLUDE ({', '.join([*own, *numbers])})" if own or numbers else "*"


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
