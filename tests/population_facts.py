"""Dictionaries small enough to see through, for the tests of populations."""

from __future__ import annotations

from imrpolicy.facts import dictionary_from


def choices(*values):
    return {"oneOf": [*({"const": value, "title": value.capitalize()} for value in values), {"type": "null"}]}


def number(kind, low, high):
    return {"type": [kind, "null"], "minimum": low, "maximum": high, "x-unit": "days"}


def described(facts):
    return {name: {"title": name, "description": name, **fact} for name, fact in facts.items()}


DATE = {"type": ["string", "null"], "format": "date"}
# A fact of each type that a case schema can have.
EVERY_TYPE = {
    "truth": {"type": ["boolean", "null"]},
    "whole": number("integer", -5, 20),
    "decimal": number("number", 0, 2.5),
    "word": {"type": ["string", "null"], "maxLength": 3},
    "day": DATE,
    "choice": choices("one", "two", "three"),
    "set": {"type": ["array", "null"], "items": choices("a", "b", "c"), "maxItems": 2, "uniqueItems": True},
    "filled": {"type": ["array", "null"], "items": choices("a", "b", "c"), "minItems": 2},
    "words": {"type": ["array", "null"], "items": {"type": "string"}, "maxItems": 2},
    "records": {
        "type": ["array", "null"],
        "maxItems": 3,
        "items": {
            "type": "object",
            "additionalProperties": False,
            "properties": described(
                {
                    "size": number("integer", 0, 9),
                    "kind": choices("x", "y"),
                    "when": DATE,
                    "sure": {"type": ["boolean", "null"]},
                }
            ),
        },
    },
}


def small_dictionary(facts, services=("first_service", "second_service")):
    """A dictionary with these facts in the group `some`, the dates, and a service."""
    for fact in facts.values():
        items = fact.get("items", {})
        if "oneOf" in items:
            items["oneOf"] = [branch for branch in items["oneOf"] if "const" in branch]
    group = {"type": "object", "additionalProperties": False}
    dates = described(dict.fromkeys(("injury", "request", "service", "decision"), DATE))
    service = {"service": {"oneOf": [{"const": name, "title": name} for name in services]}}
    return dictionary_from(
        {
            "$defs": {
                "dates": {**group, "properties": dates},
                "facts": {"properties": {"some": {**group, "properties": described(facts)}}},
                "request_facts": {**group, "required": ["service"], "properties": described(service)},
            }
        }
    )
