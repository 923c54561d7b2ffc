"""A rule of the catalogue, and what it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from imrpolicy.issues import Issue, Severity

if TYPE_CHECKING:
    from imrpolicy.lint.project import Project

SECTIONS = ("Why", "Avoid", "Prefer", "Source")
"""The headings of a rule's page, in their order; one more may follow, on what the rule does not see."""

PathInFile = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found; it becomes an issue once its place is known.

    Attributes:
        subject: What it is about, as an allowance names it: a policy, or with `#` a part of one, a fact or a
            source.
        file: The file, as issues show it.
        path: The keys and positions that lead to the place in the file.
        leaf: The id of a criterion or group of the file, below which the path starts.
        key: Whether the key at the end of the path is meant, and not its value.
        words: The part of the text at the place that is meant; all of it where it is empty.
        message: What is wrong, in plain words, lower case, without a period.
        help: What to do next.
        issue: The issue itself, where another part of the program has made it already.
    """

    subject: str
    file: str = ""
    path: PathInFile = ()
    leaf: str = ""
    key: bool = False
    words: str = ""
    message: str = ""
    help: str = ""
    issue: Issue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the catalogue.

    Attributes:
        id: Its name in messages, such as `summary-number`.
        severity: Whether what it finds is an error or asks for a look.
        check: Finds what is wrong in a project.
        page: Its documentation: the docstring of its module.
        whole: Whether it looks at the project as a whole, and so says nothing of a file alone, nor where
            another file cannot be read.
        of_facts: Whether it looks at the fact dictionary, and so says nothing where that is not a part of
            the project, but comes with imrpolicy.
        may_be_allowed: Whether `lint.yaml` can allow what it finds.
    """

    id: str
    severity: Severity
    check: Callable[[Project], Iterable[Finding]]
    page: str
    whole: bool = False
    of_facts: bool = False
    may_be_allowed: bool = True

    def can_check(self, project: Project, *, is_whole: bool) -> bool:
        """Whether it can say anything true of a project.

        Args:
            project: The project.
            is_whole: Whether all of its files could be read.
        """
        return (is_whole or not (self.whole or self.of_facts)) and (
            bool(project.dictionary_file) or not self.of_facts
        )

    @property
    def title(self) -> str:
        """What the rule finds, in one line without a period."""
        return self.page.partition("\n")[0].strip().removesuffix(".")

    @property
    def sections(self) -> dict[str, str]:
        """The parts of the page by heading."""
        parts = re.split(r"^## (.+)$", self.page, flags=re.MULTILINE)
        return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}

    @property
    def markdown(self) -> str:
        """The page of the rule in the documentation."""
        head, _, rest = self.page.strip().partition("\n")
        what = "an error" if self.severity is Severity.ERROR else "a warning"
        return f"# {self.id}\n\n{head.strip()} This is {what}.\n{rest.rstrip()}\n"
