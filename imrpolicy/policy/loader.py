"""A directory of policies, read whole: every file checked, every issue collected."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from imrpolicy.authored import Document, read_document, validate
from imrpolicy.facts import FactDictionary, dictionary_from
from imrpolicy.issues import Issue, Place, has_errors, in_order
from imrpolicy.policy.build import build_policy, effective
from imrpolicy.policy.model import Policy
from imrpolicy.policy.sources import SearchSequence, Source, Step
from imrpolicy.policy.version import Version

POLICY_FILE = "policy.yaml"
TESTS_FILE = "tests.yaml"
VERSIONS = "versions"
SOURCES_FILE = "sources.yaml"
SEQUENCES = "search-sequences"


class Schemas:
    """The JSON Schemas in a directory, each read once."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._validators: dict[str, Any] = {}

    def validator(self, name: str) -> Any:
        """The validator for `<name>.schema.json`.

        Raises:
            OSError: The schema cannot be read.
        """
        if name not in self._validators:
            schema = json.loads((self.directory / f"{name}.schema.json").read_text(encoding="utf-8"))
            self._validators[name] = Draft202012Validator(schema, format_checker=FormatChecker(["date"]))
        return self._validators[name]

    @cached_property
    def dictionary(self) -> FactDictionary:
        """The fact dictionary of the case schema."""
        return dictionary_from(self.validator("case").schema)


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
    """

    root: Path
    schemas: Schemas
    policies: tuple[Policy, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)
    sequences: tuple[SearchSequence, ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def dictionary(self) -> FactDictionary:
        """The facts that the policies may name."""
        return self.schemas.dictionary


def load_directory(root: Path, schemas: Schemas) -> Loaded:
    """Read a directory of policies.

    Args:
        root: The directory with `sources.yaml`, `search-sequences/` and a folder for each policy.
        schemas: The schemas that its files must fit.

    Returns:
        What it holds, and every issue of every file; a file with an error contributes no policy.

    Raises:
        OSError: The directory, or a file in it, cannot be read.
    """
    if not root.is_dir():
        raise NotADirectoryError(f"there is no directory {root.as_posix()}")
    issues: list[Issue] = []
    sources = _sources(root, schemas, issues)
    sequences = tuple(
        sequence
        for path in sorted((root / SEQUENCES).glob("*.yaml"))
        for sequence in _sequences(path, schemas, sources, issues)
    )
    policies: list[Policy] = []
    for folder in policy_folders(root):
        policies += _folder(folder, root, schemas, sources, issues)
    if not policies and not has_errors(issues):
        issues.append(_missing(root, "no-policies", f"there is no policy below `{shown(root)}`",
                               "a policy is a file `<source>/<topic>/policy.yaml`; `imrpolicy new policy` makes one"))  # fmt: skip
    return Loaded(
        root=root,
        schemas=schemas,
        policies=tuple(sorted(policies, key=lambda p: (p.id, p.version))),
        sources=sources,
        sequences=sequences,
        issues=in_order(issues),
    )


def policy_folders(root: Path) -> list[Path]:
    """The folders of policies below a directory: `<source>/<topic>`, in order."""
    return sorted(
        folder
        for source in root.iterdir()
        if source.is_dir() and source.name != SEQUENCES and not source.name.startswith(".")
        for folder in source.iterdir()
        if folder.is_dir() and not folder.name.startswith(".")
    )


def shown(path: Path) -> str:
    """A path as messages show it: relative to where the user is, with forward slashes."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def read_valid(path: Path, kind: str, schemas: Schemas, issues: list[Issue]) -> Document | None:
    """Read a file and hold it against its schema; None where it cannot be used."""
    document = read_document(path, shown=shown(path))
    found = list(document.issues)
    if document.root is not None and not has_errors(found):
        found += validate(document, schemas.validator(kind))
    issues += found
    return None if document.root is None or has_errors(found) else document


def _missing(path: Path, rule: str, message: str, help: str) -> Issue:
    return Issue(place=Place(shown(path)), rule=rule, message=message, help=help)


