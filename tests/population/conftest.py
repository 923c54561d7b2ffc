"""Fixtures for the tests of populations: the library that comes with the package."""

from __future__ import annotations

import pytest

from imrpolicy import PolicyLibrary


@pytest.fixture(scope="session")
def library():
    return PolicyLibrary.load()


@pytest.fixture(scope="session")
def dictionary(library):
    return library.dictionary
