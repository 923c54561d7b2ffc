"""What `import imrpolicy` offers is what it says, and costs nothing until it is used."""

from __future__ import annotations

import subprocess
import sys

import imrpolicy


def test_every_exported_name_exists() -> None:
    """A name of `__all__` can be imported, and there is no second list to forget."""
    for name in imrpolicy.__all__:
        assert getattr(imrpolicy, name) is not None
    assert dir(imrpolicy) == imrpolicy.__all__ == sorted(imrpolicy.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A misspelt name fails as it does with any module."""
    assert not hasattr(imrpolicy, "PolicyLibary")


def test_the_import_alone_loads_no_layer() -> None:
    """The start of a command does not pay for what it does not use."""
    code = "import sys, imrpolicy; print([m for m in sys.modules if m.startswith('imrpolicy.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
