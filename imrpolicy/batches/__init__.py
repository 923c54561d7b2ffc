"""Populations: the policies over tables of requests, in DuckDB or on Spark.

`run` goes from files to files, `evaluate_table` from a table in memory to another; `Question` says what is
asked. Importing this package without the extra `batch` raises `MissingExtraError`.
"""

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.job import Result, run
from imrpolicy.batches.mapping import TableMapping, read_mapping
from imrpolicy.batches.tables import evaluate_table
from imrpolicy.sql import Question

__all__ = [
    "BatchError",
    "Question",
    "Result",
    "TableMapping",
    "evaluate_table",
    "read_mapping",
    "run",
]
