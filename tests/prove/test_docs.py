"""The Python blocks of the pages on proofs and differences run."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("page", "said"), [("prove.md", "%"), ("diff.md", "only_looser minor")])
def test_the_python_blocks_run(page, said, capsys):
    blocks = _BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))
    assert blocks
    for block in blocks:
        exec(compile(block, page, "exec"), {})
    assert said in capsys.readouterr().out
