"""The doors of the engine: from an address to a folder, and from a data frame to another."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.job import Result
from imrpolicy.batches.mapping import TableMapping
from imrpolicy.batches.sources import KINDS
from imrpolicy.batches.spark.failures import explained, failures, reason_of
from imrpolicy.batches.spark.files import Folder, Found
from imrpolicy.batches.spark.job import SparkJob, SparkPart
from imrpolicy.batches.spark.query import Requests, named_rows
from imrpolicy.extras import need
from imrpolicy.sql.question import Question

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# Bytes of Parquet of one part: enough to keep a cluster busy, few enough to be done again.
PART_BYTES = 4 << 30


def run_on_spark(
    source: str,
    output: str,
    question: Question,
    *,
    mapping: TableMapping | None = None,
    session: SparkSession | None = None,
    resume: bool = False,
    part_bytes: int = PART_BYTES,
) -> Result:
    """Evaluate Parquet files or a table on Spark, into a folder.

    Args:
        source: A Parquet file or a folder of them, by any address that the session reads, or the name of a
            table of its catalogue.
        output: A folder; below it `part=00000` and so on hold the result, `_rejects` the rows that break the
            schema, and `_job` what is done.
        question: What is asked.
        mapping: How the columns and values of the input become ours.
        session: The session; without it the one that the environment configures, as `spark-submit` does.
        resume: Whether to go on with a job that was interrupted.
        part_bytes: About how many bytes of files make one part.

    Raises:
        BatchError: The input does not fit, or Spark failed; parts that are done stay.
    """
    need("pyspark", "spark")
    spark: Any = session or _started()
    with explained(source):
        below, parts = _parts(spark, source, part_bytes)
    if below is None and resume:
        raise BatchError("a table may change between two runs, so only a job over files can be resumed")
    with explained(output):
        job = SparkJob(
            session=spark,
            source=source,
            below=below,
            parts=parts,
            output=Folder(spark, output),
            question=question,
            mapping=mapping or TableMapping(),
        )
        return job.run(resume=resume)


def evaluate_frame(frame: DataFrame, question: Question, mapping: TableMapping | None = None) -> DataFrame:
    """The determinations of a data frame's sound rows; nothing is run before the result is.

    Args:
        frame: Requests, one a row.
        question: What is asked.
        mapping: How its columns and values become ours.

    Returns:
        A row for each sound request. `rejected_frame` gives the others: look at both, or rows are lost.

    Raises:
        BatchError: A column is lacking or has a type that cannot be ours.
    """
    return Requests.of(frame, question, mapping, "the data frame").determinations()


def rejected_frame(frame: DataFrame, question: Question, mapping: TableMapping | None = None) -> DataFrame:
    """The rows of a data frame that break the schema: `case_id`, `request_id` and `reason`.

    The arguments and errors are those of `evaluate_frame`.
    """
    requests = Requests.of(frame, question, mapping, "the data frame")
    return requests.rejected(*named_rows("")).select("case_id", "request_id", "reason")


def _started() -> Any:
    """The session that the environment configures."""
    from pyspark.sql import SparkSession

    try:
        return SparkSession.builder.appName("imrpolicy").getOrCreate()
    except failures() as error:
        raise BatchError(
            f"Spark does not start: {reason_of(error)}; what it printed above says more, and Java and the "
            "master that the environment names have to be there"
        ) from None


def _parts(spark: Any, source: str, part_bytes: int) -> tuple[Folder | None, tuple[SparkPart, ...]]:
    """The folder of the files and the parts; no folder for a table."""
    ending = PurePosixPath(source.rstrip("/")).suffix
    if ending in KINDS and ending != ".parquet":
        raise BatchError(_not_parquet(source))
    folder = Folder(spark, source) if "/" in source or ending == ".parquet" else None
    if folder is None:
        folder = Folder(spark, source)
        if not folder.exists() and spark.catalog.tableExists(source):
            return None, (SparkPart(0, ()),)
    if not folder.exists():
        raise BatchError(f"there is no file, folder or table {source}")
    if folder.is_file():
        above = Folder(spark, folder.address.rpartition("/")[0] or "/")
        files = tuple(file for file in above.files() if file.address == folder.address)
        return above, _grouped(files, part_bytes)
    files = folder.files()
    for file in files:
        if PurePosixPath(file.address).suffix in KINDS and not file.address.endswith(".parquet"):
            raise BatchError(_not_parquet(file.address))
    files = tuple(file for file in files if file.address.endswith(".parquet"))
    if not files:
        raise BatchError(f"{source} holds no file that ends in `.parquet`")
    return folder, _grouped(files, part_bytes)


def _grouped(files: tuple[Found, ...], part_bytes: int) -> tuple[SparkPart, ...]:
    groups: list[list[Found]] = [[]]
    for file in files:
        if groups[-1] and sum(other.size for other in groups[-1]) + file.size > part_bytes:
            groups.append([])
        groups[-1].append(file)
    return tuple(SparkPart(number, tuple(group)) for number, group in enumerate(groups))


def _not_parquet(address: str) -> str:
    return (
        f"{address} is no Parquet, and Spark does not read text strictly: a quote that never ends "
        "swallows the rows after it; run `imrpolicy batch` without `--engine`, or make it Parquet before"
    )
