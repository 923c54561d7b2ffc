"""Suggested tests, printed to be pasted or written into the files of tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from imrpolicy.authored import read_document
from imrpolicy.cli.output import count
from imrpolicy.cli.write import write_whole
from imrpolicy.facts import FactDictionary
from imrpolicy.mutation.draft import as_yaml
from imrpolicy.mutation.paste import pasted, period_as_yaml
from imrpolicy.mutation.suggest import Suggestions
from imrpolicy.testing import Suite

Suggested = Sequence[tuple[Suite, Sequence[Suggestions]]]


def _texts(
    suite: Suite, found: Sequence[Suggestions], dictionary: FactDictionary
) -> tuple[list[str], list[str]]:
    """The items for `in_force` and for `tests`."""
    periods = [period_as_yaml(part.period) for part in found if part.period is not None]
    tests = [
        as_yaml(draft.data(suite.base, dictionary), confirm=part.policy is suite.newest)
        for part in found
        for draft in part.drafts
    ]
    return periods, tests


def print_suggestions(suggested: Suggested, dictionary: FactDictionary) -> None:
    """Print what each file of tests lacks, as YAML to paste.

    What a version lacks that was released and superseded is only counted: its text never changes, so there is
    nothing to confirm.
    """
    for suite, found in suggested:
        periods, tests = _texts(suite, [part for part in found if part.policy is suite.newest], dictionary)
        older = [part for part in found if part.policy is not suite.newest and (part.drafts or part.period)]
        if not periods and not tests and not older:
            print(f"# {suite.file} lacks nothing")
            continue
        if periods or tests:
            print(
                f"# for {suite.file}: confirm each expectation against the guideline, "
                "and give each test a name"
            )
        if periods:
            print("in_force:\n" + "".join(periods), end="")
        if tests:
            print("tests:\n" + "".join(tests), end="")
        for part in older:
            _print_older(suite, part)


def _print_older(suite: Suite, part: Suggestions) -> None:
    number = count(len(part.drafts) + (part.period is not None), "entry", "entries")
    print(f"# {suite.file} lacks {number} for version {part.policy.version}, which is released and never")
    print("# changes, so that there is nothing to confirm in them; `--suggest --write` adds them")


def write_suggestions(suggested: Suggested, dictionary: FactDictionary) -> None:
    """Append to each file of tests what it lacks.

    Raises:
        OSError: A file cannot be written.
        PasteError: A file has a form into which nothing can be put.
    """
    new = []
    for suite, found in suggested:
        periods, tests = _texts(suite, found, dictionary)
        if periods or tests:
            path = Path(suite.file)
            new.append((path, pasted(read_document(path), periods, tests), len(periods) + len(tests)))
    for path, text, number in new:
        write_whole(path, text)
        print(f"wrote {count(number, 'suggestion')} into {path.as_posix()}; look at each `# confirm`")
    if not new:
        print("nothing is lacking")


def suggestions_data(suggested: Suggested, dictionary: FactDictionary) -> list[dict[str, object]]:
    """Suggestions for `--format json`: the YAML of each file."""
    data: list[dict[str, object]] = []
    for suite, found in suggested:
        periods, tests = _texts(suite, found, dictionary)
        data.append({"policy": suite.policy, "file": suite.file, "in_force": periods, "tests": tests})
    return data
