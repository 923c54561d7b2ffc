"""The functions of guideline CEL, as completion and hover show them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """A function.

    Attributes:
        name: Its name.
        form: How it is called.
        meaning: What it gives.
        snippet: What completion types, with the places to fill in as `$1`.
    """

    name: str
    form: str
    meaning: str
    snippet: str


FUNCTIONS = (
    Function("has", "has(fact)", "Whether a fact is documented; always true or false.", "has($1)"),
    Function("size", "size(list)", "How many elements a list has, or characters a text.", "size($1)"),
    Function("date", 'date("2013-06-20")', "A day.", 'date("$1")'),
    Function(
        "days_between",
        "days_between(first, second)",
        "The days from the first date to the second; negative if the second is earlier.",
        "days_between($1, $2)",
    ),
    Function(
        "weeks_between",
        "weeks_between(first, second)",
        "The whole weeks from the first date to the second.",
        "weeks_between($1, $2)",
    ),
    Function("double", "double(number)", "A whole number as a decimal number.", "double($1)"),
)
"""Functions that stand alone."""

OF_LISTS = (
    Function(
        "exists",
        "list.exists(it, condition)",
        "Whether at least one element fulfills the condition.",
        "exists(${1:it}, $2)",
    ),
    Function(
        "all", "list.all(it, condition)", "Whether each element fulfills the condition.", "all(${1:it}, $2)"
    ),
    Function(
        "exists_one",
        "list.exists_one(it, condition)",
        "Whether exactly one element fulfills the condition.",
        "exists_one(${1:it}, $2)",
    ),
    Function(
        "filter",
        "list.filter(it, condition)",
        "The elements that fulfill the condition; for use within `size`, `exists` and `all`.",
        "filter(${1:it}, $2)",
    ),
)
"""Functions behind a list."""

OF_TEXTS = (
    Function("contains", 'text.contains("...")', "Whether a text has another one in it.", 'contains("$1")'),
    Function("startsWith", 'text.startsWith("...")', "Whether a text starts so.", 'startsWith("$1")'),
    Function("endsWith", 'text.endsWith("...")', "Whether a text ends so.", 'endsWith("$1")'),
)
"""Functions behind a free text."""

BY_NAME = {function.name: function for function in (*FUNCTIONS, *OF_LISTS, *OF_TEXTS)}
