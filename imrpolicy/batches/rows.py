"""From a row of a table to its case, which `PolicyLibrary.evaluate` takes as it takes any other.

Nothing here needs the extra `batch` until it is called.
"""
# ruff: noqa: S608 - every name and text that goes into SQL is quoted

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.row_cases import Found, case_from
from imrpolicy.evaluate import Case, Options, PolicyLibrary
from imrpolicy.facts import DATES, REQUEST, FactDictionary
from imrpolicy.issues import did_you_mean
from imrpolicy.population.columns import (
    CASE_ID,
    CONFLICTING,
    JURISDICTION,
    REQUEST_ID,
    REVIEW,
    TIMING,
    column_of,
)

if TYPE_CHECKING:
    import duckdb

    from imrpolicy.batches.duck import Engine
    from imrpolicy.batches.mapping import TableMapping
    from imrpolicy.batches.sources import Part
    from imrpolicy.batches.typed import Typed

StrPath = str | os.PathLike[str]


class NoRowError(BatchError):
    """The table has no row of the case, or none of the request."""


class RowError(BatchError):
    """A row cannot be evaluated.

    Attributes:
        place: The file that it is in, or `the table`.
        row: Its number, from 1.
        reason: What is wrong, as the file of rejects says it.
    """

    def __init__(self, place: str, row: int, reason: str) -> None:
        self.place, self.row, self.reason = place, row, reason
        super().__init__(f"{place}, row {row}: {reason}")

    def __reduce__(self) -> tuple[type[RowError], tuple[str, int, str]]:
        return RowError, (self.place, self.row, self.reason)


def case_of(
    requests: Any,
    case_id: str,
    request_id: str | None = None,
    *,
    library: PolicyLibrary,
    mapping: TableMapping | Mapping[str, Any] | StrPath | None = None,
    options: Options | None = None,
) -> Case:
    """The case of a row, or of all rows with its `case_id`, for `library.evaluate`.

    Rows are read and checked as `batch` does. The case has what the table says, and no more: no documents,
    no titles but that of the service, and of contradicting records only that they do. Its `source` names the
    file and the rows. An id that no case may have is brought into the form of one, and stands in `source`.

    Args:
        requests: The table, in memory or as the path of a file or folder, as `batch` takes it.
        case_id: The case.
        request_id: One of its requests; without it the case has all of them, in the order of their rows.
        library: The policies, whose facts give the columns.
        mapping: How other columns and values become ours, as `batch` takes it.
        options: How the library will be asked; with them, a row that lacks a date that selects an edition is
            refused here, and without them by `evaluate`.

    Raises:
        NoRowError: There is no such row.
        RowError: A row breaks the schema, or two rows are of the same request.
        BatchError: The table or a column cannot be read, or rows of the case differ in what a case says once.
        MissingExtraError: DuckDB, pyarrow or sqlglot is not installed: `pip install "imrpolicy[batch]"`.

    Examples:
        >>> import pyarrow as pa
        >>> requests = pa.table(
        ...     {
        ...         "case_id": ["one", "two"],
        ...         "request_id": ["unit", "unit"],
        ...         "jurisdiction": ["ca_workers_compensation"] * 2,
        ...         "request__service": ["continuous_flow_cryotherapy"] * 2,
        ...         "request__duration_days": [60, None],
        ...     }
        ... )
        >>> library = PolicyLibrary.load()
        >>> case = case_of(requests, "one", library=library)
        >>> case.header["source"], case.requests[0].title
        ('the table, row 1', 'Continuous-flow cryotherapy unit')
        >>> library.evaluate(case, as_of="2013-12-01")[0].outcome.value
        'upheld'
    """
    from imrpolicy.batches.api import engine_for
    from imrpolicy.sql import Question

    engine = engine_for(Question(library=library, options=options or Options()), mapping, None, None)
    found = [
        (place, row)
        for place, rows in _tables(engine, requests, case_id, request_id, dated=options is not None)
        for row in rows
    ]
    if not found:
        raise NoRowError(_nothing(engine, requests, case_id, request_id))
    _fail_on_doubles(found)
    _fail_on_differences(found, library.dictionary, case_id)
    return case_from(found, library.dictionary)


# --- reading -----------------------------------------------------------------------------------------------


