"""Puts new tests into a file of tests and leaves the rest of it, comments included, as it is."""

from __future__ import annotations

from collections.abc import Sequence

from imrpolicy.authored import Document, Mapping, parse_document
from imrpolicy.issues import has_errors
from imrpolicy.mutation.draft import CONFIRM
from imrpolicy.testing.editions import Period

TESTS, IN_FORCE = "tests", "in_force"


class PasteError(ValueError):
    """A file of tests has a form into which nothing can be put; the message says what to do."""


def period_as_yaml(period: Period, *, confirm: bool = True) -> str:
    """The period of a version as an item of the list `in_force`."""
    return f"  - {period.as_yaml}" + (f"  {CONFIRM}" if confirm else "") + "\n"


def pasted(document: Document, periods: Sequence[str], tests: Sequence[str]) -> str:
    """The text of a file of tests with some more.

    Args:
        document: The file; it has no errors.
        periods: Items for `in_force`, as YAML.
        tests: Items for `tests`, as YAML.

    Raises:
        PasteError: Its list is written in brackets, or its lines are not indented as they are by `fmt`.
    """
    root = document.root
    if not isinstance(root, Mapping):
        raise PasteError(f"{document.path} has no keys")
    tops = {key: root.keys[key].place.line for key in root.entries}
    lines = document.text.splitlines()
    if tests:
        _insert(lines, _end(TESTS, tops, lines, document.path), tests)
    if periods and IN_FORCE in tops:
        _insert(lines, _end(IN_FORCE, tops, lines, document.path), periods)
    elif periods:
        _insert(lines, _above(lines, tops[TESTS] - 1), [f"{IN_FORCE}:\n", *periods])
    text = "\n".join(lines) + "\n"
    if has_errors(parse_document(text.encode(), document.path).issues):
        raise PasteError(
            f"{document.path} is not in canonical form; run `imrpolicy fmt {document.path}` first"
        )
    return text


def _insert(lines: list[str], at: int, texts: Sequence[str]) -> None:
    lines[at:at] = [line for text in texts for line in text.rstrip("\n").split("\n")]


def _end(key: str, tops: dict[str, int], lines: list[str], path: str) -> int:
    """The index after the last line of what stands under a key at the top."""
    head = lines[tops[key] - 1].partition("#")[0].rstrip()
    if not head.endswith(":"):
        raise PasteError(f"{path}: write the list `{key}` with one item on a line, not in brackets")
    following = [line for line in tops.values() if line > tops[key]]
    return _above(lines, min(following) - 1) if following else _above(lines, len(lines))


def _above(lines: list[str], index: int) -> int:
    """The index above a line and the comments and empty lines that stand over it."""
    while index and (not lines[index - 1].strip() or lines[index - 1].startswith("#")):
        index -= 1
    return index
