"""The letter of a case: one document model, rendered as Markdown and as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from imrpolicy.evaluate import Determination
from imrpolicy.letter.content import letter_of
from imrpolicy.letter.html import render_html
from imrpolicy.letter.markdown import render_markdown


def as_markdown(determinations: Sequence[Determination]) -> str:
    """The letter of a case as Markdown.

    Args:
        determinations: The determinations of one case, as `PolicyLibrary.evaluate` returns them.

    Raises:
        ValueError: There are none, or they belong to several cases.
    """
    return render_markdown(letter_of(determinations))


def as_html(determinations: Sequence[Determination]) -> str:
    """The letter of a case as one HTML file that needs nothing else, on a screen or on paper.

    Args:
        determinations: The determinations of one case, as `PolicyLibrary.evaluate` returns them.

    Raises:
        ValueError: There are none, or they belong to several cases.
    """
    return render_html(letter_of(determinations))


__all__ = ["as_html", "as_markdown"]
