"""Test results as JUnit XML, for the servers that collect them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from pathlib import Path

from imrpolicy.cli.write import write_whole
from imrpolicy.issues import Issue
from imrpolicy.testing import TestResult

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
# What XML 1.0 admits in a text; the rest is shown as the sign for a character that cannot be.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(path: Path, results: Mapping[str, Sequence[TestResult]], issues: Sequence[Issue]) -> None:
    """Write a report.

    Args:
        path: The file.
        results: The results by policy.
        issues: What kept tests from being run; each becomes an error.

    Raises:
        OSError: The file cannot be written.
    """
    report = _report(results, issues)
    ET.indent(report)
    text = ET.tostring(report, encoding="unicode")
    write_whole(path, f"{_HEAD}\n{text}\n")


def _report(results: Mapping[str, Sequence[TestResult]], issues: Sequence[Issue]) -> ET.Element:
    report = ET.Element("testsuites", name="imrpolicy")
    for policy, found in results.items():
        suite = _suite(report, policy, len(found), sum(not result.passed for result in found))
        for result in found:
            _case(suite, policy, result)
    if issues:
        suite = _suite(report, "files", len(issues), 0, len(issues))
        for issue in issues:
            case = ET.SubElement(
                suite, "testcase", classname=_clean(issue.place.file), name=_clean(issue.message)
            )
            message = _clean(f"{issue.place}: {issue.message}")
            ET.SubElement(case, "error", type=issue.rule, message=message).text = _clean(issue.help)
    for key in ("tests", "failures", "errors"):
        report.set(key, str(sum(int(suite.get(key, "0")) for suite in report)))
    return report


def _suite(report: ET.Element, name: str, tests: int, failures: int, errors: int = 0) -> ET.Element:
    return ET.SubElement(
        report,
        "testsuite",
        name=_clean(name),
        tests=str(tests),
        failures=str(failures),
        errors=str(errors),
    )


def _case(suite: ET.Element, policy: str, result: TestResult) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=_clean(policy),
        name=_clean(result.title),
        file=_clean(result.place.file),
        line=str(result.place.line),
    )
    for difference in result.differences:
        said = f"{difference.aspect}: expected {difference.expected}, found {difference.actual}"
        failure = ET.SubElement(case, "failure", type="expectation", message=_clean(said))
        ET.SubElement(failure, "expected").text = _clean(difference.expected)
        ET.SubElement(failure, "actual").text = _clean(difference.actual)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
