"""The cases that lie here, whose values a witness takes where it can."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from imrpolicy.authored import read_document
from imrpolicy.cli.options import existing
from imrpolicy.cli.paths import CASE_ENDINGS
from imrpolicy.evaluate import Case, CaseError, bundled_directory
from imrpolicy.evaluate.reader import CaseReader
from imrpolicy.facts import FactDictionary
from imrpolicy.issues import IssuesError, has_errors


def known_cases(given: Path | None) -> Iterator[dict[str, object]]:
    """The cases of a directory, by default `cases` here, as plain data.

    Raises:
        WrongCallError: The directory is given and does not exist.
        IssuesError: A file cannot be read as YAML or JSON.
    """
    here = Path("cases")
    folder = existing(given, "directory") if given is not None else here if here.is_dir() else None
    for path in sorted(folder.rglob("*")) if folder is not None else ():
        if path.suffix in CASE_ENDINGS:
            document = read_document(path)
            if document.root is None or has_errors(document.issues):
                raise IssuesError(document.issues)
            yield document.data()


def readable_cases(dictionary: FactDictionary) -> Iterator[Case]:
    """The cases here, or those that come with the package, as far as they can be read with some facts."""
    reader = CaseReader(dictionary)
    folder = Path("cases") if Path("cases").is_dir() else bundled_directory("cases")
    try:
        for data in known_cases(folder):
            try:
                yield reader.read(data)
            except CaseError:
                continue
    except IssuesError:  # they only lend their values; `check` says what is wrong with them
        return
