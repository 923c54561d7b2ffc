"""What the PATHS of a command line name: policies, directories of them, their files, schemas, or cases."""

from __future__ import annotations

from pathlib import Path

from imrpolicy.cli.exits import WrongCallError
from imrpolicy.policy import Loaded, policy_folders
from imrpolicy.policy.files import SOURCES_FILE
from imrpolicy.policy.layout import (
    CASE_ENDINGS,
    SCHEMA_ENDING,
    below,
    files_of_cases,
    is_root,
    is_schema,
    names,
    policy_files,
    root_of,
)


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
    found = files_of_cases(path)
    if not found:
        raise WrongCallError(
            f"{path.as_posix()} is no directory of policies (it has no `{SOURCES_FILE}`), and holds no cases"
        )
    return found


def folder_names(loaded: Loaded) -> list[str]:
    """The folders of all policies of a directory, as issues show them."""
    return names(policy_folders(loaded.root))


__all__ = [
    "CASE_ENDINGS",
    "SCHEMA_ENDING",
    "below",
    "case_files",
    "folder_names",
    "is_root",
    "is_schema",
    "names",
    "policy_files",
    "root_of",
]
