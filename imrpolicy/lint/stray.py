"""Files in a directory of policies that no command reads: none is passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from imrpolicy.issues import Issue, Place, Severity
from imrpolicy.policy import shown
from imrpolicy.policy.layout import CASE_ENDINGS, policy_files
from imrpolicy.policy.loader import VERSIONS


def stray_files(root: Path) -> Iterator[Issue]:
    """An issue for each YAML or JSON file that is read by nothing."""
    known = set(policy_files(root))
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root).parts
        if (
            path.suffix in CASE_ENDINGS
            and path not in known
            and not any(part.startswith(".") for part in inside)
        ):
            yield Issue(place=Place(shown(path)), rule="stray-file", severity=Severity.WARNING,
                        message="nothing reads this file", help=_help(path, known))  # fmt: skip


def _help(path: Path, known: set[Path]) -> str:
    meant = path.with_suffix(".yaml")
    if path.suffix == ".yml" and meant not in known:
        return f"rename it to `{meant.name}`"
    if path.parent.name == VERSIONS:
        return "a superseded version has the name of its number, such as `1.0.0.yaml`"
    return "delete or move it: a policy is a folder `<source>/<topic>` with `policy.yaml` and `tests.yaml`"
