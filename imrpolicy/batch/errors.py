"""What stops a batch, and the packages that it needs."""

from __future__ import annotations

import importlib
from types import ModuleType


class BatchError(Exception):
    """A batch could not be run; the message says why, and what to do next. Nothing was half written."""


def need(package: str, extra: str) -> ModuleType:
    """A package of an extra.

    Raises:
        BatchError: It is not installed; the message names the extra.
    """
    try:
        return importlib.import_module(package)
    except ImportError:
        message = f'`{package}` is not installed; run `pip install "imrpolicy[{extra}]"`'
        raise BatchError(message) from None
