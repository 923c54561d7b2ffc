"""Where a part of an expression is written, at its line and column in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from imrpolicy.authored import Scalar, read_document
from imrpolicy.expression import Span
from imrpolicy.issues import Issue
from imrpolicy.policy import Policy

_Path = tuple[str | int, ...]
SCOPE = "applies_when"


class Places:
    """The places of the expressions of one version; its file is read again, since a policy keeps no text.

    Raises:
        OSError: The file cannot be read.
    """

    def __init__(self, policy: Policy) -> None:
        self._document = read_document(Path(policy.file))
        data = self._document.data()
        self._paths: dict[str, _Path] = {SCOPE: (SCOPE,)}
        for section in ("criteria", "exclusions", "conditions"):
            self._paths |= dict(_leaves(data.get(section), (section,)))

    def issue(self, name: str, span: Span | None, rule: str, message: str, help: str = "") -> Issue:
        """A finding at an expression, or at a part of it.

        Args:
            name: The id of the criterion, or `applies_when`; else a key at the top of the file.
            span: The part of its text.
            rule: The id of the kind of finding.
            message: What was found.
            help: What to do next.
        """
        node = self._document.node_at(self._paths.get(name, tuple(name.split("."))))
        if isinstance(node, Scalar) and span is not None:
            return self._document.issue_in(node, span.start, span.end, rule, message, help)
        return self._document.issue(node, rule, message, help)


def _leaves(data: Any, path: _Path) -> Iterator[tuple[str, _Path]]:
    """The ids of criteria, and of groups, with the path of the expression or of the group."""
    if isinstance(data, dict):
        if "id" in data:
            yield str(data["id"]), (*path, "when" if "when" in data else "id")
        for key, value in data.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(data, list):
        for position, value in enumerate(data):
            yield from _leaves(value, (*path, position))
