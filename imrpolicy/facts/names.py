"""The names that groups, facts and fields can have: identifiers of CEL that it does not reserve."""

from __future__ import annotations

import re

# The words that the CEL specification reserves, and its keywords `in`, `true`, `false` and `null`.
RESERVED = frozenset(
    "as break const continue else false for function if import in let loop package namespace null return "
    "true var void while".split()
)
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def is_name(text: str) -> bool:
    """Whether an expression can call something by this name.

    >>> is_name("duration_days"), is_name("duration-days"), is_name("package")
    (True, False, False)
    """
    return _NAME.fullmatch(text) is not None and text not in RESERVED
