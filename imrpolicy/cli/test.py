"""Run the tests beside the policies, and say what they leave unguarded.

PATHS may be directories of policies, single policies or their files. Without them, `policies` here is tested.
A policy without tests, and a test that names what does not exist, is a failure. A test that states no dates
is run on the first and the last day of its version as well.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.options import add_format, existing, policies_directory
from imrpolicy.cli.output import Style, count, print_json
from imrpolicy.cli.paths import below, folder_names, names, root_of
from imrpolicy.cli.report import print_issues, summary
from imrpolicy.evaluate import bundled_directory, read_directory
from imrpolicy.facts import FactDictionary
from imrpolicy.issues import Issue, in_order
from imrpolicy.policy import shown
from imrpolicy.testing import Suite, TestResult, read_suites, run_suite

EXAMPLE = """\
examples:
  imrpolicy test
  imrpolicy test policies/odg/continuous-flow-cryotherapy --coverage --mutate
  imrpolicy test policies/odg/continuous-flow-cryotherapy --suggest
"""
_WHOLE = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATHS", help="what to test")
    switches = {
        "--coverage": "say which statuses of each criterion no test shows, and which never decide alone",
        "--mutate": "put small slips into each policy, and list those that no test notices",
        "--suggest": "print the tests that are missing, as YAML to confirm and paste",
        "--write": "write what `--suggest` finds into the files of tests",
    }
    bounds = {
        "--min": "fail where the coverage of a policy is below this",
        "--min-score": "fail where a policy notices fewer of its slips than this (default: 100)",
    }
    for name, help in switches.items():
        parser.add_argument(name, action="store_true", help=help)
    for name, help in bounds.items():
        parser.add_argument(name, type=_percent, metavar="PERCENT", help=help)
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the results as JUnit XML too")
    add_format(parser)


def _percent(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= _WHOLE:
        return int(text)
    raise argparse.ArgumentTypeError(f"`{text}` is no percentage; write a whole number from 0 to 100")


@dataclass(frozen=True, slots=True)
class Tested:
    """What was tested: the tests, what is wrong with their files, the facts, and the results by policy."""

    suites: list[Suite]
    issues: tuple[Issue, ...]
    dictionary: FactDictionary | None
    results: dict[str, tuple[TestResult, ...]]

    @property
    def well(self) -> bool:
        """Whether there are tests, and all of them pass."""
        found = [result for results in self.results.values() for result in results]
        return bool(found) and not self.issues and all(result.passed for result in found)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    _check_options(options)
    paths = options.paths or [policies_directory(None) or bundled_directory("policies")]
    suites, issues, dictionary = _suites(paths)
    if options.suggest and not suites and not issues:
        raise WrongCallError(f"there is no policy below {', '.join(path.as_posix() for path in paths)}")
    tested = Tested(suites, issues, dictionary, {suite.policy: run_suite(suite) for suite in suites})
    if options.junit is not None:
        from imrpolicy.cli.junit import write_junit

        write_junit(options.junit, tested.results, issues)
    if options.suggest and dictionary is not None:
        from imrpolicy.cli.adequacy import run_suggest

        return run_suggest(tested, options)
    data = _data(tested.results, issues)
    if options.format != "json":
        _print(tested.results, issues, Style.of(sys.stdout))
    enough = _look_closer(tested, options, data)
    if options.format == "json":
        print_json(data)
    return Exit.FINE if tested.well and enough else Exit.FINDINGS


def _look_closer(tested: Tested, options: argparse.Namespace, data: dict[str, Any]) -> bool:
    """Coverage and mutants, where they are asked for; whether both are high enough."""
    if tested.dictionary is None or not (options.coverage or options.mutate):
        return True
    from imrpolicy.cli.adequacy import run_coverage, run_mutation

    enough = run_coverage(tested, options, data) if options.coverage else True
    return (run_mutation(tested, options, data) if options.mutate else True) and enough


def _check_options(options: argparse.Namespace) -> None:
    """Options that mean nothing without another one are a mistake, and not to be passed over."""
    for name, needs in (("min", "coverage"), ("min_score", "mutate"), ("write", "suggest")):
        if getattr(options, name) not in (None, False) and not getattr(options, needs):
            raise WrongCallError(f"`--{name.replace('_', '-')}` needs `--{needs}`")
    if options.suggest and (options.coverage or options.mutate):
        raise WrongCallError("`--suggest` stands alone: it looks at coverage and mutants anyway")


def _suites(paths: list[Path]) -> tuple[list[Suite], tuple[Issue, ...], FactDictionary | None]:
    suites: list[Suite] = []
    issues: list[Issue] = []
    dictionary = None
    for path in paths:
        root = root_of(existing(path))
        if root is None:
            raise WrongCallError(f"{path.as_posix()} lies in no directory of policies")
        loaded = read_directory(root)
        dictionary = loaded.dictionary
        chosen = [suite for suite in read_suites(loaded) if _is_chosen(suite, path)]
        suites += [suite for suite in chosen if suite not in suites]
        # A policy with an error is not tested: its issues are told, and those of shared files.
        others = set(folder_names(loaded)) - {_folder(suite) for suite in chosen}
        issues += [issue for issue in loaded.issues if not below(issue.place.file, others)]
        issues += [issue for suite in chosen for issue in suite.issues]
    return suites, in_order(issues), dictionary


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
        print(f"\n{style.paint(str(result.place), 'bold')}: {failed}: {result.title}")
        rows = [(d.aspect, f"expected: {d.expected}", f"found: {d.actual}") for d in result.differences]
        print(style.table(rows, "  "))
        if result.help:
            print(style.wrap(f"help: {result.help}", "  ", "    "))
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


def _data(results: dict[str, tuple[TestResult, ...]], issues: tuple[Issue, ...]) -> dict[str, Any]:
    tests = [
        {
            "policy": result.policy,
            "name": result.name,
            "file": result.place.file,
            "line": result.place.line,
            "days": [str(day) for day in result.days],
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
