"""A case: one claimant's facts, and the disputed requests."""

from __future__ import annotations

import copyreg
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from imrpolicy.evaluate.words import Review, Timing
from imrpolicy.facts import CaseProblem, FactDictionary


class CaseError(ValueError):
    """A case does not fit the case schema; nothing was evaluated.

    Attributes:
        problems: Everything that is wrong, with its place in the case.
    """

    def __init__(self, problems: tuple[CaseProblem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    def __reduce__(self) -> tuple[type[CaseError], tuple[tuple[CaseProblem, ...]]]:
        return CaseError, (self.problems,)


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
        conflicting: What the records say of a fact on which they contradict each other, by fact; empty where
            no more than that is known, as out of a table.
    """

    id: str
    title: str
    row: tuple[Any, ...]
    documented_by: Mapping[str, tuple[str, ...]]
    conflicting: Mapping[str, tuple[Statement, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One claimant's facts and requests, checked against the case schema.

    It shares nothing with the data that it was read from.

    Attributes:
        id: Its name.
        title: What it is about.
        jurisdiction: Under whose rules it is decided.
        review: The kind of review.
        timing: Whether the services were performed already.
        records: The documents of the file, by id.
        requests: The disputed services.
        header: The remaining keys of the case (`source`, `decided`), which nothing evaluates.
        dictionary: The fact dictionary that it was read with, which gives the rows their order.
    """

    id: str
    title: str
    jurisdiction: str
    review: Review
    timing: Timing
    records: Mapping[str, Record]
    requests: tuple[Request, ...]
    header: Mapping[str, Any] = field(default_factory=dict)
    dictionary: FactDictionary = field(repr=False, compare=False)


def _pickled(dictionary: FactDictionary) -> tuple[type[FactDictionary], tuple[Any, ...]]:
    """A dictionary for `pickle`: without its look-up tables, which are made anew when they are asked for."""
    return FactDictionary, (dictionary.facts, dictionary.schema)


copyreg.pickle(FactDictionary, _pickled)
