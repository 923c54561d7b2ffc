"""Reads profiles, and says what is wrong in one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from imrpolicy.authored import Document, read_document, validate
from imrpolicy.facts import FactDictionary
from imrpolicy.issues import Issue, IssuesError, did_you_mean
from imrpolicy.population.check import problems_of
from imrpolicy.population.model import (
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

PROFILES = Path(__file__).parent / "profiles"
DEFAULT_PROFILE = "facet-and-cold"
_DRAWS = ("share values numbers percentiles between days_from members run like size_of one_of counts").split()


def known_profiles() -> tuple[str, ...]:
    """The names of the profiles that come with the package."""
    return tuple(sorted(path.stem for path in PROFILES.glob("*.yaml")))


def bundled_profile(name: str = DEFAULT_PROFILE) -> Profile:
    """A profile that comes with the package.

    It is not held against a dictionary: what the dictionary lacks is not generated.

    Raises:
        KeyError: There is none of this name; the message names the nearest.
    """
    if name not in known_profiles():
        raise KeyError(f"there is no profile `{name}`; {did_you_mean(name, known_profiles())}")
    return _bundled(name)


@cache
def _bundled(name: str) -> Profile:
    document = read_document(PROFILES / f"{name}.yaml", shown=f"{name}.yaml")
    issues = document.issues or tuple(_shape(document))
    if issues:
        raise IssuesError(issues)
    return profile_from(document.data())


def read_profile(path: Path, dictionary: FactDictionary) -> Profile:
    """Read a profile from a file and hold it against a dictionary.

    Raises:
        IssuesError: With everything that is wrong in it.
        OSError: The file cannot be read.
    """
    document = read_document(path)
    if document.root is None or document.issues:
        raise IssuesError(document.issues)
    issues = tuple(_shape(document))
    if issues:
        raise IssuesError(issues)
    profile = profile_from(document.data())
    found = tuple(
        document.issue(document.key_at(problem.path), problem.rule, problem.message, problem.help)
        for problem in problems_of(profile, dictionary)
    )
    if found:
        raise IssuesError(found)
    return profile


def _shape(document: Document) -> Iterator[Issue]:
    """What the schema of profiles, and the reading of one, object to."""
    found = validate(document, _validator())
    yield from found
    if found:
        return
    for name, rule in document.data()["facts"].items():
        for path, part, outer in _parts(rule, ("facts", name)):
            given = [key for key in _DRAWS if key in part]
            if len(given) > 1 or (outer and "cases" in part and given):
                other = "cases" if "cases" in part else given[1]
                message = f"`{name}` is drawn in two ways, `{given[0]}` and `{other}`"
                yield document.issue(
                    document.key_at((*path, given[0])), "two-draws", message, "keep one of the two"
                )
            elif outer and not given and "cases" not in part:
                help = f"give one of {', '.join(f'`{key}`' for key in _DRAWS)}, or `cases`"
                yield document.issue(
                    document.key_at(path), "no-draw", f"nothing says how `{name}` is drawn", help
                )


def _parts(
    rule: Mapping[str, Any], path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any], bool]]:
    """The rule, its cases and its fields, each with its path and whether it is a whole rule."""
    yield path, rule, True
    for position, case in enumerate(rule.get("cases", ())):
        yield (*path, "cases", position), case, False
    for name, field in rule.get("fields", {}).items():
        yield from _parts(field, (*path, "fields", name))


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((PROFILES / "profile.schema.json").read_text(encoding="utf-8")))


def profile_from(data: Mapping[str, Any]) -> Profile:
    """A profile from plain data that fits the schema of profiles."""
    documented, quality = data.get("documented", 0.8), data.get("quality", 0.5)
    conflicts = data.get("conflicts", {})

    def rule(entry: Mapping[str, Any]) -> Rule:
        fields = {name: rule(inner) for name, inner in entry.get("fields", {}).items()}
        each = next(iter(entry.get("each", {}).items()), None)
        cases = entry.get("cases") or [entry]
        return Rule(
            alternatives=tuple(
                Alternative(when=tuple(_conditions(case)), draw=_draw(case, fields, each)) for case in cases
            ),
            traits=tuple(sorted(entry.get("traits", {}).items())),
            documented=entry.get("documented", documented),
            quality=entry.get("quality", quality),
        )

    return Profile(
        id=data["id"],
        title=data["title"],
        note=data["note"],
        rules={name: rule(entry) for name, entry in data["facts"].items()},
        documented=documented,
        quality=quality,
        second_request=data.get("second_request", 0.0),
        conflict_share=conflicts.get("share", 0.0),
        conflicts=tuple(conflicts.get("facts", ())),
    )


def _conditions(case: Mapping[str, Any]) -> Iterator[Condition]:
    for fact, wanted in case.get("when", {}).items():
        if isinstance(wanted, Mapping):
            yield Condition(fact=fact, least=wanted.get("least"), most=wanted.get("most"))
        else:
            yield Condition(fact=fact, values=tuple(wanted))


def _draw(case: Mapping[str, Any], fields: Mapping[str, Rule], each: tuple[str, str] | None) -> Draw | None:
    key = next((key for key in _DRAWS if key in case), None)
    value: Any = case[key] if key else None
    match key:
        case "share":
            return Weights(((False, 1 - value), (True, value)))
        case "values":
            return Weights(tuple(value.items()))
        case "numbers":
            return Weights(_pairs(value))
        case "percentiles":
            return Percentiles(_pairs(value))
        case "between":
            first, last = (dt.date.fromisoformat(day) for day in value)
            return Between(first, last)
        case "days_from":
            return DaysFrom(value["date"], Percentiles(_pairs(value["percentiles"])))
        case "members":
            return Members(tuple(value.items()))
        case "run":
            return Run(Weights(tuple(value["from"].items())), tuple(value["lengths"]))
        case "like":
            return Like(value["fact"], value["keep"], Members(tuple(value.get("more", {}).items())))
        case "size_of":
            return SizeOf(value)
        case "one_of":
            return OneOf(value)
        case "counts":
            return Records(tuple(value), fields, each)
        case _:
            return None


def _pairs(value: Any) -> tuple[tuple[float, float], ...]:
    return tuple((first, second) for first, second in value)
