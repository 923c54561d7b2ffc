"""The records of a case: which of them document a fact, and on which facts they contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from imrpolicy.evaluate.case import Record, Statement
from imrpolicy.evaluate.problems import Path, Problems, TextRule, shown
from imrpolicy.facts import DATES, REQUEST, FactDictionary, ValueReader
from imrpolicy.issues import did_you_mean

RECORD_KEYS = frozenset({"title", "date", "author"})
_STATEMENT_KEYS = {"value", "record"}
_MAPPING_OF_FACTS = " of facts, such as `pain.radicular`"


@dataclass(frozen=True, slots=True)
class Notes:
    """What documents the facts, and on which facts the records contradict each other."""

    documented_by: dict[str, tuple[str, ...]] = field(default_factory=dict)
    conflicting: dict[str, tuple[Statement, ...]] = field(default_factory=dict)

    def __or__(self, own: Notes) -> Notes:
        """These notes with those of one request, which count first."""
        return Notes({**self.documented_by, **own.documented_by}, {**self.conflicting, **own.conflicting})


class NoteRules:
    """What the case schema asks of records and of what is said about them."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        pattern, record = _entry(schema, "records")
        texts = record.get("properties", {})
        self.record_id = TextRule.of({"examples": ["progress-report-2013-06-20"]}, pattern=pattern)
        self.title = TextRule.of(texts.get("title", {"minLength": 1}))
        self.author = TextRule.of(texts.get("author", {}))
        lists = (o for o in _entry(schema, "documented_by")[1].get("oneOf", ()) if o.get("type") == "array")
        listed: Any = next(lists, {})
        self.most_records: int | None = listed.get("maxItems")
        self.most_statements: int | None = _entry(schema, "conflicting")[1].get("maxItems")


def _entry(schema: Mapping[str, Any], name: str) -> tuple[str | None, Any]:
    """The pattern of the keys of a mapping of the case schema, and the schema of its values."""
    properties: Any = schema.get("properties", {})
    patterns: Any = properties.get(name, {}).get("patternProperties", {})
    return next(iter(patterns.items()), (None, {}))


class NoteReader:
    """Reads the records of one case, and what is said about them."""

    def __init__(
        self, dictionary: FactDictionary, values: ValueReader, rules: NoteRules, problems: Problems
    ) -> None:
        self._dictionary = dictionary
        self._values = values
        self._rules = rules
        self._problems = problems
        self._records: dict[str, Record] = {}

    def records(self, data: Any) -> dict[str, Record]:
        """The records of the case, by id."""
        entries = self._problems.mapping(data, ("records",), what=" of ids to records")
        self._records = {name: self._record(name, entry) for name, entry in entries.items()}
        return self._records

    def _record(self, name: str, entry: Any) -> Record:
        path: Path = ("records", name)
        if broken := self._rules.record_id.broken_by(name):
            self._problems.add(path, *broken, key=True)
        if not isinstance(entry, Mapping):
            self._problems.add(path, "a record must be a mapping with a `title`")
            return Record(id=name, title="")
        entry = self._problems.mapping(entry, path, what="")
        self._problems.check_keys(entry, RECORD_KEYS, path)
        date = None
        if entry.get("date") is not None:
            # A record's date is a date as those of the case are.
            date, problem = self._values.read_value(f"{DATES}.{REQUEST}", entry["date"], (*path, "date"))
            self._problems.found += [problem] if problem else []
        title = self._problems.name(
            entry.get("title"),
            self._rules.title,
            (*path, "title"),
            lacking="a record needs a `title`, as text",
        )
        author = self._problems.text(entry.get("author"), self._rules.author, (*path, "author"))
        return Record(id=name, title=title, date=date, author=author)

    def notes(self, data: Mapping[str, Any], path: Path) -> Notes:
        """What a case or a request says of its records. Call `records` before."""
        notes = Notes()
        where: Path = (*path, "documented_by")
        for fact, named in self._by_fact(data.get("documented_by"), where):
            notes.documented_by[fact] = self._named(named, (*where, fact))
        where = (*path, "conflicting")
        for fact, said in self._by_fact(data.get("conflicting"), where):
            if self._dictionary.by_path[fact].field.required:
                message = f"`{fact}` says what is asked for and cannot be in conflict"
                help = "give what is asked for, or a request for each"
                self._problems.add((*where, fact), message, help, key=True)
            notes.conflicting[fact] = self._statements(fact, said, (*where, fact))
        return notes

    def _by_fact(self, data: Any, path: Path) -> list[tuple[str, Any]]:
        """The entries of a mapping by known facts."""
        if data is None:
            return []
        entries = self._problems.mapping(data, path, what=_MAPPING_OF_FACTS)
        known = self._dictionary.by_path
        unknown = [fact for fact in entries if fact not in known]
        for fact in unknown[:20]:
            self._problems.unknown(path, fact, f"there is no fact {shown(fact)}", known)
        return [(fact, entry) for fact, entry in entries.items() if fact in known]

    def _named(self, named: Any, path: Path) -> tuple[str, ...]:
        """The ids of the records behind a fact."""
        if isinstance(named, str):
            self._check_record(named, path)
            return (named,)
        if not isinstance(named, list | tuple) or not named:
            self._problems.add(
                path, "this must name a record, or a list of records", "give ids out of `records`"
            )
            return ()
        most = self._rules.most_records
        if most is not None and len(named) > most:
            self._problems.add(path, f"the list has more than {most} records", "name those that matter")
            return ()
        for position, record in enumerate(named):
            self._check_record(record, (*path, position))
            if record in named[:position]:
                self._problems.add(
                    (*path, position), f"the record {shown(record)} is named twice", "keep one"
                )
        return tuple(named)

    def _check_record(self, record: Any, path: Path) -> None:
        if not isinstance(record, str):
            self._problems.add(
                path, f"{shown(record)} must be the id of a record", "ids are text, as in `records`"
            )
        elif record not in self._records:
            help = did_you_mean(record[:100], self._records) or "declare it in `records`"
            self._problems.add(path, f"there is no record {shown(record)} in this case", help)

    def _statements(self, fact: str, said: Any, path: Path) -> tuple[Statement, ...]:
        most = self._rules.most_statements
        if isinstance(said, list | tuple) and not said:  # a table knows the contradiction, and no more
            return ()
        if not isinstance(said, list | tuple) or len(said) < 2:
            self._problems.add(
                path, "a conflict needs at least two statements, each with `value` and `record`"
            )
            return ()
        if most is not None and len(said) > most:
            self._problems.add(path, f"the list has more than {most} statements", "keep those that differ")
            return ()
        before = len(self._problems.found)
        found = [self._statement(fact, entry, (*path, position)) for position, entry in enumerate(said)]
        if len(self._problems.found) == before and all(other.value == found[0].value for other in found):
            help = "give the value among the facts, and the records in `documented_by`"
            self._problems.add(path, "the statements agree, so the records are not in conflict", help)
        return tuple(found)

    def _statement(self, fact: str, entry: Any, path: Path) -> Statement:
        if not isinstance(entry, Mapping) or set(entry) != _STATEMENT_KEYS:
            self._problems.add(path, "each statement has `value` and `record`, and nothing else")
            return Statement(None, "")
        value, problem = self._values.read_value(fact, entry["value"], (*path, "value"))
        self._problems.found += [problem] if problem else []
        self._check_record(entry["record"], (*path, "record"))
        return Statement(value, entry["record"])
