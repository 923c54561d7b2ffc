"""What is asked, as data frames of Spark: a row for each sound request, and what is wrong in the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.mapping import TableMapping
from imrpolicy.batches.spark.failures import explained
from imrpolicy.batches.spark.text import literal
from imrpolicy.batches.spark.typed import SparkTyped, spark_typed
from imrpolicy.sql.question import Question

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, Observation

# A name that stands in no text of a policy, since it is replaced in the whole query.
_TABLE = "imrpolicy_requests_of_this_query"


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests on Spark.

    Attributes:
        read: The rows as they are.
        question: What is asked of them.
        typed: How they become ours.
    """

    read: DataFrame
    question: Question
    typed: SparkTyped

    @classmethod
    def of(cls, read: DataFrame, question: Question, mapping: TableMapping | None, where: str) -> Requests:
        """Requests that can be asked.

        Raises:
            BatchError: A column is lacking or has a type that cannot be ours, or Spark cannot answer.
        """
        if question.exact:
            raise BatchError(
                "the engine `spark` gives no `open`; its column `undocumented` never lacks one of it"
            )
        with explained(where):
            schema = read.schema
        typed = spark_typed(schema, question.library.dictionary, mapping or TableMapping(), where)
        return cls(read, question, typed)

    def determinations(self, counting: Observation | None = None) -> DataFrame:
        """A row for each sound request.

        Args:
            counting: Where the number of rows that were read is kept as `rows`, once the frame was run.
        """
        from pyspark.sql import functions

        ours = self.read.selectExpr(*self.typed.select)
        if counting is not None:
            ours = ours.observe(counting, functions.count(functions.lit(1)).alias("rows"))
        sound = _over(ours, self.question.sound("spark", _TABLE, self.typed.known))
        found = _over(sound, self.question.query("spark", _TABLE))
        if self.question.policy is not None:
            return found
        return found.where("problem IS NULL").drop("problem")

    def rejected(self, file: str, row: str) -> DataFrame:
        """A row for each request that breaks the schema: `file`, `row`, `case_id`, `request_id`, `reason`.

        Args:
            file: The expression of the file.
            row: The expression of the row's number.
        """
        place = f"named_struct('file', {file}, 'row', {row}) AS row_number"
        ours = self.read.selectExpr(*self.typed.select, place)
        check = self.question.check("spark", _TABLE, self.typed.known)
        # Exploded, since a filter on the reason would be worked out apart from it, and every list seen twice.
        found = "explode(CASE WHEN reject IS NULL THEN array() ELSE array(reject) END) AS reason"
        return _over(ours, check).selectExpr(
            "row_number.file AS file", "row_number.row AS row", "case_id", "request_id", found
        )


def named_rows(file: str) -> tuple[str, str]:
    """The file and number of rows that have none: the name of the input, and NULL."""
    return literal(file), "CAST(NULL AS bigint)"


def _over(frame: DataFrame, query: str) -> DataFrame:
    """A query over a frame."""
    escaped = query.replace("{", "{{").replace("}", "}}").replace(_TABLE, "{requests}")
    return frame.sparkSession.sql(escaped, requests=frame)
