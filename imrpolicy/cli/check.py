"""Find everything that is wrong in policies, their tests, cases and schemas.

PATHS may be directories of policies, single policies, their files, case files, or schemas. Without them,
`policies`, `cases` and `schemas` here are checked, as far as they exist.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from imrpolicy.authoring.intact import compare, held_versions
from imrpolicy.authoring.ledger import read_ledger
from imrpolicy.cli.cases import check_case
from imrpolicy.cli.exits import Exit
from imrpolicy.cli.options import add_format, existing, policies_directory
from imrpolicy.cli.output import Style, count, print_json
from imrpolicy.cli.paths import below, case_files, is_schema, names, policy_files, root_of
from imrpolicy.cli.report import print_issues, summary
from imrpolicy.cli.schemas import check_schema, check_schemas, schema_files
from imrpolicy.cli.stray import stray_files
from imrpolicy.evaluate import bundled_directory, read_directory
from imrpolicy.issues import Issue, has_errors, in_order
from imrpolicy.policy import Schemas
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
class Found:
    """What a check found, and in how many files it looked."""

    issues: tuple[Issue, ...] = ()
    files: int = 0


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    found = check_paths(options.paths or _default_paths())
    if options.format == "json":
        print_json({"files": found.files, "issues": [issue.to_dict() for issue in found.issues]})
    else:
        style = Style.of(sys.stdout)
        print_issues(found.issues)
        verdict = summary(found.issues) if found.issues else style.paint("no problems", "green")
        print(f"{count(found.files, 'file')} checked: {verdict}")
    return Exit.FINDINGS if found.issues else Exit.FINE


def _default_paths() -> list[Path]:
    root = policies_directory(None) or bundled_directory("policies")
    own = [root.parent / "schemas"] if is_schema(root.parent / "schemas") else []
    cases = [Path("cases")] if Path("cases").is_dir() and any(Path("cases").iterdir()) else []
    return [*own, root, *cases]


def check_paths(paths: list[Path]) -> Found:
    """Everything that is wrong in what some paths name."""
    schemas: list[Path] = []
    roots: dict[Path, list[Path]] = {}
    cases: list[Path] = []
    for path in paths:
        root = root_of(existing(path))
        if root is not None:
            roots.setdefault(root, []).append(path)
        elif is_schema(path):
            schemas.append(path)
        else:
            cases += case_files(path)
    asked = [_check_schemas(path) for path in schemas]
    # Files cannot be held against schemas that are broken, whether or not anybody asked for these.
    others = {root.parent / "schemas" for root in roots} - set(schemas)
    broken = [
        part for path in others if is_schema(path) and has_errors((part := _check_schemas(path)).issues)
    ]
    found = [*asked, *broken]
    if not any(has_errors(part.issues) for part in found):
        found += [_check_policies(root, wanted) for root, wanted in roots.items()]
        found.append(_check_cases(cases, next(iter(roots), None)))
    issues = in_order(issue for part in found for issue in part.issues)
    return Found(tuple(_telling(issues)), sum(part.files for part in found))


def _telling(issues: tuple[Issue, ...]) -> Iterable[Issue]:
    """The issues without warnings of what is an error as well."""
    errors = {issue.place for issue in issues if has_errors([issue])}
    return (issue for issue in issues if has_errors([issue]) or issue.place not in errors)


def _check_schemas(path: Path) -> Found:
    if path.is_dir():
        return Found(check_schemas(path), len(schema_files(path)))
    return Found(tuple(check_schema(path)), 1)


def _check_policies(root: Path, wanted: list[Path]) -> Found:
    loaded = read_directory(root)
    found = [*loaded.issues, *stray_files(root), *(issue for s in read_suites(loaded) for issue in s.issues)]
    ledger = read_ledger(root, loaded.schemas)
    if ledger.exists:
        found += ledger.issues or compare(held_versions(root, loaded), ledger)
    chosen = names(wanted)
    files = sum(below(file, chosen) for file in names(policy_files(root)))
    return Found(tuple(issue for issue in found if below(issue.place.file, chosen)), files)


def _check_cases(paths: list[Path], root: Path | None) -> Found:
    # A case needs the fact dictionary only, so broken policies do not stand in the way.
    beside = (root or policies_directory(None) or bundled_directory("policies")).parent / "schemas"
    schemas = Schemas(beside if is_schema(beside) else bundled_directory("schemas"))
    issues = [issue for path in paths for issue in check_case(path, schemas)]
    return Found(tuple(issues), len(paths))
