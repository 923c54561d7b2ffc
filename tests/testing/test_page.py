"""The page on testing is true: what it shows is what the commands print."""

import os
import re

from cli.conftest import ROOT, project
from cli.test_docs import comparable, played

PAGE = ROOT / "docs" / "testing.md"
__all__ = ["project"]
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_what_the_page_shows_is_what_is_printed(project, imrpolicy, request):
    text = PAGE.read_text(encoding="utf-8")
    now = _BLOCK.sub(lambda block: f"```console\n{played(block[1], imrpolicy)}```", text)
    if request.config.getoption("--update-golden") and not os.environ.get("CI"):
        PAGE.write_text(now, encoding="utf-8", newline="\n")
    assert comparable(PAGE.read_text(encoding="utf-8")) == comparable(now)
