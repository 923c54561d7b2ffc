"""Run the tests beside the policies.

PATHS may be directories of policies, single policies or their files. Without them, `policies` here is tested.
A policy without tests, and a test that names what does not exist, is a failure.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.options import add_format, existing, policies_directory
from imrpolicy.cli.output import Style, count, print_json
from imrpolicy.cli.paths import below, folder_names, names, root_of
from imrpolicy.cli.report import print_issues, summary
from imrpolicy.evaluate import bundled_directory, read_directory
from imrpolicy.issues import Issue, in_order
from imrpolicy.policy import shown
from imrpolicy.testing import Suite, TestResult, read_suites, run_suite

EXAMPLE = """\
examples:
  imrpolicy test
  imrpolicy test policies/odg/continuous-flow-cryotherapy
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATHS", help="what to test")
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    paths = options.paths or [policies_directory(None) or bundled_directory("policies")]
    suites, issues = _suites(paths)
    results = {suite.policy: run_suite(suite) for suite in suites}
    if options.format == "json":
        print_json(_data(results, issues))
    else:
        _print(results, issues, Style.of(sys.stdout))
    total = sum(len(found) for found in results.values())
    failed = any(not result.passed for found in results.values() for result in found)
    return Exit.FINDINGS if issues or failed or not total else Exit.FINE


def _suites(paths: list[Path]) -> tuple[list[Suite], tuple[Issue, ...]]:
    suites: list[Suite] = []
    issues: list[Issue] = []
    for path in paths:
        root = root_of(existing(path))
        if root is None:
            raise WrongCallError(f"{path.as_posix()} lies in no directory of policies")
        loaded = read_directory(root)
        chosen = [suite for suite in read_suites(loaded) if _is_chosen(suite, path)]
        suites += [suite for suite in chosen if suite not in suites]
        # A policy with an error is not tested: its issues are told, and those of shared files.
        others = set(folder_names(loaded)) - {_folder(suite) for suite in chosen}
        issues += [issue for issue in loaded.issues if not below(issue.place.file, others)]
        issues += [issue for suite in chosen for issue in suite.issues]
    return suites, in_order(issues)


def _folder(suite: Suite) -> str:
    return suite.file.rpartition("/")[0]


def _is_chosen(suite: Suite, path: Path) -> bool:
    """Whether a path names a policy: it lies above the policy's folder, or within it."""
    return below(suite.file, names([path])) or below(shown(path), [_folder(suite)])


def _print(results: dict[str, tuple[TestResult, ...]], issues: tuple[Issue, ...], style: Style) -> None:
    print_issues(issues)
    if results:
        print(style.table((policy, _verdict(found)) for policy, found in results.items()))
    failures = [result for found in results.values() for result in found if not result.passed]
    for result in failures:
        failed = style.paint("failed", "bold", "red")
        print(f"\n{style.paint(str(result.place), 'bold')}: {failed}: {result.name}")
        rows = [(d.aspect, f"expected: {d.expected}", f"found: {d.actual}") for d in result.differences]
        print(style.table(rows, "  "))
    total = sum(len(found) for found in results.values())
    parts = [f"{total - len(failures)} passed"] + ([f"{len(failures)} failed"] if failures else [])
    if issues:
        parts.append(f"{summary(issues)}, which may keep tests from being run")
    well = total and not failures and not issues
    where = f" in {count(len(results), 'policy', 'policies')}" if well else ""
    print(f"\n{style.paint(', '.join(parts), 'green' if well else 'red')}{where}")


def _verdict(found: tuple[TestResult, ...]) -> str:
    if not found:
        return "no tests were run"
    failed = sum(not result.passed for result in found)
    return f"{len(found) - failed:3} passed" + (f", {failed} failed" if failed else "")


def _data(results: dict[str, tuple[TestResult, ...]], issues: tuple[Issue, ...]) -> dict[str, object]:
    tests = [
        {
            "policy": result.policy,
            "name": result.name,
            "file": result.place.file,
            "line": result.place.line,
            "passed": result.passed,
            "differences": [
                {"aspect": d.aspect, "expected": d.expected, "actual": d.actual} for d in result.differences
            ],
        }
        for found in results.values()
        for result in found
    ]
    passed = sum(bool(test["passed"]) for test in tests)
    return {
        "passed": passed,
        "failed": len(tests) - passed,
        "tests": tests,
        "issues": [issue.to_dict() for issue in issues],
    }
