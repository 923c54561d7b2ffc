"""Issues on the command line, as text and as data."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TextIO

from imrpolicy.cli.exits import Exit
from imrpolicy.cli.output import Style, count, print_json
from imrpolicy.issues import Issue, Severity, rendered

# A mistake that is found everywhere in a file, such as a value with many aliases, is told so often.
_MOST_ALIKE = 10


def print_issues(issues: tuple[Issue, ...], stream: TextIO | None = None) -> None:
    """Print issues, by default to the standard output, in color where it has any."""
    to = stream or sys.stdout
    style = Style.of(to)
    for issue in _without_more_alike(issues):
        print(_text(issue, style), end="\n\n", file=to)
    for (file, rule), number in _left_out(issues).items():
        print(f"{file}: and {number} more of the kind `{rule}`", end="\n\n", file=to)


def _text(issue: Issue, style: Style) -> str:
    color = "red" if issue.severity is Severity.ERROR else "yellow"
    parts = rendered(issue, style.width)
    head = f"{style.paint(parts.place, 'bold')}: {style.paint(parts.kind, 'bold', color)}: {parts.message}"
    blank, _, _ = parts.caret.partition("^")
    caret = blank + style.paint(parts.caret[len(blank) :], color)
    help = style.wrap(f"help: {parts.help}", "  ", "    ") if parts.help else ""
    return "\n".join(line for line in (head, parts.source, caret if parts.caret else "", help) if line)


def _without_more_alike(issues: Iterable[Issue]) -> Iterator[Issue]:
    seen: Counter[tuple[str, str]] = Counter()
    for issue in issues:
        kind = (issue.place.file, issue.rule)
        seen[kind] += 1
        if seen[kind] <= _MOST_ALIKE:
            yield issue


def _left_out(issues: Iterable[Issue]) -> dict[tuple[str, str], int]:
    alike = Counter((issue.place.file, issue.rule) for issue in issues)
    return {kind: number - _MOST_ALIKE for kind, number in alike.items() if number > _MOST_ALIKE}


def summary(issues: tuple[Issue, ...]) -> str:
    """How many errors and warnings there are, in how many files."""
    errors = sum(issue.severity is Severity.ERROR for issue in issues)
    warnings = len(issues) - errors
    files = len({issue.place.file for issue in issues})
    parts = ([count(errors, "error")] if errors else []) + ([count(warnings, "warning")] if warnings else [])
    return f"{' and '.join(parts)} in {count(files, 'file')}"


def fail_with(issues: tuple[Issue, ...], format: str = "text") -> Exit:
    """Print issues that stop a command: to the standard error output, or as the JSON that was asked for."""
    if format == "json":
        print_json({"issues": [issue.to_dict() for issue in issues]})
    else:
        print_issues(issues, sys.stderr)
        print(f"imrpolicy: {summary(issues)}", file=sys.stderr)
    return Exit.FINDINGS
