"""Counts alone: a population is read, checked and counted in one pass, and no result is written or held."""
# ruff: noqa: S608 - every name and text that goes into SQL is quoted

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from imrpolicy.batches.duck import PARTIAL, REJECTS_HEADER, Counts, Engine
from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.job import fail_on_overwriting
from imrpolicy.batches.mapping import TableMapping
from imrpolicy.batches.readers import name, to_write
from imrpolicy.batches.sources import Part, whole_files
from imrpolicy.batches.summary import Line, lines_of
from imrpolicy.batches.typed import Typed
from imrpolicy.population.columns import columns
from imrpolicy.progress import progress
from imrpolicy.sql.question import Question
from imrpolicy.sql.types import duckdb_type

if TYPE_CHECKING:
    import duckdb

# How many rejects are named where they are not written.
_FIRST = 5
# How many files one query reads: planning it costs as much for one as for many.
_TOGETHER = 32


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that breaks the schema.

    Attributes:
        file: The name of its file.
        row: Its number, from 1.
        reason: What is wrong.
    """

    file: str
    row: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted.

    Attributes:
        counts: How many rows were read, counted (`written`) and rejected.
        lines: The counts.
        rejects: The file with the rows that break the schema, if it was asked for.
        first_rejects: The first of these rows where no file was asked for.
        ignored: Columns of the input that nothing reads.
    """

    counts: Counts
    lines: tuple[Line, ...]
    rejects: Path | None
    first_rejects: tuple[Reject, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Some:
    """What was found in some of the files."""

    counts: Counts
    numbers: tuple[int, ...]
    first_rejects: tuple[Reject, ...]
    ignored: frozenset[str]


def count(
    source: Path,
    question: Question,
    *,
    mapping: TableMapping | None = None,
    rejects: Path | None = None,
    memory: str | None = None,
    threads: int | None = None,
    stream: TextIO | None = None,
) -> Counted:
    """Count what a question finds in a population.

    Args:
        source: A Parquet, CSV or JSON lines file, or a folder of them.
        question: What is asked.
        mapping: How the columns and values of the input become ours.
        rejects: Where rows that break the schema go; without it they are counted, and the first named.
        memory: The most memory, such as `4GB`.
        threads: The most threads.
        stream: Where progress is shown, if it is a terminal; without it, standard error.

    Raises:
        BatchError: The input cannot be read, or the rejects cannot be written.
    """
    engine = Engine(
        question=question,
        mapping=mapping or TableMapping(),
        stream=stream or sys.stderr,
        memory=memory,
        threads=threads,
    )
    parts = whole_files(source)
    fail_on_overwriting(parts, engine.mapping, None, rejects)
    query, categories = question.counts("duckdb", "sound")
    with tempfile.TemporaryDirectory(prefix="imrpolicy-") as folder, _whole(rejects) as unfinished:
        found = []
        for first in range(0, len(parts), _TOGETHER):
            scratch = unfinished or Path(folder) / "counts"
            counter = _Counter(engine, parts[first : first + _TOGETHER], query, scratch, rejects is not None)
            found.append(counter.count_or_say_where())
    numbers = [sum(column) for column in zip(*(some.numbers for some in found), strict=True)]
    counts = sum((some.counts for some in found), start=Counts())
    kinds = ((c.by, c.name, c.status, number) for c, number in zip(categories, numbers, strict=True))
    return Counted(
        counts=counts,
        lines=lines_of(counts.written, kinds),
        rejects=rejects,
        first_rejects=tuple(reject for some in found for reject in some.first_rejects)[:_FIRST],
        ignored=tuple(sorted(frozenset().union(*(some.ignored for some in found)))),
    )


@contextmanager
def _whole(rejects: Path | None) -> Iterator[Path | None]:
    """The rejects under a name of their own until all of them are there."""
    if rejects is None:
        yield None
        return
    rejects.parent.mkdir(parents=True, exist_ok=True)
    unfinished = rejects.with_name(rejects.name + PARTIAL)
    try:
        unfinished.write_text(REJECTS_HEADER + "\n", encoding="utf-8", newline="\n")
        yield unfinished
        unfinished.replace(rejects)
    finally:
        unfinished.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Counter:
    """Some files, counted by one query.

    Attributes:
        engine: DuckDB, as a job uses it.
        parts: The files.
        query: The query that counts the table `sound`.
        scratch: What spilled data lies beside; the rejects are added to it if they are wanted.
        keep: Whether they are.
    """

    engine: Engine
    parts: Sequence[Part]
    query: str
    scratch: Path
    keep: bool

    def count_or_say_where(self) -> _Some:
        """Count; if that fails, name the file that is to blame."""
        try:
            return self.count()
        except BatchError:
            for part in self.parts if len(self.parts) > 1 else ():
                _Counter(self.engine, [part], self.query, self.scratch, keep=False).count()
            raise

    def count(self) -> _Some:
        # Texts are numbered by their order, so one such file decides for all.
        leading = next((part for part in self.parts if part.kind != "parquet"), self.parts[0])
        with self.engine.connection(leading, self.scratch) as connection:
            read = [self.engine.read(connection, part) for part in self.parts]
            _declare(connection, self.engine.question, read)
            with progress(self.engine.stream, "counting", lambda: connection.query_progress() / 100):
                counted, *numbers = connection.execute(self.query).fetchone() or (0,)
            [(rows,)] = connection.execute("SELECT count(*) FROM requests").fetchall()
            rejected, first = self._rejected(connection, read) if rows != counted else (0, ())
        counts = Counts(rows=rows, written=counted, rejected=rejected)
        counts.complete(self.parts[0].path.as_posix(), "counted")
        ignored = frozenset(column for one in read for column in one.ignored)
        return _Some(counts, tuple(number or 0 for number in numbers), first, ignored)

    def _rejected(
        self, connection: duckdb.DuckDBPyConnection, read: Sequence[Typed]
    ) -> tuple[int, tuple[Reject, ...]]:
        """How many rows break the schema, and the first of them, unless they are kept."""
        listed = " UNION ALL ".join(
            f"SELECT {number} AS part, * FROM ({self.engine.rejected(part, one, f'requests_{number}')})"
            for number, (part, one) in enumerate(zip(self.parts, read, strict=True))
        )
        with progress(self.engine.stream, "rejecting", lambda: connection.query_progress() / 100):
            if self.keep:
                return self._keep(connection, listed), ()
            first = f"min(struct_pack(part, row, file, reason), {_FIRST})"
            found: Any = connection.execute(f"SELECT count(*), {first} FROM ({listed})").fetchone()
        return found[0], tuple(Reject(one["file"], one["row"], one["reason"]) for one in found[1] or ())

    def _keep(self, connection: duckdb.DuckDBPyConnection, listed: str) -> int:
        """Add the rejects to the file, and count them."""
        own = self.scratch.with_name(self.scratch.name + ".some")
        ordered = f"SELECT * EXCLUDE part FROM ({listed}) ORDER BY part, row"
        try:
            copied = connection.execute(f"COPY ({ordered}) TO {to_write(own)} (FORMAT csv, HEADER FALSE)")
            [(rejected,)] = copied.fetchall()
            with own.open("rb") as some, self.scratch.open("ab") as file:
                shutil.copyfileobj(some, file)
        finally:
            own.unlink(missing_ok=True)
        return int(rejected)


def _declare(connection: duckdb.DuckDBPyConnection, question: Question, read: Sequence[Typed]) -> None:
    """Make the tables `requests` and `sound` out of those of each file."""
    layout = ", ".join(
        # The records of one file may have other fields than those of the next.
        f"CAST({name(c.name)} AS {duckdb_type(c.type)}) AS {name(c.name)}"
        if len(read) > 1 and c.type.element is not None
        else name(c.name)
        for c in columns(question.library.dictionary)
    )
    tables: dict[str, list[str]] = {"requests": [], "sound": []}
    for number, one in enumerate(read):
        requests = f"requests_{number}"
        connection.execute(f"CREATE TEMP VIEW {requests} AS {one.select}")
        sound = question.sound("duckdb", requests, one.known)
        tables["requests"].append(f"SELECT {layout} FROM {requests}")
        tables["sound"].append(f"SELECT {layout} FROM ({sound})")
    for table, selects in tables.items():
        connection.execute(f"CREATE TEMP VIEW {table} AS {' UNION ALL '.join(selects)}")
