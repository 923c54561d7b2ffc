"""Which requests of a table change their determination: both sides as queries over the same file."""
# ruff: noqa: S608 - every name and text that goes into SQL is quoted

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from imrpolicy.batches import BatchError, Question, run
from imrpolicy.diff.impact import Changed, Impact, in_words
from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.extras import need
from imrpolicy.facts import FactDictionary

_SIDES = ("before", "after")


def impact_of_table(old: PolicyLibrary, new: PolicyLibrary, source: Path) -> Impact:
    """Evaluate the requests of a file by both sides.

    Args:
        old: The older side.
        new: The newer side; the file has the columns of its facts.
        source: A Parquet, CSV or JSON lines file, one row for each request.

    Raises:
        BatchError: It cannot be read, or two of its rows have the same name.
    """
    duckdb: Any = need("duckdb", "batch")
    with tempfile.TemporaryDirectory(prefix="imrpolicy-diff-") as folder:
        unread: dict[str, None] = {}
        outputs = []
        for name, library in zip(_SIDES, (old, new), strict=True):
            outputs.append(Path(folder) / f"{name}.parquet")
            result = run(source, outputs[-1], Question(library=library, trace=False))
            unread |= dict.fromkeys(case for path in result.rejects for case in _rejected(path))
        with duckdb.connect() as connection:
            for name, output in zip(_SIDES, outputs, strict=True):
                path = output.as_posix().replace("'", "''")
                connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet('{path}')")
            _fail_if_twice(connection, source)
            [(requests,)] = connection.execute(f"SELECT count(*) {_JOINED}").fetchall()
            found = connection.execute(_CHANGED).fetchall()
    return Impact(
        requests=requests,
        changed=tuple(_changed(row, new.dictionary) for row in found),
        unread=tuple(unread),
    )


_JOINED = "FROM before JOIN after USING (case_id, request_id)"
_CHANGED = (
    "SELECT case_id, request_id, before.outcome, before.supported, after.outcome, after.supported "
    f"{_JOINED} WHERE before.outcome <> after.outcome OR before.supported IS DISTINCT FROM after.supported "
    "ORDER BY case_id, request_id"
)


def _rejected(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from (row["case_id"] for row in csv.DictReader(file))


def _fail_if_twice(connection: Any, source: Path) -> None:
    """Rows are held together by their names, so that each must have its own."""
    query = "SELECT case_id, request_id FROM after GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1"
    found = connection.execute(query).fetchone()
    if found is not None:
        raise BatchError(
            f"{source.as_posix()}: the request `{found[1]}` of the case `{found[0]}` is there twice; "
            "give each row its own `case_id` and `request_id`"
        )


def _changed(row: tuple[Any, ...], dictionary: FactDictionary) -> Changed:
    case, request, before, less, after, more = row
    return Changed(
        case=case,
        request=request,
        title=request,
        before=in_words(before, _labels(less, dictionary)),
        after=in_words(after, _labels(more, dictionary)),
    )


def _labels(supported: list[dict[str, Any]] | None, dictionary: FactDictionary) -> list[str]:
    return [dictionary.by_path[part["fact"]].label(part["supported"]) for part in supported or ()]
