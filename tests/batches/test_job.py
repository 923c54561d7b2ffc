"""Jobs over files: what comes in goes out or is rejected, and nothing is ever half written."""

import io
import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from batches.files import COUNT, GOOD, as_text, left_in, rejects_of, with_values, write_csv
from sql.expected import check_row

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.job import run
from imrpolicy.batches.mapping import read_mapping
from imrpolicy.sql.question import Question

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

# --- what is written is what `evaluate` says ---------------------------------------------------------------


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_the_same_result_from_every_kind_of_file(tmp_path, library, cases, table, ending):
    source = tmp_path / f"in.{ending}"
    if ending == "parquet":
        pq.write_table(table, source)
    else:
        as_text(table, source)
    result = run(source, tmp_path / "out.parquet", Question(library=library))
    assert (result.counts.rows, result.counts.written, result.counts.rejected) == (COUNT, COUNT, 0)
    rows = {row["case_id"]: row for row in pq.read_table(tmp_path / "out.parquet").to_pylist()}
    for case in cases:
        [determination] = library.evaluate(case)
        check_row(determination, rows[case["id"]])
    left_in(tmp_path, source.name, "out.parquet")


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_result_as_text(tmp_path, parquet, one, ending):
    output = tmp_path / f"out.{ending}"
    run(parquet, output, one)
    lines = output.read_text(encoding="utf-8").splitlines()
    assert len(lines) == COUNT + (ending == "csv")


def test_a_folder_of_all_kinds_into_a_folder(tmp_path, table, one):
    source = tmp_path / "requests"
    source.mkdir()
    as_text(table.slice(0, 10), source / "a.csv")
    as_text(table.slice(10, 20), source / "b.jsonl")
    pq.write_table(table.slice(30), source / "c.parquet")
    result = run(source, tmp_path / "out", one)
    assert result.counts.written == COUNT
    assert len(result.outputs) == 3
    found = pq.read_table([str(path) for path in result.outputs]).column("case_id").to_pylist()
    assert sorted(found) == sorted(table.column("case_id").to_pylist())


# --- rejects -----------------------------------------------------------------------------------------------


NONE = "is none of its values"
CHOICES = "must be a list of values out of a fixed set"
PERCENT = "is out of range: it lies between 0% and 100%"
BROKEN = {
    "pain__radicular": ("sometimes", NONE),
    "request__duration_days": ("0", "is out of range: it lies between 1 day and 3650 days"),
    "request__level_count": ("1.5", "must be a whole number of levels"),
    "pain__severity_score": ("nan", "must be a decimal number of points"),
    "exam__facet_tenderness": ("yes", "must be true or false"),
    "dates__decision": ("2013-13-01", "must be a date"),
    "request__service": ("", "is not given, and every row needs it"),
    "jurisdiction": ("mars", NONE),
    "request__levels": ('["L4-L5", "L4-L5"]', "names something twice"),
    "care__conservative_types": ("exercise", CHOICES),
    "history__prior_blocks": ('[{"relief_percent": 120}]', PERCENT),
    "diagnosis__conditions": ("[null]", CHOICES),
    "conflicting": ('["pain.radiclar"]', "names something that is no fact"),
}


def test_each_row_that_breaks_the_schema_is_named_with_its_number(tmp_path, library):
    rows = [GOOD]
    for name, (value, _) in BROKEN.items():
        rows += [{**GOOD, name: value, "case_id": name}, GOOD]
    source = write_csv(tmp_path / "in.csv", rows)
    result = run(source, tmp_path / "out.parquet", Question(library=library, trace=False))
    counts = result.counts
    assert (counts.rows, counts.written, counts.rejected) == (len(rows), len(BROKEN) + 1, len(BROKEN))
    found = rejects_of(tmp_path / "out.rejects.csv")
    assert [(row, case) for row, case, _ in found] == [
        (2 * n, name) for n, name in enumerate(BROKEN, start=1)
    ]
    for (_, name, reason), (_, expected) in zip(found, BROKEN.values(), strict=True):
        assert reason.startswith(f"`{name}")
        assert reason.endswith(expected)


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"diary_kept": "yes"}, "diary_kept"),
        ({"diary_kept": 1}, "diary_kept"),
        ({"relief_percent": 70.5}, "relief_percent"),
        ({"relief_percent": "1e2"}, "relief_percent"),
        ({"date": "2014-1-5"}, "date"),
        ({"date": "2014-01-05T00:00"}, "date"),
    ],
)
def test_a_record_in_text_is_read_as_strictly_as_a_column(tmp_path, one, record, field):
    assert field in record
    rows = [GOOD, {**GOOD, "history__prior_blocks": json.dumps([record])}]
    result = run(write_csv(tmp_path / "in.csv", rows), tmp_path / "out.parquet", one)
    assert (result.counts.written, result.counts.rejected) == (1, 1)
    [(row, _, reason)] = rejects_of(tmp_path / "out.rejects.csv")
    assert (row, reason) == (2, "`history__prior_blocks` must be a list of records")


