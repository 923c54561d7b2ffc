"""The SQL that reads a file in DuckDB, every value as it is written, and the names of its columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from imrpolicy.batches.errors import BatchError


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


def parquet_names(path: Path) -> list[str]:
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


def json_lines_names(path: Path) -> list[str]:
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
