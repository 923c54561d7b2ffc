"""Issues on the command line, as text and as data."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from imrpolicy.cli.output import Style, count
from imrpolicy.issues import Issue, Severity, render


def print_issues(issues: Iterable[Issue], style: Style) -> None:
    """Print issues to the standard output, in color where it has any."""
    for issue in issues:
        color = "red" if issue.severity is Severity.ERROR else "yellow"
        first, _, rest = render(issue).partition("\n")
        place = str(issue.place)
        print(style.paint(place, "bold") + style.paint(first[len(place) :], color))
        if rest:
            print(rest)
        print()


def summary(issues: tuple[Issue, ...]) -> str:
    """How many errors and warnings there are, in how many files."""
    errors = sum(issue.severity is Severity.ERROR for issue in issues)
    warnings = len(issues) - errors
    files = len({issue.place.file for issue in issues})
    parts = ([count(errors, "error")] if errors else []) + ([count(warnings, "warning")] if warnings else [])
    return f"{' and '.join(parts)} in {count(files, 'file')}"


def fail_with(issues: tuple[Issue, ...]) -> None:
    """Print issues that stop a command, to the standard error output."""
    for issue in issues:
        print(render(issue), file=sys.stderr)
    print(f"imrpolicy: {summary(issues)}", file=sys.stderr)
