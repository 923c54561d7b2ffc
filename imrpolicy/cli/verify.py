"""Find released files that were altered, added or lost since their release.

PATHS may be directories of policies, single policies or their files. Without them, `policies` here is
verified, else the policies that come with imrpolicy. `--since` also finds records that were removed from
`policies/releases.yaml`, or changed in it, since a revision of git.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from imrpolicy.authoring.history import text_at
from imrpolicy.authoring.intact import compare, compare_records, held_versions
from imrpolicy.authoring.ledger import Ledger, parse_ledger, read_ledger
from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.options import add_format, existing, policies_directory
from imrpolicy.cli.output import Style, count, print_json
from imrpolicy.cli.paths import below, is_schema, names, root_of
from imrpolicy.cli.report import print_issues, summary
from imrpolicy.evaluate import bundled_directory
from imrpolicy.issues import Issue, Place, in_order
from imrpolicy.policy import Schemas, shown
from imrpolicy.policy.files import RELEASES_FILE

EXAMPLE = """\
examples:
  imrpolicy verify
  imrpolicy verify policies/odg/continuous-flow-cryotherapy
  imrpolicy verify --since origin/main
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATHS", help="what to verify")
    parser.add_argument(
        "--since", metavar="REVISION", help="compare the records with those of a revision of git as well"
    )
    add_format(parser)


@dataclass(frozen=True, slots=True)
class _Found:
    releases: frozenset[str]
    issues: tuple[Issue, ...]


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    paths = options.paths or [policies_directory(None) or bundled_directory("policies")]
    found = [_verify(path, options.since) for path in paths]
    releases = frozenset().union(*(part.releases for part in found))
    issues = in_order(issue for part in found for issue in part.issues)
    if options.format == "json":
        print_json({"releases": len(releases), "issues": [issue.to_dict() for issue in issues]})
    else:
        style = Style.of(sys.stdout)
        print_issues(issues)
        verdict = summary(issues) if issues else style.paint("all are as they were released", "green")
        print(f"{count(len(releases), 'released version')} verified: {verdict}")
    return Exit.FINDINGS if issues else Exit.FINE


def _verify(path: Path, since: str | None) -> _Found:
    root = root_of(existing(path))
    if root is None:
        raise WrongCallError(f"{path.as_posix()} lies in no directory of policies")
    beside = root.parent / "schemas"
    schemas = Schemas(beside if is_schema(beside) else bundled_directory("schemas"))
    ledger = read_ledger(root, schemas)
    issues = list(_issues(root, ledger))
    if since is not None:
        issues += _forgotten(root, ledger, since, schemas)
    whole = root.absolute() == path.absolute()
    # What is lost has no file, so it is found by the folder in which it would lie.
    releases = [r for r in ledger.releases.values() if whole or _concerns(root / r.policy, path)]
    own = {release.place for release in releases}
    chosen = names([path])
    return _Found(
        frozenset(release.reference for release in releases),
        tuple(issue for issue in issues if whole or issue.place in own or below(issue.place.file, chosen)),
    )


def _concerns(folder: Path, path: Path) -> bool:
    """Whether a path is the folder of a policy, or lies above or within it."""
    return below(shown(folder), names([path])) or below(shown(path), names([folder]))


def _issues(root: Path, ledger: Ledger) -> Iterator[Issue]:
    if not ledger.exists:
        help = "put it back; where there never was one, `imrpolicy release --all` makes it"
        message = "there is no record of releases"
        yield Issue(place=Place(ledger.file), rule="missing-file", message=message, help=help)
    elif ledger.issues:
        yield from ledger.issues
    else:
        yield from compare(held_versions(root), ledger)


def _forgotten(root: Path, ledger: Ledger, since: str, schemas: Schemas) -> Iterator[Issue]:
    try:
        raw = text_at(since, root.absolute() / RELEASES_FILE)
    except LookupError as error:
        raise WrongCallError(str(error)) from error
    if raw is not None:
        before = parse_ledger(raw, f"{since}:{ledger.file}", schemas)
        yield from before.issues or compare_records(before, ledger)
