"""What an opened file is, and the project that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from imrpolicy.authored import Document, parse_document, read_document
from imrpolicy.evaluate import bundled_directory
from imrpolicy.policy import Schemas
from imrpolicy.policy.files import POLICY_FILE, SEQUENCES, SOURCES_FILE, TESTS_FILE, VERSIONS

_CASES = "cases"
_LARGEST = 5_000_000


class FileKind(StrEnum):
    """The kinds of files that the server knows; each is the name of the schema, but for versions."""

    POLICY = "policy"
    VERSION = "version"
    TESTS = "tests"
    SOURCES = "sources"
    SEQUENCE = "search-sequence"
    CASE = "case"

    @property
    def schema(self) -> str:
        """The name of the schema of such files."""
        return "policy" if self is FileKind.VERSION else self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A directory of policies with its schemas, and the texts that the editor has not saved yet.

    Attributes:
        root: The directory of policies.
        schemas: The schemas of its files.
        unsaved: The text of each file that is open in the editor.
    """

    root: Path
    schemas: Schemas
    unsaved: Mapping[Path, str] = field(default_factory=dict)

    def document(self, path: Path) -> Document | None:
        """A file as the editor has it, or as it is on the disk; none where there is no such file."""
        if path in self.unsaved:
            return parse_document(self.unsaved[path].encode(errors="replace"), path.as_posix())
        try:
            return read_document(path, max_bytes=_LARGEST)
        except OSError:
            return None


def root_of(path: Path) -> Path | None:
    """The directory of policies that a file lies in, or that lies beside the directory of a case."""
    for candidate in path.absolute().parents:
        if _is_root(candidate):
            return candidate
    for candidate in path.absolute().parents:
        if _is_root(candidate / "policies"):
            return candidate / "policies"
    return None


def _is_root(path: Path) -> bool:
    return (path / SOURCES_FILE).is_file() or (path / SEQUENCES).is_dir()


def kind_of(path: Path, root: Path) -> FileKind | None:
    """What a file of a project is; none where the server has nothing to say of it."""
    path = path.absolute()
    if not path.is_relative_to(root.absolute()):
        is_case = path.suffix in (".yaml", ".yml") and _CASES in path.parts
        return FileKind.CASE if is_case else None
    parts = path.relative_to(root.absolute()).parts
    match parts:
        case (name,) if name == SOURCES_FILE:
            return FileKind.SOURCES
        case (folder, name) if folder == SEQUENCES and name.endswith(".yaml"):
            return FileKind.SEQUENCE
        case (_, _, name) if name in (POLICY_FILE, TESTS_FILE):
            return FileKind.POLICY if name == POLICY_FILE else FileKind.TESTS
        case (_, _, folder, name) if folder == VERSIONS and name.endswith(".yaml"):
            return FileKind.VERSION
    return None


def folder_of(path: Path, kind: FileKind) -> Path:
    """The folder of the policy that a file is about."""
    return path.parent.parent if kind is FileKind.VERSION else path.parent


def schemas_of(root: Path) -> Path:
    """The directory of the schemas that the files of a project are held against."""
    beside = root.parent / "schemas"
    return beside if (beside / "case.schema.json").is_file() else bundled_directory("schemas")
