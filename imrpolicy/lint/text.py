"""One file checked as an editor has it open, before it is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from imrpolicy.authored import Document, parse_document
from imrpolicy.evaluate.case_files import check_case_document
from imrpolicy.issues import Issue, has_errors, in_order
from imrpolicy.lint.project import Project
from imrpolicy.lint.run import apply_rules
from imrpolicy.policy import Loaded, Policy, read_valid, shown
from imrpolicy.policy.build import build_policy
from imrpolicy.policy.files import (
    POLICY_FILE,
    SEQUENCES,
    SOURCES_FILE,
    TESTS_FILE,
    VERSIONS,
    against_schema,
)
from imrpolicy.testing import Suite, suite_from


def check_text(text: str, path: Path, loaded: Loaded) -> tuple[Issue, ...]:
    """Everything that is wrong in one file, with the text that an editor has of it.

    What concerns the project as a whole, such as a value that nothing uses, is left to `check_project`.

    Args:
        text: The text of the file.
        path: The file: a policy or an older version of one, the tests of one, the sources, a search sequence,
            or a case. In any other file nothing is found.
        loaded: The directory of policies, as it was read from the disk.
    """
    document = parse_document(text.encode(), shown(path))
    kind = _kind(path, loaded)
    if not kind:
        return ()
    if kind == "case":
        return check_case_document(document, loaded.schemas)
    if document.root is None or has_errors(document.issues):
        return document.issues
    found = list(document.issues)
    if not loaded.schemas.fits(kind, document.data()):
        found += against_schema(document, kind, loaded.schemas)
    if has_errors(found):
        return in_order(found)
    folder = path.parent.parent if path.parent.name == VERSIONS else path.parent
    if kind == "tests":
        found += suite_from(document, _id(folder, loaded), loaded).issues
    elif kind == "policy":
        found += _of_policy(document, folder, loaded)
    return in_order(found)


def _of_policy(document: Document, folder: Path, loaded: Loaded) -> Iterator[Issue]:
    """What is wrong in a policy, and what the rules find in it as it would be loaded."""
    policy, found = build_policy(document, loaded.dictionary, loaded.sources)
    yield from found
    wanted = _id(folder, loaded)
    if document.data()["id"] != wanted:
        yield document.issue(document.node_at(("id",)), "id-and-folder",
                             f"the id must be `{wanted}`, as the folder is named",
                             "correct the id, or rename the folder")  # fmt: skip
    elif policy is not None:
        others = (other for other in loaded.policies if other.file != policy.file)
        together = tuple(sorted((*others, policy), key=lambda p: (p.id, p.version)))
        now = replace(loaded, policies=together)
        suite = _suite(folder, policy, now)
        project = Project(
            loaded=now,
            suites=(suite,) if suite is not None else (),
            today=dt.datetime.now(tz=dt.UTC).date(),
            opened={document.path: document},
            only=frozenset({policy.id}),
        )
        for issue in apply_rules(project, is_whole=False):
            if issue.place.file == document.path:
                yield issue


def _suite(folder: Path, policy: Policy, loaded: Loaded) -> Suite | None:
    """The tests beside a policy as they are on the disk, run against it as it is being written."""
    path = folder / TESTS_FILE
    if not path.is_file():
        return None
    document = read_valid(path, "tests", loaded.schemas, [])
    return None if document is None else suite_from(document, policy.id, loaded)


def _id(folder: Path, loaded: Loaded) -> str:
    return folder.absolute().relative_to(loaded.root.absolute()).as_posix()


def _kind(path: Path, loaded: Loaded) -> str:
    """The kind of a file, as the schemas are named; empty where no such file is checked."""
    root, file = loaded.root.absolute(), path.absolute()
    if file.is_relative_to(root):
        parts = file.relative_to(root).parts
        match parts:
            case (name,):
                return "sources" if name == SOURCES_FILE else ""
            case (folder, _) if folder == SEQUENCES:
                return "search-sequence"
            case (_, _, name) if name in (POLICY_FILE, TESTS_FILE):
                return "policy" if name == POLICY_FILE else "tests"
            case (_, _, folder, _) if folder == VERSIONS:
                return "policy"
        return ""
    return "case" if file.is_relative_to(root.parent / "cases") else ""
