"""A row found again as a case: it is what the batch says, what the evaluator says, and has its letter."""

import copy
import json
import subprocess
import sys
from dataclasses import replace

import pytest
from batches.files import GOOD, as_text, rejects_of, write_csv
from hypothesis import given, settings
from hypothesis import strategies as st
from sql.expected import check_row

from imrpolicy.batches import BatchError, NoRowError, RowError, batch, case_of
from imrpolicy.cli.main import main
from imrpolicy.evaluate import Options, replay
from imrpolicy.letter import as_html, as_markdown
from imrpolicy.population import generate, generate_table

pa = pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")

KINDS = ("parquet", "csv", "jsonl")
ROWS = 60
# Some generated cases lack a date that selects an edition.
DAY = "2014-01-01"


def written(table, folder, kind):
    """A table as a file of a kind."""
    if kind != "parquet":
        return as_text(table, folder / f"population.{kind}")
    from pyarrow import parquet

    parquet.write_table(table, folder / "population.parquet", row_group_size=20)
    return folder / "population.parquet"


def population(library, seed):
    """The same requests as a table, and as cases."""
    table = pa.Table.from_batches(generate_table(library.dictionary, count=ROWS, seed=seed))
    cases = list(generate(library.dictionary, count=ROWS, seed=seed))
    return table, cases


def sample(cases):
    """Some with two requests, some with records in conflict, and some others."""
    two = [case for case in cases if len(case["requests"]) > 1]
    odd = [case for case in cases if "records" in case]
    return list({case["id"]: case for case in [*two[:4], *odd[:2], *cases[:3]]}.values())


@settings(max_examples=2)
@given(seed=st.integers(0, 10_000))
def test_a_row_is_evaluated_as_the_batch_does(seed, library, tmp_path_factory):
    """The batch runs over one kind of file; that it gives the same for all is tested elsewhere."""
    table, cases = population(library, seed)
    assert len(cases) < ROWS, "some case must have two requests"
    paths = [written(table, tmp_path_factory.mktemp("rows"), kind) for kind in KINDS]
    result = batch(paths[0], library=library, as_of=DAY)
    assert result.counts.rejected == 0
    rows = {(row["case_id"], row["request_id"]): row for row in result.determinations.to_pylist()}
    for case in sample(cases):
        for path in paths:
            read = case_of(path, case["id"], library=library)
            assert [request.id for request in read.requests] == [r["id"] for r in case["requests"]]
            for determination in library.evaluate(read, as_of=DAY):
                check_row(determination, rows[case["id"], determination.request.id])
        alone = case_of(path, case["id"], read.requests[-1].id, library=library)
        assert alone.requests == read.requests[-1:]


@settings(max_examples=2)
@given(seed=st.integers(0, 10_000))
def test_the_case_and_the_letter_of_a_row_are_those_of_the_generated_case(seed, library):
    """All but the source, and what records in conflict say.

    The source of a row names its table and number. A generated case in conflict has statements with
    records that were made up for them; a table has no place for either.
    """
    table, cases = population(library, seed)
    compared = 0
    for case in sample(cases):
        theirs = library.read_case(case)
        ours = case_of(table, case["id"], library=library)
        assert ours.header["source"].startswith("the table, row")
        assert [r.row for r in ours.requests] == [r.row for r in theirs.requests]
        assert [set(r.conflicting) for r in ours.requests] == [set(r.conflicting) for r in theirs.requests]
        if any(request.conflicting for request in theirs.requests):
            continue
        ours = replace(ours, header=theirs.header)
        assert ours == theirs
        compared += 1
        if compared <= 3:
            of_row, of_case = (library.evaluate(one, as_of=DAY) for one in (ours, theirs))
            assert as_markdown(of_row) == as_markdown(of_case)
            assert as_html(of_row) == as_html(of_case)
    assert compared > 2


