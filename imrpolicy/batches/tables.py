"""Tables of requests in memory: Arrow in, Arrow out; pandas and polars through Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imrpolicy.batches.duck import wrong_rows
from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.exact_open import prepare
from imrpolicy.batches.mapping import TableMapping
from imrpolicy.batches.typed import typed
from imrpolicy.extras import need
from imrpolicy.sql.question import Question

if TYPE_CHECKING:
    import pyarrow as pa


def evaluate_table(table: Any, question: Question, *, mapping: TableMapping | None = None) -> pa.Table:
    """Evaluate a table of requests.

    Args:
        table: An Arrow table, a data frame of pandas or polars, or another Arrow stream.
        question: What is asked.
        mapping: How other columns and values become ours.

    Returns:
        A row for each request, in order, with the columns of the query.

    Raises:
        BatchError: A column is lacking or has another type, or a row breaks the schema; the first is named.
    """
    duckdb: Any = need("duckdb", "batch")
    arrow = _arrow(table)
    with duckdb.connect() as connection:
        connection.register("given", arrow)
        raw = "SELECT *, row_number() OVER () AS row_number FROM given"
        found = {row[0]: row[1] for row in connection.execute("DESCRIBE SELECT * FROM given").fetchall()}
        part = typed(raw, found, question.library.dictionary, mapping or TableMapping(), "the table")
        connection.execute(f"CREATE TEMP VIEW requests AS {part.select}")
        check = question.check("duckdb", "requests", part.unreadable, part.present)
        wrong = connection.execute(
            f"SELECT row_number, reject FROM ({wrong_rows(check)}) ORDER BY 1 LIMIT 1"  # noqa: S608
        ).fetchone()
        if wrong is not None:
            raise BatchError(f"row {wrong[0]}: {wrong[1]}; nothing was evaluated")
        prepare(connection, question)
        return connection.sql(question.query("duckdb", "requests")).to_arrow_table()


def _arrow(table: Any) -> Any:
    pa: Any = need("pyarrow", "batch")
    if isinstance(table, pa.Table):
        return table
    if hasattr(table, "__arrow_c_stream__"):
        return pa.table(table)
    if hasattr(table, "columns") and hasattr(table, "dtypes"):
        return pa.Table.from_pandas(table, preserve_index=False)
    raise BatchError("give an Arrow table, or a data frame of pandas or polars")
