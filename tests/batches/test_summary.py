"""Counts: those of a result that was written, and counts alone, which are the same."""

import json

import pytest
from batches.files import COUNT, GOOD, as_text, left_in, rejects_of, write_csv
from sql.crowd import crowd
from sql.tables import requests_table

from imrpolicy.evaluate import Options
from imrpolicy.sql.question import Question

pytest.importorskip("duckdb")
pq = pytest.importorskip("pyarrow.parquet")

from imrpolicy.batches.chart import draw  # noqa: E402 - DuckDB may not be installed
from imrpolicy.batches.counts import count  # noqa: E402
from imrpolicy.batches.errors import BatchError  # noqa: E402
from imrpolicy.batches.job import run  # noqa: E402
from imrpolicy.batches.summary import lines_of, summarize  # noqa: E402

BLOCK = "odg/lumbar-medial-branch-block"


def counted_and_summarized(folder, source, question):
    """The lines of counts alone, and those of a result that is written first; they count the same rows."""
    result = run(source, folder / "out.parquet", question)
    counted = count(source, question)
    assert counted.counts == result.counts
    return counted.lines, summarize(result.outputs)


# --- of a result -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory, library, table):
    """A result of the whole library, drafts included."""
    folder = tmp_path_factory.mktemp("written")
    pq.write_table(table, folder / "in.parquet")
    question = Question(library=library, options=Options(include_drafts=True))
    run(folder / "in.parquet", folder / "out.parquet", question)
    return folder / "out.parquet"


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_a_summary_counts_every_request_once(tmp_path, written, library, cases, ending):
    text = tmp_path / f"out.{ending}"
    lines = summarize([written if ending == "parquet" else as_text(pq.read_table(written), text)])
    determinations = [d for case in cases for d in library.evaluate(case, include_drafts=True)]
    for by in ("outcome", "reason"):
        found = [line for line in lines if line.by == by]
        assert sum(line.requests for line in found) == COUNT
        for line in found:
            assert line.requests == sum(getattr(d, by).value == line.name for d in determinations)
            assert line.of == COUNT
    for line in lines:
        if line.by == "criterion":
            policy, _, criterion = line.name.partition(" ")
            traces = [t for d in determinations for t in d.policies if t.policy.reference == policy]
            assert line.of == len(traces)
            assert line.requests == sum(
                (c.criterion.id, c.status.value) == (criterion, line.status)
                for t in traces for c in t.criteria
            )  # fmt: skip
    assert {line.by for line in lines} >= {"outcome", "reason", "policy", "criterion"}


def test_criteria_come_first_that_are_most_often_not_documented():
    lines = lines_of(10, [
        ("criterion", "a", "met", 9), ("criterion", "a", "not_documented", 1),
        ("criterion", "b", "not_documented", 7), ("criterion", "b", "not_met", 0),
        ("outcome", "upheld", "", 3), ("outcome", "overturned", "", 7),
    ])  # fmt: skip
    assert [(line.name, line.status, line.of) for line in lines] == [
        ("overturned", "", 10), ("upheld", "", 10),
        ("b", "not_documented", 7), ("a", "met", 10), ("a", "not_documented", 10),
    ]  # fmt: skip


# --- alone -------------------------------------------------------------------------------------------------


def test_counts_of_the_library_are_those_of_its_result(tmp_path, library):
    table = requests_table(library, crowd(library, 800, seed=11)).drop_columns("row_number")
    pq.write_table(table, tmp_path / "in.parquet")
    options = Options(include_drafts=True, allow_not_encoded=True, strict=True)
    question = Question(library=library, options=options)
    alone, written = counted_and_summarized(tmp_path, tmp_path / "in.parquet", question)
    assert alone == written
    assert {line.by for line in alone} == {"outcome", "reason", "policy", "criterion", "missing fact"}


def test_counts_of_a_generated_population_are_those_of_its_result(tmp_path, library):
    from imrpolicy.cli.main import main

    source = tmp_path / "in.parquet"
    assert main(["generate", "--count", "2000", "-o", str(source)]) == 0
    alone, written = counted_and_summarized(tmp_path, source, Question(library=library))
    assert alone == written


def test_counts_of_each_policy_are_those_of_its_result(tmp_path, library):
    table = requests_table(library, crowd(library, 400, seed=12)).drop_columns("row_number")
    pq.write_table(table, tmp_path / "in.parquet")
    stances = set()
    for policy in library.policies[::4]:
        question = Question(library=library, policy=policy)
        alone, written = counted_and_summarized(tmp_path, tmp_path / "in.parquet", question)
        assert alone == written
        stances.add((policy.stance, bool(policy.conditions), bool(policy.exclusions)))
    assert len(stances) >= 4


def test_a_folder_of_all_kinds_is_counted_as_one_file(tmp_path, table, parquet, one):
    source = tmp_path / "requests"
    source.mkdir()
    as_text(table.slice(0, 10), source / "a.csv")
    as_text(table.slice(10, 20), source / "b.jsonl")
    pq.write_table(table.slice(30), source / "c.parquet")
    assert count(source, one) == count(parquet, one)


def test_more_files_than_one_query_reads(tmp_path, table, parquet, one, monkeypatch):
    from imrpolicy.batches import counts

    monkeypatch.setattr(counts, "_TOGETHER", 2)
    source = tmp_path / "requests"
    source.mkdir()
    for number in range(5):
        pq.write_table(table.slice(12 * number, 12), source / f"{number}.parquet")
    assert count(source, one) == count(parquet, one)


