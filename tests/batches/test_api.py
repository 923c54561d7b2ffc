"""`imrpolicy.batch`: what goes in comes out or is rejected, in memory and in files."""

import datetime as dt
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sql.crowd import crowd
from sql.expected import check_row
from sql.tables import requests_table

import imrpolicy
from imrpolicy.batches import BatchError, TableMapping, batch

pa = pytest.importorskip("pyarrow")
pc = pytest.importorskip("pyarrow.compute")
csv = pytest.importorskip("pyarrow.csv")
pq = pytest.importorskip("pyarrow.parquet")
duckdb = pytest.importorskip("duckdb")
UNIT = "odg/continuous-flow-cryotherapy"
COUNT = 60


@pytest.fixture(scope="module")
def cases(library):
    return crowd(library, COUNT, seed=5)


@pytest.fixture(scope="module")
def table(library, cases):
    return requests_table(library, cases).drop_columns("row_number")


@pytest.fixture(scope="module")
def broken(table):
    """The table with two rows, 1 and 42, that break the schema."""
    days = table.column("request__duration_days").to_pylist()
    days[0], days[41] = 9_999, -1
    return with_days(table, days)


def with_days(table, days):
    position = table.column_names.index("request__duration_days")
    return table.set_column(position, "request__duration_days", pa.array(days, pa.int64()))


def many(rows, *, start=0):
    """Many requests, of which every thousandth breaks the schema."""
    numbers = pa.array(range(start, start + rows), pa.int64())
    wrong = pc.equal(pc.subtract(numbers, pc.multiply(pc.divide(numbers, 1000), 1000)), 999)
    same = {
        "request_id": "r", "jurisdiction": "ca_workers_compensation",
        "request__service": "continuous_flow_cryotherapy",
    }  # fmt: skip
    columns = {name: pa.repeat(value, rows) for name, value in same.items()}
    columns["case_id"] = pc.cast(numbers, pa.string())
    columns["request__duration_days"] = pc.if_else(wrong, 0, pc.add(pc.bit_wise_and(numbers, 15), 1))
    return pa.table(columns)


# --- the result is that of `evaluate` -----------------------------------------------------------------------


def test_each_row_is_what_evaluate_says(library, cases, table):
    result = imrpolicy.batch(table, library=library, open=True)
    assert (result.counts.rows, result.counts.written, result.counts.rejected) == (COUNT, COUNT, 0)
    rows = result.determinations.to_pylist()
    assert [row["case_id"] for row in rows] == [case["id"] for case in cases]
    for case, row in zip(cases, rows, strict=True):
        [determination] = library.evaluate(case)
        check_row(determination, row)
        assert row["open"] == list(determination.missing.open)


def test_the_options_are_those_of_evaluate(library, cases, table):
    dates = [name for name in table.column_names if name.startswith("dates__")]
    given = {"as_of": "2013-12-01", "strict": True, "include_drafts": True, "allow_not_encoded": True}
    rows = batch(table.drop_columns(dates), library=library, trace=False, **given).determinations.to_pylist()
    assert "policies" not in rows[0]
    undated = [{**case, "dates": {}} for case in cases]
    for case, row in zip(undated, rows, strict=True):
        [determination] = library.evaluate(case, **given)
        assert (row["outcome"], row["reason"]) == (determination.outcome.value, determination.reason.value)


def test_the_policies_that_come_with_the_package_are_asked_unless_others_are_given():
    requests = {
        "case_id": ["a"], "request_id": ["r"], "jurisdiction": ["ca_workers_compensation"],
        "request__service": ["continuous_flow_cryotherapy"], "request__duration_days": [60],
    }  # fmt: skip
    result = imrpolicy.batch(pa.table(requests), as_of=dt.date(2013, 12, 1))
    assert result.determinations.column("outcome").to_pylist() == ["upheld"]


def test_one_policy_by_name_version_or_itself(library, ask, table):
    policy = library.policy(UNIT)
    expected = ask(table).determinations
    for named in (policy, policy.reference):
        assert ask(table, named).determinations.equals(expected)


def test_the_python_of_the_documentation_runs():
    text = (Path(__file__).parents[2] / "docs" / "batch.md").read_text(encoding="utf-8")
    _, _, section = text.partition("## From Python")
    block = re.findall(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)[0]
    names = {}
    exec(compile(block, "batch.md", "exec"), names)
    assert names["result"].determinations.column("outcome").to_pylist() == ["upheld", "undetermined"]
    assert names["result"].rejects.column("row").to_pylist() == [3]


# --- nothing is lost ---------------------------------------------------------------------------------------


