"""Holds a profile against a fact dictionary: whatever it draws, the dictionary has to admit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from imrpolicy.facts import FactDictionary, Kind, ValueType
from imrpolicy.issues import did_you_mean
from imrpolicy.population.model import (
    CASE,
    HELPER,
    Alternative,
    Between,
    Condition,
    DaysFrom,
    Draw,
    Like,
    Members,
    OneOf,
    Percentiles,
    Profile,
    Records,
    Rule,
    Run,
    SizeOf,
    Weights,
)
from imrpolicy.population.plan import case_choices, types_of

_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a profile, and where in it.

    Attributes:
        path: The way to it in the file.
        rule: The kind of problem.
        message: What is wrong.
        help: What to do next.
    """

    path: _Path
    rule: str
    message: str
    help: str = ""


def problems_of(profile: Profile, dictionary: FactDictionary) -> tuple[Problem, ...]:
    """Everything in a profile that does not fit a dictionary."""
    types = types_of(dictionary, profile)
    found: list[Problem] = []
    for name, rule in profile.rules.items():
        path: _Path = ("facts", name)
        if name not in types:
            help = did_you_mean(name, types) or "run `imrpolicy facts` for the list"
            found.append(
                Problem(path=path, rule="unknown-fact", message=f"there is no fact `{name}`", help=help)
            )
        else:
            of_case = case_choices(dictionary, name) if name.partition(".")[0] == CASE else ()
            known = frozenset(of_case) or None
            found += _rule(path, rule, types[name], types, known)
    for fact in profile.conflicts:
        type_ = types.get(fact)
        if type_ is None or type_.kind is Kind.LIST or fact.partition(".")[0] in (HELPER, CASE):
            message = f"records cannot contradict each other on `{fact}`"
            help = did_you_mean(fact, types) if type_ is None else "name a fact that is no list"
            found.append(Problem(path=("conflicts", "facts"), rule="no-conflict", message=message, help=help))
    return tuple(found) or tuple(_circles(profile, types))


def _circles(profile: Profile, types: Mapping[str, ValueType]) -> Iterator[Problem]:
    needs = {name: set(rule.needs()) for name, rule in profile.rules.items() if name in types}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle = " → ".join(f"`{name}`" for name in error.args[1])
        message = f"these facts are drawn out of each other: {circle}"
        yield Problem(path=("facts", error.args[1][0]), rule="circle", message=message,
                      help="let one of them be drawn without the others")  # fmt: skip


def _rule(
    path: _Path, rule: Rule, type_: ValueType, types: Mapping[str, ValueType], known: frozenset[str] | None
) -> Iterator[Problem]:
    if sum(strength**2 for _, strength in rule.traits) > 0.95:
        message = "the traits leave no room for chance: their squares add up to more than 0.95"
        yield Problem(path=(*path, "traits"), rule="too-strong", message=message, help="lower some of them")
    cased = len(rule.alternatives) > 1 or any(alternative.when for alternative in rule.alternatives)
    for position, alternative in enumerate(rule.alternatives):
        here = (*path, "cases", position) if cased else path
        yield from _alternative(here, path, alternative, type_, types, known)


def _alternative(
    here: _Path,
    path: _Path,
    alternative: Alternative,
    type_: ValueType,
    types: Mapping[str, ValueType],
    known: frozenset[str] | None,
) -> Iterator[Problem]:
    for condition in alternative.when:
        for message, help in _condition(condition, types):
            yield Problem(
                path=(*here, "when", condition.fact), rule="wrong-condition", message=message, help=help
            )
    if alternative.draw is None:
        return
    for message in _draw(alternative.draw, type_, types, known):
        yield Problem(
            path=here, rule="wrong-draw", message=message, help="run `imrpolicy facts` for its values"
        )
    if isinstance(alternative.draw, Records) and type_.element is not None:
        inner = {**types, **{f"record.{item.name}": item.type for item in type_.element.fields}}
        for name, rule in alternative.draw.fields.items():
            field = type_.element.field_named(name)
            if field is None:
                names = [item.name for item in type_.element.fields]
                message, help = f"there is no field `{name}`", did_you_mean(name, names)
                yield Problem(path=(*path, "fields", name), rule="unknown-field", message=message, help=help)
            else:
                yield from _rule((*path, "fields", name), rule, field.type, inner, None)


