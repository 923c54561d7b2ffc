"""What a check found for a workflow on GitHub: annotations beside the lines, and a summary of the step."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imrpolicy.cli.output import count
from imrpolicy.cli.report import print_issues, summary
from imrpolicy.issues import Issue, Severity
from imrpolicy.lint import Found

# GitHub shows so many annotations of each kind for one step of a workflow, and drops the rest without a word.
MOST_SHOWN = 10
# A summary may have a megabyte, and nobody reads that much of it.
_MOST_ROWS = 200
_SUMMARY, _WORKSPACE = "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"
# Between backticks a tag is shown as it is.
_CODE = re.compile(r"(`[^`]+`)")


def print_github(found: Found) -> None:
    """Print the annotations, and below them the whole report; append the summary where one is wanted."""
    for kind in Severity:
        of_kind = [issue for issue in found.issues if issue.severity is kind]
        for issue in of_kind[:MOST_SHOWN]:
            print(annotation(issue))
        if len(of_kind) > MOST_SHOWN:
            more = count(len(of_kind) - MOST_SHOWN, f"more {kind.value}")
            print(f"{more} without an annotation, since GitHub shows {MOST_SHOWN} of a step; all are below")
    with _without_commands():
        print_issues(found.issues)
        print(verdict(found))
    file = os.environ.get(_SUMMARY)
    if file:
        with Path(file).open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(as_markdown(found))


def verdict(found: Found) -> str:
    """The last line of a report."""
    return f"{count(found.files, 'file')} checked: {summary(found.issues) if found.issues else 'no problems'}"


def annotation(issue: Issue) -> str:
    r"""The command that annotates a line.

    >>> from imrpolicy.issues import Place
    >>> print(annotation(Issue(place=Place("a,b.yaml", 2, 7), rule="blank", message="100%", help="see: it")))
    ::error file=a%2Cb.yaml,line=2,col=7,endColumn=8,title=blank::100%25%0Asee: it
    """
    place = issue.place
    values = {
        "file": _in_workspace(place.file),
        "line": place.line,
        "col": place.column,
        "endColumn": place.column + issue.length,
        "title": issue.rule,
    }
    properties = ",".join(f"{name}={_value(str(value))}" for name, value in values.items())
    text = f"{issue.message}\n{issue.help}" if issue.help else issue.message
    return f"::{issue.severity.value} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _in_workspace(file: str) -> str:
    """The path as GitHub knows it, from the top of the checkout."""
    top = os.environ.get(_WORKSPACE)
    try:
        return Path(file).absolute().relative_to(Path(top)).as_posix() if top else file
    except ValueError:
        return file


@contextmanager
def _without_commands() -> Iterator[None]:
    """Text of a pull request is in the report, and must not be read as commands of the workflow."""
    word = secrets.token_hex(16)
    print(f"::stop-commands::{word}")
    try:
        yield
    finally:
        print(f"::{word}::")


def as_markdown(found: Found) -> str:
    """What was found as a page of Markdown."""
    lines = ["## imrpolicy check", "", f"{verdict(found)}.", ""]
    if found.issues:
        lines += ["| place | | what is wrong | next step |", "|---|---|---|---|"]
        lines += [_row(issue) for issue in found.issues[:_MOST_ROWS]]
        lines.append("")
    if len(found.issues) > _MOST_ROWS:
        lines += [f"{len(found.issues) - _MOST_ROWS} more are in the log of the step.", ""]
    if found.allowed:
        lines += [f"{count(len(found.allowed), 'finding')} allowed in `lint.yaml`.", ""]
    return "\n".join(lines)


def _row(issue: Issue) -> str:
    cells = (f"`{issue.place}`", f"{issue.severity.value} `{issue.rule}`", issue.message, issue.help)
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(text: str) -> str:
    """Text in a table: nothing that ends the cell, and no tags but those that are shown as text."""
    plain = " ".join(text.split()).replace("|", "\\|")
    return "".join(part if part.startswith("`") else part.replace("<", "&lt;") for part in _CODE.split(plain))
