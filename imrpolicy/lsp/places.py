"""Go to definition: where a name is declared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from imrpolicy.authored import Document, Mapping, Node, Scalar, Sequence
from imrpolicy.facts import DATES, REQUEST
from imrpolicy.lsp.project import FileKind, Project, folder_of, schemas_of
from imrpolicy.lsp.targets import Sort, Target
from imrpolicy.lsp.tree import named_members
from imrpolicy.policy.files import POLICY_FILE, SOURCES_FILE, VERSIONS

_OWN = {DATES: ("$defs", DATES), REQUEST: ("$defs", "request_facts")}


@dataclass(frozen=True, slots=True)
class Definition:
    """Where something is declared.

    Attributes:
        path: The file.
        text: Its text.
        start: The offset of the name in it.
        end: The offset behind it.
    """

    path: Path
    text: str
    start: int
    end: int


def definition(target: Target, path: Path, kind: FileKind, project: Project) -> Definition | None:
    """Where a name is declared; none where that is not known.

    Args:
        target: The name.
        path: The file that it is in.
        kind: The kind of that file.
        project: The project.
    """
    match target.sort:
        case Sort.FACT | Sort.VALUE:
            return _of_fact(target, project)
        case Sort.CRITERION:
            file = _policy_file(target, path, kind)
            document = project.document(file)
            member = named_members(document).get(target.name) if document is not None else None
            return _at(file, document, member.entries["id"]) if member is not None else None
        case Sort.POLICY | Sort.VERSION:
            file = _policy_file(target, path, kind)
            document = project.document(file)
            key = "id" if target.sort is Sort.POLICY else "version"
            return _at(file, document, document.node_at((key,)) if document and document.root else None)
        case Sort.SOURCE:
            file = project.root / SOURCES_FILE
            document = project.document(file)
            where = document.key_at(("sources", target.name)) if document and document.root else None
            return _at(file, document, where)
    return None


def policy_of(target: Target, path: Path, kind: FileKind, project: Project) -> Document | None:
    """The policy, in the right version, that a name in its folder belongs to."""
    return project.document(_policy_file(target, path, kind))


def criteria_beside(path: Path, kind: FileKind, project: Project) -> dict[str, str]:
    """The texts of the criteria of the policy that a file of tests is about, by id; else none."""
    document = project.document(folder_of(path, kind) / POLICY_FILE) if kind is FileKind.TESTS else None
    members = named_members(document) if document is not None else {}
    return {name: getattr(member.entries.get("text"), "text", "") for name, member in members.items()}


def _policy_file(target: Target, path: Path, kind: FileKind) -> Path:
    if kind in (FileKind.POLICY, FileKind.VERSION):
        return path
    folder = folder_of(path, kind)
    version = target.name if target.sort is Sort.VERSION else target.version
    older = folder / VERSIONS / f"{version}.yaml"
    return older if version and older.is_file() else folder / POLICY_FILE


def _of_fact(target: Target, project: Project) -> Definition | None:
    file = schemas_of(project.root) / "case.schema.json"
    document = project.document(file)
    group, _, name = target.name.partition(".")
    if document is None or document.root is None or group not in project.schemas.dictionary.groups:
        return None
    path = (*_OWN.get(group, ("$defs", "facts", "properties", group)), "properties", name)
    where: Node = document.key_at(path)
    if target.sort is Sort.VALUE:
        where = _const(document.node_at(path), target.value) or where
    return _at(file, document, where)


def _const(node: Node, value: str) -> Scalar | None:
    """Where a value of an enumeration is declared."""
    if isinstance(node, Mapping):
        own = node.entries.get("const")
        if isinstance(own, Scalar) and own.text == value:
            return own
        found = (_const(entry, value) for entry in node.entries.values())
        return next((scalar for scalar in found if scalar is not None), None)
    if isinstance(node, Sequence):
        found = (_const(item, value) for item in node.items)
        return next((scalar for scalar in found if scalar is not None), None)
    return None


def _at(path: Path, document: Document | None, node: Node | None) -> Definition | None:
    if document is None or not isinstance(node, Scalar):
        return None
    quote = len(node.style)
    return Definition(path, document.text, node.start + quote, node.end - quote)
