"""Whatever a case is, it is read or refused; and the reader holds it to its schema."""

import copy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imrpolicy.authored import read_document
from imrpolicy.evaluate import CaseError, PolicyLibrary
from imrpolicy.policy import Schemas

ROOT = Path(__file__).parents[2]
CASES = [read_document(path).data() for path in sorted(ROOT.glob("cases/*.yaml"))]
VALIDATOR = Schemas(ROOT / "schemas").validator("case")
LIBRARY = PolicyLibrary.load(ROOT / "policies")
SOUND = {
    "id": "sound",
    "jurisdiction": "ca_workers_compensation",
    "requests": [{"id": "unit", "facts": {"service": "continuous_flow_cryotherapy"}}],
}


def refused(data):
    """What is wrong with a case; nothing where it is read. Any other exception fails the test."""
    try:
        LIBRARY.evaluate(data, as_of="2013-12-01")
    except CaseError as error:
        return error.problems
    return ()


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def sound(**changes):
    return {**SOUND, **changes}


MANY = range(100_000)
HOSTILE = {
    "very many requests": sound(requests=[{"id": f"r{i}", "facts": {"service": "other"}} for i in MANY]),
    "very many keys": {str(i): i for i in MANY},
    "very many facts": sound(facts={"pain": {f"x{i}": True for i in MANY}}),
    "very many groups": sound(facts={f"x{i}": {} for i in MANY}),
    "very many notes": sound(documented_by={f"pain.x{i}": "r" for i in MANY}),
    "a very long id": sound(id="x" * 10**6),
    "half a character": sound(title="\ud800"),
    "half a character in an id": sound(id="\ud800"),
    "a very long name of a fact": sound(facts={"pain": {"x" * 10**6: True}}),
    "a very deep value": sound(facts={"care": {"conservative_weeks": nested(5_000)}}),
    "a very deep value of a list": sound(facts={"history": {"prior_blocks": [nested(5_000)]}}),
    "a very deep key": sound(nested=nested(5_000)),
    "a very deep decision": sound(decided={"unit": nested(5_000)}),
    "a very deep conflict": sound(
        conflicting={"care.conservative_weeks": [{"value": nested(5_000), "record": nested(5_000)}] * 2}
    ),
    "an enormous number": sound(facts={"care": {"conservative_weeks": 10**5_000}}),
    "an enormous decimal": sound(facts={"pain": {"severity_score": 10**5_000}}),
    "not a number": sound(facts={"pain": {"severity_score": float("nan")}}),
    "infinity": sound(facts={"care": {"conservative_weeks": float("inf")}}),
    "an enormous key": sound(facts={"pain": {10**5_000: 1}}),
    "an enormous key at the top": {**SOUND, 10**5_000: 1},
    "an enormous key of a request": sound(requests=[{"id": "unit", "facts": {10**5_000: 1}}]),
    "an enormous id": sound(id=10**5_000, requests=[{"id": 10**5_000, "facts": {}}]),
    "the wrong type everywhere": dict.fromkeys(CASES[0], 1.5),
    "keys of all sorts": {b"id": 1, None: 2, 1.5: 3, (1, 2): 4},
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_case_is_refused_and_nothing_else_happens(data):
    problems = refused(data)
    assert problems
    assert len(problems) <= 100


def test_a_sound_case_is_read():
    assert refused(SOUND) == ()


_PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.binary(max_size=2),
    st.dates(),
    st.datetimes(),
)
_ANYTHING = st.recursive(
    _PLAIN,
    lambda below: st.one_of(
        st.lists(below, max_size=3),
        st.tuples(below),
        st.dictionaries(st.none() | st.integers() | st.text(max_size=3), below, max_size=3),
    ),
    max_leaves=6,
)


def parts(value):
    """Every part of a case, as what holds it and its key."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in below:
        yield value, key
        yield from parts(item)


@given(st.data())
def test_whatever_a_case_holds_it_is_read_or_refused(data):
    """A real case, with anything in the place of one of its parts."""
    altered = copy.deepcopy(data.draw(st.sampled_from(CASES)))
    parent, key = data.draw(st.sampled_from(list(parts(altered))))
    parent[key] = data.draw(_ANYTHING)
    assert all(str(problem) for problem in refused(altered))


# --- the case schema and the reader say the same -------------------------------------------------------

# What no JSON Schema can say: that one part of a case fits another.
_CROSS = (
    "there is no fact",
    "there is no record",
    "there is no request",
    "is used twice",
    "the statements agree",
    "cannot be in conflict",
)
_JSON = st.sampled_from(
    [
        *("", "x", "Not An Id", "x" * 700, "imr", "2013-06-20", "2013-02-30", "none", "L4-L5", "overturned"),
        *(True, False, 0, 1, 8.0, 0.5, -1, 10**20),
        *([], {}, [[]], ["L4-L5"], ["L4-L5", "L4-L5"]),
    ]
).map(copy.deepcopy)
_KEYS = st.sampled_from(["x", "X", "title", "facts", "dates", "review", "author", "reason"])


@given(st.data())
def test_the_reader_holds_a_case_to_its_schema(data):
    altered = copy.deepcopy(data.draw(st.sampled_from(CASES)))
    for _ in range(data.draw(st.integers(1, 2))):
        parent, key = data.draw(st.sampled_from(list(parts(altered))))
        how = data.draw(st.sampled_from(["replace", "replace", "remove", "add"]))
        if how == "remove":
            del parent[key]
        else:
            parent[data.draw(_KEYS) if how == "add" and isinstance(parent, dict) else key] = data.draw(_JSON)
        if not altered:
            break
    problems = refused(altered)
    if VALIDATOR.is_valid(altered):
        assert all(any(words in problem.message for words in _CROSS) for problem in problems), problems
    else:
        assert problems, [error.message for error in VALIDATOR.iter_errors(altered)]


@pytest.mark.parametrize("data", CASES, ids=lambda data: data["id"])
def test_the_cases_of_the_project_fit_their_schema_and_are_read(data):
    assert VALIDATOR.is_valid(data)
    assert LIBRARY.read_case(data).id == data["id"]