def test_a_row_that_breaks_the_schema_is_rejected_and_the_others_are_not(broken, ask):
    result = ask(broken)
    assert (result.counts.rows, result.counts.written, result.counts.rejected) == (COUNT, COUNT - 2, 2)
    assert result.determinations.column("case_id").to_pylist() == [
        name for n, name in enumerate(broken.column("case_id").to_pylist()) if n not in (0, 41)
    ]
    reason = "`request__duration_days` is out of range: it lies between 1 day and 3650 days"
    assert result.rejects.to_pylist() == [
        {"file": None, "row": row, "case_id": f"case-{row - 1}", "request_id": "request", "reason": reason}
        for row in (1, 42)
    ]


def test_a_request_without_the_date_that_selects_is_rejected(library, table):
    dates = [name for name in table.column_names if name.startswith("dates__")]
    result = batch(table.drop_columns(dates), library=library, trace=False)
    assert result.counts.rejected > 0
    assert result.counts.rows == result.counts.written + result.counts.rejected == COUNT
    assert all("the date of the" in reason for reason in result.rejects.column("reason").to_pylist())


@pytest.mark.parametrize("shape", ["table", "stream", "parquet", "csv"])
def test_the_whole_library_keeps_the_order_of_the_rows(ask, tmp_path, shape):
    rows = many(12_000).append_column("dates__decision", pa.repeat(pa.scalar(dt.date(2014, 1, 1)), 12_000))
    chunks = rows.combine_chunks().to_batches(max_chunksize=50)
    if shape == "parquet":
        pq.write_table(rows, tmp_path / "in.parquet", row_group_size=2_048)
    if shape == "csv":
        csv.write_csv(rows, tmp_path / "in.csv")
    requests = {
        "table": pa.Table.from_batches(chunks),
        "stream": pa.RecordBatchReader.from_batches(rows.schema, chunks),
    }.get(shape, tmp_path / f"in.{shape}")
    result = ask(requests, policy=None, as_of="2014-01-01", trace=False, threads=4)
    found = [int(case) for case in result.determinations.column("case_id").to_pylist()]
    assert found == [number for number in range(12_000) if number % 1000 != 999]


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("shape", ["one piece", "many pieces", "stream"])
def test_the_rows_keep_their_order(ask, threads, shape):
    """More rows than a thread takes at a time, in however many pieces they come."""
    requests = many(600_000)
    shaped = {
        "one piece": requests.combine_chunks,
        "many pieces": lambda: pa.Table.from_batches(requests.to_batches(max_chunksize=50_000)),
        "stream": lambda: requests.to_reader(max_chunksize=70_000),
    }[shape]()
    result = ask(shaped, threads=threads)
    assert (result.counts.rows, result.counts.rejected) == (600_000, 600)
    sound = [str(n) for n in range(600_000) if n % 1000 != 999]
    assert result.determinations.column("case_id").to_pylist() == sound
    assert result.rejects.column("row").to_pylist() == list(range(1000, 600_001, 1000))
    assert result.rejects.column("case_id").to_pylist() == [str(n) for n in range(999, 600_000, 1000)]


# --- files -------------------------------------------------------------------------------------------------


@pytest.fixture
def parquet(tmp_path, broken):
    folder = tmp_path / "in"
    folder.mkdir()
    pq.write_table(broken, folder / "in.parquet", row_group_size=20)
    return folder / "in.parquet"


def test_files_into_memory(parquet, broken, ask):
    expected = ask(broken)
    pq.write_table(broken.slice(0, 10), parquet.parent / "more.parquet")
    for source, files in (
        (parquet, ["in.parquet"] * 2),
        (str(parquet.parent), ["in.parquet"] * 2 + ["more.parquet"]),
    ):
        result = ask(source)
        assert result.rejects.column("file").to_pylist() == files
        assert result.rejects.column("row").to_pylist()[:2] == [1, 42]
        first = result.determinations.slice(0, COUNT - 2)
        assert first.to_pylist() == expected.determinations.to_pylist()
        assert result.counts.rows == result.counts.written + result.counts.rejected
        assert result.outputs == ()


def test_texts_into_memory(tmp_path, ask):
    requests = tmp_path / "in.csv"
    requests.write_text(
        "case_id,request_id,jurisdiction,request__service,request__duration_days,extra\n"
        "one,r,ca_workers_compensation,continuous_flow_cryotherapy,7,x\n"
        "two,r,ca_workers_compensation,continuous_flow_cryotherapy,seven,x\n",
        encoding="utf-8",
    )
    result = ask(requests)
    assert result.determinations.column("criterion__duration").to_pylist() == [True]
    assert result.rejects.column("row").to_pylist() == [2]
    assert result.ignored == ("extra",)
    requests.write_text(requests.read_text(encoding="utf-8").replace("two", '"t"wo'), encoding="utf-8")
    with pytest.raises(BatchError, match=r"in\.csv:3: the row is no CSV"):
        ask(requests)
    with pytest.raises(BatchError, match="there is no file"):
        ask(tmp_path / "nothing.parquet")


