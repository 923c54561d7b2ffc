"""The rename of a criterion: in its policy and in the tests beside it, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from imrpolicy.authored import Document, Mapping, Scalar, Sequence, parse_document
from imrpolicy.issues import has_errors
from imrpolicy.lsp.about import is_about, is_about_others, named
from imrpolicy.lsp.project import FileKind, Project, folder_of
from imrpolicy.lsp.targets import Sort, Target
from imrpolicy.lsp.tree import named_members, text_at
from imrpolicy.policy.files import POLICY_FILE, TESTS_FILE

# As the schema of policies has it.
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)


class RenameError(ValueError):
    """A criterion cannot be renamed; the message says why and what to do next."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A stretch of a file that gets another text.

    Attributes:
        path: The file.
        text: Its text as it is.
        start: The offset of the first character that goes.
        end: The offset behind the last one.
        new: What comes instead.
    """

    path: Path
    text: str
    start: int
    end: int
    new: str


def check_renamable(target: Target | None, path: Path, kind: FileKind, project: Project) -> Document:
    """The policy whose criterion a name is.

    Raises:
        RenameError: It is none that may be renamed.
    """
    if target is None or target.sort is not Sort.CRITERION:
        raise RenameError("only the id of a criterion can be renamed here")
    document = project.document(folder_of(path, kind) / POLICY_FILE)
    if document is None or document.root is None or has_errors(document.issues):
        raise RenameError("`policy.yaml` cannot be read; mend it first")
    newest = text_at(document, "version")
    if kind is FileKind.VERSION or target.version not in ("", newest):
        raise RenameError("an earlier version never changes, so its criteria keep their ids")
    if text_at(document, "status") != "draft":
        name = text_at(document, "id")
        raise RenameError(
            f"{name}@{newest} is released and never changes; start a new version first: "
            f"imrpolicy new version {name} NUMBER"
        )
    if target.name not in named_members(document):
        raise RenameError(f"the policy has no criterion `{target.name}`")
    return document


def rename(
    target: Target | None, new: str, path: Path, kind: FileKind, project: Project
) -> tuple[Replacement, ...]:
    """The replacements that give a criterion another id.

    Tests of earlier versions keep the id, as those versions do. One that is about them and the newest has to
    be split first.

    Args:
        target: The name under the caret.
        new: The new id.
        path: The file that it is in.
        kind: The kind of that file.
        project: The project.

    Raises:
        RenameError: It cannot be renamed so.
    """
    document = check_renamable(target, path, kind, project)
    assert target is not None  # noqa: S101 - it was just checked
    if not _ID.fullmatch(new):
        raise RenameError(
            f"`{new[:60]}` is no id: write small letters, digits and `_`, at most 60, and a letter first"
        )
    written = parse_document(f"id: {new}\n".encode(), "")
    if written.issues or written.data() != {"id": new}:
        raise RenameError(f"`{new}` has a meaning of its own in YAML; choose another id")
    known = named_members(document)
    if new in known:
        raise RenameError(f"the id `{new}` is already used in line {known[new].place.line}; choose another")
    folder = folder_of(path, kind)
    found = [_replaced(folder / POLICY_FILE, document, known[target.name].entries["id"], new)]
    tests = project.document(folder / TESTS_FILE)
    if tests is not None:
        if tests.root is None or has_errors(tests.issues):
            raise RenameError("`tests.yaml` cannot be read; mend it first")
        newest = text_at(document, "version")
        found += [
            _replaced(folder / TESTS_FILE, tests, key, new) for key in _uses(tests, target.name, newest)
        ]
    return tuple(found)


def _replaced(path: Path, document: Document, node: object, new: str) -> Replacement:
    assert isinstance(node, Scalar)  # noqa: S101 - ids and keys are
    quote = len(node.style)
    return Replacement(path, document.text, node.start + quote, node.end - quote, new)


def _uses(document: Document, name: str, newest: str) -> Iterator[Scalar]:
    """The places where tests of the newest version name a criterion.

    Raises:
        RenameError: Such a test is about an earlier version too.
    """
    tests = document.node_at(("tests",))
    for position in range(len(tests.items) if isinstance(tests, Sequence) else 0):
        versions = named(document, position)
        criteria = document.node_at(("tests", position, "expect", "criteria"))
        if not is_about(versions, newest) or not isinstance(criteria, Mapping) or name not in criteria.keys:
            continue
        key = criteria.keys[name]
        if is_about_others(versions, newest):
            raise RenameError(
                f"the test that names `{name}` in line {key.place.line} is about an earlier version too, "
                "which keeps the id; split it first: a test with "
                f"`version: {newest} and later`, and one for the others"
            )
        yield key
