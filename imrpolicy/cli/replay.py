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
from imrpolicy.cli.options import add_format, add_policies, existing_file, policies_directory
from imrpolicy.cli.output import Style, count, print_json
from imrpolicy.cli.report import fail_with
from imrpolicy.evaluate import CaseError, PolicyLibrary, RecordError, Replay, replay
from imrpolicy.issues import Issue, IssuesError, Place
from imrpolicy.policy import shown

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
    path = existing_file(options.file, "one file of determinations", [".json"])
    try:
        records = _read(path)
        library = PolicyLibrary.load(policies_directory(options.policies))
        replays = [(record, replay(library, record)) for record in records]
    except IssuesError as error:
        return fail_with(error.issues, options.format)
    except RecordError as error:
        return fail_with((_unreadable(path, str(error)),), options.format)
    except CaseError as error:
        issues = [
            _unreadable(path, f"the recorded case no longer fits: {problem}") for problem in error.problems
        ]
        return fail_with(tuple(issues), options.format)
    if options.format == "json":
        print_json([_data(record, result) for record, result in replays])
    else:
        _print(replays, Style.of(sys.stdout))
    return Exit.FINE if all(result.holds for _, result in replays) else Exit.FINDINGS


def _unreadable(path: Path, message: str) -> Issue:
    return Issue(place=Place(shown(path)), rule="stored-determination", message=message,
                 help="give a file that `imrpolicy evaluate --format json` has written")  # fmt: skip


def _read(path: Path) -> list[Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise RecordError(
            f"this is not JSON, or it is truncated in line {error.lineno}, column {error.colno}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise RecordError("this is not a JSON file in UTF-8") from error
    records = data if isinstance(data, list) else [data]
    if not records:
        raise RecordError("the file holds no determination")
    return records


def _print(replays: list[tuple[Any, Replay]], style: Style) -> None:
    for record, result in replays:
        name = f"{record['case']['id']}, {record['request']}: {_words(record['outcome'])}"
        verdict = (
            style.paint("holds", "green") if result.holds else style.paint("does not hold", "bold", "red")
        )
        print(f"{name}: {verdict}")
        for difference in result.differences:
            print(style.wrap(difference, "  - ", "    "))
        today = result.current.outcome.value if result.current is not None else None
        if today is None:
            print("  The versions in force now are selected by a date that it lacks.")
        elif today != record["outcome"]:
            print(f"  With the versions in force now it is {_words(today)}.")
    held = sum(result.holds for _, result in replays)
    print(f"\n{held} of {count(len(replays), 'determination')} {'holds' if held == 1 else 'hold'}")


def _words(outcome: str) -> str:
    return outcome.replace("_", " ")


def _data(record: Any, result: Replay) -> dict[str, Any]:
    return {
        "case": record["case"]["id"],
        "request": record["request"],
        "outcome": record["outcome"],
        "holds": result.holds,
        "differences": list(result.differences),
        "current_outcome": result.current.outcome.value if result.current is not None else None,
    }
