"""What is generated fits the dictionary, is always the same, and is told alike by the table and the cases."""

from __future__ import annotations

import copy
import itertools

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from population_facts import EVERY_TYPE, small_dictionary

from imrpolicy.evaluate import Status, bundled_directory
from imrpolicy.evaluate.compiled import CompiledPolicy
from imrpolicy.evaluate.reader import CaseReader
from imrpolicy.policy import Schemas
from imrpolicy.population import (
    bundled_profile,
    generate,
    generate_table,
    services_for,
)
from imrpolicy.population.columns import arrow_schema, column_of
from imrpolicy.population.reader import profile_from
from imrpolicy.population.sampler import BLOCK_ROWS

EMPTY = profile_from({"id": "empty", "title": "Nothing", "note": "Nothing.", "facts": {}})


def rows(dictionary, **how):
    return list(itertools.chain.from_iterable(b.to_pylist() for b in generate_table(dictionary, **how)))


@settings(max_examples=8)
@given(seed=st.integers(0, 2**63 - 1))
def test_every_case_fits_the_case_schema(library, seed):
    for case in generate(library.dictionary, count=200, seed=seed):
        library.read_case(case)


def test_the_json_schema_agrees(library):
    validator = Schemas(bundled_directory("schemas")).validator("case")
    for case in generate(library.dictionary, count=300, seed=5):
        assert not list(validator.iter_errors(case))


@settings(max_examples=8)
@given(seed=st.integers(0, 2**32))
def test_every_case_can_be_evaluated_without_a_further_date(library, seed):
    for case in generate(library.dictionary, count=100, seed=seed):
        library.evaluate(case)


@settings(max_examples=8)
@given(seed=st.integers(0, 2**32))
def test_a_fact_of_any_type_is_generated_without_being_named(seed):
    dictionary = small_dictionary(copy.deepcopy(EVERY_TYPE))
    reader = CaseReader(dictionary)
    seen = set()
    for case in generate(dictionary, count=200, seed=seed, profile=EMPTY):
        reader.read({**case, "jurisdiction": case["jurisdiction"]})
        seen |= case.get("facts", {}).get("some", {}).keys()
    assert seen == EVERY_TYPE.keys()


def test_the_table_and_the_cases_say_the_same(library):
    """Each row, read back as a request, has the values of the case, and the same facts in conflict."""
    dictionary = library.dictionary
    table = rows(dictionary, count=500, seed=9)
    requests = [
        (case, request)
        for data in generate(dictionary, count=500, seed=9)
        for case in [library.read_case(data)]
        for request in case.requests
    ]
    assert len(table) == len(requests) == 500
    for row, (case, request) in zip(table, requests, strict=True):
        assert (row["case_id"], row["request_id"]) == (case.id, request.id)
        about = (case.jurisdiction, case.review.value, case.timing.value)
        assert (row["jurisdiction"], row["review"], row["timing"]) == about
        assert sorted(row["conflicting"]) == sorted(request.conflicting)
        for fact in dictionary.facts:
            assert plain(row[column_of(fact.path)]) == plain(request.row[fact.index]), fact.path


