"""Tables in memory: Arrow, pandas and polars in, Arrow out."""

import pytest
from sql.crowd import crowd
from sql.tables import requests_table

from imrpolicy.batches import BatchError, Question, TableMapping, evaluate_table
from imrpolicy.evaluate import PolicyLibrary

pa = pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")


@pytest.fixture(scope="module")
def library():
    return PolicyLibrary.load()


@pytest.fixture(scope="module")
def table(library):
    return requests_table(library, crowd(library, 30)).drop_columns("row_number")


@pytest.fixture(scope="module")
def one(library):
    return Question(library=library, policy=library.policy("odg/continuous-flow-cryotherapy"))


def test_rows_come_back_in_order(table, one):
    found = evaluate_table(table, one)
    assert found.column("case_id").to_pylist() == table.column("case_id").to_pylist()


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_data_frames(table, one, kind):
    pytest.importorskip(kind)
    plain = table.select(
        ["case_id", "request_id", "jurisdiction", "request__service", "request__duration_days"]
    )
    frame = plain.to_pandas() if kind == "pandas" else __import__("polars").from_arrow(plain)
    assert evaluate_table(frame, one).to_pylist() == evaluate_table(plain, one).to_pylist()


def test_a_table_with_other_names(table, one):
    renamed = table.rename_columns({"case_id": "claim"})
    mapping = TableMapping(columns={"case_id": "claim"})
    assert evaluate_table(renamed, one, mapping=mapping).num_rows == 30


def test_a_row_that_breaks_the_schema_stops(table, one):
    position = table.column_names.index("request__duration_days")
    broken = table.set_column(position, "request__duration_days", pa.array([7] * 29 + [0], pa.int64()))
    with pytest.raises(BatchError, match=r"row 30: `request__duration_days` is out of range"):
        evaluate_table(broken, one)


def test_a_decimal_number_where_a_whole_one_is_needed_stops(table, one):
    position = table.column_names.index("request__duration_days")
    broken = table.set_column(position, "request__duration_days", pa.array([7.0] * 29 + [7.5]))
    with pytest.raises(BatchError, match=r"row 30: `request__duration_days` must be a whole number of days"):
        evaluate_table(broken, one)


def test_a_field_of_records_that_nobody_declared_stops(table, one):
    position = table.column_names.index("history__prior_blocks")
    records = pa.array([[{"releif_percent": 80}]] * 30)
    broken = table.set_column(position, "history__prior_blocks", records)
    with pytest.raises(BatchError, match=r"have a field `releif_percent`; did you mean `relief_percent`"):
        evaluate_table(broken, one)


def test_what_is_no_table_is_refused(one):
    with pytest.raises(BatchError, match="give an Arrow table"):
        evaluate_table([1, 2], one)
