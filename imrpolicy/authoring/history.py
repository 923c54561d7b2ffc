"""The history of a project in git, as far as it is needed to find a released text again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from imrpolicy.authored import parse_document
from imrpolicy.policy.build import content_hash


def text_at(revision: str, path: Path) -> bytes | None:
    """A file as it was in a revision, such as `origin/main`; none where it was not there.

    Raises:
        LookupError: There is no git, no history here, or no such revision.
    """
    if _git(path.parent, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") is None:
        raise LookupError(f"there is no revision `{revision}` in a history of git here")
    return _git(path.parent, "show", f"{revision}:./{path.name}")


def released_text(folder: Path, file: str, wanted: str) -> bytes | None:
    """The text with a hash that a file had at some time; none where the history has none.

    Args:
        folder: Where the file lies or lay.
        file: Its name.
        wanted: The hash of the text.
    """
    for raw in _texts(folder, file):
        if content_hash(parse_document(raw, file)) == wanted:
            return raw
    return None


def _texts(folder: Path, file: str) -> Iterator[bytes]:
    revisions = _git(folder, "log", "--format=%H", "--", file) or b""
    for revision in revisions.decode("ascii", "replace").split():
        raw = _git(folder, "show", f"{revision}:./{file}")
        if raw is not None:
            yield raw


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git prints; none where it fails, or is not there."""
    program = shutil.which("git")
    if program is None or not folder.is_dir():
        return None
    ran = subprocess.run(  # noqa: S603 - a program by its full path, and no shell
        [program, *arguments], cwd=folder, capture_output=True, check=False
    )
    return ran.stdout if ran.returncode == 0 else None
