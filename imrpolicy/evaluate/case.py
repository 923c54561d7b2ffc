"""A case: one claimant's facts, and the disputed requests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from imrpolicy.evaluate.words import Review, Timing
from imrpolicy.facts import DATES, REQUEST, CaseProblem, FactDictionary, ValueReader
from imrpolicy.issues import did_you_mean


class CaseError(ValueError):
    """A case does not fit the case schema; nothing was evaluated.

    Attributes:
        problems: Everything that is wrong, with its place in the case.
    """

    def __init__(self, problems: tuple[CaseProblem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A document of the case file, such as a progress report.

    Attributes:
        id: Its name within the case.
        title: What it is.
        date: Its date, where it has one.
        author: Who wrote it, where that is said.
    """

    id: str
    title: str
    date: dt.date | None = None
    author: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One of several contradicting values of a fact: the value, and the record behind it."""

    value: Any
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One disputed service or item, with all facts that count for it.

    Attributes:
        id: Its name within the case.
        title: What is asked for.
        row: The values of all facts in the order of the dictionary; None where not documented.
        documented_by: The ids of the records behind a fact, by fact.
        conflicting: What the records say of a fact on which they contradict each other, by fact.
    """

    id: str
    title: str
    row: tuple[Any, ...]
    documented_by: Mapping[str, tuple[str, ...]]
    conflicting: Mapping[str, tuple[Statement, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One claimant's facts and requests, checked against the case schema.

    Attributes:
        id: Its name.
        title: What it is about.
        jurisdiction: Under whose rules it is decided.
        review: The kind of review.
        timing: Whether the services were performed already.
        records: The documents of the file, by id.
        requests: The disputed services.
        header: The remaining keys of the case (`source`, `decided`, ...), unread.
    """

    id: str
    title: str
    jurisdiction: str
    review: Review
    timing: Timing
    records: Mapping[str, Record]
    requests: tuple[Request, ...]
    header: Mapping[str, Any] = field(default_factory=dict)


_KEYS = frozenset(
    "id title source jurisdiction review timing dates records facts documented_by conflicting requests decided".split()
)
_REQUEST_KEYS = frozenset("id title facts documented_by conflicting dates".split())
_RECORD_KEYS = frozenset("title date author".split())
_REVIEWS = {item.value: item for item in Review}
_TIMINGS = {item.value: item for item in Timing}
_NOTHING: Mapping[str, Any] = {}


class CaseReader:
    """Reads cases against a fact dictionary."""

    def __init__(self, dictionary: FactDictionary) -> None:
        self._dictionary = dictionary
        self._values = ValueReader(dictionary)
        properties: Any = dictionary.schema.get("properties", {})
        options = properties.get("jurisdiction", {}).get("oneOf", ())
        self._jurisdictions = frozenset(option["const"] for option in options)

    def read(self, data: Any) -> Case:
        """Read a case.

        Args:
            data: The case as plain data, as JSON or YAML gives it.

        Raises:
            CaseError: It does not fit the case schema; with everything that is wrong.
        """
        if not isinstance(data, Mapping):
            raise CaseError((CaseProblem(path=(), message="a case must be a mapping with `id`, `jurisdiction` and `requests`"),))
        reading = _Reading(self._dictionary, self._values, data)
        case = reading.case(self._jurisdictions)
        if reading.problems or case is None:
            raise CaseError(tuple(reading.problems))
        return case


class _Reading:
    """One case being read."""

    def __init__(self, dictionary: FactDictionary, values: ValueReader, data: Mapping[str, Any]) -> None:
        self._dictionary = dictionary
        self._values = values
        self._data = data
        self.problems: list[CaseProblem] = []

    def case(self, jurisdictions: frozenset[str]) -> Case | None:
        data = self._data
        if not _KEYS.issuperset(data):
            self._unknown_keys(data, _KEYS, ())
        jurisdiction = self._choice("jurisdiction", jurisdictions, None)
        review = self._choice("review", _REVIEWS, "imr")
        timing = self._choice("timing", _TIMINGS, "prospective")
        records = self._records(data.get("records") or _NOTHING)
        shared = self._shared_row(data)
        notes = self._notes(data, records, ())
        requests = self._requests(data.get("requests"), shared, records, notes)
        if not isinstance(data.get("id"), str) or not data["id"]:
            self._problem(("id",), "a case needs an `id`, as text")
        if self.problems:
            return None
        return Case(
            id=data["id"],
            title=data.get("title", ""),
            jurisdiction=jurisdiction,
            review=_REVIEWS[review],
            timing=_TIMINGS[timing],
            records=records,
            requests=requests,
            header={key: data[key] for key in ("source", "decided") if key in data},
        )

    def _problem(self, path: tuple[str | int, ...], message: str, help: str = "", *, key: bool = False) -> None:
        self.problems.append(CaseProblem(path=path, message=message, help=help, key=key))

    def _unknown_keys(self, data: Mapping[Any, Any], known: frozenset[str], path: tuple[str | int, ...]) -> None:
        for key in data:
            if key not in known:
                self._problem((*path, str(key)), f"`{key}` is not known here", did_you_mean(str(key), known), key=True)

    def _choice(self, key: str, known: Any, default: str | None) -> str:
        value = self._data.get(key) or default
        if value is None:
            self._problem((key,), f"a case needs a `{key}`", "it is one of " + ", ".join(f"`{k}`" for k in sorted(known)))
        elif not isinstance(value, str) or (known and value not in known):
            self._problem((key,), f"`{value}` is not a known {key}", did_you_mean(str(value), known))
        return str(value)

    def _shared_row(self, data: Mapping[str, Any]) -> list[Any]:
        row: list[Any] = [None] * self._values.width
        self._values.read_group(DATES, data.get("dates"), row, (DATES,), self.problems)
        facts = data.get("facts") or _NOTHING
        if not isinstance(facts, Mapping):
            self._problem(("facts",), "`facts` must be a mapping of groups to facts")
            return row
        groups = self._values.groups
        for group, values in facts.items():
            if group in groups and group not in (REQUEST, DATES):
                self._values.read_group(group, values, row, ("facts", group), self.problems)
            else:
                help = did_you_mean(str(group), groups - {REQUEST, DATES})
                if group == REQUEST:
                    help = "facts of a request stand in `facts` of that request"
                if group == DATES:
                    help = "`dates` stands beside `facts`, not in it"
                self._problem(("facts", str(group)), f"there is no group of facts `{group}` here", help, key=True)
        return row

    def _records(self, data: Any) -> dict[str, Record]:
        if not isinstance(data, Mapping):
            self._problem(("records",), "`records` must be a mapping of ids to records")
            return {}
        return {str(name): self._record(str(name), entry) for name, entry in data.items()}

    def _record(self, name: str, entry: Any) -> Record:
        path = ("records", name)
        if not isinstance(entry, Mapping) or not isinstance(entry.get("title"), str):
            self._problem(path, "a record needs a `title`, as text")
            return Record(id=name, title="")
        self._unknown_keys(entry, _RECORD_KEYS, path)
        date = None
        if entry.get("date") is not None:
            date, problem = self._values.read_value(f"{DATES}.{REQUEST}", entry["date"], (*path, "date"))
            self.problems += [problem] if problem else []
        return Record(id=name, title=entry["title"], date=date, author=entry.get("author") or "")

    def _notes(
        self, data: Mapping[str, Any], records: Mapping[str, Record], path: tuple[str | int, ...]
    ) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[Statement, ...]]]:
        """What documents the facts, and on which facts the records contradict each other."""
        documented = {}
        for fact, named in (data.get("documented_by") or _NOTHING).items():
            ids = (named,) if isinstance(named, str) else tuple(named or ())
            self._check_fact(fact, (*path, "documented_by"))
            for record in ids:
                self._check_record(record, records, (*path, "documented_by", fact))
            documented[fact] = ids
        conflicting = {}
        for fact, statements in (data.get("conflicting") or _NOTHING).items():
            if self._check_fact(fact, (*path, "conflicting")):
                conflicting[fact] = self._statements(fact, statements, records, (*path, "conflicting", fact))
        return documented, conflicting

    def _check_fact(self, fact: Any, path: tuple[str | int, ...]) -> bool:
        if fact in self._dictionary.by_path:
            return True
        self._problem((*path, str(fact)), f"there is no fact `{fact}`", did_you_mean(str(fact), self._dictionary.by_path), key=True)
        return False

    def _check_record(self, record: Any, records: Mapping[str, Record], path: tuple[str | int, ...]) -> None:
        if record not in records:
            self._problem(path, f"there is no record `{record}` in this case", did_you_mean(str(record), records) or "declare it in `records`")

    def _statements(
        self, fact: str, statements: Any, records: Mapping[str, Record], path: tuple[str | int, ...]
    ) -> tuple[Statement, ...]:
        if not isinstance(statements, list | tuple) or len(statements) < 2:
            self._problem(path, "a conflict needs at least two statements, each with `value` and `record`")
            return ()
        found = []
        for position, entry in enumerate(statements):
            if not isinstance(entry, Mapping) or set(entry) != {"value", "record"}:
                self._problem((*path, position), "each statement has `value` and `record`, and nothing else")
                continue
            value, problem = self._values.read_value(fact, entry["value"], (*path, position, "value"))
            self.problems += [problem] if problem else []
            self._check_record(entry["record"], records, (*path, position, "record"))
            found.append(Statement(value, entry["record"]))
        return tuple(found)

    def _requests(
        self, data: Any, shared: list[Any], records: Mapping[str, Record], notes: Any
    ) -> tuple[Request, ...]:
        if not isinstance(data, list | tuple) or not data:
            self._problem(("requests",), "a case needs at least one request", "write a list with `- id: ...` for each")
            return ()
        requests = tuple(self._request(i, entry, shared, records, notes) for i, entry in enumerate(data))
        seen: set[str] = set()
        for position, request in enumerate(requests):
            if request is not None and request.id in seen:
                self._problem(("requests", position, "id"), f"the id `{request.id}` is used twice", "give each request its own")
            if request is not None:
                seen.add(request.id)
        return tuple(request for request in requests if request is not None)

    def _request(self, position: int, entry: Any, shared: list[Any], records: Mapping[str, Record], notes: Any) -> Request | None:
        path = ("requests", position)
        if not isinstance(entry, Mapping):
            self._problem(path, "a request must be a mapping with `id` and `facts`")
            return None
        if not _REQUEST_KEYS.issuperset(entry):
            self._unknown_keys(entry, _REQUEST_KEYS, path)
        if not isinstance(entry.get("id"), str) or not entry["id"]:
            self._problem((*path, "id"), "a request needs an `id`, as text")
        row = shared.copy()
        self._values.read_group(DATES, entry.get("dates"), row, (*path, DATES), self.problems)
        self._values.read_group(REQUEST, entry.get("facts"), row, (*path, "facts"), self.problems)
        documented, conflicting = notes
        if "documented_by" in entry or "conflicting" in entry:
            own_documented, own_conflicting = self._notes(entry, records, path)
            documented, conflicting = {**documented, **own_documented}, {**conflicting, **own_conflicting}
        # A fact in conflict is evaluated as not documented, whatever value the case gives besides.
        for fact in conflicting:
            row[self._dictionary.by_path[fact].index] = None
        return Request(
            id=str(entry.get("id")),
            title=entry.get("title") or "",
            row=tuple(row),
            documented_by=documented,
            conflicting=conflicting,
        )
