"""Words that the messages of this package share."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 60


def quoted(text: str) -> str:
    r"""Authored text in backticks, on one line and not too long.

    >>> quoted("a\nb")
    '`a b`'
    >>> len(quoted("x" * 1000))
    62
    """
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 3] + "..."
    return "`" + "".join(c if c.isprintable() else " " for c in text).replace("`", "'") + "`"


def listed(words: Iterable[str], last: str = "or") -> str:
    """Words as a list in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b or c'
    """
    names = list(words)
    return f"{', '.join(names[:-1])} {last} {names[-1]}" if len(names) > 1 else "".join(names)


def in_a_block(key: str) -> str:
    """The next step for text that YAML reads as something else; the key is empty for an item of a list."""
    opening = f"{key}: >-" if key else "- >-"
    return f"put it in a block, on a line of its own below {quoted(opening)}, or in single quotes"
