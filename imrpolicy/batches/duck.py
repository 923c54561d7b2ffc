"""One part of a job in DuckDB: read, checked, evaluated and written, without ever holding all of it."""
# ruff: noqa: S608 - every name and text that goes into SQL is quoted

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.exact_open import prepare
from imrpolicy.batches.mapping import TableMapping
from imrpolicy.batches.readers import name, quoted, to_write
from imrpolicy.batches.sources import Part, relation
from imrpolicy.batches.statistics import within_range
from imrpolicy.batches.typed import Typed, typed
from imrpolicy.extras import need
from imrpolicy.progress import progress
from imrpolicy.sql.question import Question

if TYPE_CHECKING:
    import duckdb

FORMATS = {".parquet": "parquet", ".csv": "csv", ".jsonl": "json", ".ndjson": "json"}
# What the name of a file ends in until it is whole.
PARTIAL = ".partial"
REJECTS_HEADER = "file,row,case_id,request_id,reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many rows went where; what came in is what went out and what was rejected.

    Attributes:
        rows: Rows that were read.
        written: Rows that were evaluated and written.
        rejected: Rows that break the schema.
    """

    rows: int = 0
    written: int = 0
    rejected: int = 0

    def complete(self, place: str, done: str = "written") -> Counts:
        """The counts, if every row that was read is among those that were written or rejected.

        Args:
            place: What was read, for the message.
            done: What became of the rows that were not rejected, in a word.

        Raises:
            BatchError: Rows were lost or doubled.
        """
        if self.rows != self.written + self.rejected:
            found = f"{self.rows} rows were read, but {self.written} {done} and {self.rejected} rejected"
            raise BatchError(f"{place} changed while it was read: {found}; run it again")
        return self

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            rows=self.rows + other.rows,
            written=self.written + other.written,
            rejected=self.rejected + other.rejected,
        )


@dataclass(frozen=True, kw_only=True)  # with no slots, so that the query is written once
class Engine:
    """DuckDB, as a job uses it.

    Attributes:
        question: What is asked.
        mapping: How the columns and values of the input become ours.
        stream: Where progress is shown.
        memory: The most memory, such as `4GB`; none for DuckDB's own choice.
        threads: The most threads; none for all cores.
    """

    question: Question
    mapping: TableMapping
    stream: TextIO
    memory: str | None = None
    threads: int | None = None

    def evaluate(self, part: Part, output: Path, rejects: Path) -> tuple[Counts, tuple[str, ...]]:
        """Evaluate a part into two files, which must not be there yet.

        Returns:
            The counts, and the columns that nothing reads.

        Raises:
            BatchError: The part cannot be read, or a file cannot be written.
        """
        with self.connection(part, output) as connection:
            read = self.read(connection, part)
            self.declare(connection, read)
            # One look at the input evaluates what is sound; only where rows are left, another says why.
            with progress(self.stream, "evaluating", lambda: connection.query_progress() / 100):
                copied = connection.execute(_copy(connection, self.query, output)).fetchone()
            written = int(copied[0]) if copied else 0
            counted = connection.execute("SELECT count(*) FROM requests").fetchone()
            rows = int(counted[0]) if counted else 0
            rejected = self._reject(connection, part, read, rejects) if rows != written else 0
        counts = Counts(rows=rows, written=written, rejected=rejected)
        return counts.complete(part.path.as_posix()), read.ignored

    @cached_property
    def query(self) -> str:
        """The query over the table `sound`, without the rows that lack a date that selects an edition."""
        return self._dated(self.question.query("duckdb", "sound"))

    @cached_property
    def ordered(self) -> str:
        """`query` in the order of the rows, which DuckDB keeps in no query of many steps by itself."""
        numbered = self._dated(self.question.query("duckdb", "sound", numbered=True))
        return f"SELECT * EXCLUDE (row_number) FROM ({numbered}) ORDER BY row_number"

    def _dated(self, query: str) -> str:
        if self.question.policy is not None:  # dates select nothing
            return query
        return f"SELECT * EXCLUDE (problem) FROM ({query}) WHERE problem IS NULL"

    def declare(self, connection: duckdb.DuckDBPyConnection, read: Typed) -> None:
        """Make the tables `requests` and `sound` of a part, and what the query calls."""
        connection.execute(f"CREATE TEMP VIEW requests AS {read.select}")
        sound = self.question.sound("duckdb", "requests", read.known)
        connection.execute(f"CREATE TEMP VIEW sound AS {sound}")
        prepare(connection, self.question)

    def rejected(self, part: Part, read: Typed, table: str = "requests") -> str:
        """The query for what the file of rejects says: a row for each of a part with something wrong."""
        check = self.question.check("duckdb", table, read.known)
        return (
            f"SELECT {quoted(part.path.name)} AS file, row_number AS row, case_id, request_id, "
            f"reject AS reason FROM ({_wrong_rows(check)})"
        )

    def read(self, connection: duckdb.DuckDBPyConnection, part: Part) -> Typed:
        """A part as typed columns.

        Raises:
            BatchError: A column that every row needs is not there, or one has a type that cannot be ours.
        """
        raw = relation(part)
        described = connection.execute(f"DESCRIBE {raw}").fetchall()
        found = {row[0]: row[1] for row in described}
        dictionary = self.question.library.dictionary
        return typed(
            raw,
            found,
            dictionary,
            self.mapping,
            part.path.as_posix(),
            self.question.fields,
            within_range(part, dictionary, self.mapping),
        )

    def _reject(self, connection: duckdb.DuckDBPyConnection, part: Part, read: Typed, rejects: Path) -> int:
        """Write the rows that break the schema, with their numbers and the reason, and count them."""
        listed = f"{self.rejected(part, read)} ORDER BY row"
        with progress(self.stream, "rejecting", lambda: connection.query_progress() / 100):
            copied = connection.execute(
                f"COPY ({listed}) TO {to_write(rejects)} (FORMAT csv, HEADER)"
            ).fetchone()
        return int(copied[0]) if copied else 0

    @contextmanager
    def connection(self, part: Part, output: Path) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that spills beside an output.

        Raises:
            BatchError: What is done with it fails; it names the part, or the output where that has no room.
        """
        duckdb: Any = need("duckdb", "batch")
        settings: dict[str, Any] = {
            # Rows of a Parquet file know their numbers; elsewhere their order is all that numbers them.
            "preserve_insertion_order": part.kind != "parquet",
            "temp_directory": (output.parent / f"{output.name}.spill").absolute().as_posix(),
        }
        if self.memory is not None:
            settings["memory_limit"] = self.memory
        if self.threads is not None:
            settings["threads"] = self.threads
        try:
            opened = duckdb.connect(config=settings)
        except duckdb.Error as error:
            given = {"--memory": self.memory, "--threads": self.threads}
            asked = " and ".join(
                f"`{option} {value}`" for option, value in given.items() if value is not None
            )
            help = f"; look at {asked}: memory is said as `4GB`, threads are 1 or more" if asked else ""
            raise BatchError(f"DuckDB does not start: {_first_line(str(error))}{help}") from None
        with opened as connection:
            connection.execute("SET enable_progress_bar = TRUE; SET enable_progress_bar_print = FALSE")
            try:
                yield connection
            except duckdb.Error as error:
                raise BatchError(_explained(str(error), part, output)) from None


