"""Guideline CEL: a statically typed subset of CEL, parsed, checked and read.

`check` turns text into typed nodes or says everything that is wrong; `compile_nodes` makes one function of
them; `in_english` reads them out; `unparse` writes them as CEL for other runtimes.
"""

from imrpolicy.expression.check import check
from imrpolicy.expression.compile import Row, Statuses, compile_nodes
from imrpolicy.expression.english import in_english
from imrpolicy.expression.nodes import Node, facts_of, walk
from imrpolicy.expression.problem import ExpressionError, Problem, Span
from imrpolicy.expression.unparse import unparse

__all__ = [
    "ExpressionError",
    "Node",
    "Problem",
    "Row",
    "Span",
    "Statuses",
    "check",
    "compile_nodes",
    "facts_of",
    "in_english",
    "unparse",
    "walk",
]
