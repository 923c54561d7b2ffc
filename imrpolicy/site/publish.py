"""Builds and serves the site with mkdocs, for the command: the newest state, a release, a preview."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from mkdocs.__main__ import cli

from imrpolicy.site import releases
from imrpolicy.site.plugin import ONLY, RELEASE


class ReleaseExistsError(ValueError):
    """A release is there already, and a release does not change."""


def build(config: Path, into: Path, release: str = "") -> bool:
    """Build the newest state of the site, or a release beside it.

    What is there is replaced when the new one is done, and not before.

    Args:
        config: The `mkdocs.yml`.
        into: The folder of the whole site.
        release: The name of the release; empty for the newest state, which leaves the releases as they are.

    Returns:
        Whether it was built. If not, mkdocs has said why, and nothing has changed.

    Raises:
        ReleaseExistsError: There is such a release.
        OSError: The site cannot be written.
    """
    target = into / releases.FOLDER / releases.checked(release) if release else into
    if release and target.exists():
        raise ReleaseExistsError(f"the release `{release}` is there already: {target.as_posix()}")
    into.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that it is moved and not copied.
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=".site-") as work:
        made = Path(work) / "site"
        call = ["build", "--strict", "--config-file", str(config), "--site-dir", str(made)]
        if not _mkdocs(call, {RELEASE: release}):
            return False
        _replace(target, made)
    (into / releases.LISTING).write_text(
        releases.listing(releases.found(into)), encoding="utf-8", newline="\n"
    )
    return True


def serve(config: Path, only: Sequence[str] = (), address: str = "") -> bool:
    """Show the site while somebody writes, until it is interrupted.

    Args:
        config: The `mkdocs.yml`.
        only: The ids of the policies that are read; without them all are.
        address: Where it is served, as `host:port`.

    Returns:
        Whether it could be served.
    """
    call = ["serve", "--config-file", str(config), *(["--dev-addr", address] if address else [])]
    return _mkdocs(call, {ONLY: " ".join(only)})


def _replace(target: Path, made: Path) -> None:
    """Put a site in the place of another, of which the releases stay."""
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        # What begins with a dot is not of the site: `.git` of the branch that is published, for one.
        if old.name == releases.FOLDER or old.name.startswith("."):
            continue
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        else:
            old.unlink()
    for new in made.iterdir():
        shutil.move(new, target / new.name)


def _mkdocs(call: Sequence[str], variables: Mapping[str, str]) -> bool:
    with _environment({**variables, "NO_MKDOCS_2_WARNING": "1"}):
        try:
            cli(list(call), prog_name="mkdocs", standalone_mode=False)
        except SystemExit as stop:
            # What mkdocs stops with says itself what is wrong.
            show = getattr(stop, "show", None)
            if show is not None:
                show()
            return not stop.code
    return True


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Variables by which the plugin is told, since mkdocs reads its configuration anew for each build."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
