"""The same query on Apache Spark, on this machine or on a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from imrpolicy.batches.duck import Counts
from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.job import Result
from imrpolicy.batches.mapping import TableMapping
from imrpolicy.extras import need
from imrpolicy.issues import did_you_mean
from imrpolicy.population.columns import columns
from imrpolicy.sql.question import Question
from imrpolicy.sql.types import spark_type

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def run_on_spark(
    source: str,
    output: str,
    question: Question,
    *,
    mapping: TableMapping | None = None,
    session: SparkSession | None = None,
) -> Result:
    """Evaluate Parquet files on Spark, into a folder that Spark partitions.

    Args:
        source: A Parquet file or folder, by any address that the session can read.
        output: A folder that is not there yet; rejects go to one beside it, `<output>.rejects`.
        question: What is asked.
        mapping: How the columns of the input become ours; values cannot be mapped on Spark.
        session: The session; without it the one that the environment configures, as `spark-submit` does.

    Raises:
        BatchError: PySpark is not installed, or the input does not fit.
    """
    need("pyspark", "spark")
    from pyspark.sql import SparkSession as Sessions

    spark: Any = session or Sessions.builder.appName("imrpolicy").getOrCreate()
    if Path(source.rstrip("/")).suffix not in ("", ".parquet"):
        raise BatchError(
            f"{source} is no Parquet; the engine `spark` reads Parquet files and folders of them"
        )
    if _is_local(output) and Path(output).exists():
        raise BatchError(f"{output} is there already; name a new folder")
    read = spark.read.parquet(source)
    frame, ignored = typed_frame(read, question, mapping or TableMapping())
    frame.createOrReplaceTempView("imrpolicy_requests")
    check = question.check("spark", "imrpolicy_numbered")
    numbered = spark.sql("SELECT *, monotonically_increasing_id() AS row_number FROM imrpolicy_requests")
    numbered.createOrReplaceTempView("imrpolicy_numbered")
    rejected = spark.sql(f"SELECT * FROM ({check}) WHERE reject IS NOT NULL")  # noqa: S608 - names of our own
    bad, rows = rejected.count(), frame.count()
    rejects = f"{output.rstrip('/')}.rejects"
    if bad:
        rejected.write.mode("overwrite").option("header", True).csv(rejects)
        sound = numbered.join(rejected.select("row_number"), "row_number", "left_anti")
        sound.createOrReplaceTempView("imrpolicy_requests")
    # Spark writes to a temporary folder of its own, and marks a whole result with `_SUCCESS`.
    spark.sql(question.query("spark", "imrpolicy_requests")).write.parquet(output)
    written = spark.read.parquet(output).count()
    if rows != written + bad:
        raise BatchError(f"{rows} rows were read, but {written} written and {bad} rejected; run it again")
    return Result(
        counts=Counts(rows=rows, written=written, rejected=bad),
        outputs=tuple(sorted(Path(output).glob("*.parquet"))) if _is_local(output) else (),
        rejects=(Path(rejects),) if bad else (),
        ignored=ignored,
    )


def _is_local(address: str) -> bool:
    """Whether an address is a path on this machine, unless a session reads paths elsewhere."""
    return "://" not in address


def typed_frame(
    read: DataFrame, question: Question, mapping: TableMapping
) -> tuple[DataFrame, tuple[str, ...]]:
    """The columns of the layout, typed, and the columns that nothing reads."""
    if mapping.values:
        raise BatchError("the engine `spark` maps columns, and no values; map them before")
    found = {field.name: field.dataType.simpleString() for field in read.schema.fields}
    chosen = []
    for column in columns(question.library.dictionary):
        theirs = mapping.columns.get(column.name, column.name)
        type_ = spark_type(column.type)
        if theirs in found:
            if not _is_admitted(found[theirs], type_):
                raise BatchError(
                    f"the column `{theirs}` is {found[theirs]}, and `{column.name}` must be {type_}"
                )
            chosen.append(f"CAST(`{theirs}` AS {type_}) AS `{column.name}`")
        elif column.required:
            help = did_you_mean(theirs, found)
            raise BatchError(f"the input has no column `{theirs}`; {help}")
        else:
            chosen.append(f"CAST(NULL AS {type_}) AS `{column.name}`")
    used = {mapping.columns.get(c.name, c.name) for c in columns(question.library.dictionary)}
    return read.selectExpr(*chosen), tuple(sorted(set(found) - used))


def _is_admitted(found: str, type_: str) -> bool:
    wider = {"bigint": ("int", "smallint", "tinyint"), "double": ("float", "int", "bigint")}
    return found in (type_, "void", *wider.get(type_, ()))
