"""The kinds of things that `imrpolicy new` starts."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from imrpolicy.authored import Document, read_document
from imrpolicy.authored.json_files import read_file
from imrpolicy.authoring.intact import ALTERED, compare, held_versions
from imrpolicy.authoring.ledger import read_ledger
from imrpolicy.authoring.new_fact import NewFactError, with_fact
from imrpolicy.authoring.new_source import NewSourceError, with_source
from imrpolicy.cli.exits import WrongCallError
from imrpolicy.cli.paths import is_schema
from imrpolicy.cli.write import write_whole
from imrpolicy.evaluate import bundled_directory
from imrpolicy.issues import IssuesError, has_errors
from imrpolicy.policy import Schemas, shown
from imrpolicy.policy.files import POLICY_FILE, SEQUENCES, SOURCES_FILE
from imrpolicy.testing.scaffold import FIRST_VERSION, NewPolicyError, new_policy
from imrpolicy.testing.versions import new_version

_MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What was started.

    Attributes:
        data: What it is, for `--format json`.
        files: The files that were written.
        todo: What the editor does next.
        calls: The calls that say how far that is.
    """

    data: Mapping[str, str]
    files: tuple[str, ...]
    todo: str
    calls: tuple[str, ...]


Start = Callable[[Path, argparse.Namespace], Started]


def _policy(root: Path, options: argparse.Namespace) -> Started:
    _refuse(options, "a new policy", number=False)
    try:
        written = new_policy(root, options.name)
    except NewPolicyError as error:
        raise WrongCallError(str(error)) from error
    todo = "fill in the blanks `<...>`, with what the guideline says in your own words"
    return _of_policy(options.name, FIRST_VERSION, written, todo)


def _version(root: Path, options: argparse.Namespace) -> Started:
    _refuse(options, "a new version", number=True)
    _refuse_altered(root, options.name)
    try:
        written = new_version(root, options.name, options.number)
    except NewPolicyError as error:
        raise WrongCallError(str(error)) from error
    todo = (
        "change what is new, and fill in the blanks `<...>`: in `effective` the days on which it holds, in "
        "`changes` what it is. The tests are about the old version and the new one now; add one that fails "
        "without the change"
    )
    return _of_policy(options.name, options.number, written, todo)


def _of_policy(name: str, version: str, written: tuple[Path, ...], todo: str) -> Started:
    files = tuple(shown(path) for path in written)
    folder = Path(next(file for file in files if Path(file).name == POLICY_FILE)).parent.as_posix()
    calls = (f"imrpolicy check {folder}", f"imrpolicy test {folder}")
    return Started(data={"policy": name, "version": version}, files=files, todo=todo, calls=calls)


def _refuse_altered(root: Path, name: str) -> None:
    """Refuse where a released file of a policy was altered: its text would be kept as the released one."""
    beside = root.parent / "schemas"
    ledger = read_ledger(root, Schemas(beside if is_schema(beside) else bundled_directory("schemas")))
    held = (file for file in held_versions(root) if file.policy == name)
    altered = [issue for issue in compare(tuple(held), ledger) if issue.rule == ALTERED]
    if altered:
        raise IssuesError(altered)


def _fact(root: Path, options: argparse.Namespace) -> Started:
    _refuse(options, "a new fact", number=False, type=True)
    file = root.parent / "schemas" / "case.schema.json"
    if not file.is_file():
        raise WrongCallError(
            f"there is no {shown(file)}; a fact belongs to a project with schemas of its own"
        )
    document = _readable(read_file(file, shown(file), _MOST_BYTES))
    try:
        text = with_fact(document, options.name, options.type, options.unit)
    except NewFactError as error:
        raise WrongCallError(str(error)) from error
    write_whole(file, text)
    numbers = ", and give the least and the greatest value as numbers, without quotes" if options.unit else ""
    todo = f"fill in the blanks `<...>`{numbers}"
    calls = (f"imrpolicy check {shown(file)}", f"imrpolicy facts {options.name}")
    return Started(data={"fact": options.name}, files=(shown(file),), todo=todo, calls=calls)


def _source(root: Path, options: argparse.Namespace) -> Started:
    _refuse(options, "a new source", number=False)
    file = root / SOURCES_FILE
    document = _readable(read_document(file, shown=shown(file)))
    try:
        text = with_source(document, options.name)
    except NewSourceError as error:
        raise WrongCallError(str(error)) from error
    write_whole(file, text)
    sequences = shown(root / SEQUENCES)
    todo = (
        f"fill in the blanks `<...>`; a jurisdiction searches the source once a file in {sequences} names it"
    )
    calls = (f"imrpolicy check {shown(file)}", f"imrpolicy new policy {options.name}/TOPIC")
    return Started(data={"source": options.name}, files=(shown(file),), todo=todo, calls=calls)


def _readable(document: Document) -> Document:
    if document.root is None or has_errors(document.issues):
        raise IssuesError(document.issues)
    return document


def _refuse(options: argparse.Namespace, what: str, *, number: bool, type: bool = False) -> None:
    """Refuse arguments that the kind does not have, or that it lacks."""
    if number != (options.number is not None):
        rule = "needs a number, such as 1.1.0" if number else "has no number"
        raise WrongCallError(f"{what} {rule}; see `imrpolicy new --help`")
    if type and options.type is None:
        raise WrongCallError(f"{what} needs a type, such as `--type bool`; see `imrpolicy new --help`")
    if not type and (options.type is not None or options.unit is not None):
        raise WrongCallError(f"{what} has neither `--type` nor `--unit`, which are for a fact")


def _lint_rule(root: Path, options: argparse.Namespace) -> Started:
    # Imported here: the catalogue of rules is read by nothing else that is started.
    from imrpolicy.cli.new_lint_rule import NewRuleError, new_lint_rule

    _refuse(options, "a new rule", number=False)
    try:
        written = new_lint_rule(root.parent, options.name)
    except NewRuleError as error:
        raise WrongCallError(str(error)) from error
    todo = (
        "fill in the blanks `<...>`, look for what the rule is about, and add cases that pass and that fail"
    )
    calls = ("pytest tests/lint --update-golden", f"imrpolicy check --explain {options.name}")
    files = tuple(shown(path) for path in written)
    return Started(data={"rule": options.name}, files=files, todo=todo, calls=calls)


KINDS: Mapping[str, Start] = {
    "policy": _policy,
    "version": _version,
    "fact": _fact,
    "source": _source,
    "lint-rule": _lint_rule,
}
"""What starts each kind."""
