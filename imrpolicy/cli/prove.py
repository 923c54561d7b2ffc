"""Prove what no test can show: over all cases that the case schema admits, each fact documented or not.

Finds criteria that can never be met or never fail, criteria that follow from others, exclusions that swallow
everything, policies that can recommend nothing, policies of one source that contradict each other, gaps in
time, and limits that no request can reach. Each finding comes with a smallest case of it; `--write` writes
these as case files.

Where guidelines of equal rank disagree, and where a source covers a service only in part, is a note and no
problem, since guidelines do so; `--notes` lists them. What the prover gives up on is unknown, and a problem.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.known_cases import readable_cases
from imrpolicy.cli.options import add_format, existing, policies_directory
from imrpolicy.cli.output import Style, print_json
from imrpolicy.cli.paths import below, names, root_of
from imrpolicy.cli.prover import need_prover
from imrpolicy.cli.report import fail_with
from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.issues import IssuesError
from imrpolicy.policy import Policy

EXAMPLE = """\
examples:
  imrpolicy prove
  imrpolicy prove policies/odg --notes
  imrpolicy prove --write findings
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATHS", help="policies to look at (default: all)"
    )
    parser.add_argument("--notes", action="store_true", help="list the notes as well")
    parser.add_argument("--write", type=Path, metavar="DIR", help="write the cases of the findings into DIR")
    parser.add_argument(
        "--seconds",
        type=_seconds,
        default=5.0,
        metavar="N",
        help="how long one question to the prover may take (default: 5)",
    )
    parser.add_argument(
        "--records",
        type=_records,
        default=3,
        metavar="N",
        help="how many records a list can hold at most (default: 3)",
    )
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    need_prover()
    root, chosen = _wanted(options.paths)
    if options.write and options.write.exists() and not options.write.is_dir():
        raise WrongCallError(f"{options.write.as_posix()} is a file; name a directory for the cases")
    try:
        library = PolicyLibrary.load(root)
    except IssuesError as error:
        return fail_with(error.issues, options.format)
    from imrpolicy.prove import Usual, prove  # the prover takes a while to load

    def wanted(policy: Policy) -> bool:
        return not chosen or below(policy.file, chosen)

    if chosen and not any(map(wanted, library.policies)):
        raise WrongCallError(f"there is no policy below {', '.join(chosen)}")
    usual = Usual.of(readable_cases(library.dictionary))
    proof = prove(library, wanted=wanted, usual=usual, seconds=options.seconds, bound=options.records)
    from imrpolicy.cli.prove_text import print_proof, write_cases

    written = write_cases(proof, options.write, notes=options.notes) if options.write else ()
    if options.format == "json":
        print_json(proof.to_dict() | {"files": [path.as_posix() for path in written]})
    else:
        print_proof(proof, Style.of(sys.stdout), notes=options.notes, written=written)
    return Exit.FINE if proof.is_fine else Exit.FINDINGS


def _wanted(paths: list[Path]) -> tuple[Path | None, list[str]]:
    """The directory of policies, and the paths in it that are looked at; none of them means all."""
    roots = {root_of(existing(path)) for path in paths}
    if None in roots:
        lost = next(path for path in paths if root_of(path) is None)
        raise WrongCallError(f"{lost.as_posix()} is no policy and no directory of policies")
    if len(roots) > 1:
        raise WrongCallError("these policies lie in different directories; prove one at a time")
    if not roots:
        return policies_directory(None), []
    return roots.pop(), names(paths)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value <= 3_600.0:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of seconds above 0")
    return value


def _records(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 10:
        return int(text)
    raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from 1 to 10")
