"""What is wrong in a file that somebody wrote, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How serious an issue is: an error stops a release, a warning asks for a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file.

    Attributes:
        file: The path as the user gave it, with forward slashes.
        line: The line, from 1.
        column: The column in characters, from 1.
    """

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One finding in an authored file.

    Attributes:
        place: Where it is.
        rule: The id of the kind of finding, such as `unknown-fact`.
        message: What is wrong, in plain words, lower case, without a period.
        help: What to do next; empty where the message says it all.
        source: The text of the line at `place`, for the excerpt with the caret.
        length: How many characters the caret underlines, at least 1.
        severity: An error or a warning.
    """

    place: Place
    rule: str
    message: str
    help: str = ""
    source: str = ""
    length: int = 1
    severity: Severity = Severity.ERROR

    def to_dict(self) -> dict[str, str | int]:
        """The issue as plain data, for `--format json`."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "length": self.length,
            "severity": self.severity.value,
            "rule": self.rule,
            "message": self.message,
            "help": self.help,
        }


class IssuesError(Exception):
    """Authored files cannot be used as they are.

    Attributes:
        issues: Everything that was found, sorted by place.
    """

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = in_order(issues)
        super().__init__("\n".join(f"{i.place}: {i.message}" for i in self.issues))


def in_order(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """The issues without repetitions, sorted by file, line, column and rule."""
    return tuple(sorted(set(issues), key=lambda i: (i.place, i.rule, i.message)))


def has_errors(issues: Iterable[Issue]) -> bool:
    """Whether any of the issues is an error."""
    return any(issue.severity is Severity.ERROR for issue in issues)
