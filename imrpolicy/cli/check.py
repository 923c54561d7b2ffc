"""Find everything that is wrong in policies, their tests, and cases.

PATHS may be directories of policies, single policies, their files, or case files. Without them, `policies` and
`cases` here are checked.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from imrpolicy.cli.cases import check_case
from imrpolicy.cli.exits import Exit
from imrpolicy.cli.options import add_format, existing, policies_directory
from imrpolicy.cli.output import Style, count, print_json
from imrpolicy.cli.paths import below, case_files, names, root_of
from imrpolicy.cli.report import print_issues, summary
from imrpolicy.authored import read_document
from imrpolicy.evaluate import PolicyLibrary, bundled_directory, read_directory
from imrpolicy.issues import Issue, has_errors, in_order
from imrpolicy.policy import Loaded, shown
from imrpolicy.testing import read_suites

EXAMPLE = """\
examples:
  imrpolicy check
  imrpolicy check policies/odg/continuous-flow-cryotherapy
  imrpolicy check cases/my-case.yaml --format json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATHS", help="what to check")
    add_format(parser)


@dataclass(frozen=True, slots=True)
class _Found:
    issues: tuple[Issue, ...]
    files: int


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    found = _check(options.paths or _default_paths())
    if options.format == "json":
        print_json({"files": found.files, "issues": [issue.to_dict() for issue in found.issues]})
    else:
        style = Style.of(sys.stdout)
        print_issues(found.issues, style)
        checked = count(found.files, "file") + " checked"
        if found.issues:
            print(f"{checked}: {summary(found.issues)}")
        else:
            print(f"{checked}: {style.paint('no problems', 'green')}")
    return Exit.FINDINGS if found.issues else Exit.FINE


def _default_paths() -> list[Path]:
    here = [path for path in (Path("policies"), Path("cases")) if path.is_dir()]
    return here or [policies_directory(None) or bundled_directory("policies")]


def _check(paths: list[Path]) -> _Found:
    roots: dict[Path, list[Path]] = {}
    cases: list[Path] = []
    for path in paths:
        root = root_of(existing(path))
        if root is not None:
            roots.setdefault(root, []).append(path)
        else:
            cases += case_files(path)
    issues: list[Issue] = []
    files = 0
    for root, wanted in roots.items():
        found = _check_policies(read_directory(root), wanted)
        issues += found.issues
        files += found.files
    if cases:
        issues += _check_cases(cases, next(iter(roots), None))
    return _Found(in_order(issues), files + len(cases))


def _check_policies(loaded: Loaded, wanted: list[Path]) -> _Found:
    suites = read_suites(loaded)
    issues = [*loaded.issues, *(issue for suite in suites for issue in suite.issues)]
    chosen = names(wanted)
    files = names(loaded.root.rglob("*.yaml"))
    return _Found(
        tuple(issue for issue in issues if below(issue.place.file, chosen)),
        sum(below(file, chosen) for file in files),
    )


def _check_cases(paths: list[Path], root: Path | None) -> list[Issue]:
    # A case needs the fact dictionary only, so broken policies do not stand in the way.
    loaded = read_directory(root if root is not None else policies_directory(None))
    library = PolicyLibrary(loaded)
    issues: list[Issue] = []
    for path in paths:
        document = read_document(path, shown=shown(path))
        issues += document.issues
        if document.root is not None and not has_errors(document.issues):
            issues += check_case(document, library)
    return issues
