"""Requests as a program holds them, in Arrow: tables, streams, data frames of pandas and polars.

Only the columns that are read are touched: one that nothing reads may be of any type. Nothing is copied but
what has to become Arrow first, which are the columns of objects that pandas holds.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.mapping import TableMapping
from imrpolicy.extras import need
from imrpolicy.facts import FactDictionary, Kind
from imrpolicy.population.columns import Column, arrow_type, columns

if TYPE_CHECKING:
    import pyarrow as pa

# What messages call it.
WHERE = "the table"
_WANTED = "give an Arrow table or stream, a data frame of pandas or polars, or the path of a file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Requests in Arrow.

    Attributes:
        rows: A table, or a stream, which can be read once only.
        ignored: The columns that were there and that nothing reads.
    """

    rows: pa.Table | pa.RecordBatchReader
    ignored: tuple[str, ...]


def given(requests: Any, dictionary: FactDictionary, mapping: TableMapping) -> Given:
    """The columns that are read, of whatever holds a table.

    A column in which nothing is documented is left out, whatever its type: data frames know none for it.

    Args:
        requests: An Arrow table, record batch or stream, or a data frame of pandas or polars.
        dictionary: The facts, which give the columns that are read.
        mapping: Which columns hold them.

    Raises:
        BatchError: It is no table, has a column twice, or a column has values that Arrow cannot hold.
    """
    wanted = {mapping.columns.get(column.name, column.name): column for column in columns(dictionary)}
    read, ignored = _read(requests, wanted)
    required = {name for name, column in wanted.items() if column.required}
    kept = _Kept(wanted=wanted, needed=frozenset(required | set(mapping.columns.values())))
    pa: Any = need("pyarrow", "batch")
    rows = kept.of_table(read) if isinstance(read, pa.Table) else kept.of_stream(read)
    return Given(rows=rows, ignored=ignored)


# --- into Arrow --------------------------------------------------------------------------------------------


def _read(requests: Any, wanted: Mapping[str, Column]) -> tuple[Any, tuple[str, ...]]:
    """The wanted columns as an Arrow table or stream, and the names of the others."""
    pa: Any = need("pyarrow", "batch")
    # Whoever holds a data frame has imported its package; nobody else has to wait for it.
    pandas, polars = sys.modules.get("pandas"), sys.modules.get("polars")
    if pandas is not None and isinstance(requests, pandas.DataFrame):
        return _of_pandas(requests, wanted)
    if polars is not None and isinstance(requests, (polars.DataFrame, polars.LazyFrame)):
        names = requests.lazy().collect_schema().names()
        positions, ignored = _split(names, wanted)
        return pa.table(requests.lazy().select([names[n] for n in positions]).collect()), ignored
    if isinstance(requests, pa.RecordBatch):
        requests = pa.Table.from_batches([requests])
    if isinstance(requests, pa.Table):
        positions, ignored = _split(requests.column_names, wanted)
        return requests.select(positions), ignored
    return _of_stream(requests, wanted)


def _of_stream(requests: Any, wanted: Mapping[str, Column]) -> tuple[Any, tuple[str, ...]]:
    pa: Any = need("pyarrow", "batch")
    if not isinstance(requests, pa.RecordBatchReader):
        if not hasattr(requests, "__arrow_c_stream__"):
            raise BatchError(f"that is no table of requests; {_WANTED}")
        try:
            requests = pa.RecordBatchReader.from_stream(requests)
        except pa.ArrowException as error:  # one column, for example
            raise BatchError(f"that is no table of requests ({_first_line(error)}); {_WANTED}") from None
    positions, ignored = _split(requests.schema.names, wanted)
    schema = pa.schema([requests.schema.field(n) for n in positions])
    batches = (batch.select(positions) for batch in requests)
    return pa.RecordBatchReader.from_batches(schema, batches), ignored


