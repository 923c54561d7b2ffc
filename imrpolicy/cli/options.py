"""Options that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from imrpolicy.cli.exits import WrongCallError
from imrpolicy.issues import did_you_mean


def add_format(parser: argparse.ArgumentParser, choices: Sequence[str] = ("text", "json")) -> None:
    """`--format`."""
    parser.add_argument("--format", choices=choices, default="text", help="how to print the result (default: text)")


def add_policies(parser: argparse.ArgumentParser) -> None:
    """`--policies`."""
    parser.add_argument(
        "--policies",
        metavar="DIR",
        type=Path,
        help="the directory of policies (default: `policies` here, else those that come with imrpolicy)",
    )


def policies_directory(given: Path | None) -> Path | None:
    """The directory of policies to use; none means those that come with the package."""
    if given is not None:
        if not given.is_dir():
            raise WrongCallError(f"there is no directory {given.as_posix()}")
        return given
    here = Path("policies")
    return here if (here / "sources.yaml").is_file() else None


def existing(path: Path) -> Path:
    """A path that must exist.

    Raises:
        WrongCallError: It does not; the message names a file beside it with nearly that name.
    """
    if path.exists():
        return path
    siblings = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    help = did_you_mean(path.name, siblings)
    hint = f"; {help}" if help.startswith("did you mean") else ""
    raise WrongCallError(f"there is no file {path.as_posix()}{hint}")
