"""A small case schema, and expressions over it as trees that a test can evaluate itself.

Every fact is read by one comparison only, so that comparisons are as independent of each other as the search
for missing facts takes them to be.
"""

from dataclasses import dataclass
from functools import cache

from imrpolicy.expression import check
from imrpolicy.facts import dictionary_from

# --- the facts -----------------------------------------------------------------------------------------

NULL = {"type": "null", "title": "Not documented"}
BLOCK = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"kind": {"title": "Kind", "oneOf": [{"const": "facet"}, {"const": "other"}, NULL]}},
}


def _boolean(title):
    return {"title": title, "type": ["boolean", "null"]}


def _whole(title, unit):
    return {"title": title, "type": ["integer", "null"], "minimum": 0, "maximum": 400, "x-unit": unit}


def _words(*words, nullable=True):
    return {"title": words[0], "oneOf": [{"const": word} for word in words] + ([NULL] if nullable else [])}


def _group(required=(), **facts):
    group = {"title": "Facts", "type": "object", "additionalProperties": False, "properties": facts}
    return group | ({"required": list(required)} if required else {})


def _day():
    return {"title": "Day", "type": ["string", "null"], "format": "date"}


EXAM = ("a", "b", "c", "d", "e")
CASE_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:imrpolicy:schema:case",
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "jurisdiction", "requests"],
    "properties": {
        **{
            key: {"type": "string", "minLength": 1}
            for key in ("id", "title", "source", "jurisdiction", "review", "timing")
        },
        "dates": {"$ref": "#/$defs/dates"},
        "records": {"type": "object"},
        "facts": {"$ref": "#/$defs/facts"},
        "documented_by": {"type": "object"},
        "conflicting": {"type": "object"},
        "requests": {"type": "array"},
    },
    "$defs": {
        "dates": _group(injury=_day(), request=_day(), service=_day(), decision=_day()),
        "facts": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "exam": _group(**{name: _boolean(f"Finding {name}") for name in EXAM}),
                "care": _group(weeks=_whole("Weeks of care", "weeks"), kind=_words("exercise", "rest")),
                "history": _group(
                    blocks={"title": "Blocks", "type": ["array", "null"], "items": BLOCK, "maxItems": 3}
                ),
            },
        },
        "request_facts": _group(
            required=["service"],
            service=_words("unit", "block", "other", nullable=False),
            region=_words("knee", "shoulder", "neck"),
            days=_whole("Days of use", "days"),
            sessions=_whole("Sessions", "sessions"),
        ),
    },
}
DICTIONARY = dictionary_from(CASE_SCHEMA)


@dataclass(frozen=True)
class Atom:
    """The one comparison that reads a fact, and values that make it true and false."""

    fact: str
    text: str
    true: object
    false: object

    def says(self, facts):
        """Whether it holds for some facts by path; None where it is not documented."""
        value = facts.get(self.fact)
        if value is None:
            return None
        if self.fact == "history.blocks":
            return _exists([entry.get("kind") for entry in value])
        assert value in (self.true, self.false)
        return value == self.true


def _exists(kinds):
    if "facet" in kinds:
        return True
    return None if None in kinds else False


ATOMS = {
    atom.fact: atom
    for atom in (
        *(Atom(f"exam.{name}", f"exam.{name}", True, False) for name in EXAM),
        Atom("care.weeks", "care.weeks >= 4", 6, 2),
        Atom("care.kind", 'care.kind == "exercise"', "exercise", "rest"),
        Atom("request.region", 'request.region in ["knee", "shoulder"]', "knee", "neck"),
        Atom("request.days", "request.days <= 7", 5, 60),
        Atom("request.sessions", "request.sessions < 4", 3, 9),
        Atom(
            "history.blocks",
            'history.blocks.exists(block, block.kind == "facet")',
            [{"kind": "facet"}],
            [{"kind": "other"}],
        ),
    )
}
LIMITS = ("request.days", "request.sessions")


# --- expressions as trees ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tree:
    """An expression: an atom by its fact, `has` of a fact, the service, or `!`, `&&`, `||`, `?` of others."""

    kind: str
    fact: str = ""
    parts: tuple = ()

    @property
    def text(self):
        below = [f"({part.text})" for part in self.parts]
        match self.kind:
            case "atom":
                return ATOMS[self.fact].text
            case "has":
                return f"has({self.fact})"
            case "service":
                return f'request.service == "{self.fact}"'
            case "!":
                return f"!{below[0]}"
            case "?":
                return f"{below[0]} ? {below[1]} : {below[2]}"
            case _:
                return f" {self.kind} ".join(below)

    @property
    def atoms(self):
        own = {self.fact} if self.kind in ("atom", "has") else set()
        return own.union(*(part.atoms for part in self.parts))

    @property
    def asks_has(self):
        return self.kind == "has" or any(part.asks_has for part in self.parts)

    def says(self, facts):
        """Its value in Kleene's logic."""
        values = [part.says(facts) for part in self.parts]
        match self.kind:
            case "atom":
                return ATOMS[self.fact].says(facts)
            case "has":
                return facts.get(self.fact) is not None
            case "service":
                return facts["request.service"] == self.fact
            case "!":
                return None if values[0] is None else not values[0]
            case "&&":
                return False if False in values else None if None in values else True
            case "||":
                return True if True in values else None if None in values else False
            case _:
                return None if values[0] is None else values[1] if values[0] else values[2]


def atom(fact):
    return Tree("atom", fact)


def service(name):
    return Tree("service", name)


@cache
def node(text):
    return check(text, DICTIONARY)
