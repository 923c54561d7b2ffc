"""`missing.open` of the evaluator for each row: found once for all rows with the same signature.

DuckDB calls a function of Python with the rows that are undetermined, a few thousand at a time. Rows whose
signature was met before are looked up; of the others, one of each is evaluated.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from imrpolicy.evaluate import Case, CaseError, Options, PolicyLibrary
from imrpolicy.extras import need
from imrpolicy.facts import DATES
from imrpolicy.population.columns import CONFLICTING, column_of
from imrpolicy.sql.exact import ABOUT, FUNCTION, read_columns
from imrpolicy.sql.question import Question

if TYPE_CHECKING:
    import duckdb

# So many signatures are kept; a batch of any size must not fill the memory.
_MOST_KEPT = 100_000


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
        OpenFacts(library, options).of_rows,
        ["VARCHAR", f"STRUCT({fields})"],
        "VARCHAR[]",
        type="arrow",
        null_handling="special",
    )


class OpenFacts:
    """Finds what is open, and keeps it by signature."""

    def __init__(self, library: PolicyLibrary, options: Options) -> None:
        self._library = library
        self._options = options
        self._found: dict[str, tuple[str, ...]] = {}

    def of_rows(self, signatures: Any, rows: Any) -> Any:
        """The open facts of each row, as an Arrow array."""
        pa: Any = need("pyarrow", "batch")
        if isinstance(signatures, pa.ChunkedArray):
            signatures, rows = signatures.combine_chunks(), rows.combine_chunks()
        encoded = signatures.dictionary_encode()
        different = encoded.dictionary.to_pylist()
        places = encoded.indices.to_pylist()
        first: dict[int, int] = {}
        for row, place in enumerate(places):
            first.setdefault(place, row)
        found = [self._of(text, rows, first[place]) for place, text in enumerate(different)]
        return pa.array(found, pa.list_(pa.string())).take(encoded.indices)

    def _of(self, signature: str, rows: Any, row: int) -> tuple[str, ...]:
        known = self._found.get(signature)
        if known is not None:
            return known
        found, exact = self._evaluated(rows[row].as_py())
        if exact:
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            self._found[signature] = found
        return found

    def _evaluated(self, row: dict[str, Any]) -> tuple[tuple[str, ...], bool]:
        try:
            case = _case(self._library, row)
            options = self._options
            [determination] = self._library.evaluate(
                case,
                as_of=options.as_of,
                strict=options.strict,
                include_drafts=options.include_drafts,
                allow_not_encoded=options.allow_not_encoded,
            )
        except CaseError:  # a row that is rejected
            return (), False
        missing = determination.missing
        return missing.open, missing.exact


def _case(library: PolicyLibrary, row: dict[str, Any]) -> Case:
    """A row as a case of one request."""
    groups: dict[str, dict[str, Any]] = {}
    for fact in library.dictionary.facts:
        value = row[column_of(fact.path)]
        if value is not None:
            groups.setdefault(fact.group, {})[fact.name] = value
    data = {name: row[name] for name in ABOUT if row[name] is not None}
    request = {"id": "request", "facts": groups.pop("request", {})}
    case = library.read_case(
        {"id": "row", **data, "dates": groups.pop(DATES, {}), "facts": groups, "requests": [request]}
    )
    conflicting = dict.fromkeys(row[CONFLICTING] or (), ())
    return replace(case, requests=(replace(case.requests[0], conflicting=conflicting),))
