"""What the rules look at: a project of policies, read once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from imrpolicy.authored import Document, Node, Sequence, read_document
from imrpolicy.authored import Mapping as Tree
from imrpolicy.authored.json_files import read_file
from imrpolicy.authoring.ledger import Ledger
from imrpolicy.facts import DATES, REQUEST
from imrpolicy.issues import Issue, has_errors
from imrpolicy.lint.rule import Finding, PathInFile, Rule
from imrpolicy.policy import Loaded, Policy, PolicyStatus, shown
from imrpolicy.policy.files import POLICY_FILE, SOURCES_FILE
from imrpolicy.policy.layout import SCHEMA_ENDING
from imrpolicy.testing import Suite

_MOST_BYTES = 5_000_000


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project of policies as it was read.

    Attributes:
        loaded: The policies and what they refer to.
        suites: The tests beside the policies.
        ledger: The releases.
        kept: What differs between the files and the ledger.
        today: The day of the check.
        case_files: The files of cases.
        opened: Files as an editor has them open, by their path as issues show it.
        only: The policies to look at, by id; none means all.
    """

    loaded: Loaded
    suites: tuple[Suite, ...] = ()
    ledger: Ledger | None = None
    kept: tuple[Issue, ...] = ()
    today: dt.date = dt.date.min
    case_files: tuple[Path, ...] = ()
    opened: Mapping[str, Document] = field(default_factory=dict)
    only: frozenset[str] | None = None

    @cached_property
    def current(self) -> tuple[Policy, ...]:
        """The newest version of each policy that was not withdrawn: what an editor can still mend.

        An older version is frozen, and what a rule has against it has been decided when it was released.
        """
        return tuple(
            policy
            for policy in self.loaded.policies
            if policy.file.endswith(f"/{POLICY_FILE}")
            and policy.status is not PolicyStatus.WITHDRAWN
            and (self.only is None or policy.id in self.only)
        )

    @cached_property
    def versions(self) -> Mapping[str, tuple[Policy, ...]]:
        """All versions of the policies to look at, by id, the lowest first."""
        found: dict[str, list[Policy]] = {}
        for policy in self.loaded.policies:
            if self.only is None or policy.id in self.only:
                found.setdefault(policy.id, []).append(policy)
        return {name: tuple(policies) for name, policies in found.items()}

    @cached_property
    def suite_of(self) -> Mapping[str, Suite]:
        """The tests that can be run, by policy."""
        return {suite.policy: suite for suite in self.suites if suite.tests and not has_errors(suite.issues)}

    @property
    def sources_file(self) -> str:
        """The file that declares the sources."""
        return shown(self.loaded.root / SOURCES_FILE)

    @cached_property
    def dictionary_file(self) -> str:
        """The schema with the fact dictionary; empty where that is not a part of the project."""
        directory = self.loaded.schemas.directory
        is_own = directory.resolve() == (self.loaded.root.parent / "schemas").resolve()
        return shown(directory / f"case{SCHEMA_ENDING}") if is_own else ""

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return dict(self.opened)

    def document(self, file: str) -> Document:
        """A file with the places in it; it is read only where something was found in it.

        Raises:
            OSError: It cannot be read.
        """
        if file not in self._documents:
            path = Path(file)
            read = read_file if path.suffix == ".json" else read_document
            self._documents[file] = read(path, shown=file, max_bytes=_MOST_BYTES)
        return self._documents[file]

    def issue(self, rule: Rule, finding: Finding) -> Issue:
        """A finding at its place."""
        if finding.issue is not None:
            return finding.issue
        document = self.document(finding.file)
        path = finding.path
        if finding.leaf:
            path = (*_path_of(document, finding.leaf), *path)
        node = document.key_at(path) if finding.key else document.node_at(path)
        said = (rule.id, finding.message, finding.help)
        text = getattr(node, "text", "")
        start = text.find(finding.words) if finding.words else -1
        if start < 0:
            return document.issue(node, *said, severity=rule.severity)
        end = start + len(finding.words)
        return document.issue_in(node, start, end, *said, severity=rule.severity)  # type: ignore[arg-type]


def fact_path(path: str) -> PathInFile:
    """Where a fact, or with `[]` a field of the entries of a list, is declared in the case schema."""
    fact, _, inner = path.partition("[].")
    group, _, name = fact.partition(".")
    own = {DATES: ("$defs", DATES), REQUEST: ("$defs", "request_facts")}
    found: PathInFile = own.get(group, ("$defs", "facts", "properties", group))
    found = (*found, "properties", name)
    return (*found, "items", "properties", inner) if inner else found


def _path_of(document: Document, name: str) -> PathInFile:
    """Where the criterion or group with an id is written; the top where there is none."""
    if document.root is None:
        return ()
    return next((path for path, node in _nodes(document.root, ()) if _has_id(node, name)), ())


def _has_id(node: Node, name: str) -> bool:
    entry = node.entries.get("id") if isinstance(node, Tree) else None
    return entry is not None and getattr(entry, "text", "") == name


def _nodes(node: Node, path: PathInFile) -> Iterator[tuple[PathInFile, Node]]:
    yield path, node
    inner = (
        node.entries.items() if isinstance(node, Tree)
        else enumerate(node.items) if isinstance(node, Sequence) else ()
    )  # fmt: skip
    for step, child in inner:
        yield from _nodes(child, (*path, step))
