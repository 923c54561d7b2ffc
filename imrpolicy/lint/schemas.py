"""The JSON Schemas of a project checked: as JSON, as schemas, and one as the dictionary of facts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from imrpolicy.authored import Document, Node
from imrpolicy.authored.json_files import read_file
from imrpolicy.facts import DATES, REQUEST, SchemaError, dictionary_from
from imrpolicy.issues import Issue, Place, has_errors, in_order
from imrpolicy.policy import shown
from imrpolicy.policy.blanks import blanks
from imrpolicy.policy.layout import SCHEMA_ENDING

KINDS = ("case", "policy", "search-sequence", "sources", "tests")
_Path = tuple[str | int, ...]
_MOST_BYTES = 5_000_000
_NAME = re.compile(r"`([a-z0-9_]+)(?:\.([a-z0-9_]+))?")
_TYPES = "`array`, `boolean`, `integer`, `null`, `number`, `object` and `string`"


def schema_files(directory: Path) -> list[Path]:
    """The schemas in a directory."""
    return sorted(directory.glob(f"*{SCHEMA_ENDING}"))


def check_schemas(directory: Path) -> tuple[Issue, ...]:
    """Everything that is wrong with the schemas of a project."""
    issues = [
        Issue(place=Place(shown(directory / f"{kind}{SCHEMA_ENDING}")), rule="missing-file",
              message=f"there is no schema for files of the kind `{kind}`", help="restore the file")
        for kind in KINDS
        if not (directory / f"{kind}{SCHEMA_ENDING}").is_file()
    ]  # fmt: skip
    for path in schema_files(directory):
        issues += check_schema(path)
    return in_order(issues)


def check_schema(path: Path) -> Iterable[Issue]:
    """Everything that is wrong with one schema."""
    document = read_file(path, shown(path), _MOST_BYTES)
    if document.root is None or has_errors(document.issues):
        return document.issues
    # A blank is told alone: where a number goes it breaks the schema as well.
    found = tuple(blanks(document)) or tuple(_as_schema(document))
    if not found and path.name == f"case{SCHEMA_ENDING}":
        found = tuple(_as_dictionary(document))
    return (*document.issues, *found)


def _as_schema(document: Document) -> Iterator[Issue]:
    data = document.data()
    if not isinstance(data, dict):
        yield document.issue(
            Place(document.path), "schema", "a schema is a JSON object", "write it in `{` and `}`"
        )
        return
    for path, value in _against_metaschema(document.text):
        yield _broken(document, document.node_at(path), path, value)
    for path, pattern in _patterns(data, ()):
        try:
            re.compile(pattern)
        except re.error as error:
            yield document.issue(document.node_at(path), "schema", f"this pattern cannot be read: {error}",
                                 "try it out before you write it here")  # fmt: skip


# The metaschema takes long, and a program that checks again and again, as tests do, mostly has one schema.
@lru_cache(maxsize=16)
def _against_metaschema(text: str) -> tuple[tuple[_Path, Any], ...]:
    """The places at which a schema is none, with the values there."""
    from jsonschema import Draft202012Validator  # only a check needs it

    found: dict[_Path, Any] = {}
    # The metaschema describes a place by several rules at once; what they say of one place is told once.
    for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(json.loads(text)):
        found.setdefault(tuple(error.absolute_path), error.instance)
    return tuple(found.items())


def _broken(document: Document, node: Node, path: _Path, value: Any) -> Issue:
    keyword = next((step for step in reversed(path) if isinstance(step, str)), "")
    written = f"`{json.dumps(value, ensure_ascii=False)[:60]}`"
    help = (
        f"types are {_TYPES}" if keyword == "type" else "see JSON Schema, draft 2020-12, for what it can be"
    )
    return document.issue(node, "schema", f"{written} cannot be the value of `{keyword}` in a schema", help)


def _patterns(data: Any, path: _Path) -> Iterator[tuple[_Path, str]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        if key == "pattern" and isinstance(value, str):
            yield (*path, key), value
        else:
            yield from _patterns(value, (*path, key))


def _as_dictionary(document: Document) -> Iterator[Issue]:
    try:
        dictionary_from(document.data())
    except SchemaError as error:
        yield document.issue(_fact(document, str(error)), "fact-dictionary", str(error),
                             "compare it with a fact that is declared in the same file")  # fmt: skip


def _fact(document: Document, message: str) -> Node | Place:
    """Where the fact or group is declared that a message names first."""
    found = _NAME.search(message)
    if found is None:
        return Place(document.path)
    group, name = found.groups()
    own = {DATES: ("$defs", DATES), REQUEST: ("$defs", "request_facts")}
    path = own.get(group, ("$defs", "facts", "properties", group))
    if name is not None:
        path = (*path, "properties", name)
    return document.key_at(path)