def test_a_letter_says_that_records_contradict_each_other_and_its_record_can_be_replayed(library):
    table = pa.table(
        {
            "case_id": ["a"],
            "request_id": ["r"],
            "jurisdiction": ["ca_workers_compensation"],
            "request__service": ["lumbar_medial_branch_block"],
            "conflicting": [["exam.sensory_deficit"]],
        }
    )
    [determination] = library.evaluate(case_of(table, "a", library=library), as_of="2013-12-01")
    assert [use.fact.path for use in determination.facts_in_conflict] == ["exam.sensory_deficit"]
    letter = as_markdown([determination])
    assert "Records in conflict" in letter
    assert "| not given | not given |" in letter
    assert "The records contradict each other on" in determination.rationale
    stored = json.loads(json.dumps(determination.to_dict()))
    assert stored["case"]["conflicting"] == {"exam.sensory_deficit": []}
    assert replay(library, stored).holds
    edited = copy.deepcopy(stored)
    del edited["case"]["conflicting"]
    assert not replay(library, edited).holds


def rows(*changes):
    return [GOOD | change for change in changes]


def test_a_row_that_breaks_the_schema_is_refused_for_the_reason_that_the_rejects_have(library, tmp_path):
    path = write_csv(
        tmp_path / "in.csv",
        rows(
            {"case_id": "sound"},
            {"case_id": "number", "request__duration_days": "7.5"},
            {"case_id": "range", "request__duration_days": "-1"},
            {"case_id": "word", "pain__radicular": "maybe"},
            {"case_id": "dateless", "dates__decision": "", "dates__service": ""},
        ),
    )
    batch(path, library=library, output=tmp_path / "out.csv", rejects=tmp_path / "rejects.csv")
    told = rejects_of(tmp_path / "rejects.csv")
    assert [case for _, case, _ in told] == ["number", "range", "word", "dateless"]
    for number, case, reason in told:
        with pytest.raises(RowError) as caught:
            case_of(path, case, library=library, options=Options())
        assert (caught.value.place, caught.value.row, caught.value.reason) == (
            path.as_posix(),
            number,
            reason,
        )
    assert case_of(path, "sound", library=library).requests


def test_two_rows_of_one_request_are_refused_with_both_numbers(library, tmp_path):
    path = write_csv(tmp_path / "in.csv", rows({}, {"case_id": "other"}, {}))
    with pytest.raises(RowError, match=r"row 3: .* so is row 1; give each row its own pair of ids"):
        case_of(path, "good", library=library)


def test_files_of_a_folder_are_one_table(library, tmp_path):
    write_csv(tmp_path / "a.csv", rows({}))
    write_csv(tmp_path / "b.csv", rows({"request_id": "s"}, {"case_id": "other"}))
    case = case_of(tmp_path, "good", library=library)
    assert [request.id for request in case.requests] == ["r", "s"]
    assert case.header["source"] == "a.csv, row 1; b.csv, row 1"
    write_csv(tmp_path / "c.csv", rows({}))
    with pytest.raises(RowError, match=r"c\.csv, row 1: .* so is row 1 of .*a\.csv"):
        case_of(tmp_path, "good", library=library)


def test_rows_that_contradict_each_other_about_the_case_are_for_one_request_each(library, tmp_path):
    path = write_csv(tmp_path / "in.csv", rows({}, {"request_id": "s", "pain__severity_score": "3"}))
    with pytest.raises(BatchError, match="rows 1 and 2 of the case `good` differ in `pain__severity_score`"):
        case_of(path, "good", library=library)
    assert case_of(path, "good", "s", library=library).requests[0].id == "s"


def test_a_row_that_is_not_there(library, tmp_path):
    path = write_csv(tmp_path / "in.csv", rows({"request_id": "knee"}))
    with pytest.raises(NoRowError, match="no row of a case `bad`; copy the id from the column `case_id`"):
        case_of(path, "bad", library=library)
    with pytest.raises(NoRowError, match=r"has no request `knees` in .*; did you mean `knee`"):
        case_of(path, "good", "knees", library=library)
    with pytest.raises(BatchError, match="there is no file"):
        case_of(tmp_path / "none.csv", "good", library=library)


