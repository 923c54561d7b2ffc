"""Policies as SQL: a query whose NULL is exactly "not documented", in the dialect that is asked for.

`Question` says what is asked, and gives the query. Needs the extra `batch`, which brings sqlglot.
"""

from __future__ import annotations

from imrpolicy.extras import need

need("sqlglot", "batch")

from imrpolicy.sql.question import Question  # noqa: E402 - without sqlglot the message is the point

__all__ = ["Question"]
