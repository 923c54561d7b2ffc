"""Evaluate stored determinations again, and say whether they still hold.

FILE is what `imrpolicy evaluate --format json` printed: a determination, or a list of them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from imrpolicy.cli.exits import Exit
from imrpolicy.cli.options import add_format, add_policies, existing, policies_directory
from imrpolicy.cli.output import Style, print_json
from imrpolicy.cli.report import fail_with
from imrpolicy.evaluate import CaseError, PolicyLibrary, RecordError, Replay, replay
from imrpolicy.issues import IssuesError

EXAMPLE = """\
example:
  imrpolicy evaluate case.yaml --as-of 2013-12-01 --format json > stored.json
  imrpolicy replay stored.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the stored determinations")
    add_policies(parser)
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    try:
        records = _read(existing(options.file))
        library = PolicyLibrary.load(policies_directory(options.policies))
        replays = [(record, replay(library, record)) for record in records]
    except IssuesError as error:
        fail_with(error.issues)
        return Exit.FINDINGS
    except (RecordError, CaseError) as error:
        print(f"{options.file.as_posix()}: {error}", file=sys.stderr)
        return Exit.FINDINGS
    if options.format == "json":
        print_json([_data(record, result) for record, result in replays])
    else:
        _print(replays, Style.of(sys.stdout))
    return Exit.FINE if all(result.holds for _, result in replays) else Exit.FINDINGS


def _read(path: Path) -> list[Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise RecordError(f"this is not JSON, or it is truncated: {error}") from error
    records = data if isinstance(data, list) else [data]
    if not records:
        raise RecordError("the file holds no determination")
    return records


def _print(replays: list[tuple[Any, Replay]], style: Style) -> None:
    for record, result in replays:
        name = f"{record['case']['id']}, {record['request']}: {record['outcome'].replace('_', ' ')}"
        print(f"{name}: {style.paint('holds', 'green') if result.holds else style.paint('does not hold', 'red')}")
        for difference in result.differences:
            print(style.wrap(difference, "  - ", "    "))
        today = result.current.outcome.value
        if today != record["outcome"]:
            print(f"  with the versions in force now it is {today.replace('_', ' ')}")


def _data(record: Any, result: Replay) -> dict[str, Any]:
    return {
        "case": record["case"]["id"],
        "request": record["request"],
        "outcome": record["outcome"],
        "holds": result.holds,
        "differences": list(result.differences),
        "current_outcome": result.current.outcome.value,
    }
