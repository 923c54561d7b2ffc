"""Release the newest version of a policy: from then on it decides cases, and its file never changes.

The version is recorded in `policies/releases.yaml` with its day and the hash of its text. Whatever `check` or
`test` find stands in the way, and so does a draft that rests on medium or low confidence; nothing is written
then. `--all` records every version that says it is released and has no record, as its file is now.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from imrpolicy.authoring.ledger import Ledger, read_ledger
from imrpolicy.authoring.release import Plan, ReleaseError, plan_all, plan_release
from imrpolicy.cli.check import check_paths
from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.options import add_format, add_policies, editable_policies
from imrpolicy.cli.output import print_json
from imrpolicy.cli.paths import below, folder_names, is_schema
from imrpolicy.cli.report import fail_with
from imrpolicy.cli.write import write_whole
from imrpolicy.evaluate import bundled_directory, read_directory
from imrpolicy.issues import Issue, in_order
from imrpolicy.policy import Schemas, shown
from imrpolicy.testing import TestResult, read_suites, run_suite

EXAMPLE = """\
examples:
  imrpolicy release odg/continuous-flow-cryotherapy
  imrpolicy release --all
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("policy", metavar="POLICY", nargs="?", help="the id of the policy")
    parser.add_argument(
        "--all", action="store_true", help="record all released versions that have no record yet"
    )
    add_policies(parser)
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    root = editable_policies(options.policies)
    if options.all == (options.policy is not None):
        raise WrongCallError("name one policy, or give `--all`; see `imrpolicy release --help`")
    beside = root.parent / "schemas"
    schemas = Schemas(beside if is_schema(beside) else bundled_directory("schemas"))
    ledger = read_ledger(root, schemas)
    if ledger.issues:
        return fail_with(ledger.issues, options.format)
    try:
        plan = _plan(root, options.policy, ledger, schemas)
    except ReleaseError as error:
        raise WrongCallError(str(error)) from error
    issues = plan.issues or in_order(_refusals(root, plan, options.policy))
    if issues:
        return fail_with(issues, options.format)
    _put_in_place(root, plan)
    _print(root, plan, options.format)
    return Exit.FINE


def _plan(root: Path, policy: str | None, ledger: Ledger, schemas: Schemas) -> Plan:
    today = dt.datetime.now(tz=dt.UTC).date()
    everything = plan_all(root, ledger, today)
    if policy is None:
        return everything
    if not ledger.exists and any(release.policy != policy for release in everything.releases):
        raise ReleaseError(
            "no release was ever recorded here, and there are released versions; record them first with "
            "`imrpolicy release --all`"
        )
    return plan_release(root, policy, ledger, schemas, today)


def _refusals(root: Path, plan: Plan, policy: str | None) -> Iterator[Issue]:
    """What `check` and `test` find in a copy in which everything is written already."""
    with tempfile.TemporaryDirectory(prefix="imrpolicy-release-") as folder:
        copy = Path(folder) / root.absolute().name
        shutil.copytree(root, copy)
        if is_schema(root.parent / "schemas"):
            shutil.copytree(root.parent / "schemas", copy.parent / "schemas")
        _put_in_place(copy, plan)
        loaded = read_directory(copy)
        own = shown(copy / policy) if policy else shown(copy)
        others = [name for name in folder_names(loaded) if not below(name, [own])]
        found = [issue for issue in check_paths([copy]).issues if not below(issue.place.file, others)]
        for suite in read_suites(loaded):
            if below(suite.file, [own]):
                found += [_failure(result) for result in run_suite(suite) if not result.passed]
        for issue in found:
            file = _original(issue.place.file, copy, root)
            # A help that names a file, or a command for it, is about the file and not about its copy.
            help = issue.help.replace(shown(copy), shown(root))
            yield replace(issue, place=replace(issue.place, file=file), help=help)


def _original(file: str, copy: Path, root: Path) -> str:
    """The file that a file of the copy stands for, as issues show it."""
    pairs = ((copy, root), (copy.parent / "schemas", root.parent / "schemas"))
    inside = ((shown(here), shown(there)) for here, there in pairs)
    return next((there + file[len(here) :] for here, there in inside if below(file, [here])), file)


def _failure(result: TestResult) -> Issue:
    """A test that fails once the version is released, with the first thing that it found."""
    first = result.differences[0]
    found = f"{first.aspect}: expected {first.expected}, found {first.actual}"
    message = f"the test `{result.title}` fails; {found}"
    return Issue(place=result.place, rule="test-fails", message=message, help=result.help)


def _put_in_place(root: Path, plan: Plan) -> None:
    """Write all files of a release, or none."""
    before = {name: _bytes(root / name) for name in plan.files}
    try:
        for name, raw in plan.files.items():
            (root / name).parent.mkdir(exist_ok=True)
            write_whole(root / name, raw.decode())
    except BaseException:
        for name, raw_before in before.items():
            if raw_before is None:
                (root / name).unlink(missing_ok=True)
            elif _bytes(root / name) != raw_before:
                write_whole(root / name, raw_before.decode())
        raise


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _print(root: Path, plan: Plan, format: str) -> None:
    written = [shown(root / name) for name in plan.files]
    if format == "json":
        print_json({"released": [release.to_dict() for release in plan.releases], "files": written})
        return
    for release in plan.releases:
        print(f"released {release.reference}")
    for name in written:
        print(f"wrote {name}")
    if not written:
        print("every released version is recorded already")
