"""`imrpolicy batch` and `imrpolicy schema --table` as their users see them."""

import csv
import io
import json

import pytest

from imrpolicy.cli.main import main

pytest.importorskip("duckdb")
HEADER = (
    "case_id,request_id,jurisdiction,dates__service,dates__decision,request__service,request__duration_days\n"
)
ROW = "one,unit,ca_workers_compensation,2013-12-01,2013-12-01,continuous_flow_cryotherapy,60\n"


@pytest.fixture
def population(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text(HEADER + ROW + ROW.replace("60", "sixty"), encoding="utf-8")
    return path


def test_the_counts_add_up_and_rejects_are_findings(population, capsys):
    output = population.with_name("out.parquet")
    assert main(["batch", str(population), "-o", str(output)]) == 1
    said = capsys.readouterr().out
    assert "2 rows in: 1 out, 1 rejected" in said
    assert "out.rejects.csv" in said
    assert output.with_name("out.rejects.csv").read_text(encoding="utf-8").splitlines()[1] == (
        "in.csv,2,one,unit,`request__duration_days` must be a whole number of days"
    )


def test_a_summary_as_json(population, capsys):
    assert (
        main(
            [
                "batch",
                str(population),
                "-o",
                str(population.with_name("o.csv")),
                "--summary",
                "--format",
                "json",
            ]
        )
        == 1
    )
    data = json.loads(capsys.readouterr().out)
    assert (data["rows"], data["written"], data["rejected"]) == (2, 1, 1)
    assert {"by": "outcome", "name": "upheld", "status": "", "requests": 1, "of": 1} in data["summary"]


UNIT = ["--policy", "odg/continuous-flow-cryotherapy"]


def test_counts_alone_write_nothing_and_name_the_first_rejects(population, capsys):
    assert main(["batch", str(population), "--summary", *UNIT]) == 1
    said = capsys.readouterr().out
    assert "2 rows in: 1 counted, 1 rejected" in said
    assert "in.csv, row 2: `request__duration_days` must be a whole number of days" in said
    assert "criteria, those first that are most often not documented" in said
    assert [path.name for path in population.parent.iterdir()] == ["in.csv"]


def test_counts_alone_as_json(population, capsys):
    rejects = population.with_name("rejects.csv")
    call = ["batch", str(population), "--summary", "--rejects", str(rejects), "--format", "json"]
    assert main([*call, *UNIT]) == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["rows"], data["counted"], data["rejected"]) == (2, 1, 1)
    assert (data["rejects"], data["first_rejects"]) == ([rejects.as_posix()], [])
    assert {"by": "applies", "name": "met", "status": "", "requests": 1, "of": 1} in data["summary"]
    assert len(rejects.read_text(encoding="utf-8").splitlines()) == 2


def test_many_rejects_are_cut_with_what_to_do_next(population, capsys):
    population.write_text(HEADER + ROW.replace("60", "sixty") * 1_200, encoding="utf-8")
    assert main(["batch", str(population), "--summary", *UNIT]) == 1
    said = capsys.readouterr().out
    assert "1,200 rows in: 0 counted, 1,200 rejected" in said
    assert "and 1,195 more; `--rejects FILE` writes all of them" in said


def test_long_tables_are_cut_and_numbers_are_shares(capsys):
    from imrpolicy.batches.summary import lines_of
    from imrpolicy.cli.output import Style
    from imrpolicy.cli.summary_text import print_summary

    facts = [("missing fact", f"pain.fact{n:02}", "", 1_300 - n) for n in range(25)]
    criteria = [("criterion", "a b", "not_documented", 900), ("criterion", "a b", "met", 300)]
    print_summary(lines_of(2_000, [*facts, *criteria]), {"pain.fact00": "A title"}, Style())
    said = capsys.readouterr().out.splitlines()
    assert said[2] == "     1,300  65.0%  pain.fact00: A title"
    assert "  and 5 more; `--format json` gives all" in said
    assert said[-2] == "     1,200           75.0%  25.0%  a b"


