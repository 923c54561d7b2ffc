"""A small case schema with every type that a fact can have, for the tests of expressions and of facts."""

from imrpolicy.facts import FactDictionary, dictionary_from

NULL = {"type": "null", "title": "Not documented"}


def boolean(title):
    return {"title": title, "type": ["boolean", "null"]}


def whole(title, low, high, unit=None):
    return _number(title, "integer", low, high, unit)


def decimal(title, low, high, unit=None):
    return _number(title, "number", low, high, unit)


def _number(title, type_, low, high, unit):
    fact = {"title": title, "type": [type_, "null"], "minimum": low, "maximum": high}
    return fact | ({"x-unit": unit} if unit else {})


def text(title, longest=None):
    fact = {"title": title, "type": ["string", "null"]}
    return fact | ({"maxLength": longest} if longest else {})


def date(title):
    return {"title": title, "type": ["string", "null"], "format": "date"}


def enumeration(title, *values):
    return {"title": title, "oneOf": [*_choices(values), NULL]}


def many(title, items, **limits):
    """A list; of the items' schema only what is not about null is kept."""
    if isinstance(items, tuple):
        items = {"oneOf": _choices(items)}
    elif isinstance(items.get("type"), list):
        items = items | {"type": items["type"][0]}
    return {"title": title, "type": ["array", "null"], "items": items, **limits}


def record(**fields):
    return {"type": "object", "additionalProperties": False, "properties": fields}


def _choices(values):
    return [{"const": value, "title": value[:1].upper() + value[1:].replace("_", " ")} for value in values]


def _group(required=(), **facts):
    group = {"type": "object", "additionalProperties": False, "properties": facts}
    return group | ({"required": list(required)} if required else {})


LEVELS = ("L3-L4", "L4-L5", "L5-S1")
BLOCK = record(
    kind=enumeration("Kind of block", "medial_branch_block", "epidural", "other"),
    relief=whole("Relief", 0, 100, "percent"),
    volume=decimal("Volume", 0, 20, "mL"),
    when=date("Date of the block"),
    repeated=boolean("Repeated"),
    comment=text("Comment"),
    levels=many("Levels", LEVELS, maxItems=3, uniqueItems=True),
    pulses=many("Pulses", whole("", 0, 9), maxItems=4),
)
OTHER = record(relief=text("Relief in words"), kind=whole("Kind by number", 1, 5), done=boolean("Done"))

FACTS = {
    "patient": _group(
        age_years=whole("Age", 0, 120, "years"),
        balance=whole("Balance", -(2**53), 2**53),
        weight=decimal("Weight", 0, 400, "kg"),
        shift=decimal("Shift", -1.5e300, 1.5e300),
    ),
    "pain": _group(
        score=whole("Pain score", -5, 10, "points"),
        radicular=boolean("Radicular pain"),
        constant=boolean("Constant pain"),
        relief_percent=decimal("Relief", 0, 100, "percent"),
        site=enumeration("Site of the pain", "shoulder", "knee", "lumbar_spine"),
        words=text("Pain in the patient's words", 40),
    ),
    "care": _group(
        kinds=many("Kinds of care", ("exercise", "nsaid", "other"), maxItems=3, uniqueItems=True),
        scores=many("Scores", whole("", -5, 10, "points"), maxItems=4),
        doses=many("Doses", decimal("", 0, 50, "mL"), maxItems=4, minItems=1),
        flags=many("Answers", boolean(""), maxItems=3),
        notes=many("Notes", text(""), maxItems=3),
        visits=many("Visits", date(""), maxItems=3),
        months=whole("Months of care", 0, 60, "months"),
    ),
    "history": _group(
        blocks=many("Earlier blocks", BLOCK, maxItems=5),
        others=many("Other treatment", OTHER, maxItems=3),
        surgery_on=date("Date of surgery"),
    ),
}
DATES = _group(
    injury=date("Date of injury"),
    request=date("Date of the request"),
    service=date("Date of service"),
)
REQUEST = _group(
    service=enumeration("Service", "cryotherapy", "neurotomy", "block", "other"),
    postoperative=boolean("Used after surgery"),
    duration_days=whole("Duration of use", 0, 365, "days"),
    days_used=whole("Days used", 0, 365, "days"),
    duration_weeks=whole("Duration of treatment", 0, 52, "weeks"),
    sessions=whole("Sessions", 0, 20),
    dose=decimal("Dose", 0, 50, "mL"),
    body_region=enumeration("Body region", "shoulder", "knee", "hip"),
    levels=many("Levels", LEVELS, maxItems=3, uniqueItems=True),
)
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {
        "facts": {"type": "object", "properties": FACTS},
        "dates": DATES,
        "request_facts": REQUEST,
    },
}
DICTIONARY: FactDictionary = dictionary_from(SCHEMA)
