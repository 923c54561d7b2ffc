"""What the server remembers between two requests: the projects, and what it has reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from imrpolicy.lsp.project import FileKind, Project, kind_of, root_of, schemas_of
from imrpolicy.policy import Schemas

_Stamp = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An opened file that the server knows.

    Attributes:
        path: The file.
        kind: Its kind.
        project: The project that it belongs to, as the editor has it now.
    """

    path: Path
    kind: FileKind
    project: Project


@dataclass(slots=True)
class Session:
    """Schemas that were read, by directory, and read again once they change."""

    _schemas: dict[Path, tuple[_Stamp, Schemas]] = field(default_factory=dict)

    def opened(self, path: Path, unsaved: Mapping[Path, str]) -> Opened | None:
        """A file with its project; none where the server has nothing to say of it.

        Args:
            path: The file.
            unsaved: The text of each file that is open in the editor.

        Raises:
            OSError: A schema cannot be read.
            SchemaError: The case schema is not one of facts.
        """
        root = root_of(path)
        kind = kind_of(path, root) if root is not None else None
        if root is None or kind is None:
            return None
        directory = schemas_of(root)
        project = Project(root=root, schemas=self._current(directory), unsaved=unsaved)
        return Opened(path=path, kind=kind, project=project)

    def _current(self, directory: Path) -> Schemas:
        stamp = tuple(
            (file.name, file.stat().st_mtime_ns) for file in sorted(directory.glob("*.schema.json"))
        )
        known = self._schemas.get(directory)
        if known is None or known[0] != stamp:
            known = (stamp, Schemas(directory))
            _ = known[1].dictionary  # read now, so that a request finds the facts or is not answered at all
            self._schemas[directory] = known
        return known[1]
