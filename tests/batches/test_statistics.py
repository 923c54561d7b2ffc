"""What a Parquet file's statistics tell of its values: enough to spare a look, and never a wrong one."""

import datetime as dt

import duckdb
import pytest
from batches.files import GOOD, rejects_of

from imrpolicy.batches import run
from imrpolicy.batches.mapping import TableMapping
from imrpolicy.batches.sources import Part, parts_of, whole_files
from imrpolicy.batches.statistics import within_range

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

BLOCK = {"kind": "other", "level": "L4-L5", "relief_percent": 50}
ROW = GOOD | {
    "request__duration_days": 7,
    "pain__severity_score": 5.5,
    "dates__request": dt.date(2013, 10, 7),
    "history__prior_blocks": [BLOCK],
}
WITHIN = {"request__duration_days", "dates__request", "history__prior_blocks.relief_percent"}


def by_arrow(rows, path, **options):
    pq.write_table(pa.Table.from_pylist(rows), path, **options)


def by_duckdb(rows, path):
    table = pa.Table.from_pylist(rows)
    with duckdb.connect() as connection:
        connection.register("rows", table)
        connection.execute(f"COPY rows TO '{path.as_posix()}' (FORMAT parquet)")


def by_polars(rows, path):
    pytest.importorskip("polars").from_arrow(pa.Table.from_pylist(rows)).write_parquet(path)


def by_pandas(rows, path):
    pytest.importorskip("pandas")
    pa.Table.from_pylist(rows).to_pandas(date_as_object=True).to_parquet(path)


@pytest.fixture
def known(tmp_path, library):
    """What is known of rows, or of a part of them, once they are written."""

    def known(rows, write=by_arrow, mapping=None, part=None, **options):
        write(rows, tmp_path / "in.parquet", **options)
        [read] = whole_files(tmp_path / "in.parquet")
        return within_range(part or read, library.dictionary, mapping or TableMapping())

    return known


@pytest.mark.parametrize("write", [by_arrow, by_duckdb, by_polars, by_pandas])
def test_whole_numbers_and_days_are_known_whoever_wrote_them(known, write):
    rows = [ROW, ROW | {"request__duration_days": 1}, ROW | {"history__prior_blocks": []}]
    assert known(rows, write) == WITHIN


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("request__duration_days", -1),
        ("request__duration_days", 1_000_000),
        ("history__prior_blocks", [BLOCK | {"relief_percent": 101}]),
        ("history__prior_blocks", [BLOCK, BLOCK | {"relief_percent": -1}]),
    ],
)
@pytest.mark.parametrize("write", [by_arrow, by_duckdb, by_polars])
def test_one_value_out_of_range_is_enough(tmp_path, known, one, write, column, value):
    rows = [ROW | {"case_id": f"row {n}"} for n in range(1, 4)]
    rows[1] = rows[1] | {column: value}
    name = column if column != "history__prior_blocks" else f"{column}.relief_percent"
    assert known(rows, write) == WITHIN - {name}
    result = run(tmp_path / "in.parquet", tmp_path / "out.parquet", one)
    assert (result.counts.written, result.counts.rejected) == (2, 1)
    [(row, _, reason)] = rejects_of(tmp_path / "out.rejects.csv")
    assert row == 2
    assert f"`{name}` is out of range" in reason


def test_each_row_group_is_looked_at_and_only_those_of_the_part(tmp_path, known, one):
    rows = [ROW | {"case_id": f"row {n}", "request__duration_days": 9 - n} for n in range(12)]
    assert known(rows, row_group_size=4) == WITHIN - {"request__duration_days"}
    parts = parts_of(tmp_path / "in.parquet", rows=4)
    assert [(part.first, part.stop) for part in parts] == [(0, 4), (4, 8), (8, 12)]
    assert [known(rows, part=part, row_group_size=4) == WITHIN for part in parts] == [True, True, False]
    run(tmp_path / "in.parquet", tmp_path / "out.parquet", one)
    # The values are 9 to -2, and a request is for one day at least.
    assert [row for row, _, _ in rejects_of(tmp_path / "out.rejects.csv")] == [10, 11, 12]


def test_what_is_not_documented_is_out_of_no_range(known):
    lacking = ROW | {"dates__request": None, "history__prior_blocks": [BLOCK | {"relief_percent": None}]}
    assert known([ROW, lacking]) == WITHIN
    assert known([ROW, lacking, lacking], row_group_size=1) == WITHIN


def test_a_file_without_statistics_tells_nothing(tmp_path, known, one):
    rows = [ROW, ROW | {"request__duration_days": -1}]
    assert known(rows, write_statistics=["request__duration_days"]) == frozenset()
    assert known(rows, write_statistics=False) == frozenset()
    assert run(tmp_path / "in.parquet", tmp_path / "out.parquet", one).counts.rejected == 1


def test_decimals_and_times_tell_nothing(known):
    timed = ROW | {"dates__request": dt.datetime(2013, 10, 7, tzinfo=dt.UTC), "request__duration_days": 7.0}
    assert known([timed]) == WITHIN - {"dates__request", "request__duration_days"}


def test_a_day_that_no_calendar_has_is_not_within(tmp_path, library, one):
    with duckdb.connect() as connection:
        connection.register("rows", pa.Table.from_pylist([ROW]))
        target = (tmp_path / "in.parquet").as_posix()
        connection.execute(
            f"COPY (SELECT * REPLACE (DATE '20000-01-01' AS dates__request) FROM rows) TO '{target}'"
        )
    [part] = whole_files(tmp_path / "in.parquet")
    found = within_range(part, library.dictionary, TableMapping())
    assert found == WITHIN - {"dates__request"}
    assert run(tmp_path / "in.parquet", tmp_path / "out.parquet", one).counts.rejected == 1


def test_a_mapping_is_followed(tmp_path, known, one):
    theirs = {"days": 7} | {name: value for name, value in ROW.items() if name != "request__duration_days"}
    mapping = TableMapping({"request__duration_days": "days"})
    assert known([theirs], mapping=mapping) == WITHIN
    # What is mapped has other values than the file.
    mapping = TableMapping({"request__duration_days": "days"}, {"request__duration_days": {"7": "-7"}})
    assert known([theirs], mapping=mapping) == WITHIN - {"request__duration_days"}
    result = run(tmp_path / "in.parquet", tmp_path / "out.parquet", one, mapping=mapping)
    assert result.counts.rejected == 1


def test_what_is_no_parquet_tells_nothing(tmp_path, library):
    (tmp_path / "in.parquet").write_bytes(b"PAR1 and no more")
    for kind in ("parquet", "csv"):
        part = Part(number=0, path=tmp_path / "in.parquet", kind=kind)
        assert within_range(part, library.dictionary, TableMapping()) == frozenset()
