"""A case in a link: what comes out is what went in, and nothing else can come out."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trial.asked import question

from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.site.trial_data import library_data


@pytest.fixture(scope="module")
def library():
    return PolicyLibrary.load()


@pytest.fixture(scope="module")
def page(program, library):
    program.load(library_data(library))
    return program


def fragment(text):
    return "#case=" + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_generated_cases_come_back_as_they_were(page, library):
    pytest.importorskip("numpy", reason="numpy draws the cases")
    from imrpolicy.population import generate

    known = {fact["path"] for fact in library_data(library)["facts"]}
    for data in generate(library.dictionary, count=200, seed=7):
        for determination in library.evaluate(data, as_of="2013-12-01"):
            state = question(determination)["request"]
            state["row"] = {path: value for path, value in state["row"].items() if path in known}
            del state["inConflict"]
            shared = page.ask({"state": state})["fragment"]
            assert page.ask({"fragment": shared})["found"] == {"state": state, "ignored": 0}


@given(st.text() | st.from_type(bytes).map(lambda b: "#case=" + base64.urlsafe_b64encode(b).decode()))
def test_any_other_text_is_no_case(page, text):
    found = page.ask({"fragment": text})["found"]
    assert found is None or found["state"]["row"] == {}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_only_what_the_dictionary_admits_comes_out_of_a_link(page, library, data):
    facts = data.draw(st.dictionaries(st.sampled_from(sorted(library.dictionary.by_path)), JSON, max_size=4))
    content = {"v": 1, "f": facts, "j": data.draw(JSON), "t": data.draw(JSON), "d": data.draw(JSON)}
    state = page.ask({"fragment": fragment(json.dumps(content))})["found"]["state"]
    groups = {}
    for path, value in {**state["row"], "request.service": "other"}.items():
        group, _, name = path.partition(".")
        groups.setdefault(group, {})[name] = value
    case = {
        "id": "case",
        "jurisdiction": state.get("jurisdiction") or "medicare",
        "timing": state.get("timing") or "prospective",
        "requests": [{"id": "request", "facts": groups.pop("request")}],
        "dates": groups.pop("dates", {}),
        "facts": groups,
    }
    library.read_case(case)  # it would say what does not fit