@pytest.mark.parametrize("length", [2, 3, 5])
def test_a_list_that_names_something_twice_is_rejected_whatever_its_length(tmp_path, one, length):
    levels = ["L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1"][:length]
    rows = [{**GOOD, "request__levels": json.dumps(listed)} for listed in (levels, [*levels[:-1], levels[0]])]
    result = run(write_csv(tmp_path / "in.csv", rows), tmp_path / "out.parquet", one)
    assert (result.counts.written, result.counts.rejected) == (1, 1)
    assert [row for row, _, _ in rejects_of(tmp_path / "out.rejects.csv")] == [2]


def test_an_unsound_row_is_not_evaluated_for_what_is_open(tmp_path, library):
    rows = [GOOD, {**GOOD, "case_id": "bad", "request__duration_days": "0"}]
    source = write_csv(tmp_path / "in.csv", rows)
    result = run(source, tmp_path / "out.parquet", Question(library=library, exact=True))
    assert (result.counts.written, result.counts.rejected) == (1, 1)
    [row] = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert isinstance(row["open"], list)


def test_records_with_some_fields_only_are_read_as_they_are(tmp_path, table, library):
    """Whatever the fields, and in whatever order, a policy says the same of them."""
    policy = library.policy("odg/lumbar-medial-branch-block")
    question = Question(library=library, policy=policy)
    whole = run_on(tmp_path / "whole", table, question)
    records = table.column("history__prior_blocks").to_pylist()
    for names in (["kind", "relief_percent", "level"], ["level", "kind"], ["side"]):
        cut = [None if listed is None else [{n: r[n] for n in names} for r in listed] for listed in records]
        empty = [None if listed is None else [dict.fromkeys(r) | {n: r[n] for n in names} for r in listed]
                 for listed in records]  # fmt: skip
        type_ = table.schema.field("history__prior_blocks").type
        fields = pa.list_(pa.struct([type_.value_type.field(n) for n in names]))
        filled = with_values(table, history__prior_blocks=pa.array(empty, type_))
        fewer = with_values(table, history__prior_blocks=pa.array(cut, fields))
        assert run_on(tmp_path / "cut", fewer, question) == run_on(tmp_path / "filled", filled, question)
    assert len(whole) == COUNT


def run_on(folder, table, question):
    """The rows of a result, by case."""
    folder.mkdir(exist_ok=True)
    pq.write_table(table, folder / "in.parquet")
    run(folder / "in.parquet", folder / "out.parquet", question)
    return sorted(pq.read_table(folder / "out.parquet").to_pylist(), key=lambda row: row["case_id"])


def test_a_request_without_the_date_that_selects_is_rejected(tmp_path, library):
    rows = [GOOD, {**GOOD, "case_id": "undated", "dates__decision": ""}]
    source = write_csv(tmp_path / "in.csv", rows)
    run(source, tmp_path / "out.parquet", Question(library=library))
    [(row, case, reason)] = rejects_of(tmp_path / "out.rejects.csv")
    assert (row, case) == (2, "undated")
    assert reason.startswith("the date of the decision is not given")