def _condition(condition: Condition, types: Mapping[str, ValueType]) -> Iterator[tuple[str, str]]:
    type_ = types.get(condition.fact)
    if type_ is None:
        yield f"there is no fact `{condition.fact}`", did_you_mean(condition.fact, types)
    elif type_.kind in (Kind.LIST, Kind.DATE) or (type_.kind is Kind.STRING and not type_.is_enumeration):
        yield f"`{condition.fact}` cannot be a condition", "name a choice, a number or a truth value"
    elif not condition.values and not type_.is_number:
        yield (
            f"`{condition.fact}` is no number, and has no least or greatest one",
            "give a list of its values",
        )
    else:
        for value in condition.values:
            if not _admits(type_, value):
                names = [choice.value for choice in type_.choices]
                yield f"`{value}` is no value of `{condition.fact}`", did_you_mean(str(value), names)


def _admits(type_: ValueType, value: object) -> bool:
    if type_.is_enumeration:
        return any(choice.value == value for choice in type_.choices)
    if type_.kind is Kind.BOOL:
        return isinstance(value, bool)
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or (type_.kind is Kind.INT and not whole)
    ):
        return False
    return (type_.minimum or 0) <= value <= (type_.maximum or 0)


def _draw(
    draw: Draw, type_: ValueType, types: Mapping[str, ValueType], known: frozenset[str] | None
) -> Iterator[str]:
    """What is wrong with a draw for a type."""
    element = type_.element
    match draw:
        case Weights():
            for value, _ in draw.weights:
                if not _admits(type_, value) or (known is not None and value not in known):
                    yield f"`{str(value).lower()}` is not a value of this fact"
            yield from _sums(weight for _, weight in draw.weights)
        case Percentiles():
            if not type_.is_number:
                yield "`percentiles` is for numbers, and this fact is none"
            elif any(not type_.minimum <= value <= type_.maximum for _, value in draw.points):  # type: ignore[operator]
                yield f"a number lies outside of {type_.minimum:g} to {type_.maximum:g}"
            yield from _rising(draw)
        case Between():
            if type_.kind is not Kind.DATE or draw.first > draw.last:
                yield "`between` is for a date, with the earlier day first"
        case DaysFrom():
            if type_.kind is not Kind.DATE or not _is(types, draw.date, Kind.DATE):
                yield f"`days_from` is for a date and starts from a date, which `{draw.date}` is not"
            yield from _rising(draw.days)
        case Members():
            yield from _listed(type_, [value for value, _ in draw.shares], "members")
        case Run():
            yield from _listed(type_, [str(value) for value, _ in draw.start.weights], "run")
            yield from _sums(draw.lengths)
        case Like():
            yield from _listed(type_, [value for value, _ in draw.more.shares], "like")
            if draw.fact not in types or types[draw.fact].element != element:
                yield f"`{draw.fact}` is no list of the same values"
        case SizeOf():
            if type_.kind is not Kind.INT or not _is(types, draw.fact, Kind.LIST):
                yield f"`size_of` is for a whole number and counts a list, which `{draw.fact}` is not"
        case OneOf():
            if draw.fact not in types or types[draw.fact].element != type_ or not type_.is_enumeration:
                yield f"`{draw.fact}` is no list of values of this kind"
        case Records():
            if element is None or element.is_enumeration:
                yield "`counts` is for a list of records"
            elif draw.each is not None and not _has_each(element, *draw.each, types):
                yield f"`each` needs a field whose values are those of a list, which `{draw.each[1]}` is not"
            elif len(draw.counts) - 1 > (type_.longest if type_.longest is not None else len(draw.counts)):
                yield f"the list has {type_.longest} records at most"
            yield from _sums(draw.counts)


def _has_each(element: ValueType, name: str, fact: str, types: Mapping[str, ValueType]) -> bool:
    field, listed = element.field_named(name), types.get(fact)
    return field is not None and listed is not None and listed.element == field.type


def _sums(weights: Iterator[float] | tuple[float, ...]) -> Iterator[str]:
    if sum(weights) <= 0:
        yield "no weight is greater than 0"


def _is(types: Mapping[str, ValueType], name: str, kind: Kind) -> bool:
    return name in types and types[name].kind is kind


def _rising(draw: Percentiles) -> Iterator[str]:
    percents = [percent for percent, _ in draw.points]
    if percents != sorted(set(percents)) or percents[0] < 0 or percents[-1] > 100:
        yield "the percentages of `percentiles` must rise from 0 to 100 at most"
    values = [value for _, value in draw.points]
    if values != sorted(values):
        yield "the numbers of `percentiles` must not fall"


def _listed(type_: ValueType, values: list[str], what: str) -> Iterator[str]:
    if type_.element is None or not type_.element.is_enumeration:
        yield f"`{what}` is for a list out of a fixed set of values"
        return
    names = {choice.value for choice in type_.element.choices}
    yield from (f"`{value}` is not a value of this fact" for value in values if value not in names)
