"""Requests as programs hold them: what each kind of table and column means, and which cannot be read."""

import datetime as dt
import decimal

import pytest
from sql.crowd import crowd
from sql.tables import requests_table

from imrpolicy.batches import BatchError

pa = pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")
NAN = float("nan")
UNIT = "odg/continuous-flow-cryotherapy"
BLOCK = "odg/lumbar-medial-branch-block"


@pytest.fixture(scope="module")
def table(library):
    return requests_table(library, crowd(library, 30)).drop_columns("row_number")


def three(**columns):
    """Three requests that are sound, as columns of plain values."""
    given = {
        "case_id": ["a", "b", "c"],
        "request_id": ["r"] * 3,
        "jurisdiction": ["ca_workers_compensation"] * 3,
        "request__service": ["continuous_flow_cryotherapy"] * 3,
    }
    return given | columns


def arrow(**columns):
    return pa.table(three(**columns))


def duration(result):
    """What became of the criterion that reads `request.duration_days`."""
    return result.determinations.column("criterion__duration").to_pylist()


# --- whatever holds a table --------------------------------------------------------------------------------


class Stream:
    """A program's own table, of which nothing is known but that it gives an Arrow stream."""

    def __init__(self, table):
        self._table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)


def as_pandas(table):
    return pytest.importorskip("pandas") and table.to_pandas()


def as_polars(table):
    return pytest.importorskip("polars").from_arrow(table)


KINDS = {
    "arrow": lambda table: table,
    "record batch": lambda table: table.combine_chunks().to_batches()[0],
    "reader": lambda table: table.to_reader(max_chunksize=7),
    "stream": Stream,
    "pandas": as_pandas,
    "polars": as_polars,
    "lazy polars": lambda table: as_polars(table).lazy(),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("policy", [UNIT, BLOCK])
def test_the_same_result_whatever_holds_the_table(table, ask, kind, policy):
    """Every fact of the dictionary is among the columns: numbers, dates, enumerations, lists and records."""
    expected = ask(table, policy).determinations
    result = ask(KINDS[kind](table), policy)
    assert result.determinations.to_pylist() == expected.to_pylist()
    assert (result.counts.rows, result.counts.rejected) == (30, 0)
    assert result.ignored == ()


@pytest.mark.parametrize("thing", [[1, 2], {"case_id": ["a"]}, 7, None, pa.array([1])])
def test_what_is_no_table_is_refused(ask, thing):
    with pytest.raises(BatchError, match=r"that is no table of requests.*; give an Arrow table or stream"):
        ask(thing)


def test_one_column_of_a_data_frame_is_no_table(ask):
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    for column in (pandas.Series([1]), polars.Series([1])):
        with pytest.raises(BatchError, match="that is no table of requests"):
            ask(column)


def test_an_empty_table_gives_an_empty_result(table, ask):
    for kind, convert in KINDS.items():
        if kind != "record batch":  # a table without rows has none
            result = ask(convert(table.slice(0, 0)))
            assert (result.counts.rows, result.determinations.num_rows, result.rejects.num_rows) == (0, 0, 0)
            assert "criterion__duration" in result.determinations.column_names


def test_columns_that_nothing_reads_are_named_and_may_be_of_any_type(ask):
    halves = pa.array([1.0, 2.0, 3.0], pa.float16())
    result = ask(arrow(pain__radiclar=["x"] * 3, odd=halves, row_number=[9, 9, 9], days=[NAN] * 3))
    assert result.ignored == ("days", "odd", "pain__radiclar", "row_number")
    assert result.counts.written == 3


def test_a_column_that_is_there_twice_stops(ask):
    twice = arrow().append_column("case_id", pa.array(["x", "y", "z"]))
    with pytest.raises(BatchError, match="the table has the column `case_id` twice; rename one of the two"):
        ask(twice)


def test_capital_letters_make_another_column(ask):
    result = ask(arrow(CASE_ID=["x", "y", "z"]))
    assert result.determinations.column("case_id").to_pylist() == ["a", "b", "c"]
    assert result.ignored == ("CASE_ID",)


# --- not documented ----------------------------------------------------------------------------------------


def test_nan_in_a_data_frame_of_pandas_is_not_documented(ask):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        three(request__duration_days=[7.0, NAN, 8.0], pain__severity_score=[NAN, 3.5, NAN])
    )
    assert frame["request__duration_days"].dtype == "float64"
    result = ask(frame)
    assert duration(result) == [True, None, False]
    assert result.counts.rejected == 0


