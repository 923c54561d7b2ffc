"""Options that several commands share, and the paths that they name."""

from __future__ import annotations

import argparse
import datetime as dt
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from imrpolicy.cli.exits import WrongCallError
from imrpolicy.cli.paths import is_root
from imrpolicy.evaluate import Options
from imrpolicy.issues import did_you_mean

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def add_format(parser: argparse.ArgumentParser, choices: Sequence[str] = ("text", "json")) -> None:
    """`--format`."""
    parser.add_argument(
        "--format",
        type=one_of("format", choices),
        default="text",
        metavar="{" + ",".join(choices) + "}",
        help="how to print the result (default: text)",
    )


def add_policies(parser: argparse.ArgumentParser) -> None:
    """`--policies`."""
    parser.add_argument(
        "--policies",
        metavar="DIR",
        type=Path,
        help="the directory of policies (default: `policies` here, else those that come with imrpolicy)",
    )


def add_evaluation(parser: argparse.ArgumentParser) -> None:
    """How to evaluate: `--as-of`, `--strict`, `--include-drafts` and `--allow-not-encoded`."""
    parser.add_argument(
        "--as-of", metavar="DATE", type=day, help="the day that stands in for the dates that the case lacks"
    )
    parser.add_argument("--strict", action="store_true", help="presume nothing that the record does not say")
    parser.add_argument("--include-drafts", action="store_true", help="let drafts govern")
    parser.add_argument(
        "--allow-not-encoded",
        action="store_true",
        help="pass over sources that nobody has encoded, as if they were silent; they may not be",
    )


def evaluation(options: argparse.Namespace) -> Options:
    """What the arguments of `add_evaluation` say."""
    return Options(
        as_of=options.as_of,
        strict=options.strict,
        include_drafts=options.include_drafts,
        allow_not_encoded=options.allow_not_encoded,
    )


def one_of(what: str, known: Sequence[str]) -> Callable[[str], str]:
    """The type of an argument that is one of a few words."""

    def read(text: str) -> str:
        if text in known:
            return text
        raise argparse.ArgumentTypeError(f"there is no {what} `{text}`; {did_you_mean(text, known)}")

    return read


def day(text: str) -> dt.date:
    """The type of an argument that is a date."""
    if _DAY.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass
    raise argparse.ArgumentTypeError(f"`{text}` is not a date; write it as 2013-12-01")


def policies_directory(given: Path | None) -> Path | None:
    """The directory of policies to use; none means those that come with the package."""
    if given is None:
        here = Path("policies")
        return here if is_root(here) else None
    if not existing(given, "directory").is_dir():
        raise WrongCallError(f"{given.as_posix()} is a file; name a directory of policies")
    if not is_root(given):
        raise WrongCallError(f"{given.as_posix()} is no directory of policies: it has no `sources.yaml`")
    return given


def editable_policies(given: Path | None) -> Path:
    """The directory of policies that a command may write to: never the ones that come with the package.

    Raises:
        WrongCallError: There is none.
    """
    root = policies_directory(given)
    if root is None:
        raise WrongCallError(
            "there is no directory `policies` here; go to the top of your checkout, or give `--policies`"
        )
    return root


def existing(path: Path, what: str = "file") -> Path:
    """A path that must exist.

    Raises:
        WrongCallError: It does not; the message names what lies beside it with nearly that name.
    """
    if path.exists():
        return path
    siblings = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    help = did_you_mean(path.name, siblings)
    hint = f"; {help}" if help.startswith("did you mean") else ""
    raise WrongCallError(f"there is no {what} {path.as_posix()}{hint}")


def existing_file(path: Path, what: str, endings: Sequence[str]) -> Path:
    """A path that must be a file.

    Raises:
        WrongCallError: There is none, or it is a directory; then the message names a file in it.
    """
    if not existing(path).is_dir():
        return path
    inside = sorted(entry for entry in path.iterdir() if entry.suffix in endings)
    hint = f", such as {inside[0].as_posix()}" if inside else ""
    raise WrongCallError(f"{path.as_posix()} is a directory; name {what}{hint}")
