"""The quick reader gives the very case that the thorough one gives, or leaves it to that one."""

import copy
import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imrpolicy.authored import read_document
from imrpolicy.evaluate.case import CaseError
from imrpolicy.evaluate.reader import CaseReader
from imrpolicy.facts import load_dictionary

ROOT = Path(__file__).parents[2]
DICTIONARY = load_dictionary(ROOT / "schemas" / "case.schema.json")
READER, THOROUGH = CaseReader(DICTIONARY), CaseReader(DICTIONARY)
THOROUGH._quick = SimpleNamespace(read=lambda _: None)
CASES = [read_document(path).data() for path in sorted(ROOT.glob("cases/*.yaml"))]
RECORD = "progress-report-2013-06-20"

KEYS = st.sampled_from(
    """id title source jurisdiction review timing dates records facts documented_by conflicting requests
    decided outcome reason final level guideline disagreement cause explanation
    author date injury service pain radicular pain.radicular nonsense""".split()
) | st.sampled_from([RECORD, 7, None])
TEXTS = st.sampled_from(
    """x é imr utilization_review retrospective medicare overturned 2013-06-20 2013-02-30 none low_back L4-L5
    medial-branch-blocks""".split()
) | st.sampled_from(["", "\ud800", "Not An Id", "x" * 5_000, RECORD])
PLAIN = st.sampled_from(
    [None, True, False, 0, 1, 2, 8, -1, 8.0, 0.5, 10**30, float("nan"), dt.date(2013, 6, 20)]
)
NESTED = st.sampled_from(
    [
        *(
            [],
            {},
            (),
            [None],
            ["L4-L5"],
            ["L4-L5", "L4-L5"],
            ("L4-L5",),
            [RECORD],
            [RECORD, RECORD],
            [[]],
            [{}],
        ),
        *({"title": "x"}, {"title": ""}, {"id": "y", "facts": {"service": "other"}}, {7: "x"}),
        {"outcome": "upheld"},
        {"outcome": "upheld", "final": True, "level": "hearing", "guideline": "odg"},
        {"cause": "reviewer_departs", "explanation": "x"},
    ]
).map(copy.deepcopy)
VALUES = st.one_of(TEXTS, PLAIN, NESTED)


def places(value, path=()):
    """The path of everything below a value."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in below:
        yield (*path, key)
        yield from places(item, (*path, key))


@st.composite
def altered(draw):
    """A real case with a few things taken out, put in or replaced."""
    data = copy.deepcopy(draw(st.sampled_from(CASES)))
    for _ in range(draw(st.integers(1, 3))):
        paths = list(places(data))
        if not paths:
            break
        *above, last = draw(st.sampled_from(paths))
        parent = data
        for key in above:
            parent = parent[key]
        how = draw(st.sampled_from(["remove", "replace", "replace", "add"]))
        if how == "remove":
            del parent[last]
        elif how == "replace":
            parent[last] = draw(VALUES)
        elif isinstance(parent, dict):
            parent[draw(KEYS)] = draw(VALUES)
        else:
            parent.append(copy.deepcopy(parent[0]) if parent and draw(st.booleans()) else draw(VALUES))
    return data


def thoroughly(data):
    try:
        return THOROUGH.read(data)
    except CaseError:
        return None


def types(value):
    """A value with the types in it: 1, 1.0 and True are equal, and not the same."""
    if isinstance(value, dict):
        return {key: types(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [types(item) for item in value]
    return type(value), value


@given(altered())
def test_both_readers_agree(data):
    quick = READER._quick.read(data)
    if quick is not None:
        thorough = thoroughly(data)
        assert quick == thorough
        assert [types(request.row) for request in quick.requests] == [
            types(request.row) for request in thorough.requests
        ]


@pytest.mark.parametrize("data", [c for c in CASES if "conflicting" not in c], ids=lambda data: data["id"])
def test_real_cases_are_read_quickly(data):
    assert READER._quick.read(data) == THOROUGH.read(data)


def test_nothing_is_shared_with_what_was_read():
    data = copy.deepcopy(CASES[0])
    case = READER.read(data)
    data["facts"]["imaging"]["spondylosis_levels"].clear()
    data["records"].clear()
    data["requests"][0]["documented_by"].clear()
    data["decided"].clear()
    assert case == READER.read(CASES[0])


@pytest.mark.parametrize("data", [None, [], "x", 7, {}, {"id": "x"}, {1: 2}])
def test_what_is_no_case_is_left_to_the_thorough_reader(data):
    assert READER._quick.read(data) is None


@pytest.mark.parametrize("value", [[], "", 0, {"pain.radicular": []}])
def test_conflicts_are_left_to_the_thorough_reader(value):
    for data in (CASES[0] | {"conflicting": value}, copy.deepcopy(CASES[0])):
        data["requests"] = [data["requests"][0] | {"conflicting": value}]
        assert READER._quick.read(data) is None