def _wrong_rows(check: str) -> str:
    """The rows with something wrong, out of the query that says what is wrong in each.

    A `WHERE` would be pushed down into that query, and each list looked at again for every thing that can be
    wrong in it; `unnest` stays where it is.
    """
    found = "unnest(CASE WHEN reject IS NULL THEN [] ELSE [reject] END) AS reject"
    return f"SELECT row_number, case_id, request_id, {found} FROM ({check})"


def _copy(connection: duckdb.DuckDBPyConnection, query: str, output: Path) -> str:
    kind = FORMATS[Path(output.name.removesuffix(PARTIAL)).suffix.lower()]
    if kind == "csv":
        described = connection.execute(f"DESCRIBE {query}").fetchall()
        chosen = ", ".join(
            f"to_json({name(row[0])}) AS {name(row[0])}" if "[" in row[1] else name(row[0])
            for row in described
        )
        query = f"SELECT {chosen} FROM ({query})"
    how = {"parquet": "FORMAT parquet, COMPRESSION zstd", "csv": "FORMAT csv, HEADER", "json": "FORMAT json"}
    return f"COPY ({query}) TO {to_write(output)} ({how[kind]})"


_LINE = re.compile(r"CSV Error on Line: (\d+)")
# Where DuckDB sees something wrong in JSON; the first is ahead of the line that it means by one.
_JSON_LINES = (
    (re.compile(r"Malformed JSON in file .*?, at byte \d+ in line (\d+): (.*)"), 1),
    (re.compile(r"JSON transform error in file .*?, in line (\d+): (.*)"), 0),
)
_FULL = ("No space left", "not enough space", "File too large", "failed to offload", "Could not write")


def _explained(error: str, part: Part, output: Path) -> str:
    """What DuckDB says, for people: where, what, and what to do next."""
    place, first = part.path.as_posix(), _first_line(error)
    if any(sign.lower() in error.lower() for sign in _FULL):
        return f"{output.parent.as_posix()}: there is no room to write ({first}); nothing was written"
    line = _LINE.search(error)
    if line is not None:
        if "unicode" in error.lower():
            return f"{place}:{line[1]}: the line is not UTF-8; save as `CSV UTF-8`; nothing was written"
        said = (said for said in error.splitlines() if "quote" in said or "Expected" in said)
        reason = next((one for one in said if " = " not in one), first)
        reason = reason[:1].lower() + reason[1:].rstrip(".")
        return f"{place}:{line[1]}: the row is no CSV: {reason}; mend the line; nothing was written"
    if "state machine" in first:
        return f"{place} cannot be read: its lines end in different ways; save it anew; nothing was written"
    for pattern, ahead in _JSON_LINES:
        line = pattern.search(first)
        if line is not None:
            reason = line[2].partition(". Try")[0].rstrip(".")
            return (
                f"{place}:{int(line[1]) - ahead}: the line is no JSON object: {reason}; mend it; "
                "nothing was written"
            )
    return f"{place} cannot be read: {first}; nothing was written"


def _first_line(error: str) -> str:
    return error.strip().splitlines()[0] if error.strip() else "unknown error"