def _tables(
    engine: Engine, requests: Any, case_id: str, request_id: str | None, *, dated: bool
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rows of a case in each table that an input has, with what messages call it."""
    from imrpolicy.batches.frames import WHERE, given
    from imrpolicy.batches.sources import Part, whole_files
    from imrpolicy.batches.tables import connection_for, held, typed_table

    if isinstance(requests, (str, os.PathLike)):
        for part in whole_files(Path(requests)):
            with connection_for(engine, part) as connection:
                read = engine.read(connection, part)
                yield (
                    part.path.as_posix(),
                    _rows(connection, engine, part, read, case_id, request_id, dated=dated),
                )
        return
    table = Part(number=0, path=Path(WHERE), kind="parquet")
    rows = given(requests, engine.question.library.dictionary, engine.mapping).rows
    with connection_for(engine, table) as connection:
        read = typed_table(connection, engine, rows.schema)
        connection.register("given", held(rows))
        yield WHERE, _rows(connection, engine, table, read, case_id, request_id, dated=dated)


def _rows(
    connection: duckdb.DuckDBPyConnection,
    engine: Engine,
    part: Part,
    read: Typed,
    case_id: str,
    request_id: str | None,
    *,
    dated: bool,
) -> list[dict[str, Any]]:
    """The sound rows of a case.

    Raises:
        RowError: One of them is not sound.
    """
    from imrpolicy.batches.readers import name, quoted
    from imrpolicy.sql.checks import check_query
    from imrpolicy.sql.exact import read_columns
    from imrpolicy.sql.warehouses import DIALECTS

    question = engine.question
    chosen = f"{CASE_ID} = {quoted(case_id)}"
    if request_id is not None:
        chosen += f" AND {REQUEST_ID} = {quoted(request_id)}"
    # The condition is on a plain column of the file, so what else the file has is read for these rows alone.
    connection.execute(f"CREATE TEMP TABLE requests AS SELECT * FROM ({read.select}) WHERE {chosen}")
    [(some,)] = connection.execute("SELECT count(*) FROM requests").fetchall()
    if not some:
        return []
    check = check_query(
        question.library,
        DIALECTS["duckdb"],
        table="requests",
        options=question.options if dated else None,
        known=read.known,
    ).sql(dialect="duckdb", comments=False)
    wrong = connection.execute(
        f"SELECT row_number, reject FROM ({check}) WHERE reject IS NOT NULL ORDER BY row_number LIMIT 1"
    ).fetchone()
    if wrong is not None:
        raise RowError(part.path.as_posix(), *wrong)
    names = ["row_number", CASE_ID, REQUEST_ID]
    names += [column for column, _ in read_columns(question.library.dictionary)]
    listed = ", ".join(map(name, names))
    table: Any = connection.sql(f"SELECT {listed} FROM requests ORDER BY row_number").to_arrow_table()
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _nothing(engine: Engine, requests: Any, case_id: str, request_id: str | None) -> str:
    """What to say where there is no such row; of a request, which the case has."""
    from imrpolicy.batches.frames import WHERE

    is_path = isinstance(requests, (str, os.PathLike))
    where = Path(requests).as_posix() if is_path else WHERE
    theirs = engine.mapping.columns.get(CASE_ID, CASE_ID)
    if request_id is not None and is_path:  # a stream is gone by now
        of_case = [row for _, rows in _tables(engine, requests, case_id, None, dated=False) for row in rows]
        known = [row[REQUEST_ID] for row in of_case]
        if known:
            help = did_you_mean(request_id, known)
            return f"the case `{case_id}` has no request `{request_id}` in {where}; {help}"
    asked = (
        f"a case `{case_id}`" if request_id is None else f"the request `{request_id}` of a case `{case_id}`"
    )
    help = f"copy the id from the column `{theirs}`, letter by letter"
    return f"{where} has no row of {asked}; {help}"


# --- several rows ------------------------------------------------------------------------------------------


def _fail_on_doubles(found: Sequence[Found]) -> None:
    seen: dict[str, Found] = {}
    for place, row in found:
        before = seen.setdefault(row[REQUEST_ID], (place, row))
        if before[1] is not row:
            first = f"row {before[1]['row_number']}"
            first += f" of {before[0]}" if before[0] != place else ""
            reason = (
                f"this is the request `{row[REQUEST_ID]}` of the case `{row[CASE_ID]}`, and so is {first}; "
                "give each row its own pair of ids"
            )
            raise RowError(place, row["row_number"], reason)


def _fail_on_differences(found: Sequence[Found], dictionary: FactDictionary, case_id: str) -> None:
    """Fail where rows differ in what a case says once for all its requests; dates may differ.

    Raises:
        BatchError: They do.
    """
    own = [fact.path for fact in dictionary.facts if fact.group in (REQUEST, DATES)]
    once = [JURISDICTION, REVIEW, TIMING]
    once += [column_of(fact.path) for fact in dictionary.facts if fact.path not in own]
    (_, first), *others = found
    for place, row in others:
        differing = [column for column in once if row[column] != first[column]]
        if _shared_conflicts(row, own) != _shared_conflicts(first, own):
            differing.append(CONFLICTING)
        if differing:
            rows = f"rows {first['row_number']} and {row['row_number']}"
            raise BatchError(
                f"{place}: the {rows} of the case `{case_id}` differ in `{differing[0]}`, which a case says "
                "once for all its requests; ask for one request with `--request`, or `request_id` in Python"
            )


def _shared_conflicts(row: Mapping[str, Any], own: Sequence[str]) -> set[str]:
    return set(row[CONFLICTING] or ()) - set(own)
