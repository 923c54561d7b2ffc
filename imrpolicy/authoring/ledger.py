"""The ledger of releases: which versions were released when, and the hash of each text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imrpolicy.authored import parse_document, validate
from imrpolicy.evaluate import bundled_directory
from imrpolicy.issues import Issue, Place, has_errors
from imrpolicy.policy import Schemas, Version, read_valid, shown
from imrpolicy.policy.files import RELEASES_FILE

KIND = "releases"
"""The name of its schema."""

_HEAD = f"""\
# yaml-language-server: $schema=../schemas/{KIND}.schema.json
# Written by `imrpolicy release`, never by hand. A record is added and never changed or removed.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One released version.

    Attributes:
        policy: The id of the policy.
        version: The version.
        released: The day of its release.
        content_hash: The hash of its text, `sha256:...`.
        place: Where it is recorded.
    """

    policy: str
    version: Version
    released: dt.date
    content_hash: str
    place: Place = Place("")

    @property
    def reference(self) -> str:
        """The policy and its version."""
        return f"{self.policy}@{self.version}"

    def to_dict(self) -> dict[str, str]:
        """The release as plain data, for `--format json`."""
        return {
            "policy": self.policy,
            "version": str(self.version),
            "released": self.released.isoformat(),
            "content_hash": self.content_hash,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All releases of a directory of policies.

    Attributes:
        file: Where they are recorded, as issues show it.
        exists: Whether there is such a file.
        releases: The releases by policy and version.
        issues: What is wrong with the file.
    """

    file: str
    exists: bool = False
    releases: Mapping[tuple[str, Version], Release] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()

    def with_releases(self, added: Iterable[Release]) -> Ledger:
        """The ledger with more releases; what was recorded stays as it is."""
        more = {(release.policy, release.version): release for release in added}
        return Ledger(file=self.file, exists=True, releases={**more, **self.releases})

    def text(self) -> str:
        """The text of the file: one line for each release, by policy and version."""
        if not self.releases:
            return _HEAD + "releases: {}\n"
        lines, above = ["releases:"], ""
        for (policy, version), release in sorted(self.releases.items()):
            if policy != above:
                lines.append(f"  {policy}:")
                above = policy
            day, digest = release.released.isoformat(), release.content_hash
            lines.append(f'    {version}: {{released: {day}, hash: "{digest}"}}')
        return _HEAD + "\n".join(lines) + "\n"


def read_ledger(root: Path, schemas: Schemas) -> Ledger:
    """The ledger of a directory of policies; an empty one where it has none.

    Args:
        root: The directory.
        schemas: The schemas of its files; one for ledgers that is missing there is that of imrpolicy.

    Raises:
        OSError: It cannot be read.
    """
    path = root / RELEASES_FILE
    if not path.is_file():
        return Ledger(file=shown(path))
    issues: list[Issue] = []
    document = read_valid(path, KIND, _with_own(schemas), issues)
    if document is None:
        return Ledger(file=shown(path), exists=True, issues=tuple(issues))
    data = document.data()["releases"]
    places = {(policy, number): document.key_at(("releases", policy, number)).place
              for policy, versions in data.items() for number in versions}  # fmt: skip
    return Ledger(file=shown(path), exists=True, releases=_releases(data, places), issues=tuple(issues))


def parse_ledger(raw: bytes, name: str, schemas: Schemas) -> Ledger:
    """A ledger out of another place than the file of that name, such as the history."""
    document = parse_document(raw, name)
    found = list(document.issues)
    if not has_errors(found):
        found += validate(document, _with_own(schemas).validator(KIND))
    if has_errors(found):
        return Ledger(file=name, exists=True, issues=tuple(found))
    return Ledger(file=name, exists=True, releases=_releases(document.data()["releases"], {}))


def _with_own(schemas: Schemas) -> Schemas:
    has_one = (schemas.directory / f"{KIND}.schema.json").is_file()
    return schemas if has_one else Schemas(bundled_directory("schemas"))


def _releases(
    data: Mapping[str, Any], places: Mapping[tuple[str, str], Place]
) -> dict[tuple[str, Version], Release]:
    found = (
        Release(
            policy=policy,
            version=Version.parse(number),
            released=dt.date.fromisoformat(record["released"]),
            content_hash=record["hash"],
            place=places.get((policy, number), Place("")),
        )
        for policy, versions in data.items()
        for number, record in versions.items()
    )
    return {(release.policy, release.version): release for release in found}
