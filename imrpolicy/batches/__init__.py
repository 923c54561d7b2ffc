"""Populations: the policies over tables of requests, in DuckDB or on Spark.

`batch`, which is `imrpolicy.batch` too, takes whatever holds requests, in memory or in files; `run` goes from
files to files, and `Question` says what is asked of it. `case_of` makes a case of a row. They need the extra
`batch`: without it their first use raises `MissingExtraError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imrpolicy.batches.api import batch
    from imrpolicy.batches.errors import BatchError
    from imrpolicy.batches.job import Result, run
    from imrpolicy.batches.mapping import TableMapping, read_mapping
    from imrpolicy.batches.result import BatchResult
    from imrpolicy.batches.rows import NoRowError, RowError, case_of
    from imrpolicy.sql import Question

_HOME = {
    "BatchError": "imrpolicy.batches.errors",
    "BatchResult": "imrpolicy.batches.result",
    "NoRowError": "imrpolicy.batches.rows",
    "Question": "imrpolicy.sql",
    "Result": "imrpolicy.batches.job",
    "RowError": "imrpolicy.batches.rows",
    "TableMapping": "imrpolicy.batches.mapping",
    "batch": "imrpolicy.batches.api",
    "case_of": "imrpolicy.batches.rows",
    "read_mapping": "imrpolicy.batches.mapping",
    "run": "imrpolicy.batches.job",
}

__all__ = [
    "BatchError",
    "BatchResult",
    "NoRowError",
    "Question",
    "Result",
    "RowError",
    "TableMapping",
    "batch",
    "case_of",
    "read_mapping",
    "run",
]


def __getattr__(name: str) -> Any:
    # Imported when first asked for: what stops a batch can be named where the extra is not installed.
    if name in _HOME:
        from importlib import import_module

        value = globals()[name] = getattr(import_module(_HOME[name]), name)
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
