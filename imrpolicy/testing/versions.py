"""A new version of a policy: the released one is put aside unchanged, and a draft takes its place."""

from __future__ import annotations

from pathlib import Path

from imrpolicy.authored import Document, Mapping, Scalar, read_document
from imrpolicy.issues import did_you_mean, has_errors
from imrpolicy.policy import Version, policy_folders
from imrpolicy.policy.loader import POLICY_FILE, VERSIONS
from imrpolicy.testing.scaffold import NewPolicyError

_CHANGES = "<what is new in this version, and which cases it touches>"


def new_version(root: Path, name: str, number: str) -> tuple[Path, Path]:
    """Start a new version of a policy.

    Args:
        root: The directory of policies.
        name: The id of the policy.
        number: The number of the new version.

    Returns:
        The file of the old version, with the same bytes as before, and that of the new one.

    Raises:
        NewPolicyError: There is no such policy, its newest version is a draft, or the number is not higher.
        OSError: A file cannot be written; nothing has changed then.
    """
    newest = _newest(root, name)
    document = read_document(newest)
    old = _version(
        _text(document, "version"), f"`{name}` has no version that can be read; run `imrpolicy check`"
    )
    new = _version(
        number, f"`{number}` is no version: write three numbers, such as `{old.major}.{old.minor + 1}.0`"
    )
    if _text(document, "status") == "draft":
        raise NewPolicyError(f"version {old} is a draft: change it as it is, and release it")
    if new <= old:
        major, minor, patch = old.major + 1, old.minor + 1, old.patch + 1
        raise NewPolicyError(
            f"{new} is not higher than {old}, the version that is there; "
            f"take {major}.0.0 if a case can lose its recommendation, "
            f"else {old.major}.{minor}.0 if one can gain it, else {old.major}.{old.minor}.{patch}"
        )
    kept = newest.parent / VERSIONS / f"{old}.yaml"
    if kept.exists():
        raise NewPolicyError(
            f"{kept.as_posix()} exists already; give `{POLICY_FILE}` the version that it really has"
        )
    text = _with(document, version=str(new), status="draft", changes=_CHANGES)
    _put_aside(newest, kept, text)
    return kept, newest


def _put_aside(newest: Path, kept: Path, text: str) -> None:
    """Keep the newest file under another name, and give it a new text; or change nothing."""
    raw = newest.read_bytes()
    is_first = not kept.parent.exists()
    kept.parent.mkdir(exist_ok=True)
    try:
        kept.write_bytes(raw)
        newest.write_text(text, encoding="utf-8", newline="\n")
    except OSError:
        newest.write_bytes(raw)
        kept.unlink(missing_ok=True)
        if is_first:
            kept.parent.rmdir()
        raise


def _newest(root: Path, name: str) -> Path:
    known = [folder.relative_to(root).as_posix() for folder in policy_folders(root)]
    if name not in known:
        raise NewPolicyError(
            f"there is no policy `{name}`; {did_you_mean(name, known) or '`imrpolicy new policy` starts one'}"
        )
    return root / name / POLICY_FILE


def _text(document: Document, key: str) -> str:
    """What a file says under a key at its top; empty where it says nothing."""
    root = document.root
    node = root.entries.get(key) if isinstance(root, Mapping) and not has_errors(document.issues) else None
    return node.text if isinstance(node, Scalar) else ""


def _version(text: str, message: str) -> Version:
    try:
        return Version.parse(text)
    except ValueError:
        raise NewPolicyError(message) from None


def _with(document: Document, **values: str) -> str:
    """The text of a policy with other values under some keys at its top, and everything else as it is."""
    text = document.text
    root = document.root
    assert isinstance(root, Mapping)  # noqa: S101 - its version was read
    spans = {key: node for key in values if isinstance(node := root.entries.get(key), Scalar)}
    for key, node in sorted(spans.items(), key=lambda item: item[1].start, reverse=True):
        end = "\n" if text[node.start : node.end].endswith("\n") else ""
        text = text[: node.start] + values[key] + end + text[node.end :]
    missing = "".join(f"{key}: {value}\n" for key, value in values.items() if key not in spans)
    return text.rstrip("\n") + "\n" + missing
