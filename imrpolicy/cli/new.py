"""Start a new policy, a new version of one, a new fact, or a new source of guidelines.

`new policy` makes a folder with `policy.yaml` and `tests.yaml`, and blanks to fill in. `new version` moves
the released version to `versions/`, unchanged, and leaves a draft with the new number in its place.
`new fact` declares a fact in the case schema, and `new source` a source in `sources.yaml`. Until a blank is
filled in, `imrpolicy check` names it. `new lint-rule`, in a checkout of imrpolicy itself, starts a rule for
the catalogue of `check`.
"""

from __future__ import annotations

import argparse
import sys

from imrpolicy.authoring.new_fact import KINDS as TYPES
from imrpolicy.cli.exits import Exit
from imrpolicy.cli.new_kinds import KINDS
from imrpolicy.cli.options import add_format, add_policies, editable_policies, one_of
from imrpolicy.cli.output import Style, print_json
from imrpolicy.cli.report import fail_with
from imrpolicy.issues import IssuesError

EXAMPLE = """\
examples:
  imrpolicy new policy odg/knee-cryotherapy
  imrpolicy new version odg/continuous-flow-cryotherapy 1.1.0
  imrpolicy new fact pain.at_night --type bool
  imrpolicy new fact care.injections --type int --unit injections
  imrpolicy new source aaos
  imrpolicy new lint-rule summary-number
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "kind",
        type=one_of("kind", tuple(KINDS)),
        metavar="{" + ",".join(KINDS) + "}",
        help="what to start",
    )
    parser.add_argument(
        "name",
        metavar="NAME",
        help="the id of the policy, `source/topic`; the path of the fact, `group.name`; the id of the source",
    )
    parser.add_argument(
        "number", metavar="VERSION", nargs="?", help="the number of the new version, such as 1.1.0"
    )
    parser.add_argument(
        "--type",
        type=one_of("type", TYPES),
        metavar="{" + ",".join(TYPES) + "}",
        help="of a fact: the type of its value; a choice is one of a few values, a list has several of them",
    )
    parser.add_argument("--unit", metavar="UNIT", help="of a fact that is a number: its unit, such as days")
    add_policies(parser)
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    root = editable_policies(options.policies)
    try:
        started = KINDS[options.kind](root, options)
    except IssuesError as error:
        return fail_with(error.issues, options.format)
    if options.format == "json":
        print_json({**started.data, "files": list(started.files)})
        return Exit.FINE
    for path in started.files:
        print(f"wrote {path}")
    print(f"\n{Style.of(sys.stdout).wrap(f'Next: {started.todo}. Then:')}\n")
    print("\n".join(f"  {call}" for call in started.calls))
    return Exit.FINE
