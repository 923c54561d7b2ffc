"""Tests for an editor to confirm, as YAML ready to paste below `tests:`."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imrpolicy.evaluate import Status
from imrpolicy.facts import Fact, FactDictionary, label
from imrpolicy.mutation.observe import Manner, Observation, Row

CONFIRM = "# confirm"
_WIDTH = 110
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_ /+.,()<>=-]*[A-Za-z0-9_.)]|[A-Za-z]")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A test that the policy passes as it is.

    Attributes:
        name: What it shows.
        row: Its facts.
        manner: How it is evaluated.
        observation: What the policy gives.
        named: The criteria whose statuses are expected.
        version: The version, where a test that names none is not about it alone.
    """

    name: str
    row: Row
    manner: Manner
    observation: Observation
    named: tuple[str, ...]
    version: str = ""

    def data(self, base: Row, dictionary: FactDictionary) -> dict[str, Any]:
        """The test as it would be read from a file.

        Args:
            base: The facts that all tests of the file share.
            dictionary: The facts.
        """
        data: dict[str, Any] = {"name": self.name[:_LONGEST_NAME]}
        if self.version:
            data["version"] = self.version
        if self.manner.retrospective:
            data["timing"] = "retrospective"
        if self.manner.strict:
            data["strict"] = True
        facts = _facts(self.row, base, dictionary)
        if facts:
            data["facts"] = facts
        return {**data, "expect": self._expected()}

    def _expected(self) -> dict[str, Any]:
        seen = self.observation
        expect: dict[str, Any] = {}
        if seen.applies is not Status.MET:
            expect["applies"] = False if seen.applies is Status.NOT_MET else seen.applies.value
        expect["recommendation"] = seen.recommendation
        statuses = {name: seen.statuses[name] for name in self.named if name in seen.statuses}
        if statuses:
            expect["criteria"] = statuses
        if seen.supported:
            expect["supported"] = {fact: _number(value) for fact, value in seen.supported}
        return expect


def _number(value: float) -> float:
    return int(value) if float(value).is_integer() else value


def _facts(row: Row, base: Row, dictionary: FactDictionary) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for fact in dictionary.facts:
        value = row[fact.index]
        if value != base[fact.index] or type(value) is not type(base[fact.index]):
            found.setdefault(fact.group, {})[fact.name] = value
    return found


def difference_in_words(row: Row, base: Row, dictionary: FactDictionary) -> str:
    """What a case has that the base has not, in the words of the dictionary; empty where it has nothing."""
    parts = []
    for fact in dictionary.facts:
        value, usual = row[fact.index], base[fact.index]
        if value == usual and type(value) is type(usual):
            continue
        title = fact.title[:1].lower() + fact.title[1:]
        parts.append(_listed(fact, title, value, usual or ()) or f"{title} {fact.label(value)}")
    return " and ".join(parts)


def _listed(fact: Fact, title: str, value: Any, usual: Sequence[Any]) -> str:
    """Of a list of records what is different in it; empty for anything else, and for a list without any."""
    element = fact.type.element
    if not value or element is None or not element.fields:
        return ""
    if len(value) < len(usual):
        return f"{len(value)} of the {len(usual)} {title}"
    for number, record in enumerate(value, start=1):
        # What is added is told by how it differs from the one that it is most like.
        known = usual[number - 1 : number] or usual or ({},)
        before = max(known, key=lambda other: sum(record.get(key) == other[key] for key in other))
        fields = [item for item in element.fields if record.get(item.name) != before.get(item.name)]
        if not fields and number <= len(usual):
            continue
        said = ", ".join(
            f"{item.title.lower()} {label(item.type, record.get(item.name))}" for item in fields[:3]
        )
        which = f"number {number}" if number <= len(usual) else "one more"
        return f"{which} of the {title} with {said or 'the same in it'}"
    return title


def as_yaml(data: Mapping[str, Any], *, confirm: bool = True) -> str:
    """A test as YAML, an item of the list `tests`.

    Args:
        data: The test.
        confirm: Whether a comment asks the editor to look at it.
    """
    first, *rest = list(_mapping(data, 4))
    if confirm:
        first += f"  {CONFIRM}"
    return "\n".join([f"  - {first.lstrip()}", *rest]) + "\n"


def _mapping(data: Mapping[str, Any], indent: int) -> Iterator[str]:
    for key, value in data.items():
        head = f"{' ' * indent}{key}:"
        line = f"{head} {_flow(value)}"
        if len(line) <= _WIDTH and key != "facts":
            yield line
        else:  # of facts, each group is read best on a line of its own
            yield from _block(value, head, line, indent)


def _block(value: Any, head: str, line: str, indent: int) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        yield head
        yield from _mapping(value, indent + 2)
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        yield head
        yield from (f"{' ' * (indent + 2)}- {_flow(item)}" for item in value)
    else:
        yield line


def _flow(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case dt.date():
            return value.isoformat()
        case str():
            plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS and ", " not in value
            return value if plain else json.dumps(value, ensure_ascii=False)
        case Mapping():
            return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
        case _:
            return "[" + ", ".join(_flow(inner) for inner in value) + "]"
