"""Fixtures for the tests of authored files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import yaml

from imrpolicy.authored import Document, Mapping, Node, Scalar, Sequence, parse_document
from imrpolicy.authored.compose import compose
from imrpolicy.authored.decode import decode
from imrpolicy.issues import Issue

LOADERS = [pytest.param(yaml.SafeLoader, id="python")]
if hasattr(yaml, "CSafeLoader"):
    LOADERS.append(pytest.param(yaml.CSafeLoader, id="libyaml"))


@pytest.fixture(params=LOADERS)
def loader(request: pytest.FixtureRequest) -> Any:
    """Each of PyYAML's two parsers."""
    return request.param


@pytest.fixture
def read(loader: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], Document]:
    """Reads authored text with each of the parsers."""
    monkeypatch.setattr("imrpolicy.authored.document.compose", lambda text: compose(text, loader))
    return lambda raw: parse_document(raw.encode() if isinstance(raw, str) else raw, "policy.yaml")


@pytest.fixture
def said() -> Callable[[Iterable[Issue]], list[str]]:
    """Issues as one line each: where, the rule and the message."""
    return lambda issues: [f"{i.place.line}:{i.place.column} {i.rule}: {i.message}" for i in issues]


@pytest.fixture
def composed() -> Callable[[bytes, Any], tuple[Node | None, list[Issue]]]:
    """The tree and issues of a file by one parser."""

    def read_with(raw: bytes, loader: Any) -> tuple[Node | None, list[Issue]]:
        text, issues, readable = decode(raw, "policy.yaml")
        root, found = compose(text, loader) if readable else (None, [])
        return root, [*issues, *found]

    return read_with


@pytest.fixture
def scalars() -> Callable[[Node | None], Iterator[Scalar]]:
    """All scalars of a tree that are values."""

    def walk(node: Node | None) -> Iterator[Scalar]:
        if isinstance(node, Scalar):
            yield node
        elif isinstance(node, Sequence):
            for item in node.items:
                yield from walk(item)
        elif isinstance(node, Mapping):
            for entry in node.entries.values():
                yield from walk(entry)

    return walk
