"""How well the tests guard the policies: coverage, mutants and suggestions on the command line."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from imrpolicy.cli.coverage_text import coverage_data, print_coverage
from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.mutation_text import print_scores, score_data
from imrpolicy.cli.output import Style, print_json
from imrpolicy.cli.reasoning import reasoner
from imrpolicy.cli.report import print_issues
from imrpolicy.cli.suggest_text import print_suggestions, suggestions_data, write_suggestions
from imrpolicy.cli.watched import of_each
from imrpolicy.issues import in_order
from imrpolicy.mutation.paste import PasteError
from imrpolicy.mutation.score import score, versions_to_mutate
from imrpolicy.mutation.suggest import suggest
from imrpolicy.testing.coverage import coverage

if TYPE_CHECKING:
    from imrpolicy.cli.test import Tested
    from imrpolicy.testing import Suite

_WHOLE = 100


def run_coverage(tested: Tested, options: argparse.Namespace, data: dict[str, Any]) -> bool:
    """Report the coverage; whether that of each policy is high enough."""
    reports = [
        coverage(policy, suite)
        for suite in tested.suites
        if suite.tests
        for policy in versions_to_mutate(suite)
    ]
    data["coverage"] = [coverage_data(report) for report in reports] if options.format == "json" else []
    if options.format != "json":
        print_coverage(reports, Style.of(sys.stdout))
    return all(report.percent >= (options.min or 0) for report in reports)


def run_mutation(tested: Tested, options: argparse.Namespace, data: dict[str, Any]) -> bool:
    """Report the mutants; whether each policy notices enough of them.

    A policy whose tests fail is left out: what fails anyway notices nothing.
    """
    assert tested.dictionary is not None  # noqa: S101 - something was read
    failing = _failing(tested)
    passing = [suite for suite in tested.suites if suite.tests and suite not in failing]
    if options.format != "json":
        for suite in failing:
            print(f"\n{suite.policy}: no slips were tried, since a test that fails anyway notices nothing")
    dictionary = tested.dictionary
    prover = reasoner(dictionary)
    scored = of_each(
        "mutants",
        passing,
        lambda policy, suite, watch: score(policy, suite, dictionary, reasoner=prover, watch=watch),
    )
    issues = in_order(issue for _, found in scored for issue in found.issues)
    if options.format == "json":
        data["issues"] += [issue.to_dict() for issue in issues]
        data["mutation"] = [score_data(suite, found, tested.dictionary) for suite, found in scored]
    else:
        print_scores(scored, tested.dictionary, Style.of(sys.stdout))
        print_issues(issues)
    least = _WHOLE if options.min_score is None else options.min_score
    return not issues and all(found.percent >= least for _, found in scored)


def _failing(tested: Tested) -> list[Suite]:
    return [
        suite for suite in tested.suites if not all(result.passed for result in tested.results[suite.policy])
    ]


def run_suggest(tested: Tested, options: argparse.Namespace) -> int:
    """Suggest the tests that are missing."""
    assert tested.dictionary is not None  # noqa: S101 - something was read
    if tested.issues:
        print_issues(tested.issues, sys.stderr)
        return Exit.FINDINGS
    for suite in _failing(tested):
        print(
            f"{suite.file}: some tests fail, and suggestions rest on what is there; correct them first",
            file=sys.stderr,
        )
    dictionary = tested.dictionary
    prover = reasoner(dictionary)
    found = of_each(
        "suggestions",
        tested.suites,
        lambda policy, suite, watch: suggest(policy, suite, dictionary, reasoner=prover, watch=watch),
    )
    suggested = [(suite, [part for other, part in found if other is suite]) for suite in tested.suites]
    if options.write:
        try:
            write_suggestions(suggested, tested.dictionary)
        except PasteError as error:
            raise WrongCallError(str(error)) from None
    elif options.format == "json":
        print_json(suggestions_data(suggested, tested.dictionary))
    else:
        print_suggestions(suggested, tested.dictionary)
    return Exit.FINE
