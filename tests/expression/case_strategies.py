"""Hypothesis strategies: values of facts, and cases with any facts missing."""

from expression.dictionary import DICTIONARY
from hypothesis import strategies as st

from imrpolicy.facts import Kind

TEXTS = st.sampled_from(
    ["", "a", "ab", "pain", "Pain at night", 'a "quoted" word', "back\\slash", "é", "漢字", "it's"]
)
DATES = st.sampled_from(
    ["2013-06-20", "2013-06-27", "2012-02-29", "1999-12-31", "2013-07-04", "1901-01-01", "9999-12-31"]
)


def number_within(type_):
    """A number in the range of the type, from a few so that facts and constants meet."""
    low, high = type_.minimum, type_.maximum
    few = [low, high, 0, 1, 2, 3, 7] + ([0.5, 2.5, -1.25] if type_.kind is Kind.DOUBLE else [-2])
    # Beyond 2^53 a whole number and a decimal one are not compared.
    return st.sampled_from(
        [value for value in few if low <= value <= high and abs(value) <= 2**53] or [int(low)]
    )


def value_of(type_):
    """A value of a fact as a case writes it."""
    match type_.kind:
        case Kind.BOOL:
            return st.booleans()
        case Kind.INT:
            return number_within(type_).map(int)
        case Kind.DOUBLE:
            return number_within(type_)
        case Kind.DATE:
            return DATES
        case Kind.STRING if type_.choices:
            return st.sampled_from([choice.value for choice in type_.choices])
        case Kind.STRING:
            return TEXTS
        case Kind.LIST:
            sizes = {"min_size": type_.shortest, "max_size": type_.longest}
            return st.lists(value_of(type_.element), unique=type_.unique, **sizes)
        case Kind.RECORD:
            return st.fixed_dictionaries({f.name: _maybe(f.type) for f in type_.fields})


def _maybe(type_):
    """A value, or seldom none at all: a fact that is not documented."""
    return st.one_of(*[value_of(type_)] * 5, st.none())


def cases(paths, missing=True):
    """A case as nested plain data that may give these facts, or gives them all."""
    facts = [DICTIONARY.by_path[path] for path in paths]
    values = st.fixed_dictionaries({f.path: _maybe(f.type) if missing else value_of(f.type) for f in facts})
    return values.map(_nested)


def _nested(by_path):
    case = {}
    for path, value in by_path.items():
        group, _, name = path.partition(".")
        case.setdefault(group, {})[name] = value
    return case
