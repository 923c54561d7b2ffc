"""What the statistics of a Parquet file tell of its values, so that nobody has to look at each of them.

Writers keep the least and the greatest value of each column in the file. DuckDB leaves out rows by them, and
so do we leave out the check of a range. Decimals have none that could be relied on: NaN is not in them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from imrpolicy.batches.mapping import TableMapping
from imrpolicy.batches.sources import Part
from imrpolicy.facts import FactDictionary, Kind, ValueType
from imrpolicy.population.columns import columns


def within_range(part: Part, dictionary: FactDictionary, mapping: TableMapping) -> frozenset[str]:
    """The columns, and fields of records in lists, of which no whole number and no day is out of range.

    Args:
        part: What is read.
        dictionary: The facts, which give the ranges.
        mapping: How the columns and values of the file become ours.

    Returns:
        Names such as `care__conservative_weeks` and `history__prior_blocks.relief_percent`; none where the
        part is of a kind that has no statistics, or cannot be read: what is wrong with it is said elsewhere.
    """
    if part.kind != "parquet":
        return frozenset()
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_metadata(part.path)
    except (OSError, pa.ArrowException):
        return frozenset()
    leaves = list(_leaves(metadata, dictionary, mapping))
    beyond = {
        what
        for group in _row_groups(metadata, part)
        for number, what, type_ in leaves
        if not _is_within(group.column(number), type_)
    }
    return frozenset(what for _, what, _ in leaves) - beyond


def _leaves(
    metadata: Any, dictionary: FactDictionary, mapping: TableMapping
) -> Iterator[tuple[int, str, ValueType]]:
    """The columns of the file that hold numbers or days of ours: number, our name and our type."""
    paths = [metadata.schema.column(number).path for number in range(metadata.num_columns)]
    for column in columns(dictionary):
        if column.name in mapping.values:  # the file has other values
            continue
        theirs = mapping.columns.get(column.name, column.name)
        record = column.type.element
        fields = record.fields if record is not None else ()
        ranged = {field.name: field.type for field in fields if _has_range(field.type)}
        for number, path in enumerate(paths):
            if path == theirs and _has_range(column.type):
                yield number, column.name, column.type
            elif path.startswith(f"{theirs}."):  # between the two are the levels that make a list
                field = path.rpartition(".")[2]
                if field in ranged:
                    yield number, f"{column.name}.{field}", ranged[field]


def _has_range(type_: ValueType) -> bool:
    return type_.is_number or type_.kind is Kind.DATE


def _row_groups(metadata: Any, part: Part) -> Iterator[Any]:
    """The row groups that have rows of a part."""
    first = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        stop = first + group.num_rows
        if stop > part.first and (part.stop is None or first < part.stop):
            yield group
        first = stop


def _is_within(chunk: Any, type_: ValueType) -> bool:
    """Whether a column of a row group is known to have no whole number and no day out of range."""
    known = chunk.statistics
    if known is None:
        return False
    if not known.has_min_max:
        return bool(known.has_null_count and known.null_count == chunk.num_values)
    try:
        least, greatest = known.min, known.max
    except (ValueError, OverflowError):  # a day that Python cannot name, which is out of range for us
        return False
    if type_.kind is Kind.DATE:
        return type(least) is dt.date and type(greatest) is dt.date
    if type_.minimum is None or type_.maximum is None:
        return False
    whole = type(least) is int and type(greatest) is int
    return whole and type_.minimum <= least and greatest <= type_.maximum
