"""The library itself: loading, looking policies up, and what a determination gives access to."""

import copy
import json
import pickle
from pathlib import Path
from types import SimpleNamespace

import pytest
from evaluate.world import CASE_SCHEMA, case, library, loaded, only, sequence, silent, simple

from imrpolicy.evaluate import CaseError, PolicyLibrary, bundled_directory, read_directory
from imrpolicy.facts import SchemaError, dictionary_from
from imrpolicy.issues import IssuesError
from imrpolicy.policy import Schemas

ROOT = Path(__file__).parents[2]


def test_the_policies_that_come_with_the_package():
    assert PolicyLibrary.load().loaded.root == bundled_directory("policies") == ROOT / "policies"
    assert PolicyLibrary.load().policies


def test_another_directory_with_the_schemas_of_the_package(tmp_path):
    (tmp_path / "policies").mkdir()
    found = read_directory(tmp_path / "policies")
    assert found.schemas.directory == bundled_directory("schemas")
    assert [issue.rule for issue in found.issues] == ["missing-file"]


def test_schemas_beside_the_directory_count_before_those_of_the_package(tmp_path):
    (tmp_path / "policies").mkdir()
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "case.schema.json").write_text(json.dumps(CASE_SCHEMA), encoding="utf-8")
    assert read_directory(tmp_path / "policies").schemas.directory == tmp_path / "schemas"
    assert read_directory(tmp_path / "policies", ROOT / "schemas").schemas.directory == ROOT / "schemas"


def test_a_library_is_never_half_loaded(tmp_path):
    with pytest.raises(IssuesError) as raised:
        PolicyLibrary.load(tmp_path)
    assert [issue.rule for issue in raised.value.issues] == ["missing-file"]


def test_a_directory_that_does_not_exist(tmp_path):
    with pytest.raises(NotADirectoryError):
        PolicyLibrary.load(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="this installation of imrpolicy has no `nowhere`"):
        bundled_directory("nowhere")


@pytest.mark.parametrize("lacking", ["request.service", "dates.service"])
def test_a_case_schema_without_what_evaluation_needs(lacking):
    schema = copy.deepcopy(CASE_SCHEMA)
    group, _, name = lacking.partition(".")
    definition = schema["$defs"]["request_facts" if group == "request" else "dates"]
    del definition["properties"][name]
    definition.pop("required", None)
    found = loaded([], sequence("odg"))
    schemas = Schemas(found.schemas.directory)
    schemas.__dict__["dictionary"] = dictionary_from(schema)
    with pytest.raises(SchemaError, match=f"the case schema needs the fact `{lacking}`"):
        PolicyLibrary(SimpleNamespace(**{n: getattr(found, n) for n in ("policies", "sequences", "sources")},
                                      dictionary=schemas.dictionary))  # fmt: skip


LIBRARY = library(
    [simple("odg/x", "exam.a"), simple("odg/x", "exam.b", version="1.10.0"), silent("mtus/x")], "mtus", "odg"
)


def test_a_policy_by_its_reference():
    assert LIBRARY.policy("odg/x").reference == "odg/x@1.10.0"
    assert LIBRARY.policy("odg/x@1.0.0").reference == "odg/x@1.0.0"
    for unknown, help in (("odg/y", "did you mean `odg/x`?"), ("odg/x@2.0.0", "did you mean `odg/x@1.0.0`?")):
        with pytest.raises(KeyError) as raised:
            LIBRARY.policy(unknown)
        assert raised.value.args == (f"there is no policy `{unknown}`; {help}",)


def test_what_a_library_holds():
    assert [policy.reference for policy in LIBRARY.policies] == [
        "odg/x@1.0.0",
        "odg/x@1.10.0",
        "mtus/x@1.0.0",
    ]
    assert list(LIBRARY.sources) == ["mtus", "odg"]
    assert [found.id for found in LIBRARY.sequences] == ["always"]
    assert LIBRARY.warnings == ()


def test_determinations_are_compared_by_value_and_frozen():
    one, other = (only(LIBRARY.evaluate(case({"exam.b": value}))) for value in (True, False))
    assert one == only(LIBRARY.evaluate(case({"exam.b": True})))
    assert one != other
    with pytest.raises(AttributeError):
        one.outcome = other.outcome
    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one


def test_a_pickled_determination_still_says_what_is_missing():
    determination = only(LIBRARY.evaluate(case()))
    copied = pickle.loads(pickle.dumps(determination))
    assert copied.missing == determination.missing
    assert copied.missing.open == ("exam.b",)
    assert LIBRARY.evaluate(copied.case) == (determination,)


def test_a_case_of_another_library_with_the_same_facts_is_taken():
    read = library([simple("odg/y", "exam.c")], "odg").read_case(case({"exam.b": True}))
    assert only(LIBRARY.evaluate(pickle.loads(pickle.dumps(read)))).outcome.value == "overturned"


def test_requests_are_determined_in_their_order():
    data = case()
    data["requests"] = [
        {"id": f"r{i}", "facts": {"service": service}} for i, service in enumerate(("unit", "other", "unit"))
    ]
    found = LIBRARY.evaluate(data)
    assert [determination.request.id for determination in found] == ["r0", "r1", "r2"]
    assert [determination.reason.value for determination in found] == [
        "missing_facts",
        "not_encoded",
        "missing_facts",
    ]


def test_limits_of_the_case_schema_on_what_is_said_of_records():
    real = PolicyLibrary.load()
    records = {f"r{i}": {"title": "Record"} for i in range(21)}
    statements = [{"value": i, "record": f"r{i}"} for i in range(21)]
    data = {
        "id": "case",
        "jurisdiction": "ca_workers_compensation",
        "records": records,
        "documented_by": {"pain.radicular": list(records)},
        "conflicting": {"care.conservative_weeks": statements},
        "requests": [{"id": "r", "facts": {"service": "other"}}],
    }
    with pytest.raises(CaseError) as raised:
        real.evaluate(data, as_of="2013-12-01")
    assert [problem.message for problem in raised.value.problems] == [
        "the list has more than 20 records",
        "the list has more than 20 statements",
    ]
