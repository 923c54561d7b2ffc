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
    assert {"by": "outcome", "name": "upheld", "status": "", "requests": 1} in data["summary"]


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