def test_a_value_beside_a_conflict_is_rejected(tmp_path, one):
    rows = [{**GOOD, "pain__radicular": "absent", "conflicting": '["pain.radicular"]'}, GOOD]
    result = run(write_csv(tmp_path / "in.csv", rows), tmp_path / "out.parquet", one)
    assert (result.counts.written, result.counts.rejected) == (1, 1)


def test_rejects_of_parquet_have_their_row_numbers(tmp_path, table, one):
    days = table.column("request__duration_days").to_pylist()
    days[0], days[41] = 9_999, -1
    broken = with_values(table, request__duration_days=pa.array(days, pa.int64()))
    pq.write_table(broken, tmp_path / "in.parquet", row_group_size=20)
    result = run(tmp_path / "in.parquet", tmp_path / "out", one, part_rows=20)
    assert (result.counts.rows, result.counts.written, result.counts.rejected) == (COUNT, COUNT - 2, 2)
    assert [row for path in result.rejects for row, _, _ in rejects_of(path)] == [1, 42]


# --- input that cannot be read -----------------------------------------------------------------------------


def test_a_stray_quote_stops_with_its_line(tmp_path, one):
    source = write_csv(tmp_path / "in.csv", [GOOD] * 3)
    lines = source.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace('"good"', '"go"od"')
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(
        BatchError, match=r"in\.csv:3: the row is no CSV: value with unterminated quote found"
    ):
        run(source, tmp_path / "out.parquet", one)
    left_in(tmp_path, "in.csv")


