"""What a batch gives to a Python program."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from imrpolicy.extras import need

if TYPE_CHECKING:
    import pyarrow as pa

    from imrpolicy.batches.duck import Counts
    from imrpolicy.batches.summary import Line

Table = TypeVar("Table")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult(Generic[Table]):
    """What a batch gave.

    Attributes:
        counts: How many rows were read, written and rejected; the first is always the sum of the others.
        determinations: An Arrow table with a row for each sound row of the input, in its order; none where
            files were written.
        outputs: The files that were written.
        reject_files: Where files were written, those with the rows that break the schema.
        ignored: Columns of the input that nothing reads: a name with a typing error is among them.
        skipped: Parts that an earlier run had done.
    """

    counts: Counts
    determinations: Table = field(repr=False)
    outputs: tuple[Path, ...] = ()
    reject_files: tuple[Path, ...] = ()
    ignored: tuple[str, ...] = ()
    skipped: int = 0
    _rejected: pa.Table | None = field(default=None, repr=False)

    @property
    def rejects(self) -> pa.Table:
        """The rows that break the schema: `file`, `row` from 1, `case_id`, `request_id`, `reason`.

        They are read from `reject_files` where files were written.
        """
        return read_rejects(self.reject_files) if self._rejected is None else self._rejected

    def summary(self) -> tuple[Line, ...]:
        """Count the requests by outcome, reason, policy, criterion and missing fact."""
        from imrpolicy.batches.summary import summarize

        if self.outputs:
            return summarize(self.outputs)
        parquet: Any = need("pyarrow.parquet", "batch")
        with tempfile.TemporaryDirectory(prefix="imrpolicy-") as folder:
            parquet.write_table(self.determinations, Path(folder) / "result.parquet")
            return summarize([Path(folder) / "result.parquet"])


def rejects_schema() -> pa.Schema:
    """The columns of the rejects: the file, the number of the row from 1, the request, and the reason."""
    pa: Any = need("pyarrow", "batch")
    return pa.schema(
        [
            ("file", pa.string()),
            ("row", pa.int64()),
            ("case_id", pa.string()),
            ("request_id", pa.string()),
            ("reason", pa.string()),
        ]
    )


def read_rejects(files: Sequence[Path]) -> pa.Table:
    """The rejects that a job has written."""
    pa: Any = need("pyarrow", "batch")
    csv: Any = need("pyarrow.csv", "batch")
    schema = rejects_schema()
    # An empty cell is NULL, an empty text is in quotes, and a text may have several lines.
    convert = csv.ConvertOptions(
        column_types=schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
    )
    parse = csv.ParseOptions(newlines_in_values=True)
    found = [csv.read_csv(path, parse_options=parse, convert_options=convert) for path in files]
    return pa.concat_tables([schema.empty_table(), *found])