def _folder(
    folder: Path, root: Path, schemas: Schemas, sources: dict[str, Source], issues: list[Issue]
) -> list[Policy]:
    newest = folder / POLICY_FILE
    if not newest.is_file():
        issues.append(_missing(newest, "missing-file", "the folder of a policy needs a `policy.yaml`",
                               "add it, or remove the folder"))  # fmt: skip
        return []
    older = sorted((folder / VERSIONS).glob("*.yaml")) if (folder / VERSIONS).is_dir() else []
    found = [(path, _policy(path, folder, root, schemas, sources, issues)) for path in [newest, *older]]
    known = [(path, policy) for path, policy in found if policy is not None]
    _check_versions(known, newest, issues)
    return [policy for _, policy in known]


def _policy(
    path: Path, folder: Path, root: Path, schemas: Schemas, sources: dict[str, Source], issues: list[Issue]
) -> Policy | None:
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
    return policy


def _check_versions(known: list[tuple[Path, Policy]], newest: Path, issues: list[Issue]) -> None:
    """The older versions of a policy lie in `versions/` under their number, and are older."""
    current = next((policy.version for path, policy in known if path == newest), None)
    for path, policy in known:
        if path == newest:
            continue
        if path.stem != str(policy.version):
            issues.append(_missing(path, "version-and-file", f"the file of version {policy.version} has the name `{path.name}`",
                                   f"rename it to `{policy.version}.yaml`, or correct its `version`"))  # fmt: skip
        if current is not None and policy.version >= current:
            issues.append(_missing(path, "version-order", f"version {policy.version} is not older than {current} in `policy.yaml`",
                                   "give `policy.yaml` a higher version"))  # fmt: skip


def _sources(root: Path, schemas: Schemas, issues: list[Issue]) -> dict[str, Source]:
    path = root / SOURCES_FILE
    if not path.is_file():
        issues.append(_missing(path, "missing-file", "the sources of the guidelines are not declared",
                               "add `sources.yaml` with a `sources:` mapping"))  # fmt: skip
        return {}
    document = read_valid(path, "sources", schemas, issues)
    if document is None:
        return {}
    return {
        name: Source(id=name, **{**entry, "strength_scale": tuple(entry.get("strength_scale", ()))})
        for name, entry in document.data()["sources"].items()
    }


def _sequences(
    path: Path, schemas: Schemas, sources: dict[str, Source], issues: list[Issue]
) -> Iterable[SearchSequence]:
    document = read_valid(path, "search-sequence", schemas, issues)
    if document is None:
        return ()
    data = document.data()
    found = [_sequence(document, data, entry) for entry in data["sequences"]]
    for position, sequence in enumerate(found):
        issues += _check_sequence(document, position, sequence, sources)
        if any(_overlap(sequence, other) for other in found[:position]):
            issues.append(document.issue(document.node_at(("sequences", position, "effective")), "period",
                                         f"the period of `{sequence.id}` overlaps an earlier one of this file",
                                         "end the earlier one on the day before"))  # fmt: skip
    return found


def _sequence(document: Document, data: dict[str, Any], entry: dict[str, Any]) -> SearchSequence:
    steps = tuple(
        Step(sources=tuple(step["sources"]), text=step.get("text", ""), citation=step.get("citation", ""))
        for step in entry["steps"]
    )
    return SearchSequence(
        id=entry["id"],
        jurisdiction=data["jurisdiction"],
        title=entry.get("title", data["title"]),
        effective=effective(entry["effective"]),
        citation=entry["citation"],
        steps=steps,
        note=entry.get("note", ""),
        content_hash=document.content_hash,
        file=document.path,
    )


def _check_sequence(
    document: Document, position: int, sequence: SearchSequence, sources: dict[str, Source]
) -> Iterable[Issue]:
    seen: set[str] = set()
    for rank, step in enumerate(sequence.steps):
        for place, source in enumerate(step.sources):
            node = document.node_at(("sequences", position, "steps", rank, "sources", place))
            if sources and source not in sources:
                yield document.issue(node, "unknown-source", f"there is no source `{source}`",
                                     "declare it in `policies/sources.yaml`")  # fmt: skip
            if source in seen:
                yield document.issue(node, "duplicate-source", f"`{source}` has a rank in this sequence already",
                                     "name each source once")  # fmt: skip
            seen.add(source)


def _overlap(a: SearchSequence, b: SearchSequence) -> bool:
    first, second = sorted((a.effective, b.effective), key=lambda e: e.start)
    return first.end is None or first.end >= second.start


__all__ = ["Loaded", "Schemas", "Version", "load_directory", "policy_folders", "read_valid", "shown"]
