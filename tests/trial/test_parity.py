"""The page says what `imrpolicy evaluate` says, field by field and word for word."""

import datetime as dt
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from evaluate.strategies import cases, options, worlds
from hypothesis import given
from hypothesis import strategies as st
from trial.asked import assert_same, expected, policy_of, question

from imrpolicy.evaluate import CompiledPolicy, PolicyLibrary, Timing
from imrpolicy.site.content import read_content
from imrpolicy.site.trial import trial_files
from imrpolicy.site.trial_data import library_data, policy_data

pytestmark = pytest.mark.slow

DAYS = [dt.date(2013, 12, 1), dt.date(2016, 3, 1), dt.date(2026, 11, 1)]
COUNT = 3_000


@pytest.fixture(scope="module")
def library():
    return PolicyLibrary.load()


def without_records(data):
    """A case without what the form does not ask: the records and what is said of them."""
    left_out = {"records", "documented_by", "conflicting"}
    requests = [{k: v for k, v in r.items() if k not in left_out} for r in data["requests"]]
    return {**{k: v for k, v in data.items() if k not in left_out}, "requests": requests}


def test_thousands_of_generated_cases(program, library):
    pytest.importorskip("numpy", reason="numpy draws the cases")
    from imrpolicy.population import generate

    program.load(library_data(library))
    seen = Counter()
    for place, data in enumerate(generate(library.dictionary, count=COUNT, seed=18)):
        manner = {
            "as_of": DAYS[place % 3],
            "strict": place % 5 == 0,
            "include_drafts": place % 2 == 0,
            "allow_not_encoded": place % 7 == 0,
        }
        for determination in library.evaluate(without_records(data), **manner):
            assert_same(program, determination)
            seen[determination.reason.value, determination.recommendation.value] += 1
    # A test of parity shows nothing where everything is undetermined alike.
    assert sum(seen.values()) >= COUNT
    assert min(seen["criteria", "recommended"], seen["criteria", "not_recommended"]) > COUNT / 50, seen
    assert seen["missing_facts", "undetermined"] > COUNT / 50, seen


@given(world=worlds(), data=st.data())
def test_random_libraries(program, world, data):
    library = world.library
    program.load(library_data(library))
    for _ in range(3):
        case, manner = data.draw(cases()), data.draw(options())
        for determination in library.evaluate(case, **manner):
            assert_same(program, determination)


def test_the_comparison_can_fail(program, library):
    """Asked another case than the evaluator, the page gives another answer."""
    program.load(library_data(library))
    case = {
        "id": "example",
        "jurisdiction": "ca_workers_compensation",
        "requests": [
            {"id": "unit", "facts": {"service": "continuous_flow_cryotherapy", "duration_days": 60}}
        ],
    }
    [determination] = library.evaluate(case, as_of="2013-12-01")
    asked = question(determination)
    asked["request"]["row"]["request.duration_days"] = 7
    assert program.ask(asked) != expected(determination)


def test_each_policy_alone(program, library):
    """On the page of a policy its scope, its statuses and what it says are those of the evaluator."""
    pytest.importorskip("numpy", reason="numpy draws the cases")
    from imrpolicy.population import generate

    policies = [CompiledPolicy(policy) for policy in library.policies if policy.leaves]
    cases = list(generate(library.dictionary, count=60, seed=3))
    seen = Counter()
    for policy in policies:
        program.load(policy_data(library, policy.policy))
        for data in cases[: 20 if policy.services is None else None]:
            for determination in library.evaluate(without_records(data), as_of=DAYS[0]):
                asked = question(determination)
                if policy.services:
                    row = list(determination.request.row)
                    service = min(policy.services)
                    row[library.dictionary.by_path["request.service"].index] = service
                    asked["request"]["row"]["request.service"] = service
                    determination = replace(
                        determination, request=replace(determination.request, row=tuple(row))
                    )
                trace = policy.evaluate(
                    determination.request.row,
                    strict=False,
                    retrospective=determination.case.timing is Timing.RETROSPECTIVE,
                    in_conflict=frozenset(),
                )
                said = program.ask(asked)
                found = [p for source in said["sources"] for p in source["policies"]]
                wanted = [] if trace is None else [policy_of(trace)]
                assert found == wanted
                seen[trace and trace.recommendation] += 1
    assert len(seen) >= 4, seen


def test_published_decisions(program):
    """What the page offers to start from gives what the library says of the case."""
    root = Path(__file__).resolve().parents[2]
    content = read_content(root / "policies", root / "cases", dt.date(2026, 1, 2))
    data = json.loads(next(iter(trial_files(content))).text.partition("=")[2].rstrip(";\n"))
    program.load(data)
    offered = [case for case in content.cases if not case.determination.request.conflicting]
    assert len(offered) > 30
    for case, form in zip(offered, data["published"], strict=True):
        found = case.determination
        said = program.ask({"request": form})
        assert said["outcome"] == found.outcome.value
        assert said["governing"] == [trace.policy.reference for trace in found.governing]
        assert said["open"] == list(found.could_change.open)
