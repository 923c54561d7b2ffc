"""Reads cases: what the case schema asks for is checked, and laid out for evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imrpolicy.evaluate.case import Case, CaseError, Request
from imrpolicy.evaluate.decisions import DECIDED, DecisionReader
from imrpolicy.evaluate.notes import NoteReader, Notes
from imrpolicy.evaluate.problems import Path, Problems, TextRule, shown
from imrpolicy.evaluate.quick import QuickReader
from imrpolicy.evaluate.rules import (
    CASE_KEYS,
    MOST_FACTS,
    REQUEST_KEYS,
    REVIEWS,
    TIMINGS,
    CaseRules,
)
from imrpolicy.evaluate.words import Review, Timing
from imrpolicy.facts import DATES, REQUEST, CaseProblem, FactDictionary, ValueReader
from imrpolicy.issues import did_you_mean


class CaseReader:
    """Reads cases against a fact dictionary."""

    def __init__(self, dictionary: FactDictionary) -> None:
        self._dictionary = dictionary
        self._values = ValueReader(dictionary)
        self._rules = CaseRules(dictionary.schema)
        self._quick = QuickReader(dictionary, self._values, self._rules)

    def read(self, data: Any) -> Case:
        """Read a case.

        Args:
            data: The case as plain data, as JSON or YAML gives it.

        Raises:
            CaseError: It does not fit the case schema; with everything that is wrong.
        """
        plain = self._quick.read(data)
        if plain is not None:
            return plain
        if not isinstance(data, Mapping):
            message = "a case must be a mapping with `id`, `jurisdiction` and `requests`"
            raise CaseError((CaseProblem(path=(), message=message),))
        reading = _Reading(self._dictionary, self._values, self._rules)
        case = reading.case(data)
        if reading.problems.found:
            raise CaseError(tuple(dict.fromkeys(reading.problems.found)))
        return case

    def day(self, value: Any, path: Path) -> tuple[Any, CaseProblem | None]:
        """A date as cases give them, or what is wrong with it."""
        return self._values.read_value(f"{DATES}.{REQUEST}", value, path)


class _Reading:
    """One case being read."""

    def __init__(self, dictionary: FactDictionary, values: ValueReader, rules: CaseRules) -> None:
        self._dictionary = dictionary
        self._values = values
        self._rules = rules
        self.problems = Problems()
        self._notes = NoteReader(dictionary, values, rules.notes, self.problems)

    def case(self, data: Mapping[str, Any]) -> Case:
        """The case; of no use where there are problems."""
        rules, problems = self._rules, self.problems
        data = problems.mapping(data, (), what="")
        problems.check_keys(data, CASE_KEYS, ())
        review = self._choice(data.get("review"), "review", REVIEWS) or Review.IMR
        timing = self._choice(data.get("timing"), "timing", TIMINGS) or Timing.PROSPECTIVE
        records = self._notes.records(data.get("records"))
        shared = self._shared_row(data)
        notes = self._notes.notes(data, ())
        requests = self._requests(data.get("requests"), shared, notes)
        return Case(
            id=problems.name(data.get("id"), rules.id, ("id",), lacking="a case needs an `id`, as text"),
            title=problems.text(data.get("title"), rules.title, ("title",)),
            jurisdiction=self._jurisdiction(data.get("jurisdiction")),
            review=Review(review),
            timing=Timing(timing),
            records=records,
            requests=requests,
            header=self._header(data, requests),
            dictionary=self._dictionary,
        )

    def _choice(self, value: Any, key: str, known: Mapping[str, str]) -> str | None:
        if value is None:
            return None
        if isinstance(value, str) and value in known:
            return known[value]
        help = did_you_mean(value[:100], known) if isinstance(value, str) else ""
        help = help or "it is one of " + ", ".join(f"`{name}`" for name in sorted(known))
        self.problems.add((key,), f"{shown(value)} is not a known {key}", help)
        return None

    def _jurisdiction(self, value: Any) -> str:
        known = self._rules.jurisdictions
        if value is None:
            help = "it is one of " + ", ".join(f"`{name}`" for name in sorted(known)) if known else ""
            self.problems.add(("jurisdiction",), "a case needs a `jurisdiction`", help)
            return ""
        if not known:  # a case schema without a list of them
            return self.problems.text(value, TextRule(), ("jurisdiction",))
        return self._choice(value, "jurisdiction", {name: name for name in known}) or ""

    def _header(self, data: Mapping[str, Any], requests: tuple[Request, ...]) -> dict[str, Any]:
        """What nothing evaluates, copied."""
        header: dict[str, Any] = {}
        if data.get("source") is not None:
            header["source"] = self.problems.text(data["source"], self._rules.source, ("source",))
        if data.get(DECIDED) is not None:
            reader = DecisionReader(self._rules, self.problems)
            header[DECIDED] = reader.read(data[DECIDED], {request.id for request in requests})
        return header

    def _shared_row(self, data: Mapping[str, Any]) -> list[Any]:
        row: list[Any] = [None] * self._values.width
        self._read_group(DATES, data.get("dates"), row, (DATES,))
        own = self._values.groups - {REQUEST, DATES}
        facts = self.problems.mapping(data.get("facts"), ("facts",), what=" of groups to facts")
        if len(facts) > MOST_FACTS:
            self.problems.add(("facts",), f"there are more than {MOST_FACTS} groups of facts")
            return row
        for group, values in facts.items():
            if group in own:
                self._read_group(group, values, row, ("facts", group))
            elif group == REQUEST:
                help = "facts of a request stand in `facts` of that request"
                message = "there is no group of facts `request` here"
                self.problems.add(("facts", group), message, help, key=True)
            elif group == DATES:
                help = "`dates` stands beside `facts`, not in it"
                message = "there is no group of facts `dates` here"
                self.problems.add(("facts", group), message, help, key=True)
            else:
                self.problems.unknown(
                    ("facts",), group, f"there is no group of facts {shown(group)} here", own
                )
        return row

    def _read_group(self, group: str, values: Any, row: list[Any], path: Path) -> None:
        if isinstance(values, Mapping):
            values = self.problems.mapping(values, path, what="")
            if len(values) > MOST_FACTS:
                self.problems.add(path, f"there are more than {MOST_FACTS} facts here")
                return
        self._values.read_group(group, values, row, path, self.problems.found)

    def _requests(self, data: Any, shared: list[Any], notes: Notes) -> tuple[Request, ...]:
        if not isinstance(data, list | tuple) or not data:
            help = "write a list with `- id: ...` for each"
            self.problems.add(("requests",), "a case needs at least one request", help)
            return ()
        most = self._rules.most_requests
        if most is not None and len(data) > most:
            self.problems.add(
                ("requests",), f"the case has more than {most} requests", "split it into several cases"
            )
            return ()
        requests: dict[str, Request] = {}
        for position, entry in enumerate(data):
            request = self._request(("requests", position), entry, shared, notes)
            if request.id and request.id in requests:
                self.problems.add(("requests", position, "id"), f"the id {shown(request.id)} is used twice",
                                  "give each request its own")  # fmt: skip
            requests[request.id] = request
        return tuple(requests.values())

    def _request(self, path: Path, entry: Any, shared: list[Any], notes: Notes) -> Request:
        rules, problems = self._rules, self.problems
        if not isinstance(entry, Mapping):
            problems.add(path, "a request must be a mapping with `id` and `facts`")
            return Request(id="", title="", row=(), documented_by={}, conflicting={})
        entry = problems.mapping(entry, path, what="")
        problems.check_keys(entry, REQUEST_KEYS, path)
        row = shared.copy()
        self._read_group(DATES, entry.get("dates"), row, (*path, DATES))
        self._read_group(REQUEST, entry.get("facts"), row, (*path, "facts"))
        if "documented_by" in entry or "conflicting" in entry:
            notes |= self._notes.notes(entry, path)
        # A fact in conflict is evaluated as not documented, whatever value the case gives besides.
        for fact in notes.conflicting:
            row[self._dictionary.by_path[fact].index] = None
        return Request(
            id=problems.name(
                entry.get("id"), rules.request_id, (*path, "id"), lacking="a request needs an `id`, as text"
            ),
            title=problems.text(entry.get("title"), rules.request_title, (*path, "title")),
            row=tuple(row),
            documented_by=notes.documented_by,
            conflicting=notes.conflicting,
        )
