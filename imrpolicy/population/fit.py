"""Makes a profile fit a dictionary that lacks some of its facts or values, such as an older one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from imrpolicy.facts import FactDictionary, Kind, ValueType
from imrpolicy.population.check import problems_of
from imrpolicy.population.model import Alternative, Members, Profile, Rule, Run, Weights
from imrpolicy.population.plan import case_choices, types_of


def fitted(profile: Profile, dictionary: FactDictionary) -> Profile:
    """The profile without what the dictionary does not have.

    Values that it lacks are not drawn. A fact whose rule makes no sense without them is drawn by its
    type alone.
    """
    if not problems_of(profile, dictionary):
        return profile
    types = types_of(dictionary, profile)
    rules = {
        name: _narrowed(rule, types[name], case_choices(dictionary, name) if name.startswith("case.") else ())
        for name, rule in profile.rules.items()
        if name in types
    }
    scalar = {fact.path for fact in dictionary.facts if fact.type.kind is not Kind.LIST}
    profile = replace(
        profile, rules=rules, conflicts=tuple(fact for fact in profile.conflicts if fact in scalar)
    )
    # What one rule cannot do without may be what another one was the only one to draw.
    while faulty := {problem.path[1] for problem in problems_of(profile, dictionary)}:
        rules = {name: rule for name, rule in profile.rules.items() if name not in faulty}
        profile = replace(profile, rules=rules)
    return profile


def _narrowed(rule: Rule, type_: ValueType, known: Iterable[str]) -> Rule:
    element = type_.element or type_
    names = set(known) or {choice.value for choice in element.choices}
    if not names:
        return rule
    return replace(rule, alternatives=tuple(_kept(alternative, names) for alternative in rule.alternatives))


def _kept(alternative: Alternative, names: set[str]) -> Alternative:
    draw = alternative.draw
    match draw:
        case Weights():
            return replace(alternative, draw=_weights(draw, names))
        case Members():
            return replace(alternative, draw=Members(tuple(s for s in draw.shares if s[0] in names)))
        case Run():
            return replace(alternative, draw=Run(_weights(draw.start, names), draw.lengths))
        case _:
            return alternative


def _weights(draw: Weights, names: set[str]) -> Weights:
    kept = tuple((value, weight) for value, weight in draw.weights if value in names)
    return Weights(kept) if kept else draw