def test_nan_in_the_newer_types_of_pandas_is_not_documented(ask):
    pandas = pytest.importorskip("pandas")
    numbers = pa.chunked_array([[7.0, NAN], [None]])
    series = pandas.Series(pandas.arrays.ArrowExtensionArray(numbers))
    frame = pandas.DataFrame(three()).assign(request__duration_days=series)
    assert duration(ask(frame)) == [True, None, None]


def test_nan_in_a_record_of_pandas_is_not_documented(ask):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(three(history__prior_blocks=[[{"relief_percent": NAN}], [], None]))
    assert ask(frame).counts.rejected == 0


@pytest.mark.parametrize("kind", ["arrow", "polars"])
def test_nan_elsewhere_is_a_value_that_no_fact_can_have(ask, kind):
    """These have NULL for what is not documented: a NaN there is a computation that went wrong."""
    given = arrow(
        request__duration_days=pa.array([7.0, NAN, None]), pain__severity_score=pa.array([1.0, 2.0, NAN])
    )
    result = ask(KINDS[kind](given))
    assert duration(result) == [True]
    assert [(row["row"], row["reason"].split("`")[1]) for row in result.rejects.to_pylist()] == [
        (2, "request__duration_days"),
        (3, "pain__severity_score"),
    ]


NOTHING = (
    "request__duration_days", "pain__severity_score", "exam__facet_tenderness", "pain__radicular",
    "dates__decision", "request__levels", "history__prior_blocks", "conflicting",
)  # fmt: skip


@pytest.mark.parametrize("value", [None, NAN])
def test_columns_of_pandas_in_which_nothing_is_documented_are_of_any_type(ask, value):
    """A column of NaN has the type of decimal numbers, whatever it would hold."""
    pandas = pytest.importorskip("pandas")
    result = ask(pandas.DataFrame(three(**{name: [value] * 3 for name in NOTHING})))
    assert (result.counts.written, result.ignored) == (3, ())
    assert duration(result) == [None] * 3


@pytest.mark.parametrize("kind", ["arrow", "reader", "polars"])
def test_columns_of_type_null_are_not_documented(ask, kind):
    result = ask(KINDS[kind](arrow(**{name: pa.nulls(3) for name in NOTHING})))
    assert (result.counts.written, result.ignored) == (3, ())


@pytest.mark.parametrize("kind", ["arrow", "reader", "pandas", "polars"])
def test_lists_that_are_all_empty_are_read(ask, kind):
    empty = pa.array([[], None, []], pa.list_(pa.null()))
    result = ask(KINDS[kind](arrow(history__prior_blocks=empty, care__conservative_types=empty)), BLOCK)
    assert result.counts.written == 3


@pytest.mark.parametrize("kind", ["arrow", "reader", "pandas", "polars"])
def test_a_column_that_every_row_needs_may_not_be_empty(ask, kind):
    result = ask(KINDS[kind](arrow(request__service=pa.nulls(3))))
    assert (result.counts.written, result.counts.rejected) == (0, 3)
    assert set(result.rejects.column("reason").to_pylist()) == {
        "`request__service` is not given, and every row needs it"
    }


def test_objects_of_pandas_say_nothing_in_many_ways(ask):
    pandas = pytest.importorskip("pandas")
    nothing = [None, NAN, pandas.NA, pandas.NaT]
    for empty in nothing:
        frame = pandas.DataFrame(
            three(
                request__duration_days=pandas.Series([7, empty, 8], dtype=object),
                exam__facet_tenderness=pandas.Series([True, empty, False], dtype=object),
                request__body_region=pandas.Series(["knee", empty, "shoulder"], dtype=object),
                dates__decision=pandas.Series([dt.date(2013, 1, 1), empty, None], dtype=object),
                request__levels=pandas.Series([["L4-L5"], empty, None], dtype=object),
            )
        )
        result = ask(frame)
        assert duration(result) == [True, None, False]
        assert result.determinations.column("criterion__site").to_pylist() == [True, None, True]


# --- the types of data frames ------------------------------------------------------------------------------


def test_types_of_pandas(ask):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        three(
            request__service=pandas.Categorical(["continuous_flow_cryotherapy"] * 3),
            request__body_region=pandas.Categorical(["knee", None, "shoulder"]),
            request__duration_days=pandas.array([7, None, 8], dtype="Int64"),
            request__postoperative=pandas.array([True, None, False], dtype="boolean"),
            case_id=pandas.array(["a", "b", "c"], dtype="string[pyarrow]"),
            dates__decision=pandas.to_datetime(["2013-12-01", None, "2014-01-01"]),
            pain__severity_score=pandas.array([1.5, None, 2], dtype="Float64"),
        )
    )
    result = ask(frame)
    assert result.counts.rejected == 0
    assert duration(result) == [True, None, False]
    assert result.determinations.column("criterion__site").to_pylist() == [True, None, True]
    assert result.determinations.column("criterion__postoperative").to_pylist() == [True, None, False]


