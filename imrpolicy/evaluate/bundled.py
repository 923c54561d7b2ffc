"""The policies, schemas and cases that come with the package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def bundled_directory(name: str) -> Path:
    """The directory `policies`, `schemas` or `cases` of this installation.

    In a wheel they lie inside the package; in a checkout of the project they lie beside it.

    Raises:
        FileNotFoundError: The installation has no such directory.
    """
    for candidate in (_PACKAGE / "data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"this installation of imrpolicy has no `{name}`; install it again")
