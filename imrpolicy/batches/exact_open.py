"""`missing` of the evaluator for each row: found once for all rows with the same signature.

DuckDB calls a function of Python with the rows that are undetermined, a few thousand at a time. Rows whose
signature was met before are looked up; of the others, one of each is evaluated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imrpolicy.batches.row_cases import case_around, request_of
from imrpolicy.evaluate import CaseError, Options, PolicyLibrary
from imrpolicy.extras import need
from imrpolicy.sql.exact import FUNCTION, OPEN, TO_RECOMMEND, read_columns
from imrpolicy.sql.question import Question

if TYPE_CHECKING:
    import duckdb

# So many signatures are kept; a batch of any size must not fill the memory.
_MOST_KEPT = 100_000

Found = dict[str, tuple[str, ...]]


def prepare(connection: duckdb.DuckDBPyConnection, question: Question) -> None:
    """Let a connection call the function, where the query of a question does."""
    if not question.exact or question.policy is not None:
        return
    library, options = question.library, question.options
    fields = ", ".join(f'"{name}" {type_}' for name, type_ in read_columns(library.dictionary))
    # Of Arrow functions its types know nothing.
    anything: Any = connection
    anything.create_function(
        FUNCTION,
        MissingFacts(library, options).of_rows,
        ["VARCHAR", f"STRUCT({fields})"],
        f"STRUCT({OPEN} VARCHAR[], {TO_RECOMMEND} VARCHAR[])",
        type="arrow",
        null_handling="special",
    )


class MissingFacts:
    """Finds what is missing, and keeps it by signature."""

    def __init__(self, library: PolicyLibrary, options: Options) -> None:
        self._library = library
        self._options = options
        self._found: dict[str, Found] = {}

    def of_rows(self, signatures: Any, rows: Any) -> Any:
        """What is missing in each row, as an Arrow array."""
        pa: Any = need("pyarrow", "batch")
        if isinstance(signatures, pa.ChunkedArray):
            signatures, rows = signatures.combine_chunks(), rows.combine_chunks()
        encoded = signatures.dictionary_encode()
        different = encoded.dictionary.to_pylist()
        first: dict[int, int] = {}
        for row, place in enumerate(encoded.indices.to_pylist()):
            first.setdefault(place, row)
        new = [place for place, text in enumerate(different) if text not in self._found]
        read = rows.take(pa.array([first[place] for place in new], pa.int64())).to_pylist()
        asked = {different[place]: self._evaluated(row) for place, row in zip(new, read, strict=True)}
        found = [self._found.get(text) or asked[text][0] for text in different]
        self._keep({text: answer for text, (answer, exact) in asked.items() if exact})
        listed = pa.list_(pa.string())
        return pa.array(found, pa.struct([(OPEN, listed), (TO_RECOMMEND, listed)])).take(encoded.indices)

    def _keep(self, found: dict[str, Found]) -> None:
        if len(self._found) + len(found) > _MOST_KEPT:
            self._found.clear()
        self._found.update(found)

    def _evaluated(self, row: dict[str, Any]) -> tuple[Found, bool]:
        facts = self._library.dictionary
        case = case_around((request_of(row, facts, id="request"),), row, facts, id="row")
        try:
            [determination] = self._library.evaluate_as(case, self._options)
        except CaseError:  # a row that lacks a date, and is rejected
            return {OPEN: (), TO_RECOMMEND: ()}, False
        missing = determination.missing
        return {OPEN: missing.open, TO_RECOMMEND: missing.to_recommend}, missing.exact