def test_rejects_that_are_asked_for_are_written_even_if_there_are_none(population):
    population.write_text(HEADER + ROW, encoding="utf-8")
    output, rejects = population.with_name("out.parquet"), population.with_name("rejects.csv")
    for more in (["-o", str(output)], ["--summary"]):
        assert main(["batch", str(population), "--rejects", str(rejects), *more, *UNIT]) == 0
        assert rejects.read_text(encoding="utf-8") == "file,row,case_id,request_id,reason\n"
        rejects.unlink()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ([], "say where the result goes with `-o OUTPUT`, or ask for counts alone with `--summary`"),
        (["--summary", "--resume"], "are for a result; give `-o OUTPUT`"),
        (["--summary", "--engine", "spark"], "counts alone are for the engine `duckdb`"),
        (["-o", "out.csv", "--as", "csv"], "`--as` is for a folder"),
        (["-o", "out", "--as", "xml"], "there is no kind of file `xml`"),
        (["-o", "out", "--threads", "0"], "`0` is no number of threads"),
    ],
)
def test_options_that_do_not_go_together(population, capsys, call, said):
    assert main(["batch", str(population), *call]) == 2
    assert said in capsys.readouterr().err


def test_a_size_that_is_none_is_said_in_one_sentence(population, capsys):
    assert main(["batch", str(population), "--summary", "--memory", "4 apples", *UNIT]) == 3
    assert "Unknown unit for memory: 'apples'" in capsys.readouterr().err


def test_a_folder_of_text(population):
    folder = population.with_name("out")
    assert main(["batch", str(population), "-o", str(folder), "--as", "jsonl", "--threads", "1", *UNIT]) == 1
    assert (folder / "part-00000.jsonl").is_file()


def test_what_cannot_be_read_is_one_sentence(population, capsys):
    population.write_text(HEADER + ROW.replace("one", '"o"ne'), encoding="utf-8")
    assert main(["batch", str(population), "-o", str(population.with_name("out.parquet"))]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("imrpolicy: could not run: ")
    assert "in.csv:2: " in said


def test_exactly_what_is_open_is_a_column_when_it_is_asked_for(population):
    for options, there in (([], False), (["--open"], True)):
        output = population.with_name("out.jsonl")
        main(["batch", str(population), "-o", str(output), *options])
        assert ("open" in json.loads(output.read_text(encoding="utf-8"))) is there


def test_open_is_for_the_whole_library_in_duckdb(population, capsys):
    call = ["batch", str(population), "-o", "x.parquet", "--open"]
    assert main([*call, "--policy", "odg/continuous-flow-cryotherapy"]) == 2
    assert main([*call, "--engine", "spark"]) == 2
    assert "are for the engine `duckdb`" in capsys.readouterr().err


def test_wrong_calls(population, capsys):
    assert main(["batch", str(population), "-o", "x.parquet", "--policy", "odg/nothing"]) == 2
    assert main(["batch", "nothing.csv", "-o", "x.parquet"]) == 2
    assert main(["schema"]) == 2
    assert "imrpolicy schema --table" in capsys.readouterr().err


def test_the_columns_of_a_population(capsys):
    assert main(["schema", "--table", "--format", "csv"]) == 0
    rows = {row["column"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert rows["request__duration_days"]["unit"] == "days"
    assert rows["request__service"]["required"] == "true"
    assert "diagnostic" in rows["request__purpose"]["values"]
    assert main(["schema", "--table", "--format", "json"]) == 0
    columns = {column["column"]: column for column in json.loads(capsys.readouterr().out)["columns"]}
    assert columns["history__prior_blocks"]["type"] == "LIST(STRUCT)"
    assert columns["history__prior_blocks"]["fields"]["relief_percent"]["unit"] == "percent"