def test_nothing_is_left_behind(tmp_path, parquet, one):
    count(parquet, one)
    left_in(tmp_path, "in.parquet")


BAD = {**GOOD, "case_id": "bad", "request__duration_days": "0"}


def test_rows_that_break_the_schema_are_counted_and_the_first_named(tmp_path, one):
    source = tmp_path / "requests"
    source.mkdir()
    write_csv(source / "a.csv", [GOOD, BAD, GOOD])
    write_csv(source / "b.csv", [BAD] * 7)
    counted = count(source, one)
    assert (counted.counts.rows, counted.counts.written, counted.counts.rejected) == (10, 2, 8)
    assert [(r.file, r.row) for r in counted.first_rejects] == [
        ("a.csv", 2), ("b.csv", 1), ("b.csv", 2), ("b.csv", 3), ("b.csv", 4),
    ]  # fmt: skip
    assert counted.first_rejects[0].reason.startswith("`request__duration_days` is out of range")
    assert sum(line.requests for line in counted.lines if line.by == "applies") == 2


def test_rejects_are_written_where_they_are_asked_for(tmp_path, one):
    source, rejects = tmp_path / "requests", tmp_path / "rejects.csv"
    source.mkdir()
    write_csv(source / "a.csv", [GOOD, BAD])
    write_csv(source / "b.csv", [BAD, GOOD, BAD])
    counted = count(source, one, rejects=rejects)
    assert (counted.counts.rejected, counted.rejects, counted.first_rejects) == (3, rejects, ())
    assert [(row, case) for row, case, _ in rejects_of(rejects)] == [(2, "bad"), (1, "bad"), (3, "bad")]
    left_in(tmp_path, "requests", "rejects.csv")


def test_without_a_trace_neither_policies_nor_criteria_nor_undated_requests_are_counted(tmp_path, library):
    source = write_csv(tmp_path / "in.csv", [GOOD, {**GOOD, "dates__decision": ""}])
    counted = count(source, Question(library=library, trace=False))
    assert (counted.counts.written, counted.counts.rejected) == (1, 1)
    assert counted.first_rejects[0].reason.startswith("the date of the decision is not given")
    assert {line.by for line in counted.lines}.isdisjoint({"policy", "criterion"})


def test_the_file_that_cannot_be_read_is_named(tmp_path, table, one):
    source = tmp_path / "requests"
    source.mkdir()
    pq.write_table(table, source / "a.parquet")
    write_csv(source / "b.csv", [GOOD])
    text = (source / "b.csv").read_text(encoding="utf-8")
    (source / "b.csv").write_text(text.replace('"good"', '"go"od"'), encoding="utf-8")
    with pytest.raises(BatchError, match=r"b\.csv:2: the row is no CSV"):
        count(source, one, rejects=tmp_path / "rejects.csv")
    left_in(tmp_path, "requests")


def test_one_policy_counts_its_criteria_where_it_applies_or_may(tmp_path, library):
    rows = [
        {**GOOD, "request__service": service}
        for service in ("continuous_flow_cryotherapy", "lumbar_medial_branch_block")
    ]
    source = write_csv(tmp_path / "in.csv", rows)
    counted = count(source, Question(library=library, policy=library.policy(BLOCK)))
    assert {(line.name, line.requests) for line in counted.lines if line.by == "applies"} == {
        ("met", 1), ("not_met", 1),
    }  # fmt: skip
    assert {line.of for line in counted.lines if line.by == "criterion"} == {1}


# --- as a picture ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["png", "svg"])
@pytest.mark.parametrize("whole", [False, True], ids=["policy", "library"])
def test_a_chart(tmp_path, parquet, written, one, ending, whole):
    pytest.importorskip("matplotlib")
    path = tmp_path / f"chart.{ending}"
    draw(summarize([written]) if whole else count(parquet, one).lines, path)
    assert path.stat().st_size > 1_000


def test_of_nothing_there_is_no_chart(tmp_path, one):
    pytest.importorskip("matplotlib")
    source = write_csv(tmp_path / "in.csv", [dict.fromkeys(GOOD, "")])
    counted = count(source, one)
    assert (counted.counts.rows, counted.counts.rejected) == (1, 1)
    with pytest.raises(BatchError, match=r"chart\.png is not drawn: no request was evaluated"):
        draw(counted.lines, tmp_path / "chart.png")
    left_in(tmp_path, "in.csv")


# --- a folder of another kind ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_the_parts_of_a_folder_can_be_text(tmp_path, parquet, one, kind):
    output = tmp_path / "out"
    first = run(parquet, output, one, part_rows=20, part_kind=kind)
    assert [path.name for path in first.outputs] == [f"part-0000{n}.{kind}" for n in range(3)]
    assert summarize(first.outputs) == count(parquet, one).lines
    (output / "part-00001.done.json").unlink()
    again = run(parquet, output, one, part_rows=20, part_kind=kind, resume=True)
    assert (again.skipped, again.counts) == (2, first.counts)
    with pytest.raises(BatchError, match="other options"):
        run(parquet, output, one, part_rows=20, resume=True)
    if kind == "jsonl":
        lines = [line for path in first.outputs for line in path.read_text(encoding="utf-8").splitlines()]
        assert len({json.loads(line)["case_id"] for line in lines}) == COUNT