def test_other_names_numbers_and_ids_that_no_case_may_have(library):
    table = pa.table(
        {
            "claim": [12, 13],
            "request_id": ["Knee unit/1", "knee unit 1"],
            "jurisdiction": ["ca_workers_compensation"] * 2,
            "request__service": ["continuous_flow_cryotherapy"] * 2,
            "post_op": ["Y", "N"],
        }
    )
    mapping = {
        "columns": {"case_id": "claim", "request__postoperative": "post_op"},
        "values": {"request__postoperative": {"Y": "true", "N": "false"}},
    }
    case = case_of(table, "12", library=library, mapping=mapping)
    assert (case.id, case.requests[0].id) == ("12", "knee-unit-1")
    assert case.header["source"] == "the table, row 1; request Knee unit/1"
    [determination] = library.evaluate(case, as_of="2013-12-01")
    assert determination.fact_use(library.dictionary.by_path["request.postoperative"]).value is True
    assert replay(library, determination.to_dict()).holds
    with pytest.raises(NoRowError, match="copy the id from the column `claim`"):
        case_of(table, "14", library=library, mapping=mapping)


# --- on the command line -----------------------------------------------------------------------------------


def test_a_row_has_all_formats_of_a_case_file(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "in.csv", rows({}, {"request_id": "s"}))
    asked = ("evaluate", "in.csv", "--case", "good")
    assert main(asked) == 0
    assert capsys.readouterr().out.startswith("good\nCalifornia")
    assert main([*asked, "--format", "json"]) == 0
    stored = capsys.readouterr().out
    assert [record["request"] for record in json.loads(stored)] == ["r", "s"]
    (tmp_path / "stored.json").write_text(stored, encoding="utf-8")
    assert main(["replay", "stored.json"]) == 0
    for letter in ("letter.md", "letter.html"):
        assert main([*asked, "--request", "s", "--format", "letter", "--output", letter]) == 0
        assert "in.csv, row 2" in (tmp_path / letter).read_text(encoding="utf-8")


WRONG = {
    "no case is named": (["in.csv"], 2, "in.csv is a table; name one of its cases with `--case CASE_ID`"),
    "there is no such case": (["in.csv", "--case", "x"], 2, "in.csv has no row of a case `x`; copy the id"),
    "a case file has no rows": (["a.yaml", "--case", "x"], 2, "`--case` is for a row of a table"),
    "a request alone": (["in.csv", "--request", "x"], 2, "is a table; name one of its cases"),
    "no such file": (["im.csv", "--case", "good"], 2, "there is no file im.csv; did you mean `in.csv`?"),
    "the row breaks the schema": (
        ["in.csv", "--case", "broken"],
        1,
        "in.csv:1:1: error[wrong-value]: row 2: `request__duration_days` must be a whole number",
    ),
    "a row lacks a date": (["in.csv", "--case", "dateless"], 1, "row 3: the date of the "),
    "the same request twice": (["in.csv", "--case", "twice"], 1, "row 5: this is the request `r`"),
    "a mapping that is none": (
        ["in.csv", "--case", "good", "--mapping", "a.yaml"], 3, "a mapping has `columns` and `values`"
    ),
    "a stray quote": (["stray.csv", "--case", "good"], 3, "stray.csv:2: the row is no CSV"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_with_the_exit_code_of_a_case_file(what, tmp_path, capsys, monkeypatch):
    arguments, code, message = WRONG[what]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("id: a\n", encoding="utf-8")
    table = rows(
        {},
        {"case_id": "broken", "request__duration_days": "7.5"},
        {"case_id": "dateless", "dates__decision": "", "dates__service": ""},
        {"case_id": "twice"},
        {"case_id": "twice"},
    )
    path = write_csv(tmp_path / "in.csv", table)
    head, _, rest = path.read_text(encoding="utf-8").partition("\n")
    (tmp_path / "stray.csv").write_text(f'{head}\n"x"y,{rest}', encoding="utf-8")
    assert main(["evaluate", *arguments]) == code
    assert message in " ".join(capsys.readouterr().err.split())


def test_a_case_file_is_evaluated_without_what_tables_need():
    """Importing DuckDB or the batches would take longer than the evaluation."""
    script = (
        "import sys; import imrpolicy.cli.evaluate; "
        "sys.exit(any(m.partition('.')[0] in ('duckdb', 'pyarrow', 'sqlglot') or m == 'imrpolicy.batches' "
        "for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
