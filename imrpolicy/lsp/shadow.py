"""The checks on what is being typed: on a copy of one folder, with the texts that are not saved yet.

A copy, so that the editor sees exactly what `imrpolicy check` will say once the files are saved, also where
one open file changes what is wrong in another. What concerns the project as a whole is left to the command.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from imrpolicy.evaluate.case_files import check_case_document
from imrpolicy.issues import Issue, Place, in_order
from imrpolicy.lint import RULES, check_project, check_text
from imrpolicy.lsp.project import FileKind, Project, folder_of, schemas_of
from imrpolicy.policy import Loaded, shown
from imrpolicy.policy.files import RELEASES_FILE, SEQUENCES, SOURCES_FILE
from imrpolicy.policy.layout import LINT_FILE

Found = dict[Path, tuple[Issue, ...]]

_SHARED = (SOURCES_FILE, RELEASES_FILE, LINT_FILE)
_OF_ALL = frozenset(rule.id for rule in RULES if rule.whole)


def check_opened(path: Path, kind: FileKind, project: Project) -> Found:
    """What `check` says of a file and those beside it, by file; a file without issues has an empty entry.

    Args:
        path: The file.
        kind: Its kind.
        project: The project, with the texts that are not saved yet.

    Raises:
        OSError: A file cannot be read or copied.
        SchemaError: A schema cannot be used.
    """
    document = project.document(path)
    if kind in (FileKind.SOURCES, FileKind.SEQUENCE):
        alone = Loaded(root=project.root, schemas=project.schemas)
        return {path: check_text(document.text, path, alone) if document is not None else ()}
    if kind is FileKind.CASE:
        return {path: check_case_document(document, project.schemas) if document is not None else ()}
    folder = folder_of(path, kind)
    files = {*folder.rglob("*.yaml"), *(file for file in project.unsaved if file.is_relative_to(folder))}
    with tempfile.TemporaryDirectory(prefix="imrpolicy-") as temporary:
        copy = Path(temporary) / "policies"
        _copy(project, copy, files)
        issues = [issue for issue in check_project(copy).issues if issue.rule not in _OF_ALL]
        return {file: _own(file, copy / file.relative_to(project.root), issues) for file in files}


def _own(file: Path, copied: Path, issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """The issues of a file whose copy was checked."""
    name = shown(copied)
    own = (issue for issue in issues if issue.place.file == name)
    return in_order(
        replace(issue, place=Place(shown(file), issue.place.line, issue.place.column)) for issue in own
    )


def _copy(project: Project, to: Path, files: Iterable[Path]) -> None:
    """Some files and those that they refer to, as the editor has them."""
    shutil.copytree(schemas_of(project.root), to.parent / "schemas")
    shared = [project.root / name for name in _SHARED] + sorted((project.root / SEQUENCES).glob("*.yaml"))
    for file in {*shared, *files}:
        copied = to / file.relative_to(project.root)
        if file in project.unsaved:
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_bytes(project.unsaved[file].encode(errors="replace"))
        elif file.is_file():
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copied)