def test_types_of_polars(ask):
    polars = pytest.importorskip("polars")
    regions = polars.Enum(["knee", "shoulder"])
    record = polars.List(polars.Struct({"kind": polars.Categorical, "relief_percent": polars.Int8}))
    frame = polars.DataFrame(
        three(
            request__body_region=polars.Series(["knee", None, "shoulder"], dtype=regions),
            pain__radicular=polars.Series(["none", None, "predominant"], dtype=polars.Categorical),
            request__duration_days=polars.Series([7, None, 8], dtype=polars.UInt16),
            dates__decision=[dt.date(2013, 12, 1), None, None],
            dates__service=[dt.datetime(2013, 12, 1), None, None],  # noqa: DTZ001 - a day, written as a time
            pain__severity_score=polars.Series(["1.5", None, "2"]).cast(polars.Decimal(4, 1)),
            request__levels=polars.Series([["L4-L5"], None, None], dtype=polars.List(polars.Enum(["L4-L5"]))),
            history__prior_blocks=polars.Series(
                [[{"kind": "medial_branch_block", "relief_percent": 80}], [], None], dtype=record
            ),
        )
    )
    result = ask(frame)
    assert result.counts.rejected == 0
    assert duration(result) == [True, None, False]
    assert result.determinations.column("criterion__site").to_pylist() == [True, None, True]


def test_a_time_of_day_is_no_date(ask):
    pandas = pytest.importorskip("pandas")
    days = pandas.to_datetime(["2013-12-01 00:00", "2013-12-01 08:30", None])
    result = ask(pandas.DataFrame(three(dates__decision=days)))
    assert result.rejects.column("row").to_pylist() == [2]
    assert result.rejects.column("reason").to_pylist() == ["`dates__decision` must be a date"]


def test_an_index_with_the_name_of_a_column_is_one(ask):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(three(request__duration_days=[7, 8, 9]))
    for indexed in (
        frame.set_index("case_id"),
        frame.set_index(["case_id", "request_id"]),
        frame[::-1][::-1],
    ):
        assert ask(indexed).determinations.column("case_id").to_pylist() == ["a", "b", "c"]
    odd = frame[frame["request__duration_days"] > 7]
    assert ask(odd).ignored == ()


WRONG = {
    "a truth for a number": ("request__duration_days", pa.array([True] * 3), "BOOLEAN"),
    "bytes for a text": ("pain__radicular", pa.array([b"none"] * 3), "BLOB"),
    "a number for a list": ("request__levels", pa.array([1, 2, 3]), r"BIGINT"),
    "a moment for a date": ("dates__decision", pa.array([dt.datetime(2013, 1, 1)] * 3,  # noqa: DTZ001
                            pa.timestamp("us", "UTC")), "TIMESTAMP WITH TIME ZONE"),
    "half a decimal": ("pain__severity_score", pa.array([1.0] * 3, pa.float16()), "halffloat"),
    "a long decimal": ("pain__severity_score", pa.array([decimal.Decimal("1.5")] * 3, pa.decimal256(50, 3)),
                       r"decimal256\(50, 3\)"),
}  # fmt: skip


@pytest.mark.parametrize("why", WRONG)
@pytest.mark.parametrize("kind", ["arrow", "reader"])
def test_a_type_that_cannot_be_ours_stops_with_the_column(ask, why, kind):
    name, column, type_ = WRONG[why]
    with pytest.raises(
        BatchError, match=rf"the table: the column `{name}` is {type_},.*(must be|schema --table)"
    ):
        ask(KINDS[kind](arrow(**{name: column})))


@pytest.mark.parametrize("values", [["a", 1, 2], [True, "yes", None], [object()] * 3])
def test_objects_of_several_types_stop_with_the_column(ask, values):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(three(request__duration_days=pandas.Series(values, dtype=object)))
    message = "the table: the values of the column `request__duration_days` are no column of Arrow"
    with pytest.raises(BatchError, match=message):
        ask(frame)


def test_a_field_of_records_that_nobody_declared_stops(ask):
    with pytest.raises(BatchError, match=r"have a field `releif_percent`; did you mean `relief_percent`"):
        ask(arrow(history__prior_blocks=[[{"releif_percent": 80}]] * 3))


def test_a_column_that_every_row_needs_must_be_there(ask):
    for name in ("case_id", "request__service"):
        with pytest.raises(BatchError, match=f"the table has no column `{name}`"):
            ask(arrow().drop_columns(name))
    with pytest.raises(BatchError, match="the table has no column `case_id`"):
        ask(pa.table({"other": [1]}))
