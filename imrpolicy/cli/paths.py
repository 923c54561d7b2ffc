"""What the PATHS of a command line name: directories of policies, policies, their files, or cases."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from imrpolicy.cli.exits import WrongCallError
from imrpolicy.policy import Loaded, policy_folders, shown
from imrpolicy.policy.loader import SOURCES_FILE


def root_of(path: Path) -> Path | None:
    """The directory of policies that a path is, or lies in; none where it is something else."""
    for candidate in (path, *path.absolute().parents):
        if (candidate / SOURCES_FILE).is_file():
            return candidate
    return None


def case_files(path: Path) -> list[Path]:
    """The case files that a path is, or holds.

    Raises:
        WrongCallError: It holds none.
    """
    if path.is_file():
        return [path]
    endings = (".yaml", ".yml", ".json")
    found = sorted(entry for entry in path.rglob("*") if entry.suffix in endings and entry.is_file())
    if not found:
        raise WrongCallError(
            f"{path.as_posix()} is no directory of policies (it has no `{SOURCES_FILE}`), and holds no cases"
        )
    return found


def names(paths: Iterable[Path]) -> list[str]:
    """Paths as issues show them."""
    return [shown(path) for path in paths]


def below(file: str, folders: Iterable[str]) -> bool:
    """Whether a file is one of some paths, or lies below one of them; all as issues show them."""
    return any(name in (".", file) or file.startswith(f"{name}/") for name in folders)


def folder_names(loaded: Loaded) -> list[str]:
    """The folders of all policies of a directory, as issues show them."""
    return names(policy_folders(loaded.root))