@pytest.mark.parametrize("given", ["file", "table", "reader", "pandas"])
@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl", ""])
def test_whatever_is_given_the_files_are_those_of_a_job(tmp_path, parquet, broken, ask, given, ending):
    if given == "pandas":
        pytest.importorskip("pandas")
    requests = {
        "file": lambda: parquet,
        "table": lambda: broken,
        "reader": lambda: broken.to_reader(max_chunksize=7),
        "pandas": broken.to_pandas,
    }[given]()
    output = tmp_path / f"out{ending}"
    result = ask(requests, output=output)
    assert result.determinations is None
    assert (result.counts.rows, result.counts.written, result.counts.rejected) == (COUNT, COUNT - 2, 2)
    assert [path.exists() for path in (*result.outputs, *result.reject_files)] == [True, True]
    assert result.rejects.column("row").to_pylist() == [1, 42]
    assert result.rejects.schema.equals(ask(broken).rejects.schema)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["in", output.name] + (["out.rejects.csv"] if ending else [])
    )
    if ending == ".parquet":
        rows = sorted(pq.read_table(output).to_pylist(), key=lambda row: row["case_id"])
        expected = sorted(ask(broken).determinations.to_pylist(), key=lambda row: row["case_id"])
        assert rows == expected


def test_the_names_in_rejects_are_read_back_as_they_were(tmp_path, table, ask):
    names = ['a "b"', "two\nlines", "", "NULL", *table.column("case_id").to_pylist()[4:]]
    wrong = with_days(table, [0] * COUNT).set_column(
        table.column_names.index("case_id"), "case_id", pa.array([*names[:-1], None])
    )
    for options in ({}, {"output": tmp_path / "out.parquet"}, {"output": tmp_path / "out"}):
        assert ask(wrong, **options).rejects.column("case_id").to_pylist() == [*names[:-1], None]


def test_rejects_go_where_they_are_asked_for(tmp_path, broken, ask):
    wrong = tmp_path / "wrong.csv"
    result = ask(broken, output=tmp_path / "out.parquet", rejects=wrong)
    assert result.reject_files == (wrong,)
    assert result.rejects.num_rows == 2


def test_an_interrupted_job_goes_on(tmp_path, parquet, ask):
    first = ask(parquet, output=tmp_path / "out")
    (tmp_path / "out" / "part-00000.done.json").unlink()
    again = ask(parquet, output=tmp_path / "out", resume=True)
    assert (again.counts, again.skipped) == (first.counts, 0)
    assert ask(parquet, output=tmp_path / "out", resume=True).skipped == 1


@pytest.mark.parametrize("output", [None, "out.parquet", "out.csv"])
def test_a_summary_counts_every_request(tmp_path, library, table, output):
    result = batch(table, library=library, output=output and tmp_path / output)
    assert sum(line.requests for line in result.summary() if line.by == "outcome") == COUNT


def test_the_result_says_in_short_what_it_holds(broken, ask):
    assert repr(ask(broken)).startswith("BatchResult(counts=Counts(rows=60, written=58, rejected=2)")
    assert "criterion__" not in repr(ask(broken))


# --- streams -----------------------------------------------------------------------------------------------


class GoneError(Exception):
    """What the program behind a stream raises."""


@pytest.mark.parametrize("error", [GoneError("gone"), KeyboardInterrupt()])
@pytest.mark.parametrize("output", [None, "out.parquet", "out"])
def test_a_stream_that_fails_leaves_nothing(tmp_path, broken, ask, error, output):
    def batches():
        yield from broken.to_batches(max_chunksize=20)[:2]
        raise error

    reader = pa.RecordBatchReader.from_batches(broken.schema, batches())
    with pytest.raises(type(error)):
        ask(reader, output=output and tmp_path / output)
    assert list(tmp_path.iterdir()) == []


def test_a_column_of_a_wrong_type_stops_before_a_stream_is_read(tmp_path, broken, ask):
    def batches():
        pytest.fail("the stream was read")
        yield

    schema = broken.schema.set(
        broken.column_names.index("request__duration_days"), pa.field("request__duration_days", pa.bool_())
    )
    with pytest.raises(BatchError, match="the column `request__duration_days` is BOOLEAN"):
        ask(pa.RecordBatchReader.from_batches(schema, batches()), output=tmp_path / "out.parquet")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_cleared_away(tmp_path, broken, ask):
    left = tmp_path / "out.parquet.rows.partial"
    left.mkdir()
    (left / "table.parquet").write_bytes(b"half")
    assert ask(broken, output=tmp_path / "out.parquet").counts.written == COUNT - 2
    assert not left.exists()


