"""What the PATHS of a command line name: policies, directories of them, their files, schemas, or cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from imrpolicy.cli.exits import WrongCallError
from imrpolicy.policy import Loaded, policy_folders, shown
from imrpolicy.policy.files import RELEASES_FILE
from imrpolicy.policy.loader import POLICY_FILE, SEQUENCES, SOURCES_FILE, TESTS_FILE, VERSIONS

CASE_ENDINGS = (".yaml", ".yml", ".json")
SCHEMA_ENDING = ".schema.json"


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


def case_files(path: Path) -> list[Path]:
    """The case files that a path is, or holds.

    Raises:
        WrongCallError: It holds none.
    """
    if path.is_file():
        if path.suffix not in CASE_ENDINGS:
            raise WrongCallError(
                f"{path.as_posix()} ends in none of {', '.join(CASE_ENDINGS)}, so it cannot be checked"
            )
        return [path]
    found = sorted(entry for entry in path.rglob("*") if entry.suffix in CASE_ENDINGS and entry.is_file())
    if not found:
        raise WrongCallError(
            f"{path.as_posix()} is no directory of policies (it has no `{SOURCES_FILE}`), and holds no cases"
        )
    return found


def is_schema(path: Path) -> bool:
    """Whether a path is a schema, or a directory of them."""
    if path.is_dir():
        return next(path.glob(f"*{SCHEMA_ENDING}"), None) is not None
    return path.name.endswith(SCHEMA_ENDING)


def policy_files(root: Path) -> Iterator[Path]:
    """The files of a directory of policies that commands read."""
    known = [root / SOURCES_FILE, root / RELEASES_FILE, *sorted((root / SEQUENCES).glob("*.yaml"))]
    for folder in policy_folders(root):
        known += [folder / POLICY_FILE, folder / TESTS_FILE, *sorted((folder / VERSIONS).glob("*.yaml"))]
    return (path for path in known if path.is_file())


def names(paths: Iterable[Path]) -> list[str]:
    """Paths as issues show them."""
    return [shown(path) for path in paths]


def below(file: str, folders: Iterable[str]) -> bool:
    """Whether a file is one of some paths, or lies below one of them; all as issues show them."""
    return any(name in (".", file) or file.startswith(f"{name}/") for name in folders)


def folder_names(loaded: Loaded) -> list[str]:
    """The folders of all policies of a directory, as issues show them."""
    return names(policy_folders(loaded.root))
