"""The values of a case: checked against the dictionary and laid out in one row.

A row has one place for each fact of the dictionary, None where the fact is not documented. Reading a case
this way is what the case schema asks for, at the speed of an evaluation; a test holds the two together. A few
things go beyond what JSON can say: dates may be `datetime.date`, lists may be tuples and a group may be null,
but a number is never NaN and a text has no half characters (surrogates).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from imrpolicy.facts.convert import Convert, WrongValueError, converter, plain_values
from imrpolicy.facts.dictionary import FactDictionary
from imrpolicy.facts.types import DATE
from imrpolicy.issues import did_you_mean

CasePath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseProblem:
    """One thing that is wrong in a case.

    Attributes:
        path: Where in the case, as keys and positions: `("facts", "pain", "score")`.
        message: What is wrong, in plain words.
        help: What to do next; may be empty.
        key: Whether the key at the path is wrong, rather than its value.
    """

    path: CasePath
    message: str
    help: str = ""
    key: bool = False

    def __str__(self) -> str:
        place = ".".join(str(part) for part in self.path)
        text = f"{place}: {self.message}" if place else self.message
        return f"{text} ({self.help})" if self.help else text


class ValueReader:
    """Reads the values of a case into rows."""

    def __init__(self, dictionary: FactDictionary) -> None:
        self._groups: dict[str, dict[str, tuple[int, Convert]]] = {
            group: {name: (fact.index, converter(fact.type)) for name, fact in members.items()}
            for group, members in dictionary.groups.items()
        }
        self._plain: dict[str, dict[str, tuple[int, type, Container[Any], Convert]]] = {
            group: {
                name: (fact.index, *plain_values(fact.type), self._groups[group][name][1])
                for name, fact in members.items()
            }
            for group, members in dictionary.groups.items()
        }
        self._day = converter(DATE)
        self._required = {
            group: tuple(name for name, fact in members.items() if fact.field.required)
            for group, members in dictionary.groups.items()
        }
        self.width = len(dictionary.facts)

    @property
    def groups(self) -> frozenset[str]:
        """The names of the groups of facts."""
        return frozenset(self._groups)

    def read_group(
        self,
        group: str,
        values: Any,
        row: list[Any],
        path: CasePath,
        problems: list[CaseProblem],
        *,
        partial: bool = False,
    ) -> None:
        """Read one group of facts into a row; what is wrong goes to `problems`.

        Args:
            group: The name of the group, which must be known.
            values: The values by fact name, as the case gives them.
            row: Where they go; as long as the dictionary. A null takes away what is there.
            path: Where in the case the group is.
            problems: Where findings are added.
            partial: Whether required facts may be lacking, as in a test that only says what differs.
        """
        if values is None:
            values = {}
        if not isinstance(values, Mapping):
            problems.append(CaseProblem(path=path, message="this must be a mapping of facts to values"))
            return
        members = self._groups[group]
        for name, value in values.items():
            member = members.get(name)
            if member is None:
                problems.append(_unknown(group, name, members, path))
            elif value is None:
                row[member[0]] = None
            else:
                index, convert = member
                try:
                    row[index] = convert(value)
                except WrongValueError as error:
                    problems.append(_wrong(error, (*path, name)))
        problems += (
            CaseProblem(
                path=path,
                message=f"the fact `{group}.{name}` is required",
                help=f"add `{name}:`; `imrpolicy facts {group}.{name}` lists its values",
            )
            for name in (() if partial else self._required[group])
            if values.get(name) is None
        )

    def read_plain(self, group: str, values: Any, row: list[Any]) -> None:
        """Read one group of facts into a row, as `read_group` does, if nothing in it is odd or wrong.

        Raises:
            LookupError, TypeError or ValueError: Something is; `read_group` says what, or takes it after all.
        """
        required = self._required[group]
        if type(values) is not dict:
            if values is None and not required:
                return
            raise TypeError
        members = self._plain[group]
        for name, value in values.items():
            index, kind, known, convert = members[name]
            if type(value) is kind and value in known:
                row[index] = value
            elif value is not None:
                row[index] = convert(value)
        for name in required:
            if values[name] is None:
                raise ValueError

    def day(self, value: Any) -> dt.date:
        """A date as cases give them.

        Raises:
            ValueError: It is none.
        """
        return self._day(value)  # type: ignore[no-any-return]

    def read_value(self, fact_path: str, value: Any, path: CasePath) -> tuple[Any, CaseProblem | None]:
        """One value of one fact, or what is wrong with it."""
        group, _, name = fact_path.partition(".")
        try:
            return self._groups[group][name][1](value), None
        except WrongValueError as error:
            return None, _wrong(error, path)


def _wrong(error: WrongValueError, path: CasePath) -> CaseProblem:
    return CaseProblem(path=(*path, *error.path), message=error.message, help=error.help)


def _unknown(group: str, name: Any, members: Mapping[str, Any], path: CasePath) -> CaseProblem:
    if not isinstance(name, str):
        message = "there is a key here that is no text"
        return CaseProblem(path=path, message=message, help="put it in quotes", key=True)
    message = f"there is no fact `{group}.{name[:60]}`"
    help = did_you_mean(name[:100], members) or "run `imrpolicy facts` for the list"
    return CaseProblem(path=(*path, name), message=message, help=help, key=True)
