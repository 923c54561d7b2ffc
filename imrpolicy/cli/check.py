"""Find everything that is wrong in policies, their tests, cases and schemas.

PATHS may be directories of policies, single policies, their files, case files, or schemas. Without them,
`policies`, `cases` and `schemas` here are checked, as far as they exist.

Beside what makes a file unusable, a catalogue of rules is applied. `--list-rules` lists them, and `--explain`
shows the page of one. What a project allows for a reason is in `policies/lint.yaml`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.github import as_markdown, print_github
from imrpolicy.cli.options import add_format, existing, policies_directory
from imrpolicy.cli.output import Style, count, print_json
from imrpolicy.cli.paths import case_files, is_schema, root_of
from imrpolicy.cli.report import print_issues, summary
from imrpolicy.cli.sarif import as_sarif
from imrpolicy.evaluate import bundled_directory
from imrpolicy.issues import did_you_mean, has_errors
from imrpolicy.lint import (
    RULES,
    Found,
    Rule,
    check_case_files,
    check_project,
    check_schema_files,
    combined,
    rule_named,
    schemas_of,
)

EXAMPLE = """\
examples:
  imrpolicy check
  imrpolicy check policies/odg/continuous-flow-cryotherapy
  imrpolicy check cases/my-case.yaml --format json
  imrpolicy check --explain summary-number
"""
FORMATS = ("text", "json", "sarif", "github", "markdown")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATHS", help="what to check")
    parser.add_argument("--list-rules", action="store_true", help="list the rules of the catalogue, and stop")
    parser.add_argument("--explain", metavar="RULE", help="show the page of one rule, and stop")
    add_format(parser, FORMATS)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    if options.list_rules or options.explain is not None:
        if options.paths or (options.list_rules and options.explain is not None):
            raise WrongCallError("`--list-rules` and `--explain` stand alone; see `imrpolicy check --help`")
        rules = RULES if options.list_rules else (_asked(options.explain),)
        _print_rules(rules, whole=not options.list_rules, as_json=options.format == "json")
        return Exit.FINE
    found = check_paths(options.paths or _default_paths())
    _print(found, options.format)
    return Exit.FINDINGS if found.issues else Exit.FINE


def _print(found: Found, format: str) -> None:
    match format:
        case "json":
            print_json(
                {
                    "files": found.files,
                    "issues": [issue.to_dict() for issue in found.issues],
                    "allowed": [{**one.issue.to_dict(), "reason": one.reason} for one in found.allowed],
                }
            )
        case "sarif":
            print_json(as_sarif(found))
        case "github":
            print_github(found)
        case "markdown":
            print(as_markdown(found), end="")
        case _:
            style = Style.of(sys.stdout)
            print_issues(found.issues)
            verdict = summary(found.issues) if found.issues else style.paint("no problems", "green")
            print(f"{count(found.files, 'file')} checked: {verdict}")


def _asked(name: str) -> Rule:
    rule = rule_named(name)
    if rule is None:
        help = (
            did_you_mean(name, [known.id for known in RULES]) or "`imrpolicy check --list-rules` lists them"
        )
        raise WrongCallError(f"there is no rule `{name}` in the catalogue; {help}")
    return rule


def _print_rules(rules: Sequence[Rule], *, whole: bool, as_json: bool) -> None:
    if as_json:
        data = [
            {"id": rule.id, "severity": rule.severity.value, "title": rule.title, "page": rule.markdown}
            for rule in rules
        ]
        print_json(data[0] if whole else data)
    elif whole:
        print(rules[0].markdown, end="")
    else:
        style = Style.of(sys.stdout)
        print(style.table((rule.id, rule.severity.value, rule.title) for rule in rules))


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
    asked = {path: check_schema_files(path) for path in schemas}
    found = list(asked.values())
    if any(has_errors(part.issues) for part in found):
        return combined(found)
    own = {root: root.parent / "schemas" for root in roots}
    beside = {
        root: asked.get(path) or check_schema_files(path) for root, path in own.items() if is_schema(path)
    }
    for root, wanted in roots.items():
        found.append(check_project(root, only=[*wanted, *schemas], schemas=beside.get(root)))
    # A case is held against the schemas beside the policies; broken ones would say nothing true of it.
    if not any(has_errors(part.issues) for part in beside.values()):
        first = next(iter(roots), None) or policies_directory(None) or bundled_directory("policies")
        found.append(check_case_files(cases, schemas_of(first)))
    return combined(found)
