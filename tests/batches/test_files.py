"""Files as people have them: however they are called and were saved, no row is lost or doubled."""

import json
import os

import pytest
from batches.files import GOOD, left_in, rejects_of, write_csv

from imrpolicy.batches import BatchError, read_mapping, run
from imrpolicy.batches.counts import count
from imrpolicy.batches.lock import only_one
from imrpolicy.batches.summary import summarize

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

OTHER = GOOD | {"case_id": "other"}


def write(path, *rows):
    """Rows as the kind of file that the name of the file says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        return write_csv(path, rows)
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    else:
        pq.write_table(pa.Table.from_pylist(list(rows)), path)
    return path


def cases_of(path):
    return pq.ParquetFile(path).read(["case_id"]).column("case_id").to_pylist()


# --- names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
@pytest.mark.parametrize("stem", ["a[1]", "[ab]", "~a", "it's", "50%20 ä {b,c}", "a*", "a?", "**"])
def test_a_name_that_looks_like_a_pattern_is_the_name_of_one_file(tmp_path, monkeypatch, one, stem, ending):
    if os.name == "nt" and set(stem) & set("*?"):
        pytest.skip("Windows has no such names")
    for name in ("a", "a1", "ab", "b"):
        write(tmp_path / f"{name}.{ending}", OTHER)
    write(tmp_path / f"{stem}.{ending}", GOOD)
    monkeypatch.chdir(tmp_path)
    source = next(path for path in type(tmp_path)().iterdir() if path.name == f"{stem}.{ending}")
    result = run(source, type(tmp_path)(f"{stem} out.parquet"), one)
    assert result.counts.rows == 1
    assert cases_of(tmp_path / f"{stem} out.parquet") == ["good"]
    assert count(source, one).counts.rows == 1
    assert sum(line.requests for line in summarize(result.outputs) if line.by == "applies") == 1


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_the_name_of_a_folder_is_no_column(tmp_path, one, ending):
    source = write(tmp_path / "case_id=zzz" / "pain__radicular=maybe" / f"in.{ending}", GOOD)
    result = run(source, tmp_path / "out.parquet", one)
    assert result.counts.written == 1
    assert cases_of(tmp_path / "out.parquet") == ["good"]


def test_an_ending_in_capital_letters_is_one(tmp_path, one):
    write(tmp_path / "in" / "a.csv", GOOD).rename(tmp_path / "in" / "A.CSV")
    assert run(tmp_path / "in", tmp_path / "OUT.CSV", one).counts.written == 1
    assert (tmp_path / "OUT.CSV").is_file()


# --- folders -----------------------------------------------------------------------------------------------


def test_what_a_system_hides_in_a_folder_is_not_read(tmp_path, one):
    write(tmp_path / "in" / "a.csv", GOOD)
    write(tmp_path / "in" / "._a.csv", OTHER)
    (tmp_path / "in" / "_SUCCESS").touch()
    assert run(tmp_path / "in", tmp_path / "out", one).counts.rows == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("old/b.csv", r"old/b\.csv would not be read: only files in .*in itself are; move them there"),
        ("b.parquet/part-0.parquet", r"b\.parquet/part-0\.parquet would not be read"),
        ("b.csv.gz", r"in/b\.csv\.gz is packed, which is not read; unpack it"),
        ("b.parq", r"in/b\.parq would not be read: its name ends in none of `\.parquet`, .*; name it after"),
        ("part-00000", r"in/part-00000 would not be read: its name ends in none of "),
    ],
)
def test_rows_in_a_folder_that_would_not_be_read_stop_the_run(tmp_path, one, name, said):
    write(tmp_path / "in" / "a.csv", GOOD)
    write(tmp_path / "in" / name, OTHER)
    with pytest.raises(BatchError, match=said):
        run(tmp_path / "in", tmp_path / "out", one)
    left_in(tmp_path, "in")


# --- outputs that are inputs -------------------------------------------------------------------------------


def test_an_input_is_never_written_over(tmp_path, one):
    source = write(tmp_path / "in.csv", GOOD)
    before = source.read_bytes()
    with pytest.raises(BatchError, match=r"in\.csv is the input itself; name another file to write"):
        run(source, tmp_path / "x" / ".." / "in.csv", one)
    with pytest.raises(BatchError, match="is the input itself"):
        run(source, tmp_path / "out.csv", one, rejects=source)
    with pytest.raises(BatchError, match="is the input itself"):
        count(source, one, rejects=source)
    with pytest.raises(BatchError, match=r"out\.csv cannot hold the rejects too; name another file for them"):
        run(source, tmp_path / "out.csv", one, rejects=tmp_path / "out.csv")
    assert source.read_bytes() == before
    left_in(tmp_path, "in.csv")


def test_rejects_that_are_the_input_are_not_removed(tmp_path, one):
    source = write(tmp_path / "out.rejects.csv", GOOD)
    with pytest.raises(BatchError, match=r"out\.rejects\.csv is the input itself"):
        run(source, tmp_path / "out.csv", one)
    assert source.is_file()


def test_a_folder_of_results_does_not_lie_in_the_input(tmp_path, one):
    write(tmp_path / "in" / "a.csv", GOOD)
    with pytest.raises(BatchError, match="in/out lies in the input itself; name a folder outside of it"):
        run(tmp_path / "in", tmp_path / "in" / "out", one)
    with pytest.raises(BatchError, match="in is not empty; name a new folder"):
        run(tmp_path / "in", tmp_path / "in", one)
    left_in(tmp_path / "in", "a.csv")


# --- two runs at once --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("output", "lock"), [("out.csv", "out.csv.lock"), ("out", "out/.lock")])
def test_two_runs_do_not_write_one_output(tmp_path, one, output, lock):
    source = write(tmp_path / "in.csv", GOOD)
    (tmp_path / lock).parent.mkdir(exist_ok=True)
    with (
        only_one(tmp_path / lock, tmp_path / output),
        pytest.raises(BatchError, match=f"another run writes .*{output}; wait for it, or name another"),
    ):
        run(source, tmp_path / output, one)
    assert run(source, tmp_path / output, one).counts.written == 1
    assert not (tmp_path / lock).exists()


def test_a_killed_run_keeps_nobody_from_its_output(tmp_path, one):
    source = write(tmp_path / "in.csv", GOOD)
    (tmp_path / "out.csv.lock").touch()
    assert run(source, tmp_path / "out.csv", one).counts.written == 1
    left_in(tmp_path, "in.csv", "out.csv")


# --- how files are saved -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace(",", ";"), r"in\.csv:1: the names of .* commas, and not `;`; save"),
        (lambda text: text.replace(",", "\t"), r"in\.csv:1: the names of the columns .*, and not a tab"),
        (lambda text: "\n" + text, r"in\.csv:1: the line is empty; the first line must name the columns"),
        (lambda text: text[:0], r"in\.csv:1: the line is empty"),
        (lambda text: text.replace("\n", ",\n"), r"in\.csv:1: column 7 has no name; give it one"),
        (lambda text: text.replace("request_id", "Case_ID"), "`case_id` and `Case_ID` differ in capital"),
        (lambda text: text.replace("request_id", "case_id"), "the column `case_id` is there twice"),
        (lambda text: text.replace('"', "").replace("\n", "\r\n", 1), r"in\.csv .* end in different ways"),
    ],
)  # fmt: skip
def test_a_csv_of_another_kind_is_said_in_one_sentence(tmp_path, one, change, said):
    source = write_csv(tmp_path / "in.csv", [GOOD, OTHER])
    source.write_text(change(source.read_text(encoding="utf-8")), encoding="utf-8", newline="")
    with pytest.raises(BatchError, match=said):
        run(source, tmp_path / "out.csv", one)
    left_in(tmp_path, "in.csv")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_csv_that_is_not_utf_8_says_so(tmp_path, one, encoding):
    source = write_csv(tmp_path / "in.csv", [GOOD | {"case_id": "ä"}])
    source.write_text(source.read_text(encoding="utf-8"), encoding=encoding)
    with pytest.raises(BatchError, match=r"in\.csv is not UTF-8; save it as `CSV UTF-8`"):
        run(source, tmp_path / "out.csv", one)


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_ends_of_lines_and_a_mark_at_the_start_change_nothing(tmp_path, one, start, end):
    source = write_csv(tmp_path / "in.csv", [GOOD | {"case_id": 'a\n"b",;'}, OTHER])
    text = source.read_text(encoding="utf-8").replace("\n", end)
    source.write_text(start + text, encoding="utf-8", newline="")
    run(source, tmp_path / "out.parquet", one)
    assert cases_of(tmp_path / "out.parquet") == [f'a{end}"b",;', "other"]


def test_columns_of_parquet_that_share_a_name_stop_the_run(tmp_path, one):
    table = pa.Table.from_pylist([GOOD])
    for name in ("request__postoperative", "Request__Postoperative"):
        twins = table.append_column("request__postoperative", pa.array([True]))
        pq.write_table(twins.append_column(name, pa.array([False])), tmp_path / "in.parquet")
        with pytest.raises(BatchError, match=r"rename one of the two"):
            run(tmp_path / "in.parquet", tmp_path / "out.parquet", one)
        left_in(tmp_path, "in.parquet")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"case_id": ', r"in\.jsonl:2: the line is no JSON object"),
        ("garbage", r"in\.jsonl:2: the line is no JSON object"),
        ("[1]", r"in\.jsonl:2: the line is no JSON object"),
        ('{"case_id": "a", "case_id": "b"}', r"in\.jsonl:2: the line is no JSON object: .*duplicate key"),
        (json.dumps({"Case_ID": "x"}), "`Case_ID` and `case_id` differ in capital letters alone"),
        ('{"": 1}', r"in\.jsonl: a field of an object has no name; give it one"),
    ],
)
def test_a_line_that_is_no_object_is_named(tmp_path, one, line, said):
    source = write(tmp_path / "in.jsonl", GOOD, OTHER)
    first, second = source.read_text(encoding="utf-8").splitlines()
    source.write_text(f"{first}\n{line}\n{second}\n", encoding="utf-8")
    with pytest.raises(BatchError, match=said):
        run(source, tmp_path / "out.csv", one)
    left_in(tmp_path, "in.jsonl")


def test_texts_that_look_like_something_else_are_rejected_or_kept(tmp_path, one):
    odd = ["NULL", "N/A", "-", "1e400", "99999999999999999999", "NaN", "0x10", "1_000"]
    rows = [GOOD | {"case_id": text, "request__duration_days": text} for text in odd]
    hostile = "'); DROP TABLE requests; --"
    source = write_csv(tmp_path / "in.csv", [*rows, GOOD | {"case_id": hostile, hostile: hostile}])
    result = run(source, tmp_path / "out.parquet", one)
    assert cases_of(tmp_path / "out.parquet") == [hostile]
    assert result.ignored == (hostile,)
    assert [row[:2] for row in rejects_of(*result.rejects)] == list(enumerate(odd, start=1))


def test_a_result_as_text_is_counted_as_it_was_written(tmp_path, one):
    rows = [GOOD | {"case_id": text} for text in ("a\n;\t|'\"", "#", "", "1", "2014-01-01")]
    source = write(tmp_path / "in.jsonl", *rows)
    counted = []
    for ending in ("parquet", "csv", "jsonl"):
        result = run(source, tmp_path / f"out.{ending}", one)
        counted.append(summarize(result.outputs))
    assert counted[0]
    assert counted[0] == counted[1] == counted[2] == count(source, one).lines


# --- mapping files -----------------------------------------------------------------------------------------


def test_a_mapping_file_is_read_as_texts(tmp_path, library, one):
    """YAML alone would make `false`, 7, 1000 and 750 of these words."""
    (tmp_path / "mapping.yaml").write_text(
        "values:\n  request__postoperative: {No: false, Yes: true, 007: true, 1e3: true, 12:30: false}\n",
        encoding="utf-8",
    )
    mapping = read_mapping(tmp_path / "mapping.yaml", library.dictionary)
    words = ["No", "Yes", "007", "1e3", "12:30"]
    assert mapping.values["request__postoperative"] == dict(
        zip(words, ["false", "true", "true", "true", "false"], strict=True)
    )
    rows = [GOOD | {"case_id": word, "request__postoperative": word} for word in words]
    source = write_csv(tmp_path / "in.csv", rows)
    assert run(source, tmp_path / "out.csv", one, mapping=mapping).counts.written == len(words)


def test_a_mapping_says_what_means_not_documented(tmp_path, library, one):
    (tmp_path / "mapping.yaml").write_text(
        "values:\n"
        "  request__postoperative: {Y: true, N: false, N/A: not_documented}\n"
        "  request__service: {none: not_documented}\n",
        encoding="utf-8",
    )
    mapping = read_mapping(tmp_path / "mapping.yaml", library.dictionary)
    words = {"Y": True, "N": False, "N/A": None}
    rows = [GOOD | {"case_id": word, "request__postoperative": word} for word in words]
    rows.append(GOOD | {"request__service": "none"})
    source = write_csv(tmp_path / "in.csv", rows)
    run(source, tmp_path / "out.parquet", one, mapping=mapping)
    found = pq.ParquetFile(tmp_path / "out.parquet").read(["case_id", "criterion__postoperative"]).to_pylist()
    assert {row["case_id"]: row["criterion__postoperative"] for row in found} == words
    [(row, _, reason)] = rejects_of(tmp_path / "out.rejects.csv")
    assert (row, reason) == (4, "`request__service` is not given, and every row needs it")


def test_a_mapping_of_no_values_changes_none(tmp_path, library, one):
    (tmp_path / "mapping.yaml").write_text("values:\n  request__postoperative: {}\n", encoding="utf-8")
    mapping = read_mapping(tmp_path / "mapping.yaml", library.dictionary)
    source = write_csv(tmp_path / "in.csv", [GOOD | {"request__postoperative": "true"}])
    assert run(source, tmp_path / "out.csv", one, mapping=mapping).counts.written == 1


@pytest.mark.parametrize("written", ["output", "rejects", "rejects of counts"])
def test_a_mapping_file_is_not_written_over(tmp_path, library, one, written):
    file = tmp_path / "mapping.csv"
    file.write_text("columns: {}\n", encoding="utf-8")
    mapping = read_mapping(file, library.dictionary)
    source = write_csv(tmp_path / "in.csv", [GOOD])
    calls = {
        "output": lambda: run(source, file, one, mapping=mapping),
        "rejects": lambda: run(source, tmp_path / "out.csv", one, mapping=mapping, rejects=file),
        "rejects of counts": lambda: count(source, one, mapping=mapping, rejects=file),
    }
    with pytest.raises(BatchError, match=r"mapping\.csv is the mapping file; name another file to write"):
        calls[written]()
    assert file.read_text(encoding="utf-8") == "columns: {}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns:\n  case_id: a\n  case_id: b\n", "`case_id` is there twice; leave one out"),
        (
            "values:\n  request__laterality: {N/A: }\n",
            "something of `request__laterality` is mapped to no text; write `not_documented` for",
        ),
        ("columns: {case_id: [a, b]}\n", "something of `case_id` is mapped to no text"),
    ],
)
def test_a_mapping_that_would_lose_something_is_refused(tmp_path, library, text, said):
    (tmp_path / "mapping.yaml").write_text(text, "utf-8")
    with pytest.raises(BatchError, match=said):
        read_mapping(tmp_path / "mapping.yaml", library.dictionary)


def test_a_line_that_is_not_utf_8_is_named(tmp_path, one):
    source = write_csv(tmp_path / "in.csv", [GOOD] * 20_000)
    with source.open("ab") as file:
        file.write(b"\xe4" + source.read_bytes().splitlines()[-1] + b"\n")
    with pytest.raises(BatchError, match=r"in\.csv:20002: the line is not UTF-8"):
        run(source, tmp_path / "out.csv", one)
    left_in(tmp_path, "in.csv")
