"""Start a new policy: a folder with `policy.yaml` and `tests.yaml`, and blanks to fill in.

The new policy is a draft. `imrpolicy check` names each blank until it is filled in.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.options import add_policies, policies_directory
from imrpolicy.policy import shown
from imrpolicy.testing.scaffold import NewPolicyError, new_policy

EXAMPLE = """\
example:
  imrpolicy new policy odg/knee-cryotherapy
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("kind", choices=("policy",), help="what to start")
    parser.add_argument("name", metavar="SOURCE/TOPIC", help="the id of the new policy")
    add_policies(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    root = policies_directory(options.policies)
    if root is None:
        raise WrongCallError("there is no directory `policies` here; go to the top of your checkout, or give `--policies`")
    try:
        written = new_policy(root, options.name)
    except NewPolicyError as error:
        raise WrongCallError(str(error)) from error
    for path in written:
        print(f"wrote {shown(path)}")
    folder = Path(shown(written[0])).parent.as_posix()
    print(f"\nNext: fill in the blanks `<...>`, then run `imrpolicy check {folder}` and `imrpolicy test {folder}`.")
    return Exit.FINE
