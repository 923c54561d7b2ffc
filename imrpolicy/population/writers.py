"""Writes populations to files: whole or not at all, and with the same memory however large they are."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    import pyarrow as pa

# As many blocks make a row group: large enough to compress well, small enough to hold in memory.
_BLOCKS = 16
# More files than this in one directory help nobody.
MOST_FILES = 10_000


def write_parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """Write record batches to a Parquet file.

    Returns:
        How many rows were written.

    Raises:
        OSError: The file cannot be written; what was there before is untouched.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = 0
    with _replacing(path) as temporary, pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        for group in _grouped(batches):
            rows += sum(batch.num_rows for batch in group)
            writer.write_table(pa.Table.from_batches(group, schema))
    return rows


def write_csv(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """Write record batches to a CSV file; lists are written as JSON.

    The result and the exceptions are those of `write_parquet`.
    """
    import pyarrow as pa
    from pyarrow import csv

    lists = [field.name for field in schema if pa.types.is_list(field.type)]
    flat = pa.schema([pa.field(f.name, pa.string()) if f.name in lists else f for f in schema])
    rows = 0
    with _replacing(path) as temporary, csv.CSVWriter(temporary, flat) as writer:
        for batch in batches:
            columns = {field.name: batch.column(field.name) for field in schema}
            columns |= {name: pa.array(_as_json(columns[name]), pa.string()) for name in lists}
            writer.write_batch(pa.record_batch([columns[field.name] for field in flat], schema=flat))
            rows += batch.num_rows
    return rows


def _as_json(column: pa.Array) -> list[str | None]:
    return [None if value is None else _json(value) for value in column.to_pylist()]


def write_json_lines(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """Write record batches as one JSON object for each row; what is not documented is left out.

    The result and the exceptions are those of `write_parquet`.
    """
    rows = 0
    names = [field.name for field in schema]
    with _replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        for batch in batches:
            columns = [batch.column(name).to_pylist() for name in names]
            for values in zip(*columns, strict=True):
                known = {name: value for name, value in zip(names, values, strict=True) if value is not None}
                stream.write(_json(known) + "\n")
            rows += batch.num_rows
    return rows


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda day: day.isoformat())


def write_cases(path: Path, cases: Iterable[Mapping[str, Any]]) -> int:
    """Write cases to a new directory, each to a YAML file of its own.

    Returns:
        How many requests were written.

    Raises:
        OSError: The directory exists and is not empty, or it cannot be written; then nothing is left behind.
    """
    requests = 0
    temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        for case in cases:
            text = yaml.safe_dump(dict(case), sort_keys=False, allow_unicode=True, width=110)
            file = temporary / f"{case['id']}.yaml"
            file.write_text(text, encoding="utf-8", newline="\n")
            requests += len(case["requests"])
        temporary.chmod(0o755)
        if path.is_dir():
            path.rmdir()
        temporary.replace(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return requests


WRITERS: Mapping[str, Callable[..., int]] = {
    "parquet": write_parquet,
    "csv": write_csv,
    "jsonl": write_json_lines,
    "yaml": write_cases,
}


def _grouped(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    group: list[pa.RecordBatch] = []
    for batch in batches:
        group.append(batch)
        if len(group) == _BLOCKS:
            yield group
            group = []
    if group:
        yield group


def _named(error: OSError, path: Path) -> OSError:
    """The error with the name of the file that was asked for, and in the words of the system."""
    # pyarrow puts the system's number into its text.
    found = re.search(r"errno (\d+)", str(error), re.IGNORECASE)
    number = error.errno or (int(found[1]) if found else None)
    return OSError(number, os.strerror(number), str(path)) if number else error


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A name to write to, which becomes the file if nothing fails and disappears if anything does.

    A link stays one. What is no file, such as `/dev/stdout` or a pipe, is written to and never replaced.
    """
    if path.exists() and not path.is_file():
        try:
            yield path
        except OSError as error:
            raise _named(error, path) from error
        return
    path = path.resolve() if path.is_symlink() else path
    directory = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    temporary = directory / path.name
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise _named(error, path) from error
    finally:
        shutil.rmtree(directory, ignore_errors=True)
