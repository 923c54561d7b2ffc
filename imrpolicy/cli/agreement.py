"""Compare what the policies say of published cases with what the reviewers decided.

CASES may be case files or directories of them. Without them, `cases` here is read. Each case is evaluated as
of its own dates. Only final labels count; a request that the policies leave open is neither agreement nor
disagreement. A disagreement that nothing explains is a problem.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from imrpolicy.agreement import Agreement, Comparison, Finding, as_markdown, compare
from imrpolicy.authored import Document
from imrpolicy.cli.cases import case_issues, read_case_file
from imrpolicy.cli.exits import Exit
from imrpolicy.cli.options import add_format, add_policies, existing, policies_directory
from imrpolicy.cli.output import Style, print_json
from imrpolicy.cli.paths import case_files
from imrpolicy.cli.report import fail_with
from imrpolicy.evaluate import CaseError, PolicyLibrary, bundled_directory
from imrpolicy.evaluate.decisions import DECIDED
from imrpolicy.issues import Issue, IssuesError, in_order

EXAMPLE = """\
examples:
  imrpolicy agreement
  imrpolicy agreement cases/my-case.yaml
  imrpolicy agreement --format markdown > docs/agreement.md
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("cases", nargs="*", type=Path, metavar="CASES", help="the cases to compare")
    add_policies(parser)
    add_format(parser, ("text", "json", "markdown"))


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    here = Path("cases")
    paths = options.cases or [here if here.is_dir() else bundled_directory("cases")]
    files = sorted({file for path in paths for file in case_files(existing(path))})
    try:
        library = PolicyLibrary.load(policies_directory(options.policies))
        documents = [read_case_file(file) for file in files]
        agreement, issues = _compare(library, documents)
    except IssuesError as error:
        return fail_with(error.issues, "json" if options.format == "json" else "text")
    if options.format == "json":
        print_json(agreement.to_dict() | {"issues": [issue.to_dict() for issue in issues]})
        return Exit.FINDINGS if issues else Exit.FINE
    if options.format == "markdown":
        print(as_markdown(agreement), end="")
    else:
        from imrpolicy.cli.agreement_text import print_agreement  # the other formats do not need it

        print_agreement(agreement, Style.of(sys.stdout))
    return fail_with(issues) if issues else Exit.FINE


def _compare(library: PolicyLibrary, documents: Iterable[Document]) -> tuple[Agreement, tuple[Issue, ...]]:
    """The agreement, and what is wrong with the labels at its place.

    Raises:
        IssuesError: A case does not fit its schema, lacks every date, or has the id of another.
    """
    comparisons: list[Comparison] = []
    labels: list[Issue] = []
    broken: list[Issue] = []
    ids: dict[str, str] = {}
    for document in documents:
        try:
            case = library.read_case(document.data())
            found = compare(library, [case])
        except CaseError as error:
            broken += case_issues(document, error.problems)
            continue
        if case.id in ids:
            broken.append(_twice(document, case.id, ids[case.id]))
        ids[case.id] = document.path
        comparisons += found.comparisons
        labels += (_issue(document, finding) for finding in found.findings)
    if broken:
        raise IssuesError(in_order(broken))
    return Agreement(comparisons=tuple(comparisons)), in_order(labels)


def _twice(document: Document, name: str, other: str) -> Issue:
    message = f"the id `{name}` is that of {other} as well, which would count the case twice"
    return document.issue(document.node_at(["id"]), "duplicate-case", message, "give each case its own id")


def _issue(document: Document, finding: Finding) -> Issue:
    place = document.node_at([DECIDED, finding.request, finding.key])
    return document.issue(place, "disagreement", finding.message, finding.help)
