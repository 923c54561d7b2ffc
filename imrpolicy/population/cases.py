"""A block of requests as cases in the case format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from imrpolicy.facts import DATES, REQUEST, Fact, Kind, ValueType
from imrpolicy.population.draws import TEXTS
from imrpolicy.population.model import JURISDICTION, REVIEW, TIMING
from imrpolicy.population.names import request_names
from imrpolicy.population.plan import SERVICE
from imrpolicy.population.sampler import Block
from imrpolicy.population.vectors import Items, Plain, Sets

# The records behind a contradiction: the earlier one has the value that was drawn, the later one another.
_RECORDS = {
    "progress-report": {"title": "Progress report of the treating physician"},
    "consultation": {"title": "Report of a consultation"},
}


def cases_of(block: Block, prefix: str, source: str) -> Iterator[dict[str, Any]]:
    """The cases of a block; a case has one request or two.

    Args:
        block: The block.
        prefix: What the ids of its cases start with.
        source: What stands in `source` of each case.
    """
    facts = block.plan.dictionary.facts
    values = {fact.path: _values(block, fact) for fact in facts}
    header = {
        key: _plain(column, block.plan.types[key])
        for key in (JURISDICTION, REVIEW, TIMING)
        if isinstance(column := block.columns[key], Plain)
    }
    case_ids, request_ids = request_names(block, prefix)
    last: dict[str, Any] = {}
    for row, case_id in enumerate(case_ids):
        request = _request(row, request_ids[row], facts, values, block)
        if request_ids[row] == "request-2":
            last["requests"].append(request)
            continue
        if last:
            yield _with_records(last)
        last = {
            "id": case_id,
            "source": source,
            **{key.partition(".")[2]: column[row] for key, column in header.items()},
            **_shared(row, facts, values, block),
            "requests": [request],
        }
    if last:
        yield _with_records(last)


def _with_records(case: dict[str, Any]) -> dict[str, Any]:
    """The case with the records that its contradictions name."""
    if "conflicting" in case or any("conflicting" in request for request in case["requests"]):
        case["records"] = {name: dict(record) for name, record in _RECORDS.items()}
    return case


def _shared(row: int, facts: tuple[Fact, ...], values: dict[str, list[Any]], block: Block) -> dict[str, Any]:
    """The dates and facts that the requests of a case share."""
    groups: dict[str, dict[str, Any]] = {}
    for fact in facts:
        if fact.group != REQUEST and (value := values[fact.path][row]) is not None:
            groups.setdefault(fact.group, {})[fact.name] = value
    dates = groups.pop(DATES, None)
    found: dict[str, Any] = {"dates": dates} if dates else {}
    if groups:
        found["facts"] = groups
    return found | _conflicting(row, [fact for fact in facts if fact.group != REQUEST], block)


def _request(
    row: int, name: str, facts: tuple[Fact, ...], values: dict[str, list[Any]], block: Block
) -> dict[str, Any]:
    own = [fact for fact in facts if fact.group == REQUEST]
    known = {fact.name: value for fact in own if (value := values[fact.path][row]) is not None}
    service = next(fact for fact in own if fact.path == SERVICE)
    title = service.label(known[service.name])
    return {"id": name, "title": title, "facts": known} | _conflicting(row, own, block)


def _conflicting(row: int, facts: list[Fact], block: Block) -> dict[str, Any]:
    found = {}
    for fact in facts:
        mask = block.conflicting.get(fact.path)
        if mask is not None and mask[row]:
            column = block.columns[fact.path]
            assert isinstance(column, Plain)  # noqa: S101 - no list is ever in conflict
            value = _plain(Plain(column.data[row : row + 1], column.applies[row : row + 1]), fact.type)[0]
            statements = zip((value, _another(value, fact.type)), _RECORDS, strict=True)
            found[fact.path] = [{"value": said, "record": record} for said, record in statements]
    return {"conflicting": found} if found else {}


def _another(value: Any, type_: ValueType) -> Any:
    """Another value that the dictionary admits, near by."""
    if isinstance(value, bool):
        return not value
    if type_.choices:
        words = [choice.value for choice in type_.choices]
        return words[(words.index(value) + 1) % len(words)]
    if type_.kind is Kind.DATE:
        return (dt.date.fromisoformat(value) - dt.timedelta(days=30)).isoformat()
    if type_.kind is Kind.STRING:
        return value + "x" if type_.longest is None or len(value) < type_.longest else value[:-1]
    half, double = value // 2, min(value * 2 + 1, type_.maximum)
    lower = half if half >= (type_.minimum or 0) and half != value else double
    return int(lower) if type_.kind is Kind.INT else float(lower)


def _values(block: Block, fact: Fact) -> list[Any]:
    """The values of a fact in all rows, as JSON has them; None where no record has it."""
    column, has = block.columns[fact.path], block.documented[fact.path].tolist()
    match column:
        case Plain():
            found = _plain(column, fact.type)
        case Sets():
            found = _sets(column, fact.type)
        case Items():
            found = _items(column, fact.type)
    return [value if known else None for value, known in zip(found, has, strict=True)]


def _plain(column: Plain, type_: ValueType) -> list[Any]:
    if type_.kind is Kind.STRING:
        words = [choice.value for choice in type_.choices] or [text[: type_.longest] for text in TEXTS]
        return [words[place] for place in column.data.tolist()]
    if type_.kind is Kind.DATE:
        return [day.isoformat() for day in column.data.tolist()]
    return list(column.data.tolist())


def _sets(column: Sets, type_: ValueType) -> list[Any]:
    words = [choice.value for choice in (type_.element or type_).choices]
    rows: list[list[str]] = [[] for _ in range(len(column.data))]
    for row, place in zip(*(at.tolist() for at in column.data.nonzero()), strict=True):
        rows[row].append(words[place])
    return rows


def _items(column: Items, type_: ValueType) -> list[Any]:
    element = type_.element or type_
    types = {item.name: item.type for item in element.fields} or {"": element}
    fields = {
        name: list(zip(_plain(column.fields[name], of), column.present[name].tolist(), strict=True))
        for name, of in types.items()
    }
    rows, start = [], 0
    for count in column.counts.tolist():
        places = range(start, start + count)
        if "" in fields:
            rows.append([fields[""][place][0] for place in places])
        else:
            rows.append(
                [
                    {name: pairs[place][0] for name, pairs in fields.items() if pairs[place][1]}
                    for place in places
                ]
            )
        start += count
    return rows
