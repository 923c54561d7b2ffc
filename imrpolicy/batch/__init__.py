"""Populations: the policies as SQL, run over tables of requests.

`run` goes from files to files, `evaluate_table` from an Arrow table to another; `Question` says what is
asked. The packages behind it are those of the extra `batch`, and are imported only when one of these is.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from imrpolicy.batch.errors import BatchError, need

if TYPE_CHECKING:
    from imrpolicy.batch.job import Result, run
    from imrpolicy.batch.mapping import TableMapping, read_mapping
    from imrpolicy.batch.query import Question
    from imrpolicy.batch.tables import evaluate_table

_WHERE = {
    "Question": "query",
    "Result": "job",
    "TableMapping": "mapping",
    "evaluate_table": "tables",
    "read_mapping": "mapping",
    "run": "job",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module `imrpolicy.batch` has no attribute `{name}`")
    need("sqlglot", "batch")
    return getattr(importlib.import_module(f"imrpolicy.batch.{_WHERE[name]}"), name)


__all__ = [
    "BatchError",
    "Question",
    "Result",
    "TableMapping",
    "evaluate_table",
    "read_mapping",
    "run",
]
