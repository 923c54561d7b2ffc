"""A table of requests evaluated by both sides of a change."""

import json

import pytest
from cli.conftest import imrpolicy

__all__ = ["imrpolicy"]
pytest.importorskip("duckdb")
UNIT = "policies/odg/continuous-flow-cryotherapy/policy.yaml"
NAMES = (
    "case_id,request_id,jurisdiction,dates__service,dates__decision,request__service,request__body_region,"
    "request__postoperative,request__duration_days\n"
)


def row(case, days):
    days_and_unit = "2013-12-01,2013-12-01,continuous_flow_cryotherapy"
    return f"{case},unit,ca_workers_compensation,{days_and_unit},knee,true,{days}\n"


@pytest.fixture
def table(repository):
    path = repository.folder / "requests.csv"
    path.write_text(
        NAMES + "".join(row(f"days-{days}", days) for days in range(1, 11)) + row("odd", "many"),
        encoding="utf-8",
    )
    return path


def test_the_requests_of_a_table_that_change_are_named(repository, table, imrpolicy):
    repository.edit(UNIT, "request.duration_days <= 7", "request.duration_days <= 5")
    found = json.loads(imrpolicy("diff", "HEAD", "--population", str(table), "--format", "json").out)
    population = found["population"]
    assert population["requests"] == 10
    # Up to 5 days nothing changes; beyond 7 less is supported.
    assert [one["case"] for one in population["changed"]] == ["days-10", *(f"days-{n}" for n in range(6, 10))]
    by_case = {one["case"]: (one["before"], one["after"]) for one in population["changed"]}
    assert by_case["days-6"][0] != by_case["days-6"][1]
    assert "7 days" in by_case["days-9"][0]
    assert "5 days" in by_case["days-9"][1]
    assert population["unread"] == ["odd"]


def test_it_says_what_evaluating_each_request_says(repository, table, imrpolicy, tmp_path):
    """The query and the evaluator agree on which requests change, and in which words."""
    repository.edit(UNIT, "request.duration_days <= 7", "request.duration_days <= 5")
    cases = repository.folder / "own-cases"
    cases.mkdir()
    for days in range(1, 11):
        case = {
            "id": f"days-{days}",
            "jurisdiction": "ca_workers_compensation",
            "dates": {"service": "2013-12-01", "decision": "2013-12-01"},
            "requests": [
                {
                    "id": "unit",
                    "facts": {
                        "service": "continuous_flow_cryotherapy",
                        "body_region": "knee",
                        "postoperative": True,
                        "duration_days": days,
                    },
                }
            ],
        }
        (cases / f"days-{days}.json").write_text(json.dumps(case), encoding="utf-8")
    ran = imrpolicy("diff", "HEAD", "--population", str(table), "--cases", str(cases), "--format", "json")
    found = json.loads(ran.out)
    by_table, by_case = found["population"], found["impact"]
    assert by_table["requests"] == by_case["requests"] == 10
    assert sorted(by_table["changed"], key=str) == sorted(by_case["changed"], key=str)


def test_the_text_names_the_table(repository, table, imrpolicy):
    repository.edit(UNIT, "request.duration_days <= 7", "request.duration_days <= 5")
    assert "Requests of requests.csv" in imrpolicy("diff", "HEAD", "--population", str(table)).out


def test_two_rows_with_one_name_stop(repository, table, imrpolicy):
    table.write_text(NAMES + row("a", 5) * 2, encoding="utf-8")
    ran = imrpolicy("diff", "HEAD", "--population", str(table))
    assert ran.code == 3
    assert "the request `unit` of the case `a` is there twice" in ran.err


def test_what_is_neither_a_number_nor_a_file_is_a_wrong_call(repository, imrpolicy):
    ran = imrpolicy("diff", "HEAD", "--population", "nothing.parquet")
    assert ran.code == 2
    assert "`nothing.parquet` is not a whole number from 0 to 100000, and no file" in ran.err