def _of_pandas(frame: Any, wanted: Mapping[str, Column]) -> tuple[Any, tuple[str, ...]]:
    """A data frame of pandas, with what its index holds under a name; NaN is its word for nothing."""
    pa: Any = need("pyarrow", "batch")
    named = [name for name in frame.index.names if name in wanted and name not in frame.columns]
    frame = frame.reset_index(level=named) if named else frame
    positions, ignored = _split([str(name) for name in frame.columns], wanted)
    arrays, names = [], []
    for position in positions:
        series = frame.iloc[:, position]
        names.append(str(series.name))
        try:
            array = pa.array(series, from_pandas=True)
        except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
            reason = _first_line(error)
            raise BatchError(
                f"{WHERE}: the values of the column `{series.name}` are no column of Arrow ({reason}); "
                "give them all the same type"
            ) from None
        arrays.append(_without_nan(array))
    return pa.table(arrays, names=names), ignored


def _without_nan(array: Any) -> Any:
    """A column of pandas without NaN, which its newer types can hold beside what is missing."""
    pa: Any = need("pyarrow", "batch")
    if not pa.types.is_floating(array.type):
        return array
    compute: Any = need("pyarrow.compute", "batch")
    lost = compute.is_nan(array)
    if not compute.any(lost).as_py():
        return array
    return compute.if_else(lost, pa.scalar(None, array.type), array)


def _split(names: Sequence[str], wanted: Mapping[str, Column]) -> tuple[list[int], tuple[str, ...]]:
    """The positions of the columns that are read, and the names of the others.

    Raises:
        BatchError: One that is read is there twice; DuckDB takes no notice of capital letters.
    """
    positions = [n for n, name in enumerate(names) if name in wanted]
    count = Counter(names[n].casefold() for n in positions)
    for n in positions:
        if count[names[n].casefold()] > 1:
            raise BatchError(f"{WHERE} has the column `{names[n]}` twice; rename one of the two")
    return positions, tuple(sorted({str(name) for name in names if name not in wanted}))


def _first_line(error: BaseException) -> str:
    said = str(error.args[0] if error.args else error).strip().splitlines()
    return said[0].rstrip(".") if said else "no reason is given"


# --- columns in which nothing is documented ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """The columns that are worth looking at.

    Attributes:
        wanted: Our column by the name that it has here.
        needed: Those that must be there, whatever is in them.
    """

    wanted: Mapping[str, Column]
    needed: frozenset[str]

    def of_table(self, table: Any) -> Any:
        """A table without the columns in which every value is NULL, for these are often of a wrong type."""
        pa: Any = need("pyarrow", "batch")
        for name in table.column_names:
            column = table.column(name)
            position = table.column_names.index(name)
            if column.null_count == len(column):
                table = table.remove_column(position)
                if name in self.needed:
                    nothing = pa.nulls(len(column), arrow_type(self.wanted[name].type))
                    table = table.add_column(position, name, nothing)
            elif (target := self._mended(table.schema.field(name))) is not None:
                table = table.set_column(position, name, column.cast(target))
        return table

    def of_stream(self, reader: Any) -> Any:
        """A stream without the columns whose type says that every value is NULL."""
        pa: Any = need("pyarrow", "batch")
        fields: list[Any] = []
        taken: list[tuple[int, Any]] = []
        for position, field in enumerate(reader.schema):
            target = self._mended(field)
            if pa.types.is_null(field.type) and field.name not in self.needed:
                continue
            fields.append(field if target is None else field.with_type(target))
            taken.append((position, target))
        if len(taken) == len(reader.schema) and all(target is None for _, target in taken):
            return reader
        schema = pa.schema(fields)
        make: Callable[[Any], Any] = lambda batch: pa.record_batch(  # noqa: E731
            [batch.column(n) if t is None else batch.column(n).cast(t) for n, t in taken], schema=schema
        )
        return pa.RecordBatchReader.from_batches(schema, map(make, reader))

    def _mended(self, field: Any) -> Any:
        """Our type, where theirs says that nothing is documented, or that all lists are empty."""
        pa: Any = need("pyarrow", "batch")
        ours = self.wanted[field.name].type
        a_list = any(is_kind(field.type) for is_kind in (pa.types.is_list, pa.types.is_large_list))
        empty = a_list and ours.kind is Kind.LIST and pa.types.is_null(field.type.value_type)
        return arrow_type(ours) if empty or pa.types.is_null(field.type) else None
