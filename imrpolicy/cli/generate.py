"""Generate a population of made-up requests, for tests, demonstrations and load.

OUT is a file in the table layout, with a row for each request; for `--format yaml` it is a new directory
with a file for each case. The same seed gives the same population, and a smaller one is the beginning of a
larger one. The rates in it are assumptions, and nothing about real patients follows from them.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.options import add_policies, existing, one_of, policies_directory
from imrpolicy.cli.output import count as counted
from imrpolicy.evaluate import PolicyLibrary, read_directory
from imrpolicy.facts import FactDictionary
from imrpolicy.issues import did_you_mean
from imrpolicy.population import (
    Profile,
    bundled_profile,
    generate,
    generate_table,
    known_profiles,
    read_profile,
    services_for,
)
from imrpolicy.population.columns import arrow_schema
from imrpolicy.population.writers import MOST_FILES, WRITERS, write_cases

EXAMPLE = """\
examples:
  imrpolicy generate --count 1000 -o population.parquet
  imrpolicy generate --count 20 --seed 7 --format yaml -o generated-cases
  imrpolicy generate --count 5000 --policy odg/lumbar-medial-branch-block -o blocks.csv
"""
_ENDINGS = {".parquet": "parquet", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
_MOST = 10_000_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--count", metavar="N", type=_number(1, _MOST), required=True, help="how many requests"
    )
    parser.add_argument(
        "--seed", metavar="S", type=_number(0, 2**63 - 1), default=0, help="which population (default: 0)"
    )
    parser.add_argument(
        "--profile",
        metavar="PROFILE",
        default="facet-and-cold",
        help="what the population imitates: the name of a profile or a file (default: facet-and-cold)",
    )
    parser.add_argument(
        "--policy", metavar="POLICY", help="request only the services that this policy may govern"
    )
    parser.add_argument("-o", "--output", metavar="OUT", type=Path, required=True, help="where to write it")
    parser.add_argument(
        "--format",
        type=one_of("format", tuple(WRITERS)),
        metavar="{" + ",".join(WRITERS) + "}",
        help="the format of OUT (default: by its ending, else parquet)",
    )
    add_policies(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    format = options.format or _ENDINGS.get(options.output.suffix.lower(), "parquet")
    _check_place(options.output, format, options.count)
    root = policies_directory(options.policies)
    dictionary, services = _scope(root, options.policy)
    profile = _profile(options.profile, dictionary)
    made: dict[str, Any] = {
        "count": options.count, "seed": options.seed, "profile": profile, "services": services
    }  # fmt: skip
    rows = _write(options.output, format, dictionary, made, options.count)
    where = options.output.as_posix() + ("/" if format == "yaml" else "")
    print(
        f"wrote {where}: {rows:,} {'request' if rows == 1 else 'requests'}, {profile.id}, seed {options.seed}"
    )
    return Exit.FINE


def _write(path: Path, format: str, dictionary: FactDictionary, made: dict[str, Any], rows: int) -> int:
    if format == "yaml":
        return write_cases(path, generate(dictionary, **made))
    batches = generate_table(dictionary, **made)
    return WRITERS[format](path, arrow_schema(dictionary), _with_progress(batches, rows))


def _scope(root: Path | None, policy: str | None) -> tuple[FactDictionary, tuple[str, ...] | None]:
    """The dictionary, and the services that are requested; all of them without a policy."""
    if policy is None:
        return read_directory(root).dictionary, None
    library = PolicyLibrary.load(root)
    try:
        return library.dictionary, services_for(library.policy(policy), library.dictionary)
    except KeyError as error:
        raise WrongCallError(str(error.args[0])) from error


def _profile(name: str, dictionary: FactDictionary) -> Profile:
    if name in known_profiles():
        return bundled_profile(name)
    path = Path(name)
    if path.suffix not in (".yaml", ".yml") and not path.exists():
        help = did_you_mean(name, known_profiles())
        raise WrongCallError(f"there is no profile `{name}`; {help}")
    if existing(path).is_dir():
        raise WrongCallError(f"{path.as_posix()} is a directory; name a profile")
    return read_profile(path, dictionary)


def _check_place(path: Path, format: str, count: int) -> None:
    """Whatever is wrong with the place is said before anything is drawn."""
    shown = path.as_posix()
    if not path.parent.is_dir():
        raise WrongCallError(f"there is no directory {path.parent.as_posix()}")
    if format != "yaml":
        if path.is_dir():
            raise WrongCallError(f"{shown} is a directory; name a file, or give `--format yaml`")
        return
    if count > MOST_FILES:
        help = "one table holds any number: `--format parquet`"
        raise WrongCallError(f"{count:,} requests are too many for files of their own; {help}")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise WrongCallError(f"{shown} exists already; name a new directory")


def _number(least: int, most: int) -> Any:
    """The type of an argument that is a whole number, which may be written as 1,000,000 or 1_000_000."""

    def read(text: str) -> int:
        digits = text.replace(",", "").replace("_", "")
        if digits.isascii() and digits.isdigit() and least <= int(digits) <= most:
            return int(digits)
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from {least:,} to {most:,}")

    return read


def _with_progress(batches: Iterable[Any], rows: int) -> Iterator[Any]:
    """The batches, with a line on a terminal that says how far it is."""
    done, start, said = 0, time.monotonic(), 0.0
    shows = sys.stderr.isatty()
    for batch in batches:
        yield batch
        done += batch.num_rows
        spent = time.monotonic() - start
        if shows and spent - said >= 1:
            said = spent
            left = spent / done * (rows - done)
            print(f"\r{done:,} of {counted(rows, 'request')}, {left:.0f} s left ", end="", file=sys.stderr)
    if said:
        print("\r" + " " * 60 + "\r", end="", file=sys.stderr)