def plain(value):
    """A value without the fields that a record lacks, which the table has as null."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: item for name, item in value.items() if item is not None}
    return value


def test_the_table_has_the_layout(dictionary):
    [batch] = generate_table(dictionary, count=50)
    assert batch.schema == arrow_schema(dictionary)
    batch.validate(full=True)


def test_the_same_arguments_give_the_same_population(dictionary):
    assert rows(dictionary, count=40, seed=3) == rows(dictionary, count=40, seed=3)
    assert rows(dictionary, count=40, seed=3) != rows(dictionary, count=40, seed=4)


@pytest.mark.parametrize("count", [1, 7, BLOCK_ROWS - 1, BLOCK_ROWS, BLOCK_ROWS + 3])
def test_a_smaller_population_is_the_beginning_of_a_larger_one(dictionary, count):
    larger = pa.Table.from_batches(generate_table(dictionary, count=2 * BLOCK_ROWS + 1, seed=8))
    smaller = pa.Table.from_batches(generate_table(dictionary, count=count, seed=8))
    assert smaller.num_rows == count
    assert smaller.equals(larger.slice(0, count).combine_chunks())


def test_blocks_differ_from_each_other(dictionary):
    first, second = generate_table(dictionary, count=2 * BLOCK_ROWS)
    name = column_of("patient.age_years")
    assert first.column(name) != second.column(name)


def test_case_and_request_name_a_row(dictionary):
    table = rows(dictionary, count=BLOCK_ROWS + 500)
    names = {(row["case_id"], row["request_id"]) for row in table}
    assert len(names) == len(table)
    assert len({row["case_id"] for row in table}) < len(table)


def test_the_requests_of_a_case_share_what_is_true_of_the_patient(library):
    cases = [case for case in generate(library.dictionary, count=3000, seed=2) if len(case["requests"]) == 2]
    assert len(cases) > 100
    table = {}
    for row in rows(library.dictionary, count=3000, seed=2):
        table.setdefault(row["case_id"], []).append(row)
    for case in cases:
        first, second = table[case["id"]]
        differing = {name for name in first if first[name] != second[name]}
        assert all(name.startswith("request_") or name == "conflicting" for name in differing)


def test_a_new_fact_leaves_the_others_as_they_were():
    facts = copy.deepcopy(EVERY_TYPE)
    before = rows(small_dictionary(facts), count=50, profile=EMPTY)
    added = small_dictionary({"another": {"type": ["boolean", "null"]}, **copy.deepcopy(EVERY_TYPE)})
    after = rows(added, count=50, profile=EMPTY)
    assert [row.pop("some__another") for row in after]
    assert after == before


def test_dates_come_in_their_order(dictionary):
    for row in rows(dictionary, count=2000, seed=4):
        request, service = row["dates__request"], row["dates__service"]
        assert request < row["dates__decision"]
        assert request < service
        if row["dates__injury"]:
            assert row["dates__injury"] < request
        if row["timing"] == "retrospective":
            assert service < row["dates__decision"]


def test_nothing_is_known_of_a_procedure_before_it(dictionary):
    for row in rows(dictionary, count=1000):
        if row["timing"] == "prospective":
            known = [name for name, value in row.items() if value is not None]
            assert not [name for name in known if name.startswith(("procedure__", "response__"))]


def test_a_population_for_one_policy_asks_for_its_services_only(library):
    policy = library.policy("odg/continuous-flow-cryotherapy")
    services = services_for(policy, library.dictionary)
    assert services == ("continuous_flow_cryotherapy",)
    table = rows(library.dictionary, count=300, services=services)
    assert {row["request__service"] for row in table} == set(services)


def test_the_population_of_each_policy_has_cases_to_which_it_applies(library):
    for name in sorted({policy.id for policy in library.policies}):
        policy = library.policy(name)
        compiled = CompiledPolicy(policy)
        traces = [
            compiled.evaluate(request.row, strict=False, retrospective=False, in_conflict=frozenset())
            for data in generate(
                library.dictionary, count=200, services=services_for(policy, library.dictionary)
            )
            for request in library.read_case(data).requests
        ]
        applies = [trace for trace in traces if trace is not None and trace.applies is Status.MET]
        assert len(applies) > 3, name


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"count": -1}, "a population cannot have -1 requests"),
        ({"count": 1, "seed": -1}, "the seed -1 is out of range"),
        ({"count": 1, "seed": 2**63}, "is out of range"),
        ({"count": 1, "services": []}, "name at least one service"),
        ({"count": 1, "services": ["cold_heat_pak"]}, "did you mean `cold_heat_pack`"),
    ],
)
def test_a_wrong_call_is_refused_before_anything_is_drawn(dictionary, how, message):
    with pytest.raises(ValueError, match=message):
        generate(dictionary, **how)


def test_no_requests_are_no_rows(dictionary):
    assert rows(dictionary, count=0) == []
    assert list(generate(dictionary, count=0)) == []


def test_the_bundled_profile_is_fitted_to_an_older_dictionary():
    """What a dictionary lacks is not generated, and what it has is, as far as the profile makes sense."""
    facts = {"truth": {"type": ["boolean", "null"]}}
    dictionary = small_dictionary(facts, services=("cold_heat_pack", "something_old"))
    table = rows(dictionary, count=200, profile=bundled_profile())
    assert {row["request__service"] for row in table} == {"cold_heat_pack"}
    assert {row["some__truth"] for row in table} == {True, False, None}
