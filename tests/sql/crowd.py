"""Random cases over any dictionary: every type, any facts missing, some in conflict."""

import datetime as dt
import random

from imrpolicy.evaluate import CompiledPolicy
from imrpolicy.facts import Kind
from imrpolicy.population.columns import columns

FIRST, LAST = dt.date(2006, 1, 1), dt.date(2026, 6, 1)


def crowd(library, count, *, seed=1, documented=0.7, aimed=0.7):
    """Cases as plain data, each with one request.

    Args:
        library: The library.
        count: How many.
        seed: The seed.
        documented: The share of facts that is documented in most cases.
        aimed: The share of cases whose service, jurisdiction and dates some policy covers.
    """
    draw = random.Random(seed)
    words = {column.name: [value for value, _ in column.values] for column in columns(library.dictionary)}
    targets = list(_targets(library))
    found = []
    for number in range(count):
        case = _case(draw, library, number, words, documented)
        found.append(_aim(draw, case, *draw.choice(targets)) if draw.random() < aimed else case)
    return found


def _targets(library):
    """Each policy with a search sequence that looks at its source."""
    for policy in library.policies:
        for sequence in library.sequences:
            if any(policy.source.guideline in step.sources for step in sequence.steps):
                yield policy, sequence


def _aim(draw, case, policy, sequence):
    """A case at which a policy looks, as far as its dates and its service go."""
    first = max(policy.effective.start, sequence.effective.start)
    last = min(policy.effective.end or LAST, sequence.effective.end or LAST, max(first, LAST))
    day = (first + dt.timedelta(days=draw.randrange(max((last - first).days, 0) + 1))).isoformat()
    dates = case["dates"] | {"request": day, "service": day, "decision": day}
    [request] = case["requests"]
    services = CompiledPolicy(policy).services
    facts = request["facts"] | ({"service": draw.choice(sorted(services))} if services else {})
    aimed = {"jurisdiction": sequence.jurisdiction, "dates": dates}
    return case | aimed | {"requests": [request | {"facts": facts}]}


def _case(draw, library, number, words, documented):
    groups = {}
    share = draw.choice([documented, documented, 0.95, 0.3])
    for fact in library.dictionary.facts:
        if fact.field.required or draw.random() < share:
            groups.setdefault(fact.group, {})[fact.name] = _value(draw, fact.type)
    dates = groups.pop("dates", {})
    dates |= {name: _day(draw) for name in ("request", "service", "decision")}
    case = {
        "id": f"case-{number}",
        "jurisdiction": draw.choice(words["jurisdiction"]),
        "review": draw.choice(words["review"]),
        "timing": draw.choice(words["timing"]),
        "dates": dates,
        "requests": [{"id": "request", "facts": groups.pop("request")}],
        "facts": groups,
    }
    if draw.random() < 0.2:
        case |= _conflict(draw, library)
    return case


def _conflict(draw, library):
    facts = [fact for fact in library.dictionary.facts if not fact.field.required and fact.group != "dates"
             and fact.type.kind is Kind.BOOL]  # fmt: skip
    said = [{"value": True, "record": "one"}, {"value": False, "record": "two"}]
    return {
        "records": {"one": {"title": "One"}, "two": {"title": "Two"}},
        "conflicting": {fact.path: said for fact in draw.sample(facts, 8)},
    }


def _day(draw):
    return (FIRST + dt.timedelta(days=draw.randrange((LAST - FIRST).days))).isoformat()


def _value(draw, type_):
    match type_.kind:
        case Kind.BOOL:
            return draw.random() < 0.5
        case Kind.INT | Kind.DOUBLE:
            near = [
                v
                for v in (0, 1, 2, 3, 4, 6, 7, 8, 12, 13, 50, 70, 80, 90)
                if type_.minimum <= v <= type_.maximum
            ]
            value = draw.choice([*near, type_.minimum, type_.maximum])
            return int(value) if type_.kind is Kind.INT else float(value)
        case Kind.STRING if type_.choices:
            return draw.choice(type_.choices).value
        case Kind.STRING:
            return draw.choice(["", "a", "é"])
        case Kind.DATE:
            return _day(draw)
        case Kind.LIST:
            most = min(type_.longest or 4, 4)
            values = [_value(draw, type_.element) for _ in range(draw.randint(max(type_.shortest, 0), most))]
            return list(dict.fromkeys(values)) if type_.unique else values
        case Kind.RECORD:
            return {f.name: _value(draw, f.type) for f in type_.fields if draw.random() < 0.8}
