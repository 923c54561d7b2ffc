"""Whole letters, word for word."""

import re

import pytest

from imrpolicy.letter import as_html, as_markdown

LETTERS = [
    "reference",
    "texas",
    "undetermined",
    "modify",
    "approve",
    "records-in-conflict",
    "guidelines-in-conflict",
    "not-encoded",
]


def steady(text):
    """A letter without what changes with any edit of a policy file or of the style: hashes, and the style."""
    text = re.sub(r"sha256:[0-9a-f]{64}", "sha256:…", text)
    text = re.sub(r"'sha256-[A-Za-z0-9+/=]+'", "'sha256-…'", text)
    return re.sub(r"<style>.*</style>", "<style>…</style>", text, flags=re.DOTALL)


@pytest.mark.parametrize("name", LETTERS)
def test_markdown(letters, golden, name):
    golden(f"letter-{name}.md", steady(as_markdown(letters(name))))


@pytest.mark.parametrize("name", LETTERS)
def test_html(letters, golden, name):
    golden(f"letter-{name}.html", steady(as_html(letters(name))))
