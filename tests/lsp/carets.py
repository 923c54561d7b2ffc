"""Texts with a mark where the caret is."""

from __future__ import annotations


def caret(text):
    """A text without its `|`, and where that stood."""
    offset = text.index("|")
    return text[:offset] + text[offset + 1 :], offset
