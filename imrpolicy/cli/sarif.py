"""What a check found as SARIF 2.1.0, the format in which code scanners and editors exchange findings."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from imrpolicy.issues import Issue, Severity
from imrpolicy.lint import RULES, Found, Rule, rule_named

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# By this name whoever reads the document knows the directory that the paths are relative to.
_TOP = "%SRCROOT%"


def as_sarif(found: Found) -> dict[str, Any]:
    """The document: every rule of the catalogue, and each finding with its place.

    What the editors allow is in it as well, marked as suppressed with their reason.
    """
    every = [*found.issues, *(one.issue for one in found.allowed)]
    ids = sorted({rule.id for rule in RULES} | {issue.rule for issue in every})
    index = {name: position for position, name in enumerate(ids)}
    results = [_result(issue, index) for issue in found.issues]
    for one in found.allowed:
        suppressed = {"kind": "external", "status": "accepted", "justification": one.reason}
        results.append({**_result(one.issue, index), "suppressions": [suppressed]})
    driver = {"name": "imrpolicy", "version": version("imrpolicy"), "rules": [_rule(name) for name in ids]}
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_TOP: {"description": {"text": "The directory in which imrpolicy ran."}}},
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: str) -> dict[str, Any]:
    rule = rule_named(name)
    if rule is None:  # not of the catalogue: each of its messages says what to do
        return {"id": name, "shortDescription": {"text": name.replace("-", " ").capitalize() + "."}}
    return {
        "id": name,
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": _plain(rule.sections.get("Why", rule.title))},
        "help": {"text": _help(rule), "markdown": rule.markdown},
        "defaultConfiguration": {"level": _level(rule.severity)},
    }


def _help(rule: Rule) -> str:
    return "\n\n".join(f"{name}\n{text}" for name, text in rule.sections.items())


def _plain(text: str) -> str:
    return " ".join(text.split())


def _level(severity: Severity) -> str:
    return "error" if severity is Severity.ERROR else "warning"


def _result(issue: Issue, index: dict[str, int]) -> dict[str, Any]:
    place = issue.place
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endColumn": place.column + issue.length,
    }
    location = {"artifactLocation": _artifact(place.file), "region": region}
    return {
        "ruleId": issue.rule,
        "ruleIndex": index[issue.rule],
        "level": _level(issue.severity),
        "message": {"text": f"{issue.message}; {issue.help}" if issue.help else issue.message},
        "locations": [{"physicalLocation": location}],
    }


def _artifact(file: str) -> dict[str, str]:
    if PurePosixPath(file).is_absolute() or file[1:3] == ":/":
        return {"uri": f"file:///{quote(file.lstrip('/'), safe='/:')}"}
    return {"uri": quote(file), "uriBaseId": _TOP}
