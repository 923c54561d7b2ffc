"""Requests in memory: evaluated into memory, or by way of a file into files."""
# ruff: noqa: S608 - every name and text that goes into SQL is quoted

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imrpolicy.batches.duck import PARTIAL, Counts, Engine
from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.frames import WHERE, Given
from imrpolicy.batches.job import Result, run
from imrpolicy.batches.readers import to_write
from imrpolicy.batches.result import rejects_schema
from imrpolicy.batches.sources import Part, whole_files
from imrpolicy.batches.typed import Typed, typed
from imrpolicy.extras import need

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

# What stands for a table where otherwise there is a file.
_TABLE = Part(number=0, path=Path(WHERE), kind="parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """A result in memory.

    Attributes:
        counts: How many rows went where.
        determinations: A row for each sound row of the input, in its order.
        rejects: The rows that break the schema, with the columns of `rejects_schema`.
        ignored: Columns that nothing reads.
    """

    counts: Counts
    determinations: pa.Table
    rejects: pa.Table
    ignored: tuple[str, ...]


# --- into memory -------------------------------------------------------------------------------------------


def evaluate_table(engine: Engine, given: Given) -> Evaluated:
    """Evaluate a table into memory.

    Raises:
        BatchError: A column is lacking or has a type that cannot be ours.
    """
    with connection_for(engine, _TABLE) as connection:
        read = typed_table(connection, engine, given.rows.schema)
        # Rejected rows are looked at again, and a stream is gone by then.
        connection.register("given", held(given.rows))
        evaluated = _evaluated(connection, engine, _TABLE, read)
    return replace(evaluated, ignored=given.ignored)


def evaluate_files(engine: Engine, source: Path) -> Evaluated:
    """Evaluate the files of an input into memory, one after the other.

    Raises:
        BatchError: One of them cannot be read.
    """
    pa: Any = need("pyarrow", "batch")
    done = []
    for part in whole_files(source):
        with connection_for(engine, part) as connection:
            done.append(_evaluated(connection, engine, part, engine.read(connection, part)))
    return Evaluated(
        counts=sum((one.counts for one in done), start=Counts()),
        determinations=pa.concat_tables([one.determinations for one in done]),
        rejects=pa.concat_tables([one.rejects for one in done]),
        ignored=tuple(sorted({column for one in done for column in one.ignored})),
    )


def _evaluated(connection: duckdb.DuckDBPyConnection, engine: Engine, part: Part, read: Typed) -> Evaluated:
    """As in a job, one look evaluates what is sound, and only where rows are left another says why."""
    engine.declare(connection, read)
    determinations = connection.sql(engine.ordered).to_arrow_table()
    [(rows,)] = connection.execute("SELECT count(*) FROM requests").fetchall()
    written = determinations.num_rows
    rejects = rejects_schema().empty_table()
    if rows != written:
        listed = engine.rejected(part, read)
        if part is _TABLE:
            listed = f"SELECT * REPLACE (CAST(NULL AS VARCHAR) AS file) FROM ({listed})"
        rejects = connection.sql(f"SELECT * FROM ({listed}) ORDER BY row").to_arrow_table()
    counts = Counts(rows=rows, written=written, rejected=rejects.num_rows)
    counts.complete(part.path.as_posix(), "evaluated")
    return Evaluated(counts=counts, determinations=determinations, rejects=rejects, ignored=read.ignored)


@contextmanager
def connection_for(engine: Engine, part: Part) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that keeps the order of the rows, and spills where the system keeps what is temporary."""
    with (
        tempfile.TemporaryDirectory(prefix="imrpolicy-") as folder,
        engine.connection(part, Path(folder) / "result") as connection,
    ):
        connection.execute("SET preserve_insertion_order = TRUE")
        yield connection


def held(rows: Any) -> Any:
    """The rows as a table in memory, which can be looked at more than once."""
    pa: Any = need("pyarrow", "batch")
    return rows if isinstance(rows, pa.Table) else rows.read_all()


# --- into files --------------------------------------------------------------------------------------------


def evaluate_into_files(engine: Engine, given: Given, output: Path, *, rejects: Path | None = None) -> Result:
    """Evaluate a table or a stream into files, as a job over files does.

    The rows are written to a file beside the output first, and the job reads that. A stream is there once
    only, while its rejected rows have to be looked at twice; to hold the stream, or whatever a single look
    would have to carry along, would take memory without a bound.

    Raises:
        BatchError: A column is lacking or has a type that cannot be ours, or a file cannot be written.
    """
    with _spilled(engine, given, output) as spill:
        result = run(
            spill,
            output,
            engine.question,
            mapping=engine.mapping,
            rejects=rejects,
            memory=engine.memory,
            threads=engine.threads,
            stream=engine.stream,
        )
    return replace(result, ignored=given.ignored)


@contextmanager
def _spilled(engine: Engine, given: Given, output: Path) -> Iterator[Path]:
    """The rows as a Parquet file, on the disk of the output; what a killed run left is written anew."""
    folder = output.with_name(f"{output.name}.rows{PARTIAL}")
    spill = folder / "table.parquet"
    stream = _Watched(given.rows)
    try:
        with engine.connection(_TABLE, spill) as connection:
            connection.execute("SET preserve_insertion_order = TRUE")
            typed_table(connection, engine, given.rows.schema)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            connection.register("given", stream.rows)
            connection.execute(
                f"COPY (SELECT * FROM given) TO {to_write(spill)} (FORMAT parquet, COMPRESSION lz4_raw)"
            )
        yield spill
    except BatchError:
        if stream.failed is not None:
            raise stream.failed from None
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Watched:
    """A table or a stream, and what the program that makes the stream failed with.

    DuckDB makes an error of its own out of that; to the caller it should stay what it is.
    """

    def __init__(self, rows: Any) -> None:
        pa: Any = need("pyarrow", "batch")
        self.failed: BaseException | None = None
        self.rows = rows
        if not isinstance(rows, pa.Table):
            self.rows = pa.RecordBatchReader.from_batches(rows.schema, self._batches(rows))

    def _batches(self, rows: Any) -> Iterator[Any]:
        try:
            yield from rows
        except (Exception, KeyboardInterrupt) as error:
            self.failed = error
            raise


# --- columns -----------------------------------------------------------------------------------------------


def typed_table(connection: duckdb.DuckDBPyConnection, engine: Engine, schema: pa.Schema) -> Typed:
    """The columns of a table as ours; what is wrong with them is said before a long stream is read.

    Raises:
        BatchError: One is lacking, or has a type that cannot be ours.
    """
    raw = "SELECT *, row_number() OVER () AS row_number FROM given"
    question = engine.question
    return typed(
        raw, _types(connection, schema), question.library.dictionary, engine.mapping, WHERE, question.fields
    )


def _types(connection: duckdb.DuckDBPyConnection, schema: pa.Schema) -> dict[str, str]:
    """The types of the columns, as DuckDB names them.

    Raises:
        BatchError: It has none for a column.
    """
    duckdb: Any = need("duckdb", "batch")
    pa: Any = need("pyarrow", "batch")
    found: dict[str, str] = {}
    for field in schema:
        # One by one: for many columns together DuckDB does not say which of them it means.
        try:
            connection.register("probe", pa.RecordBatchReader.from_batches(pa.schema([field]), []))
            described = connection.execute("DESCRIBE SELECT * FROM probe").fetchall()
        except duckdb.Error:
            raise BatchError(
                f"{WHERE}: the column `{field.name}` is {field.type}, which cannot be read; "
                "`imrpolicy schema --table` lists the type of each column"
            ) from None
        connection.unregister("probe")
        found[field.name] = described[0][1]
    return found
