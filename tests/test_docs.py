"""What the documentation shows is true: its blocks of Python run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", ["integrating.md"])
def test_the_python_blocks_of_a_page_run_one_after_the_other(page: str) -> None:
    """A reader can type the page from top to bottom."""
    blocks = _BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))
    assert len(blocks) >= 4
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), names)
