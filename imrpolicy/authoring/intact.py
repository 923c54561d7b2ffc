"""Released files held against the ledger: none may be altered, added or lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from imrpolicy.authored import Document, Scalar, read_document
from imrpolicy.authored import Mapping as Tree
from imrpolicy.authoring.ledger import Ledger, Release
from imrpolicy.issues import Issue, Place
from imrpolicy.policy import Loaded, PolicyStatus, Version, policy_folders, shown
from imrpolicy.policy.build import content_hash
from imrpolicy.policy.files import POLICY_FILE, VERSIONS

ALTERED, LOST, ADDED, FORGOTTEN = (
    "released-file-altered",
    "released-file-lost",
    "release-not-recorded",
    "release-record-changed",
)
"""The rules of the issues."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A version as its file holds it now.

    Attributes:
        policy: The id of the policy, by its folder.
        version: The version; none where the file does not say.
        status: Its status; none where the file does not say.
        content_hash: The hash of its text.
        path: The file.
    """

    policy: str
    version: Version | None
    status: PolicyStatus | None
    content_hash: str
    path: Path

    @property
    def is_released(self) -> bool:
        """Whether it was released, as far as it says."""
        return self.status is not None and self.status is not PolicyStatus.DRAFT


def held_versions(root: Path, loaded: Loaded | None = None) -> tuple[Held, ...]:
    """Every version of every policy as the files hold it; broken ones as well.

    Args:
        root: The directory of policies.
        loaded: What was read there already, so that it need not be read again.
    """
    known = {policy.file: policy for policy in (loaded.policies if loaded else ())}
    found = []
    for folder in policy_folders(root):
        name = folder.relative_to(root).as_posix()
        newest = folder / POLICY_FILE
        older = sorted((folder / VERSIONS).glob("*.yaml"))
        for path in [*([newest] if newest.is_file() else []), *older]:
            policy = known.get(shown(path))
            if policy is None:
                found.append(_held(name, path))
            else:
                found.append(Held(policy=name, version=policy.version, status=policy.status,
                                  content_hash=policy.content_hash, path=path))  # fmt: skip
    return tuple(found)


def _held(name: str, path: Path) -> Held:
    document = read_document(path, shown=shown(path))
    written = path.stem if path.parent.name == VERSIONS else _at_top(document, "version")
    status = _at_top(document, "status")
    return Held(
        policy=name,
        version=_version(written) or _version(_at_top(document, "version")),
        status=PolicyStatus(status) if status in [known.value for known in PolicyStatus] else None,
        content_hash=content_hash(document),
        path=path,
    )


def _at_top(document: Document, key: str) -> str:
    node = document.root.entries.get(key) if isinstance(document.root, Tree) else None
    return node.text if isinstance(node, Scalar) else ""


def _version(text: str) -> Version | None:
    try:
        return Version.parse(text)
    except ValueError:
        return None


def compare(held: tuple[Held, ...], ledger: Ledger) -> Iterator[Issue]:
    """What differs between the files and the ledger."""
    found = _by_version(held, ledger)
    for key, release in ledger.releases.items():
        files = found.get(key, ())
        if not files:
            yield _lost(release)
        yield from (_altered(release, file) for file in files if file.content_hash != release.content_hash)
    for file in held:
        if file.is_released and file.version and (file.policy, file.version) not in ledger.releases:
            yield _added(file)


def _by_version(held: tuple[Held, ...], ledger: Ledger) -> Mapping[tuple[str, Version], list[Held]]:
    """The files of each version; one that cannot be read stands for the newest release without a file."""
    found: dict[tuple[str, Version], list[Held]] = {}
    for file in held:
        if file.version is not None:
            found.setdefault((file.policy, file.version), []).append(file)
    for file in held:
        if file.version is None:
            lacking = [key for key in ledger.releases if key[0] == file.policy and key not in found]
            if lacking:
                found[max(lacking)] = [file]
    return found


def compare_records(before: Ledger, now: Ledger) -> Iterator[Issue]:
    """Records that an earlier ledger has, and the one of now has not or has changed."""
    for key, release in before.releases.items():
        again = now.releases.get(key)
        if again is None:
            yield Issue(place=Place(now.file), rule=FORGOTTEN,
                        message=f"the record of `{release.reference}` was removed",
                        help="put it back: a record is added and never removed")  # fmt: skip
        elif (again.released, again.content_hash) != (release.released, release.content_hash):
            yield Issue(place=again.place, rule=FORGOTTEN,
                        message=f"the record of `{release.reference}` was changed",
                        help="put it back: a record is added and never changed")  # fmt: skip


def _altered(release: Release, file: Held) -> Issue:
    return Issue(
        place=Place(shown(file.path)),
        rule=ALTERED,
        message=f"`{release.reference}` was released on {release.released} and has been altered since",
        help=f"put the released text back (undo, or `git restore {shown(file.path)}`, which throws away "
        "what you wrote there: copy it first); for a change, start a version: "
        f"`imrpolicy new version {release.policy} {_next(release)}`",
    )


def _next(release: Release) -> str:
    """The number of the version after a release in which some case gains a recommendation."""
    return f"{release.version.major}.{release.version.minor + 1}.0"


def _lost(release: Release) -> Issue:
    kept = Path(release.place.file).parent / release.policy / VERSIONS / f"{release.version}.yaml"
    return Issue(
        place=release.place,
        rule=LOST,
        message=f"`{release.reference}` was released on {release.released}, and its file is gone",
        help=f"put its text back as `{kept.as_posix()}`; `imrpolicy release {release.policy}` does it "
        "where the history of git has the text",
    )


def _added(file: Held) -> Issue:
    help = f"release it with `imrpolicy release {file.policy}`, or make it a draft"
    if file.path.parent.name == VERSIONS:
        help = "delete it, or record it with `imrpolicy release --all` if it was in force"
    return Issue(
        place=Place(shown(file.path)),
        rule=ADDED,
        message=f"version {file.version} says that it is {file.status}, and no release of it is recorded",
        help=help,
    )
