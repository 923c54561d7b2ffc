"""A block of requests as an Arrow record batch in the table layout."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from imrpolicy.facts import Kind, ValueType
from imrpolicy.population import columns as layout
from imrpolicy.population.draws import TEXTS
from imrpolicy.population.model import JURISDICTION, REVIEW, TIMING
from imrpolicy.population.names import request_names
from imrpolicy.population.sampler import Block
from imrpolicy.population.vectors import Items, Mask, Plain, Sets


def record_batch(block: Block, prefix: str, schema: pa.Schema) -> pa.RecordBatch:
    """The requests of a block.

    Args:
        block: The block.
        prefix: What the ids of its cases start with.
        schema: The table layout of its dictionary, as `columns.arrow_schema` gives it.
    """
    case_ids, request_ids = request_names(block, prefix)
    about = {
        layout.CASE_ID: pa.array(case_ids, pa.string()),
        layout.REQUEST_ID: pa.array(request_ids, pa.string()),
        layout.CONFLICTING: _conflicting(block),
    }
    for name, key in ((layout.JURISDICTION, JURISDICTION), (layout.REVIEW, REVIEW), (layout.TIMING, TIMING)):
        column = block.columns[key]
        about[name] = _array(column, block.plan.types[key], column.applies)
    facts = {
        layout.column_of(fact.path): _array(block.columns[fact.path], fact.type, block.documented[fact.path])
        for fact in block.plan.dictionary.facts
    }
    return pa.record_batch([(about | facts)[field.name] for field in schema], schema=schema)


def _array(column: Plain | Sets | Items, type_: ValueType, has: Mask) -> pa.Array:
    match column:
        case Plain():
            return _plain(column, type_, has)
        case Sets():
            return _sets(column, type_, has)
        case Items():
            return _items(column, type_, has)


def _plain(column: Plain, type_: ValueType, has: Mask) -> pa.Array:
    if type_.kind is Kind.STRING:
        words = [choice.value for choice in type_.choices] or [text[: type_.longest] for text in TEXTS]
        return pa.array(words, pa.string()).take(pa.array(column.data, mask=~has))
    return pa.array(column.data, type=layout.arrow_type(type_), mask=~has)


def _sets(column: Sets, type_: ValueType, has: Mask) -> pa.Array:
    element = type_.element
    assert element is not None  # noqa: S101 - only lists are sets
    matrix = column.data & has[:, None]
    offsets = np.concatenate([[0], np.cumsum(matrix.sum(axis=1))]).astype(np.int32)
    words = pa.array([choice.value for choice in element.choices], pa.string())
    values = words.take(pa.array(np.nonzero(matrix)[1]))
    return _list(offsets, values, has)


def _items(column: Items, type_: ValueType, has: Mask) -> pa.Array:
    element = type_.element
    assert element is not None  # noqa: S101 - only lists have items
    kept = np.flatnonzero(np.repeat(has, column.counts))
    offsets = np.concatenate([[0], np.cumsum(np.where(has, column.counts, 0))]).astype(np.int32)
    if element.kind is not Kind.RECORD:
        return _list(offsets, _plain(column.fields[""].take(kept), element, column.present[""][kept]), has)
    fields = [
        _plain(column.fields[item.name].take(kept), item.type, column.present[item.name][kept])
        for item in element.fields
    ]
    struct = layout.arrow_type(element)
    return _list(offsets, pa.StructArray.from_arrays(fields, fields=list(struct)), has)


def _list(offsets: Any, values: pa.Array, has: Mask) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array(offsets), values, mask=pa.array(~has))


def _conflicting(block: Block) -> pa.Array:
    """The facts in conflict, for each request; an empty list where there are none."""
    paths = list(block.conflicting)
    matrix = np.zeros((block.rows, len(paths)), dtype=bool)
    for position, path in enumerate(paths):
        matrix[:, position] = block.conflicting[path]
    offsets = np.concatenate([[0], np.cumsum(matrix.sum(axis=1))]).astype(np.int32)
    values = pa.array(paths, pa.string()).take(pa.array(np.nonzero(matrix)[1]))
    return pa.ListArray.from_arrays(pa.array(offsets), values)
