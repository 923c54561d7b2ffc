"""The query of a library in DuckDB: row by row what `evaluate` gives."""

import duckdb
import pyarrow as pa
import pytest
from evaluate import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sql.crowd import crowd
from sql.expected import check_row
from sql.tables import requests_table

from imrpolicy.batches.exact_open import MissingFacts, prepare
from imrpolicy.evaluate import Options, PolicyLibrary
from imrpolicy.population import generate_table
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


def test_what_is_missing_is_found_once_for_all_requests_that_agree(monkeypatch):
    library = PolicyLibrary.load()
    evaluated, evaluate = [], MissingFacts._evaluated
    monkeypatch.setattr(
        MissingFacts, "_evaluated", lambda self, row: (evaluated.append(1), evaluate(self, row))[1]
    )
    some = crowd(library, 60)
    cases = [{**case, "id": f"{case['id']}-{n}"} for n in range(20) for case in some]
    rows = in_duckdb(library, requests_table(library, cases), Options())
    left_open = sum(bool(row["undocumented"]) for row in rows)
    assert 1 <= len(evaluated) < left_open / 10


def test_what_sql_names_is_mostly_what_the_evaluator_does():
    """Of 3,000 requests of a population, and of those among them that lack something."""
    library = PolicyLibrary.load()
    table = pa.Table.from_batches(list(generate_table(library.dictionary, count=3_000, seed=1)))
    rows = in_duckdb(library, table, Options())
    lacking = [row for row in rows if row["undocumented"]]
    same = sum(row["undocumented"] == row["open"] for row in lacking)
    assert len(lacking) > 80
    assert same / len(lacking) >= 0.98
