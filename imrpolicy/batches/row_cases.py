"""A row of a table as a request of a case: the one place that says what a row means to the evaluator."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from imrpolicy.evaluate import Case, Request, Review, Timing
from imrpolicy.facts import REQUEST, FactDictionary, Kind, ValueType
from imrpolicy.population.columns import (
    CASE_ID,
    CONFLICTING,
    JURISDICTION,
    REQUEST_ID,
    REVIEW,
    TIMING,
    column_of,
)

# A row with its number in `row_number`, and the file that it is in.
Found = tuple[str, dict[str, Any]]
_SERVICE = f"{REQUEST}.service"
# What the case schema admits as an id; a table may have anything.
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_LONGEST_SHOWN = 60


def request_of(row: Mapping[str, Any], dictionary: FactDictionary, *, id: str, title: str = "") -> Request:
    """The request of a row that was checked as a row; checking it as a case would take most of the time.

    A fact in conflict has no statements: a table says that records contradict each other, not what they say.

    Args:
        row: Its values by column, as Arrow gives them to Python.
        dictionary: The facts.
        id: What the request is called in its case.
        title: What is asked for, in words.
    """
    return Request(
        id=id,
        title=title,
        row=tuple([_value(row[column_of(fact.path)], fact.type) for fact in dictionary.facts]),
        documented_by={},
        conflicting=dict.fromkeys(row[CONFLICTING] or (), ()),
    )


def case_around(
    requests: tuple[Request, ...],
    row: Mapping[str, Any],
    dictionary: FactDictionary,
    *,
    id: str,
    source: str = "",
) -> Case:
    """The case of requests, by what one of their rows says of it.

    Args:
        requests: The requests.
        row: The row of one of them.
        dictionary: The facts.
        id: What the case is called.
        source: Where it comes from, in words.
    """
    return Case(
        id=id,
        title="",
        jurisdiction=row[JURISDICTION],
        review=Review(row[REVIEW] or Review.IMR),
        timing=Timing(row[TIMING] or Timing.PROSPECTIVE),
        records={},
        requests=requests,
        header={"source": source} if source else {},
        dictionary=dictionary,
    )


def case_from(found: Sequence[Found], dictionary: FactDictionary) -> Case:
    """The case of rows that agree in what a case says once, each a request in their order."""
    service = dictionary.by_path[_SERVICE]
    requests, taken = [], set[str]()
    for _, row in found:
        id = _fitting(row[REQUEST_ID], f"row-{row['row_number']}")
        id = f"row-{row['row_number']}" if id in taken else id
        taken.add(id)
        title = service.label(row[column_of(_SERVICE)])
        requests.append(request_of(row, dictionary, id=id, title=title))
    row = found[0][1]
    id = _fitting(row[CASE_ID], "case")
    return case_around(tuple(requests), row, dictionary, id=id, source=_source(found))


def _fitting(given: str, otherwise: str) -> str:
    """An id that a case may have: what was given, if it is one, so that records of the case can be read."""
    if _ID.fullmatch(given):
        return given
    return re.sub(r"[^a-z0-9]+", "-", given.lower()).strip("-")[:80].strip("-") or otherwise


def _source(found: Sequence[Found]) -> str:
    """The file and the rows, and the ids that no case may have."""
    numbers: dict[str, list[str]] = {}
    for place, row in found:
        numbers.setdefault(Path(place).name, []).append(str(row["row_number"]))
    texts = [f"{file}, row{'s' * (len(rows) > 1)} {', '.join(rows)}" for file, rows in numbers.items()]
    case_id = found[0][1][CASE_ID]
    if not _ID.fullmatch(case_id):
        texts.append(f"case {case_id[:_LONGEST_SHOWN]}")
    odd = [r[REQUEST_ID][:_LONGEST_SHOWN] for _, r in found if not _ID.fullmatch(r[REQUEST_ID])]
    texts += [f"request {text}" for text in odd]
    return "; ".join(texts)[:600]


def _value(value: Any, type_: ValueType) -> Any:
    """A value as cases hold it: lists cannot be changed, and fields that are not documented are not there."""
    if value is None or type_.kind not in (Kind.LIST, Kind.RECORD):
        return value
    if type_.kind is Kind.LIST and type_.element is not None:
        return tuple([_value(element, type_.element) for element in value])
    return dict(_fields(value, type_))


def _fields(record: Mapping[str, Any], type_: ValueType) -> Iterator[tuple[str, Any]]:
    for field in type_.fields:
        value = _value(record[field.name], field.type)
        if value is not None:
            yield field.name, value