STREAM = """
import resource, sys
import pyarrow as pa
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from batches.test_api import UNIT, many
import imrpolicy
def batches():
    for number in range(int(sys.argv[1])):
        yield from many(50_000, start=number * 50_000).to_batches()
reader = pa.RecordBatchReader.from_batches(many(1).schema, batches())
result = imrpolicy.batch(reader, policy=UNIT, output=sys.argv[2], threads=2)
print(result.counts.rows, result.counts.rejected, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="there is no way to ask for the peak of memory here")
def test_a_long_stream_takes_no_more_memory_than_a_short_one(tmp_path):
    """Eight times the rows, a hundred megabytes and more of them, and the peak stays about the same."""
    peaks = []
    for batches in (20, 160):
        output = tmp_path / f"{batches}.parquet"
        call = [sys.executable, "-c", STREAM, str(batches), str(output), str(Path(__file__).parents[1])]
        done = subprocess.run(call, capture_output=True, text=True, check=True)
        rows, rejected, peak = map(int, done.stdout.split())
        assert (rows, rejected) == (batches * 50_000, batches * 50)
        assert pq.read_metadata(output).num_rows == rows - rejected
        peaks.append(peak)
    assert peaks[1] < 1.25 * peaks[0]


# --- mappings and wrong calls ------------------------------------------------------------------------------

MAPPING = {
    "columns": {"case_id": "claim", "request__postoperative": "postop", "request__duration_days": "days"},
    "values": {"request__postoperative": {"Y": True, "N": False}},
}


@pytest.mark.parametrize("kind", ["dict", "file", "mapping"])
@pytest.mark.parametrize("output", [None, "out.parquet"])
def test_a_mapping_adapts_another_table(tmp_path, ask, kind, output):
    (tmp_path / "mapping.yaml").write_text(json.dumps(MAPPING), encoding="utf-8")
    mapping = {
        "dict": MAPPING,
        "file": tmp_path / "mapping.yaml",
        "mapping": TableMapping(MAPPING["columns"], {"request__postoperative": {"Y": "true", "N": "false"}}),
    }[kind]
    requests = {
        "claim": ["C 1", "C 2"], "request_id": ["r"] * 2, "jurisdiction": ["ca_workers_compensation"] * 2,
        "request__service": ["continuous_flow_cryotherapy"] * 2, "postop": ["Y", "N"], "days": [None, None],
    }  # fmt: skip
    result = ask(pa.table(requests), mapping=mapping, output=output and tmp_path / output)
    rows = result.determinations if output is None else pq.read_table(tmp_path / output)
    assert rows.column("case_id").to_pylist() == ["C 1", "C 2"]
    assert rows.column("criterion__postoperative").to_pylist() == [True, False]
    assert result.ignored == ()


def test_a_mapping_names_columns_that_exist(ask, table):
    with pytest.raises(BatchError, match="the mapping: there is no column `case` to map to"):
        ask(table, mapping={"columns": {"case": "claim"}})
    with pytest.raises(BatchError, match="the mapping: a mapping has `columns` and `values`"):
        ask(table, mapping={"case_id": "claim"})
    with pytest.raises(BatchError, match="the table has no column `claim`"):
        ask(table, mapping={"columns": {"case_id": "claim"}})
    with pytest.raises(BatchError, match="numbered in a column `row_number`"):
        ask(table, mapping={"columns": {"case_id": "row_number"}})


WRONG = [
    ({"policy": "odg/continuous-flow-cryo"}, "there is no policy `odg/continuous-flow-cryo`; did you mean"),
    ({"open": True}, "`open` asks the whole library; leave `policy` out"),
    ({"as_of": "2013"}, "`as_of`: `2013` is not a date; write it as year, month, day: 2013-06-20"),
    ({"rejects": "rejects.csv"}, "leave `rejects` out"),
    ({"resume": True, "output": "out"}, "leave `resume` out"),
    ({"memory": "plenty"}, "DuckDB does not start: "),
    ({"threads": 0}, "DuckDB does not start: "),
    ({"memory": "plenty"}, "; look at `--memory plenty`: memory is said as `4GB`"),
]


@pytest.mark.parametrize(("options", "message"), WRONG)
def test_wrong_calls_say_what_to_do(ask, table, options, message):
    with pytest.raises(BatchError) as error:
        ask(table, **options)
    assert message in str(error.value)


def test_without_the_extra_its_name_is_said():
    """The names can be had; only a call needs the extra."""
    script = (
        "import sys\n"
        "for name in ('duckdb', 'pyarrow', 'sqlglot'): sys.modules[name] = None\n"
        "from imrpolicy import *\n"
        "try: batch('requests.parquet')\n"
        "except ImportError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith('is not installed; install it with `pip install "imrpolicy[batch]"`')
