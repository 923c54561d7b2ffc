"""Reads the cases in which nothing is wrong, which are nearly all.

`reader` says of every mistake where it is and what to do, and being ready for that takes its time on every
case. This reader takes only the plain and right ones, and gives the very case that the other would (a test
holds the two together). It says nothing of what it does not take.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from imrpolicy.evaluate.case import Case, Record, Request
from imrpolicy.evaluate.notes import RECORD_KEYS
from imrpolicy.evaluate.problems import SURROGATE, TextRule
from imrpolicy.evaluate.rules import (
    CASE_KEYS,
    DECISION_KEYS,
    DISAGREEMENT_KEYS,
    REQUEST_KEYS,
    REVIEWS,
    TIMINGS,
    CaseRules,
)
from imrpolicy.facts import DATES, REQUEST, FactDictionary, ValueReader

Documented = dict[str, tuple[str, ...]]


class _OddError(Exception):
    """This case is for the thorough reader."""


class QuickReader:
    """Reads cases against a fact dictionary."""

    def __init__(self, dictionary: FactDictionary, values: ValueReader, rules: CaseRules) -> None:
        self._dictionary = dictionary
        self._values = values
        self._rules = rules
        self._known = frozenset(dictionary.by_path)
        self._shared = values.groups - {REQUEST, DATES}
        self._most_records = _limit(rules.notes.most_records)
        self._most_requests = _limit(rules.most_requests)
        self._id, self._request_id = _name(rules.id), _name(rules.request_id)
        self._title, self._request_title = _text(rules.title), _text(rules.request_title)
        self._source = _text(rules.source)
        self._outcome, self._cause = _word(rules.outcomes), _word(rules.causes)
        self._explanation = _name(rules.explanation)
        self._decision_parts: dict[str, Callable[[Any], Any]] = {
            "reason": _text(rules.reason),
            "final": _truth,
            "level": _word(rules.levels),
            "guideline": _text(rules.guideline),
            "disagreement": self._disagreement,
        }
        self._record_id, self._record_title = _name(rules.notes.record_id), _name(rules.notes.title)
        self._author = _text(rules.notes.author)

    def read(self, data: Any) -> Case | None:
        """A case, or None where something in it is not plain or not right."""
        try:
            return self._case(data)
        except (_OddError, LookupError, TypeError, ValueError):
            return None

    def _case(self, data: Any) -> Case:
        if type(data) is not dict or not CASE_KEYS.issuperset(data):
            raise _OddError
        get = data.get
        jurisdiction, review, timing = get("jurisdiction"), get("review"), get("timing")
        if type(jurisdiction) is not str or jurisdiction not in self._rules.jurisdictions:
            raise _OddError
        _refuse_conflicts(get("conflicting"))
        records = self._records(get("records"))
        row: list[Any] = [None] * self._values.width
        self._facts(row, get("dates"), get("facts"))
        singly: Documented = {name: (name,) for name in records}
        requests = self._requests(
            get("requests"), row, self._documented(get("documented_by"), singly), singly
        )
        return Case(
            id=self._id(get("id")),
            title=self._title(get("title")),
            jurisdiction=jurisdiction,
            review=REVIEWS["imr" if review is None else review],
            timing=TIMINGS["prospective" if timing is None else timing],
            records=records,
            requests=requests,
            header=self._header(get("source"), get("decided"), requests),
            dictionary=self._dictionary,
        )

    def _header(self, source: Any, decided: Any, requests: tuple[Request, ...]) -> dict[str, Any]:
        header: dict[str, Any] = {}
        if source is not None:
            header["source"] = self._source(source)
        if decided is not None:
            known = {request.id for request in requests}
            if not known.issuperset(_mapping(decided)):
                raise _OddError
            header["decided"] = {name: self._decision(entry) for name, entry in decided.items()}
        return header

    def _decision(self, entry: Any) -> dict[str, Any]:
        if type(entry) is not dict or not DECISION_KEYS.issuperset(entry):
            raise _OddError
        decision = {"outcome": self._outcome(entry["outcome"])}
        for key, take in self._decision_parts.items():
            if entry.get(key) is not None:
                decision[key] = take(entry[key])
        return decision

    def _disagreement(self, entry: Any) -> dict[str, str]:
        if type(entry) is not dict or not DISAGREEMENT_KEYS.issuperset(entry):
            raise _OddError
        return {"cause": self._cause(entry["cause"]), "explanation": self._explanation(entry["explanation"])}

    def _records(self, entries: Any) -> dict[str, Record]:
        records: dict[str, Record] = {}
        for name, entry in _mapping(entries).items():
            if type(entry) is not dict or not RECORD_KEYS.issuperset(entry):
                raise _OddError
            date, title = entry.get("date"), self._record_title(entry.get("title"))
            records[self._record_id(name)] = Record(
                id=name,
                title=title,
                date=None if date is None else self._values.day(date),
                author=self._author(entry.get("author")),
            )
        return records

    def _facts(self, row: list[Any], dates: Any, groups: Any) -> None:
        read = self._values.read_plain
        read(DATES, dates, row)
        for group, values in _mapping(groups).items():
            if group not in self._shared:
                raise _OddError
            read(group, values, row)

    def _documented(self, named: Any, singly: Documented) -> Documented:
        if not self._known.issuperset(_mapping(named)):
            raise _OddError
        return {
            fact: singly[record] if type(record) is str else self._several(record, singly)
            for fact, record in _mapping(named).items()
        }

    def _several(self, named: Any, singly: Documented) -> tuple[str, ...]:
        if type(named) is not list or not 0 < len(set(named)) == len(named) <= self._most_records:
            raise _OddError
        return tuple([singly[record][0] for record in named])

    def _requests(
        self, entries: Any, shared: list[Any], documented: Documented, singly: Documented
    ) -> tuple[Request, ...]:
        if type(entries) is not list or not 0 < len(entries) <= self._most_requests:
            raise _OddError
        requests = tuple([self._request(entry, shared.copy(), documented, singly) for entry in entries])
        if len(requests) > 1 and len({request.id for request in requests}) < len(requests):
            raise _OddError
        return requests

    def _request(self, entry: Any, row: list[Any], documented: Documented, singly: Documented) -> Request:
        if type(entry) is not dict or not REQUEST_KEYS.issuperset(entry):
            raise _OddError
        get = entry.get
        _refuse_conflicts(get("conflicting"))
        self._values.read_plain(DATES, get("dates"), row)
        self._values.read_plain(REQUEST, get("facts"), row)
        own = get("documented_by")
        return Request(
            id=self._request_id(get("id")),
            title=self._request_title(get("title")),
            row=tuple(row),
            documented_by=documented if own is None else {**documented, **self._documented(own, singly)},
            conflicting={},
        )


def _limit(most: int | None) -> float:
    return math.inf if most is None else most


def _refuse_conflicts(value: Any) -> None:
    if value is not None and value != {}:
        raise _OddError


def _mapping(value: Any) -> dict[Any, Any]:
    if value is None:
        return {}
    if type(value) is not dict:
        raise _OddError
    return value


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise _OddError
    return value


def _word(known: frozenset[str]) -> Callable[[Any], str]:
    """What takes one of some words; any text, where the case schema does not say which."""

    def word(value: Any) -> str:
        if type(value) is not str or (known and value not in known):
            raise _OddError
        return value

    return word


def _name(rule: TextRule) -> Callable[[Any], str]:
    """What takes a text that must be given."""
    return _text(replace(rule, shortest=max(1, rule.shortest)), lacking=None)


def _text(rule: TextRule, lacking: str | None = "") -> Callable[[Any], str]:
    """What takes a text that fits a rule; `lacking` stands for one that is not given, if it may be so."""
    shortest, longest = rule.shortest, _limit(rule.longest)
    search = None if rule.form is None else rule.form.search

    def text(value: Any) -> str:
        if type(value) is str and shortest <= len(value) <= longest:
            if (search is None or search(value)) and (value.isascii() or not SURROGATE.search(value)):
                return value
        elif value is None and lacking is not None:
            return lacking
        raise _OddError

    return text
