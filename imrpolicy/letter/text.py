"""The one gate for text: whatever a case or a policy says goes through here before it is escaped."""

from __future__ import annotations

import unicodedata

# Joiners change the shape of letters in Persian or Hindi words and order nothing, so they stay.
_JOINERS = "\u200c\u200d"


def clean(text: str) -> str:
    r"""A text on one line, without characters that nobody sees.

    Control characters and line breaks become spaces. Marks that turn the direction of the text around, or
    hide in it, are dropped: with them a title could show something else than it says.

    >>> clean("Rental\u202e of a\n unit\x00")
    'Rental of a unit'
    """
    return " ".join("".join(map(_shown, text)).split())


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return "" if category == "Cf" and character not in _JOINERS else character