@pytest.mark.parametrize("damage", ["cut", "middle"])
def test_a_corrupt_parquet_file_stops(tmp_path, parquet, one, damage):
    data = bytearray(parquet.read_bytes())
    if damage == "cut":
        data = data[: len(data) // 2]
    else:
        data[200 : len(data) // 2] = bytes(len(data) // 2 - 200)
    parquet.write_bytes(data)
    with pytest.raises(BatchError, match=r"in\.parquet cannot be read: "):
        run(parquet, tmp_path / "out.parquet", one)
    left_in(tmp_path, "in.parquet")


def test_a_column_of_the_wrong_type_stops(tmp_path, table, one):
    wrong = with_values(table, request__duration_days=pa.array([True] * COUNT))
    pq.write_table(wrong, tmp_path / "in.parquet")
    message = (
        "the column `request__duration_days` is BOOLEAN, and `request__duration_days` must be a whole "
        r"number of days \(BIGINT\)"
    )
    with pytest.raises(BatchError, match=message):
        run(tmp_path / "in.parquet", tmp_path / "out.parquet", one)
    left_in(tmp_path, "in.parquet")


def test_a_column_that_every_row_needs_must_be_there(tmp_path, table, one):
    pq.write_table(table.drop_columns("request__service"), tmp_path / "in.parquet")
    with pytest.raises(BatchError, match="has no column `request__service`"):
        run(tmp_path / "in.parquet", tmp_path / "out.parquet", one)


def test_a_column_that_nothing_reads_is_named(tmp_path, table, one):
    pq.write_table(table.rename_columns({"pain__radicular": "pain__radiclar"}), tmp_path / "in.parquet")
    assert run(tmp_path / "in.parquet", tmp_path / "out.parquet", one).ignored == ("pain__radiclar",)


# --- another table ----------------------------------------------------------------------------------------


def test_a_mapping_adapts_another_table(tmp_path, library, one):
    rows = [{**GOOD, "days": "5", "postop": "Y"}]
    del rows[0]["case_id"]
    rows[0]["claim"] = "C 1"
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "columns: {case_id: claim, request__duration_days: days, request__postoperative: postop}\n"
        "values: {request__postoperative: {Y: true, N: false}}\n",
        encoding="utf-8",
    )
    source = write_csv(tmp_path / "in.csv", rows)
    run(source, tmp_path / "out.parquet", one, mapping=read_mapping(mapping, library.dictionary))
    [row] = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert (row["case_id"], row["criterion__duration"], row["criterion__postoperative"]) == (
        "C 1",
        True,
        True,
    )


def test_a_mapping_names_columns_that_exist(tmp_path, library):
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("columns: {pain__radiclar: x}\n", encoding="utf-8")
    with pytest.raises(BatchError, match="there is no column `pain__radiclar` to map to; did you mean"):
        read_mapping(mapping, library.dictionary)


# --- interrupted, resumed, full ----------------------------------------------------------------------------


def test_a_rerun_goes_on_where_it_was_stopped(tmp_path, parquet, one):
    first = run(parquet, tmp_path / "out", one, part_rows=20)
    assert len(first.outputs) == 3
    (tmp_path / "out" / "part-00001.done.json").unlink()
    before = first.outputs[0].stat().st_mtime_ns
    second = run(parquet, tmp_path / "out", one, part_rows=20, resume=True)
    assert (second.skipped, second.counts) == (2, first.counts)
    assert second.outputs[0].stat().st_mtime_ns == before


def test_a_job_is_not_mixed_with_another(tmp_path, parquet, one, library):
    run(parquet, tmp_path / "out", one, part_rows=20)
    with pytest.raises(BatchError, match="go on with it with `--resume`"):
        run(parquet, tmp_path / "out", one, part_rows=20)
    other = Question(library=library, policy=library.policy("odg/knee-cold-compression"))
    with pytest.raises(BatchError, match="another input, other policies or other options"):
        run(parquet, tmp_path / "out", other, part_rows=20, resume=True)


SCRIPT = """
import sys
from pathlib import Path
from imrpolicy.batches.job import run
from imrpolicy.sql.question import Question
from imrpolicy.evaluate import PolicyLibrary
library = PolicyLibrary.load()
question = Question(library=library, policy=library.policy("odg/continuous-flow-cryotherapy"))
print("ready", flush=True)
run(Path(sys.argv[1]), Path(sys.argv[2]), question, part_rows=20, resume=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL here")
def test_killed_at_random_moments_nothing_is_lost_or_doubled(tmp_path, parquet, one, table):
    draw = random.Random(3)
    output = tmp_path / "out"
    for _ in range(6):
        output.mkdir(exist_ok=True)
        resumed = [sys.executable, "-c", SCRIPT, str(parquet), str(output)]
        process = subprocess.Popen(resumed, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        process.stdout.readline()
        time.sleep(draw.random() * 0.6)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        for part in output.glob("*.parquet"):
            assert pq.read_metadata(part).num_rows == 20
    result = run(parquet, output, one, part_rows=20, resume=(output / "job.json").exists())
    assert result.counts.written == COUNT
    found = pq.read_table([str(path) for path in result.outputs]).column("case_id").to_pylist()
    assert sorted(found) == sorted(table.column("case_id").to_pylist())
    assert not list(output.glob("*.partial*"))


def test_a_run_that_was_killed_before_it_began_can_be_run_again(tmp_path, parquet, one):
    output = tmp_path / "out"
    output.mkdir()
    (output / "job.json.partial").write_text('{"sou', encoding="utf-8")
    assert run(parquet, output, one, part_rows=20).counts.written == COUNT
    assert not list(output.glob("*.partial*"))


@pytest.mark.skipif(os.name != "posix", reason="there is no limit on the size of files here")
def test_a_full_disk_leaves_nothing(tmp_path, parquet):
    limited = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))\n"
    )
    script = limited + SCRIPT.replace(", part_rows=20, resume=True", "")
    output = tmp_path / "out.parquet"
    ran = subprocess.run(
        [sys.executable, "-c", script, str(parquet), str(output)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode != 0
    assert "there is no room to write" in ran.stderr
    left_in(tmp_path, "in.parquet")


def test_an_interrupt_leaves_nothing(tmp_path, parquet, one, monkeypatch):
    from imrpolicy.batches import duck

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(duck, "_copy", stop)
    with pytest.raises(KeyboardInterrupt):
        run(parquet, tmp_path / "out.parquet", one)
    left_in(tmp_path, "in.parquet")


def test_progress_is_shown_on_a_terminal_only(tmp_path, parquet, one):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    quiet, terminal = io.StringIO(), Terminal()
    run(parquet, tmp_path / "a.parquet", one, stream=quiet)
    run(parquet, tmp_path / "b.parquet", one, stream=terminal)
    assert quiet.getvalue() == ""
    assert terminal.getvalue().endswith("\r")
