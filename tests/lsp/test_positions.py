"""Lines and columns, as the protocol counts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imrpolicy.lsp.positions import UTF8, UTF16, UTF32, Text

TEXT = "é: ≥\n😀x: 1\n\nlast"


@pytest.mark.parametrize(
    ("encoding", "column"), [(UTF8, 4), (UTF16, 2), (UTF32, 1)], ids=["utf-8", "utf-16", "utf-32"]
)
def test_a_column_counts_code_units(encoding, column):
    text = Text(TEXT, encoding)
    assert text.place(TEXT.index("x")) == (1, column)
    assert text.offset(1, column) == TEXT.index("x")


@pytest.mark.parametrize("encoding", [UTF8, UTF16, UTF32])
@given(text=st.text("a😀é\n ", max_size=30), data=st.data())
def test_a_place_leads_back_to_its_offset(encoding, text, data):
    offset = data.draw(st.integers(0, len(text)))
    assert Text(text, encoding).offset(*Text(text, encoding).place(offset)) == offset


def test_what_lies_beyond_the_text_is_its_end():
    assert Text("ab\nc").offset(0, 99) == 2
    assert Text("ab\nc").offset(99, 0) == 4


def test_the_ends_of_lines_are_those_of_any_system():
    assert Text.of("a\r\nb\rc").text == "a\nb\nc"
