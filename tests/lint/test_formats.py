"""What `imrpolicy check` prints for other programs, and what it says of its rules."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex

import pytest

from imrpolicy.cli.github import MOST_SHOWN, annotation, as_markdown
from imrpolicy.cli.main import main
from imrpolicy.cli.sarif import as_sarif
from imrpolicy.issues import Issue, Place, Severity
from imrpolicy.lint import RULES, Allowed, Found

POLICY = "policies/demo/knee-brace/policy.yaml"
BROKEN = [
    {"file": POLICY, "find": "when: care.weeks >= 6", "with": "when: care.weeks >= 4"},
    {"file": POLICY, "find": "strength: A", "with": "strength: C"},
]
ALLOWANCE = {
    "file": "policies/lint.yaml",
    "text": "allow:\n  - rule: unknown-strength\n    at: demo/knee-brace\n    reason: A grade to come.\n",
}


@pytest.fixture
def printed(monkeypatch, check):
    """A function that runs the command after some changes, and gives its exit code and what it printed."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)

    def run(call, changes=()):
        check(changes)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = main(["check", *shlex.split(call)])
        return code, re.sub(r"\b[0-9a-f]{32}\b", "<word>", out.getvalue())

    return run


@pytest.mark.parametrize("format", ["text", "json", "sarif", "github", "markdown"])
def test_findings_in_each_format(format, printed, golden):
    code, text = printed(f"--format {format}", [*BROKEN, ALLOWANCE])
    assert code == 1
    if format == "sarif":
        text = without_rules(json.loads(text))
    golden(f"lint/findings.{format}", text)


def without_rules(sarif):
    """The document without what changes with every rule and version."""
    driver = sarif["runs"][0]["tool"]["driver"]
    driver["version"] = "..."
    driver["rules"] = [rule for rule in driver["rules"] if rule["id"] == "unknown-strength"]
    for result in sarif["runs"][0]["results"]:
        result["ruleIndex"] = "..."
    return json.dumps(sarif, indent=2) + "\n"


@pytest.mark.parametrize("format", ["text", "json", "sarif", "github", "markdown"])
def test_nothing_found_in_each_format(format, printed):
    code, text = printed(f"--format {format}")
    assert code == 0
    if format == "sarif":
        assert json.loads(text)["runs"][0]["results"] == []
    elif format == "json":
        assert (json.loads(text)["issues"], json.loads(text)["allowed"]) == ([], [])
    else:
        assert "no problems" in text


def test_sarif_describes_every_rule_and_points_to_it():
    issue = Issue(place=Place("a b/ü.yaml", 3, 5), rule="unknown-fact", message="no", length=4)
    document = as_sarif(Found(issues=(issue,), files=1))
    [run] = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({"unknown-fact", *(rule.id for rule in RULES)})
    assert all(rule["shortDescription"]["text"].endswith(".") for rule in rules)
    for rule in RULES:
        [described] = [one for one in rules if one["id"] == rule.id]
        assert "Prefer" in described["help"]["text"]
        assert described["help"]["markdown"] == rule.markdown
        assert described["defaultConfiguration"]["level"] == rule.severity.value
    [result] = run["results"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "unknown-fact"
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "a%20b/%C3%BC.yaml"
    assert location["region"] == {"startLine": 3, "startColumn": 5, "endColumn": 9}


@pytest.mark.parametrize(
    ("file", "uri"),
    [("/home/a b/x.yaml", "file:///home/a%20b/x.yaml"), ("C:/a/x.yaml", "file:///C:/a/x.yaml")],
)
def test_a_file_elsewhere_has_an_absolute_address_in_sarif(file, uri):
    issue = Issue(place=Place(file), rule="blank", message="no")
    document = as_sarif(Found(issues=(issue,), files=1))
    artifact = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": uri}


def test_what_is_allowed_is_suppressed_in_sarif():
    issue = Issue(place=Place("a.yaml"), rule="blank", message="no")
    document = as_sarif(Found(allowed=(Allowed(issue=issue, reason="Because."),)))
    [result] = document["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "Because."}]


def test_an_annotation_cannot_be_ended_by_its_text():
    """`%`, line ends, and in properties `:` and `,` are escaped, `%` first."""
    issue = Issue(place=Place("a:b,c%.yaml", 1, 2), rule="blank", message="50%\r\n::error::x", help="a, b: c")
    assert annotation(issue) == (
        "::error file=a%3Ab%2Cc%25.yaml,line=1,col=2,endColumn=3,title=blank::50%25%0D%0A::error::x%0Aa, b: c"
    )


def test_a_path_is_given_from_the_top_of_the_checkout(monkeypatch, tmp_path):
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    issue = Issue(place=Place("x.yaml"), rule="blank", message="no")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert annotation(issue).startswith("::error file=inner/x.yaml,")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "elsewhere"))
    assert annotation(issue).startswith("::error file=x.yaml,")


