"""The fact dictionary: every fact that a case may hold, with its type, unit, range, labels and question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from imrpolicy.facts.types import Field, ValueType

# The groups whose facts belong to one request rather than to the whole case, and to the dates of the case.
REQUEST = "request"
DATES = "dates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact of the dictionary.

    Attributes:
        path: The name in expressions, `group.name`.
        index: Its position in the row of values that a compiled policy reads.
        field: Its title, meaning, type and question.
    """

    path: str
    index: int
    field: Field

    @property
    def type(self) -> ValueType:
        """The type of its value."""
        return self.field.type

    @property
    def title(self) -> str:
        """A short label for people."""
        return self.field.title

    @property
    def group(self) -> str:
        """The group it belongs to, such as `pain`."""
        return self.path.partition(".")[0]

    @property
    def name(self) -> str:
        """The name within its group."""
        return self.path.partition(".")[2]

    def label(self, value: object) -> str:
        """A value of this fact for people: labels for enumerations, units for numbers.

        Args:
            value: A value of the fact, or None where it is not documented.
        """
        return label(self.type, value)


@dataclass(frozen=True)
class FactDictionary:
    """All facts, in the order of the schema.

    Attributes:
        facts: The facts; the position of each is its `index`.
        schema: The case schema that they come from, as plain data.
    """

    facts: tuple[Fact, ...]
    schema: Mapping[str, object]

    @cached_property
    def by_path(self) -> Mapping[str, Fact]:
        """The facts by their path."""
        return MappingProxyType({fact.path: fact for fact in self.facts})

    @cached_property
    def groups(self) -> Mapping[str, Mapping[str, Fact]]:
        """The facts by group and name, for looking a case up."""
        groups: dict[str, dict[str, Fact]] = {}
        for fact in self.facts:
            groups.setdefault(fact.group, {})[fact.name] = fact
        return MappingProxyType({name: MappingProxyType(members) for name, members in groups.items()})


def label(type_: ValueType, value: object) -> str:
    """A value for people.

    >>> from imrpolicy.facts import Kind
    >>> label(ValueType(kind=Kind.INT, unit="days"), 7)
    '7 days'
    """
    if value is None:
        return "not documented"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list) and type_.element is not None:
        return ", ".join(label(type_.element, item) for item in value) or "none"
    if isinstance(value, Mapping):
        known = [(item, value.get(item.name)) for item in type_.fields]
        return "; ".join(f"{item.title.lower()} {label(item.type, v)}" for item, v in known if v is not None)
    for choice in type_.choices:
        if choice.value == value:
            return choice.label
    return number(value, type_.unit) if isinstance(value, int | float) else str(value)


def number(value: float, unit: str | None) -> str:
    """A number with its unit in words, singular where it is one.

    >>> number(1, "days"), number(3.5, "mL"), number(80.0, "percent")
    ('1 day', '3.5 mL', '80%')
    """
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    text = str(int(value) if whole else value)
    if unit is None:
        return text
    if unit == "percent":
        return f"{text}%"
    singular = value == 1 and unit.endswith("s")
    return f"{text} {unit[:-1] if singular else unit}"
