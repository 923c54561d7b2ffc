"""The text of an authored file, and issues that point into it."""

from __future__ import annotations

from dataclasses import dataclass

from imrpolicy.issues import Issue, Place, Severity


@dataclass(frozen=True, slots=True)
class FileText:
    """A file as text, with lines that end in a line feed.

    Attributes:
        path: The path as shown to the user, with forward slashes.
        text: The whole text.
        lines: Its lines, without their ends.
    """

    path: str
    text: str
    lines: tuple[str, ...]

    @classmethod
    def of(cls, path: str, text: str) -> FileText:
        """The text of the file at `path`."""
        return cls(path, text, tuple(text.split("\n")))

    def place(self, offset: int) -> Place:
        """The place of the character at an offset into the text."""
        line_start = self.text.rfind("\n", 0, offset) + 1
        return Place(self.path, self.text.count("\n", 0, offset) + 1, offset - line_start + 1)

    def line(self, number: int) -> str:
        """The line with a number from 1; empty beyond the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def issue(
        self,
        place: Place,
        rule: str,
        message: str,
        help: str = "",
        *,
        length: int = 1,
        severity: Severity = Severity.ERROR,
    ) -> Issue:
        """An issue at a place, with the line it is in."""
        return Issue(
            place=place,
            rule=rule,
            message=message,
            help=help,
            source=self.line(place.line),
            length=max(1, length),
            severity=severity,
        )
