"""A project checked: its schemas, policies, tests, releases and cases, and every rule of the catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from imrpolicy.authoring.intact import compare, held_versions
from imrpolicy.authoring.ledger import read_ledger
from imrpolicy.evaluate import bundled_directory, read_directory
from imrpolicy.evaluate.case_files import check_case
from imrpolicy.issues import Issue, has_errors, in_order
from imrpolicy.lint.allow import Allowance, Allowances, read_allowances
from imrpolicy.lint.project import Project
from imrpolicy.lint.registry import RULES
from imrpolicy.lint.rule import Rule
from imrpolicy.lint.schemas import check_schema, check_schemas, schema_files
from imrpolicy.lint.stray import stray_files
from imrpolicy.policy import Schemas
from imrpolicy.policy.layout import SCHEMA_ENDING, below, files_of_cases, is_schema, names, policy_files
from imrpolicy.policy.loader import without_collections
from imrpolicy.testing import read_suites


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """A finding that the editors allow.

    Attributes:
        issue: The finding.
        reason: Why it is allowed.
    """

    issue: Issue
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a check found.

    Attributes:
        issues: Everything that is wrong, sorted by place.
        files: In how many files it looked.
        allowed: What would be wrong, had the editors not allowed it in `lint.yaml`.
    """

    issues: tuple[Issue, ...] = ()
    files: int = 0
    allowed: tuple[Allowed, ...] = ()


def check_project(
    root: Path,
    *,
    only: Sequence[Path] | None = None,
    cases: Sequence[Path] = (),
    schemas: Found | None = None,
    today: dt.date | None = None,
) -> Found:
    """Everything that is wrong in a directory of policies.

    Where its own schemas, in `schemas` beside it, are broken, these are what is reported: no file can be held
    against them.

    Args:
        root: The directory.
        only: The files and directories to report on, among them schemas; none means the whole directory with
            its own schemas. Everything is read in any case, since files are held against each other.
        cases: Files of cases to check as well.
        schemas: What is wrong in the schemas beside it, where that is known; else they are checked.
        today: The day of the check, for what has to be looked at again by some day; without it the day it is.

    Raises:
        OSError: A file cannot be read.
    """
    own = root.parent / "schemas"
    has_own = is_schema(own)
    if schemas is None:
        schemas = check_schema_files(own) if has_own else Found()
    if has_errors(schemas.issues):
        return schemas
    wanted = names(only) if only is not None else names([root, *([own] if has_own else [])])
    with without_collections():
        found = _check_policies(root, wanted, today or dt.datetime.now(tz=dt.UTC).date())
    parts = [found, check_case_files(cases, schemas_of(root))]
    if has_own and only is None:
        parts.append(schemas)
    return combined(parts)


def check_schema_files(path: Path) -> Found:
    """Everything that is wrong in one schema, or in a directory of them."""
    if path.is_dir():
        return Found(issues=check_schemas(path), files=len(schema_files(path)))
    return Found(issues=in_order(check_schema(path)), files=1)


def check_case_files(paths: Iterable[Path], schemas: Schemas) -> Found:
    """Everything that is wrong in files of cases.

    A case needs the fact dictionary only, so broken policies do not stand in the way.
    """
    files = list(paths)
    return Found(
        issues=in_order(issue for path in files for issue in check_case(path, schemas)), files=len(files)
    )


def schemas_of(root: Path | None) -> Schemas:
    """The schemas beside a directory of policies, or else those that come with imrpolicy."""
    beside = root.parent / "schemas" if root is not None else None
    has_own = beside is not None and (beside / f"case{SCHEMA_ENDING}").is_file()
    return Schemas(beside if beside is not None and has_own else bundled_directory("schemas"))


def combined(parts: Iterable[Found]) -> Found:
    """Several checks as one, without warnings of what is an error as well."""
    found = tuple(parts)
    issues = in_order(issue for part in found for issue in part.issues)
    errors = {issue.place for issue in issues if has_errors([issue])}
    return Found(
        issues=tuple(i for i in issues if has_errors([i]) or i.place not in errors),
        files=sum(part.files for part in found),
        allowed=tuple(allowed for part in found for allowed in part.allowed),
    )


def _check_policies(root: Path, wanted: list[str], today: dt.date) -> Found:
    loaded = read_directory(root)
    suites = read_suites(loaded)
    ledger = read_ledger(root, loaded.schemas)
    kept: tuple[Issue, ...] = ()
    if ledger.exists and not ledger.issues:
        kept = tuple(compare(held_versions(root, loaded), ledger))
    allowances = read_allowances(root, loaded.schemas, RULES)
    told = [*loaded.issues, *stray_files(root), *ledger.issues, *allowances.issues]
    told += [issue for suite in suites for issue in suite.issues]
    beside = root.parent / "cases"
    project = Project(
        loaded=loaded, suites=suites, ledger=ledger, kept=kept, today=today,
        case_files=tuple(files_of_cases(beside)) if beside.is_dir() else (),
    )  # fmt: skip
    is_whole = not has_errors(told)
    issues, allowed = _apply(RULES, project, allowances, is_whole=is_whole)
    found = [issue for issue in (*told, *issues) if below(issue.place.file, wanted)]
    files = sum(below(file, wanted) for file in names(policy_files(root)))
    return Found(
        issues=in_order(found),
        files=files,
        allowed=tuple(one for one in allowed if below(one.issue.place.file, wanted)),
    )


def _apply(
    rules: Iterable[Rule], project: Project, allowances: Allowances, *, is_whole: bool
) -> tuple[list[Issue], list[Allowed]]:
    """What the rules find, and what of it is allowed."""
    issues: list[Issue] = []
    allowed: list[Allowed] = []
    used: set[Allowance] = set()
    ran = [rule for rule in rules if rule.can_check(project, is_whole=is_whole)]
    for rule in ran:
        for finding in rule.check(project):
            entry = allowances.covering(rule.id, finding.subject)
            if entry is None:
                issues.append(project.issue(rule, finding))
            else:
                used.add(entry)
                allowed.append(Allowed(issue=project.issue(rule, finding), reason=entry.reason))
    if is_whole:
        issues += allowances.unused(used, {rule.id for rule in ran})
    return issues, allowed


def apply_rules(project: Project, *, is_whole: bool) -> Iterator[Issue]:
    """What the rules find in a project, and the editors do not allow.

    Args:
        project: The project.
        is_whole: Whether all of it was read; else the rules that need all of it are left out.
    """
    allowances = read_allowances(project.loaded.root, project.loaded.schemas, RULES)
    without = replace(allowances, document=None)  # an allowance may be there for what is not looked at
    yield from _apply(RULES, project, without, is_whole=is_whole)[0]
