"""Start a new policy, or a new version of one.

`new policy` makes a folder with `policy.yaml` and `tests.yaml`, and blanks to fill in. `new version` moves
the released version to `versions/`, unchanged, and leaves a draft with the new number in its place. Until a
blank is filled in, `imrpolicy check` names it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from imrpolicy.authoring.intact import ALTERED, compare, held_versions
from imrpolicy.authoring.ledger import read_ledger
from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.options import add_format, add_policies, editable_policies, one_of
from imrpolicy.cli.output import Style, print_json
from imrpolicy.cli.paths import is_schema
from imrpolicy.cli.report import fail_with
from imrpolicy.evaluate import bundled_directory
from imrpolicy.issues import Issue
from imrpolicy.policy import Schemas, shown
from imrpolicy.testing.scaffold import FIRST_VERSION, NewPolicyError, new_policy
from imrpolicy.testing.versions import new_version

EXAMPLE = """\
examples:
  imrpolicy new policy odg/knee-cryotherapy
  imrpolicy new version odg/continuous-flow-cryotherapy 1.1.0
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "kind",
        type=one_of("kind", ("policy", "version")),
        metavar="KIND",
        help="what to start: `policy` or `version`",
    )
    parser.add_argument("name", metavar="SOURCE/TOPIC", help="the id of the policy")
    parser.add_argument(
        "number", metavar="VERSION", nargs="?", help="the number of the new version, such as 1.1.0"
    )
    add_policies(parser)
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    root = editable_policies(options.policies)
    if (options.kind == "version") != (options.number is not None):
        raise WrongCallError(
            "a new version needs a number, and a new policy has none; see `imrpolicy new --help`"
        )
    altered = _altered(root, options.name) if options.kind == "version" else ()
    if altered:
        return fail_with(altered, options.format)
    try:
        if options.kind == "version":
            written = [shown(path) for path in new_version(root, options.name, options.number)]
        else:
            written = [shown(path) for path in new_policy(root, options.name)]
    except NewPolicyError as error:
        raise WrongCallError(str(error)) from error
    if options.format == "json":
        print_json({"policy": options.name, "version": options.number or FIRST_VERSION, "files": written})
    else:
        _print(options.kind, written)
    return Exit.FINE


def _altered(root: Path, name: str) -> tuple[Issue, ...]:
    """What was done to released files of a policy: an altered text would be kept as the released one."""
    beside = root.parent / "schemas"
    ledger = read_ledger(root, Schemas(beside if is_schema(beside) else bundled_directory("schemas")))
    held = (file for file in held_versions(root) if file.policy == name)
    return tuple(issue for issue in compare(tuple(held), ledger) if issue.rule == ALTERED)


def _print(kind: str, written: list[str]) -> None:
    for path in written:
        print(f"wrote {path}")
    todo = "fill in the blanks `<...>`, with what the guideline says in your own words"
    if kind == "version":
        todo = "change what is new, say in `changes` what it is, and add a test that fails without it"
    folder = Path(written[-1]).parent.as_posix()
    print(f"\n{Style.of(sys.stdout).wrap(f'Next: {todo}. Then:')}\n")
    print(f"  imrpolicy check {folder}\n  imrpolicy test {folder}")
