"""Packages that only an extra brings: each is imported when it is needed, and named when it is not there."""

from __future__ import annotations

import importlib
from types import ModuleType


class MissingExtraError(ImportError):
    """A package is missing that only an extra brings; the message says which."""


def need(package: str, extra: str) -> ModuleType:
    """A package of an extra.

    Args:
        package: The package as it is imported, such as `duckdb`.
        extra: The extra that brings it, such as `batch`.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError as error:
        raise missing(error.name or package, extra) from error


def missing(package: str, extra: str) -> MissingExtraError:
    """The error for a package that is not installed."""
    name = package.partition(".")[0]
    return MissingExtraError(f'{name} is not installed; install it with `pip install "imrpolicy[{extra}]"`')
