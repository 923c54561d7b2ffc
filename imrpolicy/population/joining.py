"""Puts a column together out of parts that were drawn for some of its rows each."""

from __future__ import annotations

import numpy as np

from imrpolicy.facts import Kind, ValueType
from imrpolicy.population import draws
from imrpolicy.population.vectors import Column, Index, Items, Mask, Plain, Sets


def joined(parts: list[tuple[Index, Column]], type_: ValueType, rows: int) -> Column:
    """One column out of the parts for some rows each; the fact does not apply to the other rows."""
    if len(parts) == 1 and len(parts[0][0]) == rows:
        return parts[0][1]
    applies = np.zeros(rows, dtype=bool)
    for index, part in parts:
        applies[index] = part.applies
    if type_.kind is not Kind.LIST:
        data = np.zeros(rows, dtype=draws.dtype_of(type_))
        for index, part in parts:
            if isinstance(part, Plain):
                data[index] = part.data
        return Plain(data, applies)
    assert type_.element is not None  # noqa: S101 - the schema reader insists
    if type_.element.is_enumeration:
        matrix = np.zeros((rows, len(type_.element.choices)), dtype=bool)
        for index, part in parts:
            matrix[index] = part.data if isinstance(part, Sets) else False
        return Sets(matrix, applies)
    return _joined_items([(index, part) for index, part in parts if isinstance(part, Items)], type_, applies)


def _joined_items(parts: list[tuple[Index, Items]], type_: ValueType, applies: Mask) -> Items:
    counts = np.zeros(len(applies), dtype=np.int64)
    for index, part in parts:
        counts[index] = part.counts
    inner = type_.element.fields if type_.element is not None else ()
    types = {item.name: item.type for item in inner} or {"": type_.element or type_}
    # The records of all parts, in the order of the rows that they belong to.
    parents = [np.repeat(index, part.counts) for index, part in parts]
    order = np.argsort(np.concatenate([*parents, np.zeros(0, dtype=np.intp)]), kind="stable")
    fields: dict[str, Plain] = {}
    present: dict[str, Mask] = {}
    for name, of in types.items():
        drawn = [_field(part, name, of) for _, part in parts]
        empty = np.zeros(0, dtype=draws.dtype_of(of))
        none = np.zeros(0, dtype=bool)
        column = Plain(
            np.concatenate([*(plain.data for plain, _ in drawn), empty]),
            np.concatenate([*(plain.applies for plain, _ in drawn), none]),
        )
        fields[name] = column.take(order)
        present[name] = np.concatenate([*(has for _, has in drawn), none])[order]
    return Items(counts, fields, present, applies)


def _field(part: Items, name: str, type_: ValueType) -> tuple[Plain, Mask]:
    """A field of some records; one that was not drawn is absent from all."""
    if name in part.fields:
        return part.fields[name], part.present[name]
    size = int(part.counts.sum())
    absent = np.zeros(size, dtype=bool)
    return Plain(np.zeros(size, dtype=draws.dtype_of(type_)), absent), absent


def for_each(items: Items, name: str, listed: Mask, longest: int | None) -> Items:
    """The records of each row once for every value of a list, with that value in one of their fields.

    Args:
        items: The records.
        name: The field.
        listed: For each row the values of its list.
        longest: How many records a row can have; later ones are left out.
    """
    rows = np.repeat(np.arange(len(items.counts)), items.counts)
    record, value = np.nonzero(listed[rows])
    row = rows[record]
    # The position of each record within its row says which ones are too many.
    counts = np.bincount(row, minlength=len(items.counts))
    kept = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts) < (longest or len(row) + 1)
    record, value, row = record[kept], value[kept], row[kept]
    everywhere = np.ones(len(record), dtype=bool)
    return Items(
        np.bincount(row, minlength=len(items.counts)),
        {field: column.take(record) for field, column in items.fields.items()}
        | {name: Plain(value.astype(np.int16), everywhere)},
        {field: mask[record] for field, mask in items.present.items()} | {name: everywhere},
        items.applies,
    )
