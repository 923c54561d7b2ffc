"""A directory of policies as it was at a git revision, read from the repository and not checked out."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from imrpolicy.evaluate import read_directory
from imrpolicy.issues import Issue
from imrpolicy.policy import Loaded, Schemas, load_directory, shown

_WANTED = ("schemas",)
_LINK, _FILE = b"120000", b"100"


class RevisionError(OSError):
    """A revision cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a difference.

    Attributes:
        name: What people call it: a revision, or a path.
        loaded: What its directory of policies holds, read with its own schemas.
        is_copy: Whether that directory is a copy, which is gone once anybody reads a message.
    """

    name: str
    loaded: Loaded
    is_copy: bool = False

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What is wrong in it, with the files of a revision as git names them."""
        if not self.is_copy:
            return self.loaded.issues
        top = f"{shown(self.loaded.root.parent)}/"
        places = (
            replace(i.place, file=f"{self.name}:{i.place.file.removeprefix(top)}") for i in self.loaded.issues
        )
        return tuple(replace(i, place=place) for i, place in zip(self.loaded.issues, places, strict=True))


def working_tree(policies: Path | None, name: str = "the working tree") -> Side:
    """The policies as they lie here."""
    return Side(name=name, loaded=read_directory(policies))


def with_facts_of(side: Side, schemas: Schemas) -> Loaded:
    """The policies of a side read with the facts of another, so that both can be compared."""
    if side.loaded.dictionary.facts == schemas.dictionary.facts:
        return side.loaded
    return load_directory(side.loaded.root, schemas)


@contextmanager
def revision(name: str, policies: Path) -> Iterator[Side]:
    """The policies as they were at a revision.

    Args:
        name: The revision, such as `main` or `HEAD~1`.
        policies: The directory of policies, in the working tree of the repository.

    Raises:
        RevisionError: There is no git, no repository, no such revision, or no policies in it.
    """
    with tempfile.TemporaryDirectory(prefix="imrpolicy-") as folder:
        root = _extract(name, policies.absolute(), Path(folder))
        yield Side(name=name, loaded=read_directory(root), is_copy=True)


def _extract(name: str, policies: Path, to: Path) -> Path:
    here = policies.parent
    if not _git(here, "rev-parse", "--is-inside-work-tree").strip() == b"true":
        raise RevisionError(f"{policies.parent.as_posix()} is in no git repository")
    commit = _commit(name, here)
    wanted = [part for part in (policies.name, *_WANTED) if _git(here, "ls-tree", commit, "--", part)]
    if policies.name not in wanted:
        raise RevisionError(f"there is no directory `{policies.name}` in the revision `{name}`")
    links: dict[Path, str] = {}
    for entry in _git(here, "ls-tree", "-r", "-z", commit, "--", *wanted).split(b"\0"):
        about, _, path = entry.partition(b"\t")
        kind, _, blob = about.rpartition(b" ")
        if not kind.startswith((_FILE, _LINK)):
            continue  # a repository in the repository, or the end of the list
        file = to / PurePosixPath(path.decode(errors="surrogateescape"))
        content = _git(here, "cat-file", "blob", blob.decode())
        if kind.startswith(_LINK):
            links[file] = content.decode(errors="surrogateescape")
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    _follow(links, to)
    if not (to / policies.name).is_dir():
        raise RevisionError(f"`{policies.name}` is no directory in the revision `{name}`")
    return to / policies.name


def _follow(links: Mapping[Path, str], to: Path) -> None:
    """Put what a link leads to in its place; one that leads out of the revision is left out."""
    for link, target in links.items():
        source = (link.parent / target).resolve()
        if source.is_relative_to(to.resolve()) and source.is_file():
            link.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, link)


def _commit(name: str, here: Path) -> str:
    try:
        return (
            _git(here, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
            .decode()
            .strip()
        )
    except RevisionError as error:
        shallow = _git(here, "rev-parse", "--is-shallow-repository").strip() == b"true"
        if shallow:
            message = (
                f"the revision `{name}` is not here, since this is a shallow clone; "
                "run `git fetch --unshallow`, or give `fetch-depth: 0` to actions/checkout"
            )
        else:
            message = (
                f"there is no revision `{name}` here; `git fetch` may bring it, "
                "and `git branch --all` lists the branches"
            )
        raise RevisionError(message) from error


def _git(here: Path, *arguments: str) -> bytes:
    git = shutil.which("git")
    if git is None:
        raise RevisionError(
            "git is not installed, and revisions cannot be read without it; name two files instead"
        )
    done = subprocess.run([git, "-C", str(here), *arguments], capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise RevisionError(said.removeprefix("fatal: ") or f"git {arguments[0]} failed")
    return done.stdout
