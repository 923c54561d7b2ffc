"""A version released: what is written for it, and what stands in its way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from imrpolicy.authored import Document, Scalar, parse_document, read_document
from imrpolicy.authoring.canonical import NotCanonicalError, canonical, key_order
from imrpolicy.authoring.history import released_text
from imrpolicy.authoring.intact import ADDED, Held, compare, held_versions
from imrpolicy.authoring.ledger import Ledger, Release
from imrpolicy.issues import Issue, Place, did_you_mean, has_errors, in_order
from imrpolicy.policy import PolicyStatus, Schemas, policy_folders, shown
from imrpolicy.policy.build import content_hash
from imrpolicy.policy.files import POLICY_FILE, RELEASES_FILE, VERSIONS


class ReleaseError(ValueError):
    """There is nothing to release; the message says why and what to do next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a release writes.

    Attributes:
        releases: What is recorded.
        files: The text of each file to be written, by its path below the directory of policies, in the order
            in which they are written: the ledger last, so that it never records what is not there.
        issues: What stands in its way.
    """

    releases: tuple[Release, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()


def plan_release(root: Path, name: str, ledger: Ledger, schemas: Schemas, today: dt.date) -> Plan:
    """The release of the newest version of one policy.

    Args:
        root: The directory of policies.
        name: The id of the policy.
        ledger: Its ledger.
        schemas: The schemas of its files.
        today: The day of the release.

    Raises:
        ReleaseError: There is no such policy, its version cannot be read, or it is released already.
        OSError: A file cannot be read.
    """
    document = _newest(root, name)
    held = tuple(file for file in held_versions(root) if file.policy == name)
    newest = held[0]
    if newest.version is None or newest.status is None or has_errors(document.issues):
        raise ReleaseError(f"`{name}` has no version that can be read; run `imrpolicy check`")
    older = _recovered(root / name, held, ledger)
    found = [issue for issue in compare((*held, *older), _only(ledger, name))
             if (issue.rule, issue.place.file) != (ADDED, document.path)]  # fmt: skip
    known = ledger.releases.get((name, newest.version))
    if known and not found and not older:
        raise ReleaseError(
            f"`{known.reference}` was released on {known.released}; `imrpolicy new version` starts the next"
        )
    files = {file.path.relative_to(root).as_posix(): raw for file, raw in older.items()}
    if known:
        return Plan(files=files, issues=in_order(found))
    text, more = _released(document, newest, schemas)
    release = Release(policy=name, version=newest.version, released=today,
                      content_hash=content_hash(parse_document(text, document.path)))  # fmt: skip
    if newest.status is PolicyStatus.DRAFT:
        files[f"{name}/{POLICY_FILE}"] = text
    files[RELEASES_FILE] = ledger.with_releases([release]).text().encode()
    return Plan(releases=(release,), files=files, issues=in_order([*found, *more]))


def plan_all(root: Path, ledger: Ledger, today: dt.date) -> Plan:
    """A record of every released version that has none, as the files are now."""
    held = held_versions(root)
    found = tuple(issue for issue in compare(held, ledger) if issue.rule != ADDED)
    releases = tuple(
        Release(policy=file.policy, version=file.version, released=today, content_hash=file.content_hash)
        for file in held
        if file.is_released and file.version and (file.policy, file.version) not in ledger.releases
    )
    releases = tuple(sorted(releases, key=lambda release: (release.policy, release.version)))
    text = ledger.with_releases(releases).text().encode()
    files = {RELEASES_FILE: text} if releases or not ledger.exists else {}
    return Plan(releases=releases, files=files, issues=in_order(found))


def _newest(root: Path, name: str) -> Document:
    known = [folder.relative_to(root).as_posix() for folder in policy_folders(root)]
    path = root / name / POLICY_FILE
    if name not in known or not path.is_file():
        help = did_you_mean(name, known) or "`imrpolicy new policy` starts one"
        raise ReleaseError(f"there is no policy `{name}`; {help}")
    return read_document(path, shown=shown(path))


def _only(ledger: Ledger, name: str) -> Ledger:
    own = {key: release for key, release in ledger.releases.items() if key[0] == name}
    return Ledger(file=ledger.file, exists=True, releases=own)


def _recovered(folder: Path, held: tuple[Held, ...], ledger: Ledger) -> dict[Held, bytes]:
    """Released versions whose file is gone, as the history has them.

    That happens where somebody writes a new version over the released one.
    """
    there = {file.version for file in held}
    found = {}
    for release in _only(ledger, held[0].policy).releases.values():
        if release.version not in there:
            kept = f"{VERSIONS}/{release.version}.yaml"
            raw = released_text(folder, POLICY_FILE, release.content_hash) or released_text(
                folder, kept, release.content_hash
            )
            if raw is not None:
                file = Held(policy=release.policy, version=release.version, status=PolicyStatus.RELEASED,
                            content_hash=release.content_hash, path=folder / kept)  # fmt: skip
                found[file] = raw
    return found


def _released(document: Document, newest: Held, schemas: Schemas) -> tuple[bytes, tuple[Issue, ...]]:
    """The text of a version as it is released, and what its own text has against it."""
    if newest.status is not PolicyStatus.DRAFT:
        return document.text.encode(), ()
    status = document.node_at(("status",))
    assert isinstance(status, Scalar)  # noqa: S101 - it was read
    text = document.text[: status.start] + PolicyStatus.RELEASED + document.text[status.end :]
    return text.encode(), _out_of_form(document, schemas)


def _out_of_form(document: Document, schemas: Schemas) -> tuple[Issue, ...]:
    try:
        in_form = canonical(document, key_order(schemas, "policy")) == document.text
    except NotCanonicalError:
        return ()  # nothing can be done about it
    if in_form:
        return ()
    help = f"run `imrpolicy fmt {document.path}`: once it is released, its form cannot be mended any more"
    return (document.issue(Place(document.path), "form", "the file is not in canonical form", help),)
