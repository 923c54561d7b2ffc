"""A row of a table in place of a case file: found, evaluated, and its problems shown with its number."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from imrpolicy.cli.exits import CouldNotRunError, WrongCallError
from imrpolicy.cli.options import existing
from imrpolicy.evaluate import CaseError, Determination, Options, PolicyLibrary
from imrpolicy.issues import Issue, IssuesError, Place

# What `imrpolicy.batches` reads; importing it would cost every other evaluation its time.
TABLE_ENDINGS = (".parquet", ".csv", ".jsonl", ".ndjson")


def add_row(parser: argparse.ArgumentParser) -> None:
    """Declare `--case`, `--request` and `--mapping`."""
    parser.add_argument("--case", dest="case_id", metavar="CASE_ID", help="of a table: the case to determine")
    parser.add_argument(
        "--request",
        dest="request_id",
        metavar="REQUEST_ID",
        help="of a table: one request of the case (default: all of them)",
    )
    parser.add_argument(
        "--mapping", type=Path, metavar="FILE", help="of a table: how other columns and values become ours"
    )


def names_row(options: argparse.Namespace) -> bool:
    """Whether a call is about a row of a table.

    Raises:
        WrongCallError: It is about a table and names no case, or the other way round.
    """
    is_table = options.case.suffix in TABLE_ENDINGS
    if is_table and options.case_id is None:
        raise WrongCallError(
            f"{options.case.as_posix()} is a table; name one of its cases with `--case CASE_ID`, "
            "or determine all of them with `imrpolicy batch`"
        )
    given = [
        option for option in ("case_id", "request_id", "mapping") if getattr(options, option) is not None
    ]
    # A folder may hold the files of a table; one of case files never has `--case`.
    if given and not is_table and not options.case.is_dir():
        option = f"--{given[0].removesuffix('_id')}"
        endings = ", ".join(TABLE_ENDINGS)
        raise WrongCallError(f"`{option}` is for a row of a table, a file that ends in {endings}")
    if given and options.case_id is None:
        raise WrongCallError("name the case of the row with `--case CASE_ID`")
    return bool(given)


def evaluate_rows(
    options: argparse.Namespace, library: PolicyLibrary, how: Options
) -> Sequence[Determination]:
    """The determinations of a case of a table.

    Raises:
        IssuesError: A row breaks the schema, or lacks a date that selects an edition.
        WrongCallError: There is no such row.
        CouldNotRunError: The table cannot be read.
    """
    from imrpolicy.batches.errors import BatchError
    from imrpolicy.batches.mapping import read_mapping
    from imrpolicy.batches.rows import NoRowError, RowError, case_of

    table = existing(options.case)
    mapping = existing(options.mapping) if options.mapping else None
    try:
        case = case_of(
            table,
            options.case_id,
            options.request_id,
            library=library,
            mapping=read_mapping(mapping, library.dictionary) if mapping else None,
            options=how,
        )
        return library.evaluate_as(case, how)
    except RowError as error:
        raise IssuesError([_issue(error.place, f"row {error.row}: {error.reason}")]) from error
    except NoRowError as error:
        raise WrongCallError(str(error)) from error
    except BatchError as error:
        raise CouldNotRunError(str(error)) from error
    except CaseError as error:
        raise IssuesError([_issue(table.as_posix(), p.message, p.help) for p in error.problems]) from error


def _issue(file: str, message: str, help: str = "") -> Issue:
    return Issue(place=Place(file), rule="wrong-value", message=message, help=help)
