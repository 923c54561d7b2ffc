"""The order in which the facts of a dictionary are drawn, with the rule and the type of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import Any

from imrpolicy.evaluate import Review, Timing
from imrpolicy.facts import Choice, FactDictionary, Kind, ValueType
from imrpolicy.population.defaults import REQUESTED, default_rule
from imrpolicy.population.model import (
    CASE,
    HELPER,
    JURISDICTION,
    REVIEW,
    TIMING,
    Alternative,
    Profile,
    Records,
    Rule,
    Weights,
)

SERVICE = "request.service"
_WORDS = {REVIEW: Review, TIMING: Timing}
_CASE_KEYS = {JURISDICTION: "jurisdiction", REVIEW: "review", TIMING: "timing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One fact to draw.

    Attributes:
        name: The fact, or a fact of the case, or a helper.
        type: The type of its values.
        rule: How it is drawn.
    """

    name: str
    type: ValueType
    rule: Rule

    @property
    def shared(self) -> bool:
        """Whether all requests of a case share it."""
        return self.name.partition(".")[0] not in ("request", HELPER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything to draw, each after what it needs.

    Attributes:
        steps: The facts in the order of drawing.
        types: Their types, by name.
        traits: The traits of a case.
        dictionary: The fact dictionary.
        profile: The profile.
    """

    steps: tuple[Step, ...]
    types: Mapping[str, ValueType]
    traits: tuple[str, ...]
    dictionary: FactDictionary
    profile: Profile


def make_plan(
    dictionary: FactDictionary, profile: Profile, *, services: Collection[str] | None = None
) -> Plan:
    """The plan for the populations of a dictionary.

    Args:
        dictionary: The fact dictionary.
        profile: A profile that was checked against it.
        services: The only services that are requested; without them, those of the profile.
    """
    types = types_of(dictionary, profile)
    dated = REQUESTED in dictionary.by_path
    rules = {
        name: _with_all_fields(profile.rules[name], type_, profile, dated)
        if name in profile.rules
        else default_rule(
            type_, profile, dated=dated and name != REQUESTED, required=_needed(dictionary, name)
        )
        for name, type_ in types.items()
    }
    if services is not None:
        rules[SERVICE] = _only(services, rules[SERVICE])
    order = TopologicalSorter({name: set(rule.needs()) for name, rule in rules.items()}).static_order()
    steps = tuple(Step(name=name, type=types[name], rule=rules[name]) for name in order)
    traits = {trait for rule in rules.values() for trait in rule.pulling()}
    return Plan(
        steps=steps, types=types, traits=tuple(sorted(traits)), dictionary=dictionary, profile=profile
    )


def types_of(dictionary: FactDictionary, profile: Profile) -> dict[str, ValueType]:
    """The type of everything that is drawn, by name."""
    types = {name: _choices(case_choices(dictionary, name) or _listed(profile, name)) for name in _CASE_KEYS}
    types |= {fact.path: fact.type for fact in dictionary.facts}
    helpers = [name for name in profile.rules if name.partition(".")[0] == HELPER]
    return types | {name: _choices(_listed(profile, name)) for name in helpers}


def case_choices(dictionary: FactDictionary, name: str) -> tuple[str, ...]:
    """The values that a case can have for `case.jurisdiction`, `case.review` or `case.timing`."""
    if name in _WORDS:
        return tuple(word.value for word in _WORDS[name])
    properties: Any = dictionary.schema.get("properties", {})
    branches = properties.get(_CASE_KEYS[name], {}).get("oneOf", ())
    return tuple(branch["const"] for branch in branches if "const" in branch)


def _listed(profile: Profile, name: str) -> tuple[str, ...]:
    """The values that a profile draws."""
    rule = profile.rules.get(name)
    draws = [alternative.draw for alternative in rule.alternatives] if rule else []
    found = [value for draw in draws if isinstance(draw, Weights) for value, _ in draw.weights]
    return tuple(dict.fromkeys(str(value) for value in found)) or ("unknown",)


def _choices(values: tuple[str, ...]) -> ValueType:
    return ValueType(kind=Kind.STRING, choices=tuple(Choice(value=value, label=value) for value in values))


def _with_all_fields(rule: Rule, type_: ValueType, profile: Profile, dated: bool) -> Rule:
    """The rule, with those fields of records that the profile does not name."""
    element = type_.element
    if element is None or not any(isinstance(a.draw, Records) for a in rule.alternatives):
        return rule
    inner = [(item.name, item.type) for item in element.fields] or [("", element)]
    others = {name: default_rule(of, profile, dated=dated, required=name == "") for name, of in inner}
    return replace(
        rule,
        alternatives=tuple(
            replace(a, draw=replace(a.draw, fields=others | dict(a.draw.fields)))
            if isinstance(a.draw, Records)
            else a
            for a in rule.alternatives
        ),
    )


def _needed(dictionary: FactDictionary, name: str) -> bool:
    fact = dictionary.by_path.get(name)
    return fact.field.required if fact is not None else name.partition(".")[0] == CASE


def _only(services: Collection[str], rule: Rule) -> Rule:
    """The rule for services out of some only; those that the profile does not draw are equally likely."""
    narrowed = []
    for alternative in rule.alternatives:
        drawn = alternative.draw.weights if isinstance(alternative.draw, Weights) else ()
        kept = tuple((value, weight) for value, weight in drawn if value in services and weight > 0)
        even = tuple((service, 1.0) for service in sorted(services))
        narrowed.append(Alternative(when=alternative.when, draw=Weights(kept or even)))
    return replace(rule, alternatives=tuple(narrowed))
