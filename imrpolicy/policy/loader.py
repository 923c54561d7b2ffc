"""A directory of policies, read whole: every file checked, every issue collected."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from imrpolicy.authored import Document
from imrpolicy.facts import FactDictionary
from imrpolicy.issues import Issue, has_errors, in_order
from imrpolicy.policy.build import build_policy
from imrpolicy.policy.files import (
    POLICY_FILE,
    SEQUENCES,
    SOURCES_FILE,
    TESTS_FILE,
    VERSIONS,
    file_issue,
    read_valid,
    shown,
)
from imrpolicy.policy.model import Policy
from imrpolicy.policy.schemas import Schemas
from imrpolicy.policy.search import read_sequences, read_sources
from imrpolicy.policy.sources import SearchSequence, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a directory of policies holds.

    Attributes:
        root: The directory.
        schemas: The schemas that it was read with.
        policies: Every version of every policy without errors, by id and version.
        sources: The declared sources, by id.
        sequences: The search sequences.
        issues: Everything that was found, sorted by place.
        only: The ids of the policies that were asked for; none where all were.
    """

    root: Path
    schemas: Schemas
    policies: tuple[Policy, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)
    sequences: tuple[SearchSequence, ...] = ()
    issues: tuple[Issue, ...] = ()
    only: frozenset[str] | None = None

    @property
    def dictionary(self) -> FactDictionary:
        """The facts that the policies may name."""
        return self.schemas.dictionary


def load_directory(root: Path, schemas: Schemas, *, only: Collection[str] | None = None) -> Loaded:
    """Read a directory of policies.

    Args:
        root: The directory with `sources.yaml`, `search-sequences/` and a folder for each policy.
        schemas: The schemas that its files must fit.
        only: The ids of the policies to read; without it all are read.

    Returns:
        What it holds, and every issue of every file; a file with an error contributes no policy.

    Raises:
        OSError: The directory, or a file in it, cannot be read.
    """
    if not root.is_dir():
        raise NotADirectoryError(f"there is no directory {root.as_posix()}")
    issues: list[Issue] = []
    sources = read_sources(root, schemas, issues)
    sequences = read_sequences(root, schemas, sources, issues)
    policies: list[Policy] = []
    with without_collections():
        for folder in policy_folders(root, only):
            policies += _folder(folder, root, schemas, sources, issues)
    if not policies and not has_errors(issues):
        help = "a policy is a file `<source>/<topic>/policy.yaml`; `imrpolicy new policy` makes one"
        issues.append(file_issue(root, "no-policies", f"there is no policy below `{shown(root)}`", help))
    return Loaded(
        root=root,
        schemas=schemas,
        policies=tuple(sorted(policies, key=lambda p: (p.id, p.version))),
        sources=sources,
        sequences=sequences,
        issues=in_order(issues),
        only=frozenset(only) if only is not None else None,
    )


@contextmanager
def without_collections() -> Iterator[None]:
    """No garbage collections meanwhile: what is read stays, and they would walk all of it many times."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def policy_folders(root: Path, only: Collection[str] | None = None) -> list[Path]:
    """The folders of policies below a directory: `<source>/<topic>`, in order; those of some ids, or all."""
    if only is not None:
        return sorted(folder for folder in map(root.joinpath, only) if folder.is_dir())
    return sorted(
        folder
        for source in root.iterdir()
        if source.is_dir() and source.name != SEQUENCES and not source.name.startswith(".")
        for folder in source.iterdir()
        if folder.is_dir() and not folder.name.startswith(".")
    )


def _folder(
    folder: Path, root: Path, schemas: Schemas, sources: dict[str, Source], issues: list[Issue]
) -> list[Policy]:
    newest = folder / POLICY_FILE
    if not newest.is_file():
        message = "the folder of a policy needs a `policy.yaml`"
        issues.append(file_issue(newest, "missing-file", message, "add it, or remove the folder"))
        return []
    older = sorted((folder / VERSIONS).glob("*.yaml")) if (folder / VERSIONS).is_dir() else []
    found = [_policy(path, folder, root, schemas, sources, issues) for path in [newest, *older]]
    current = found[0][1] if found[0] is not None else None
    for path, read in zip(older, found[1:], strict=True):
        if read is not None:
            issues += _check_version(path, *read, current)
    return [read[1] for read in found if read is not None]


def _policy(
    path: Path, folder: Path, root: Path, schemas: Schemas, sources: dict[str, Source], issues: list[Issue]
) -> tuple[Document, Policy] | None:
    document = read_valid(path, "policy", schemas, issues)
    if document is None:
        return None
    policy, found = build_policy(document, schemas.dictionary, sources)
    issues += found
    wanted = folder.relative_to(root).as_posix()
    if document.data()["id"] != wanted:
        issues.append(document.issue(document.node_at(("id",)), "id-and-folder",
                                     f"the id must be `{wanted}`, as the folder is named",
                                     "correct the id, or rename the folder"))  # fmt: skip
        return None
    return (document, policy) if policy is not None else None


def _check_version(path: Path, document: Document, policy: Policy, current: Policy | None) -> Iterator[Issue]:
    """An older version of a policy lies in `versions/` under its number, and is older."""
    place = document.node_at(("version",))
    if path.stem != str(policy.version):
        yield document.issue(place, "version-and-file",
                             f"the file of version {policy.version} has the name `{path.name}`",
                             f"rename it to `{policy.version}.yaml`, or correct its `version`")  # fmt: skip
    if current is not None and policy.version >= current.version:
        yield document.issue(place, "version-order",
                             f"version {policy.version} is not older than {current.version} in `policy.yaml`",
                             "give `policy.yaml` a higher version")  # fmt: skip


__all__ = [
    "POLICY_FILE",
    "SEQUENCES",
    "SOURCES_FILE",
    "TESTS_FILE",
    "VERSIONS",
    "Loaded",
    "Schemas",
    "load_directory",
    "policy_folders",
    "read_valid",
    "shown",
    "without_collections",
]
