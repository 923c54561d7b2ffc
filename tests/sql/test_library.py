"""The query of a library in DuckDB: row by row what `evaluate` gives."""

import duckdb
import pytest
from evaluate import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sql.crowd import crowd
from sql.expected import check_row
from sql.tables import requests_table

from imrpolicy.batches.exact_open import OpenFacts, prepare
from imrpolicy.evaluate import Options, PolicyLibrary
from imrpolicy.sql.question import Question


def in_duckdb(library, table, options):
    question = Question(library=library, options=options, exact=True)
    with duckdb.connect() as connection:
        connection.register("requests", table)
        prepare(connection, question)
        return connection.sql(question.query("duckdb", "requests")).to_arrow_table().to_pylist()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    strategies.worlds(),
    st.lists(strategies.cases(), min_size=12, max_size=24),
    strategies.options(),
)
def test_a_random_library_says_the_same_in_sql(world, cases, options):
    library = world.library
    rows = in_duckdb(library, requests_table(library, cases), Options(**options))
    for case, row in zip(cases, rows, strict=True):
        [determination] = library.evaluate(case, **options)
        check_row(determination, row)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"strict": True, "allow_not_encoded": True},
        {"include_drafts": True},
        {"include_drafts": True, "allow_not_encoded": True},
    ],
    ids=lambda options: "-".join(options) or "default",
)
def test_the_guidelines_that_come_with_it_say_the_same_in_sql(options):
    library = PolicyLibrary.load()
    cases = crowd(library, 1_500, seed=len(options))
    rows = in_duckdb(library, requests_table(library, cases), Options(**options))
    reasons = set()
    for case, row in zip(cases, rows, strict=True):
        [determination] = library.evaluate(case, **options)
        reasons.add(determination.reason)
        check_row(determination, row)
    assert len(reasons) >= 4


def test_what_is_open_is_found_once_for_all_requests_that_agree(monkeypatch):
    library = PolicyLibrary.load()
    evaluated = []
    monkeypatch.setattr(OpenFacts, "_evaluated", lambda *_: (evaluated.append(1), ((), True))[1])
    cases = [{**case, "id": f"{case['id']}-{n}"} for n in range(20) for case in crowd(library, 10)]
    in_duckdb(library, requests_table(library, cases), Options())
    assert 1 <= len(evaluated) <= 10
