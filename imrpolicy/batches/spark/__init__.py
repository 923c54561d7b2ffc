"""The same query on Apache Spark, on this machine or on a cluster: the extra `spark`.

`run_on_spark` goes from files or a table to a folder; `evaluate_frame` and `rejected_frame` go from a data
frame of Spark to another.
"""

from imrpolicy.batches.spark.run import evaluate_frame, rejected_frame, run_on_spark

__all__ = ["evaluate_frame", "rejected_frame", "run_on_spark"]
