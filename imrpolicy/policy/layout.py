"""The files of a project: where its policies are, and which of its files are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from imrpolicy.policy.files import (
    POLICY_FILE,
    RELEASES_FILE,
    SEQUENCES,
    SOURCES_FILE,
    TESTS_FILE,
    VERSIONS,
    shown,
)
from imrpolicy.policy.loader import policy_folders

CASE_ENDINGS = (".yaml", ".yml", ".json")
SCHEMA_ENDING = ".schema.json"
LINT_FILE = "lint.yaml"
"""The findings that are allowed, with their reasons."""


def is_root(path: Path) -> bool:
    """Whether a directory is one of policies, though its list of sources may be lost."""
    return (
        (path / SOURCES_FILE).is_file()
        or (path / SEQUENCES).is_dir()
        or (path.is_dir() and next(path.glob(f"*/*/{POLICY_FILE}"), None) is not None)
    )


def root_of(path: Path) -> Path | None:
    """The directory of policies that a path is, or lies in; none where it is something else."""
    if path.is_dir() and is_root(path):
        return path
    for candidate in path.absolute().parents:
        if (candidate / SOURCES_FILE).is_file() or (candidate / SEQUENCES).is_dir():
            return candidate
    return None


def is_schema(path: Path) -> bool:
    """Whether a path is a schema, or a directory of them."""
    if path.is_dir():
        return next(path.glob(f"*{SCHEMA_ENDING}"), None) is not None
    return path.name.endswith(SCHEMA_ENDING)


def policy_files(root: Path) -> Iterator[Path]:
    """The files of a directory of policies that commands read."""
    known = [root / SOURCES_FILE, root / RELEASES_FILE, root / LINT_FILE]
    known += sorted((root / SEQUENCES).glob("*.yaml"))
    for folder in policy_folders(root):
        known += [folder / POLICY_FILE, folder / TESTS_FILE, *sorted((folder / VERSIONS).glob("*.yaml"))]
    return (path for path in known if path.is_file())


def files_of_cases(path: Path) -> list[Path]:
    """The files in a directory that can be cases."""
    return sorted(entry for entry in path.rglob("*") if entry.suffix in CASE_ENDINGS and entry.is_file())


def names(paths: Iterable[Path]) -> list[str]:
    """Paths as issues show them."""
    return [shown(path) for path in paths]


def below(file: str, folders: Iterable[str]) -> bool:
    """Whether a file is one of some paths, or lies below one of them; all as issues show them."""
    return any(name in (".", file) or file.startswith(f"{name}/") for name in folders)