def test_no_more_annotations_than_are_shown_and_the_rest_is_counted(capsys, monkeypatch, printed):
    from imrpolicy.cli import github

    issues = tuple(
        Issue(place=Place("x.yaml", line), rule=f"r{line}", message="no", severity=severity)
        for severity in Severity
        for line in range(1, 14)
    )
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    github.print_github(Found(issues=issues, files=1))
    out = capsys.readouterr().out
    assert out.count("\n::warning ") + out.count("::error ") == 2 * MOST_SHOWN
    assert "3 more errors without an annotation, since GitHub shows 10 of a step; all are below" in out
    assert "3 more warnings without an annotation" in out
    report = re.search(r"::stop-commands::(\w+)\n(.*)\n::\1::\n", out, re.DOTALL)[2]
    assert report.count("error[") == 13
    assert report.count("warning[") == 13


def test_the_summary_of_a_step_is_appended_where_a_workflow_wants_it(printed, monkeypatch, tmp_path):
    file = tmp_path / "summary.md"
    file.write_text("before\n", encoding="utf-8")
    _, markdown = printed("--format markdown", BROKEN)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    printed("--format github")
    assert file.read_text(encoding="utf-8") == f"before\n{markdown}"
    printed("--format text")
    assert file.read_text(encoding="utf-8") == f"before\n{markdown}"


def test_text_of_an_author_stays_text_in_a_summary():
    issue = Issue(place=Place("x.yaml"), rule="blank", message="a | b\n<img src=x> and `<b>` and ` alone <i>")
    table = as_markdown(Found(issues=(issue,), files=1))
    assert "| a \\| b &lt;img src=x> and `<b>` and ` alone &lt;i> |" in table


def test_a_long_summary_is_cut_and_says_so():
    issues = tuple(Issue(place=Place("x.yaml", line), rule="blank", message="no") for line in range(1, 501))
    table = as_markdown(Found(issues=issues, files=1))
    assert table.count("| `x.yaml:") == 200
    assert "300 more are in the log of the step." in table


def test_rules_are_listed(printed, golden):
    code, text = printed("--list-rules")
    assert code == 0
    golden("lint/list-rules.txt", text)
    data = json.loads(printed("--list-rules --format json")[1])
    assert [rule["id"] for rule in data] == [rule.id for rule in RULES]
    assert all(list(rule) == ["id", "severity", "title", "page"] for rule in data)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_explained(rule, printed):
    assert printed(f"--explain {rule.id}") == (0, rule.markdown)
    assert json.loads(printed(f"--explain {rule.id} --format json")[1])["page"] == rule.markdown


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            "--explain summary-numbr",
            "there is no rule `summary-numbr` in the catalogue; did you mean `summary-number`?",
        ),
        ("--explain x", "there is no rule `x` in the catalogue; `imrpolicy check --list-rules` lists them"),
        ("--list-rules policies", "`--list-rules` and `--explain` stand alone; see `imrpolicy check --help`"),
        ("--format sarff", "there is no format `sarff`; did you mean `sarif`?"),
    ],
)
def test_wrong_calls(call, message, printed, capsys):
    assert printed(call)[0] == 2
    assert message in capsys.readouterr().err
