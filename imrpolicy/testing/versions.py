"""A new version of a policy: the released one is put aside unchanged, and a draft takes its place."""

from __future__ import annotations

from collections.abc import Mapping as ByKey
from pathlib import Path

from imrpolicy.authored import Document, Mapping, Scalar, Sequence, parse_document, read_document
from imrpolicy.issues import did_you_mean, has_errors
from imrpolicy.policy import Version, policy_folders
from imrpolicy.policy.loader import POLICY_FILE, TESTS_FILE, VERSIONS
from imrpolicy.testing.chosen import LATER, with_next
from imrpolicy.testing.scaffold import NewPolicyError

_CHANGES = "<what is new in this version, and which cases it touches>"


def new_version(root: Path, name: str, number: str) -> tuple[Path, ...]:
    """Start a new version of a policy.

    Its text is the old one but for what nobody may take over unread, which are blanks: when it is in force,
    and what is new. So the tests of the old version hold for it as well, and are now about both.

    Args:
        root: The directory of policies.
        name: The id of the policy.
        number: The number of the new version.

    Returns:
        The file of the old version, with the same bytes as before, that of the new one, and the file of tests
        where something had to be written into it.

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
    text = _without_days(parse_document(text.encode(), document.path), old)
    tests = newest.parent / TESTS_FILE
    tested = _tests(tests, old, new)
    texts = {newest: text} | ({tests: tested} if tested else {})
    _put_aside(newest, kept, texts)
    return kept, *texts


def _put_aside(newest: Path, kept: Path, texts: ByKey[Path, str]) -> None:
    """Keep the newest file under another name, and write the new texts; or change nothing."""
    before = {path: path.read_bytes() for path in texts}
    is_first = not kept.parent.exists()
    kept.parent.mkdir(exist_ok=True)
    try:
        kept.write_bytes(before[newest])
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError:
        for path, raw in before.items():
            path.write_bytes(raw)
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


def _without_days(document: Document, old: Version) -> str:
    """The text of a policy with blanks for the days between which it is in force.

    They say what the old version has: nobody is to release the new one with those days unread.
    """
    text = document.text
    found = [(key, document.node_at(("effective", key))) for key in ("from", "to")]
    written = document.data().get("effective") or {}
    for key, node in sorted(found, key=lambda item: getattr(item[1], "start", 0), reverse=True):
        if key in written and isinstance(node, Scalar):
            which = "first" if key == "from" else "last"
            blank = f"<{which} day; {old} has {node.text}>"
            text = text[: node.start] + blank + text[node.end :]
    return text


def _tests(path: Path, old: Version, new: Version) -> str:
    """The text of the tests with the new version wherever the old one is meant; empty where that is so.

    A file that cannot be read stays as it is: `imrpolicy check` says what is wrong with it.
    """
    document = read_document(path) if path.is_file() else None
    root = document.root if document is not None and not has_errors(document.issues) else None
    if (
        document is None
        or not isinstance(root, Mapping)
        or not isinstance(root.entries.get("policy"), Scalar)
    ):
        return ""
    owners = [root, *_items(root, "survivors"), *_items(root, "tests")]
    spans: list[tuple[int, int, str]] = []
    for node in [owner.entries["version"] for owner in owners if "version" in owner.entries]:
        if isinstance(node, Scalar):
            spans.append((node.start, node.end, with_next(node.text, old, new)))
        elif isinstance(node, Sequence) and node.items:
            numbers = [item.text for item in node.items if isinstance(item, Scalar)]
            last = node.items[-1]
            if with_next(numbers, old, new) and isinstance(last, Scalar):
                block = document.text[document.text.rfind("\n", 0, last.start) + 1 : last.start]
                between = f"\n{block}" if block.strip() == "-" else ", "
                spans.append((last.end, last.end, f"{between}{new}"))
    if "version" not in root.entries:
        at = document.text.find("\n", root.entries["policy"].end)  # type: ignore[union-attr]
        spans.append((at, at, f"\nversion: {old}{LATER}"))
    text = document.text
    for start, end, written in sorted(spans, reverse=True):
        text = text[:start] + written + text[end:] if written else text
    is_sound = not has_errors(parse_document(text.encode(), document.path).issues)
    return text if is_sound and text != document.text else ""


def _items(root: Mapping, key: str) -> list[Mapping]:
    found = root.entries.get(key)
    return [item for item in found.items if isinstance(item, Mapping)] if isinstance(found, Sequence) else []
