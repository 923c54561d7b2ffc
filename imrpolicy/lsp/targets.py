"""What the name at a place means: a fact, a value, a criterion, ... in expressions and beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from imrpolicy.authored import Document
from imrpolicy.facts import DATES, REQUEST, FactDictionary, Field
from imrpolicy.lsp.about import last
from imrpolicy.lsp.expressions import expression_around
from imrpolicy.lsp.functions import BY_NAME
from imrpolicy.lsp.project import FileKind
from imrpolicy.lsp.tokens import typing_at
from imrpolicy.lsp.tree import Spot, is_criterion_id, spot_at
from imrpolicy.testing.chosen import ends

_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_TEXT = re.compile(r"[^\"'\\]*")


class Sort(Enum):
    """What a name can mean."""

    FACT = "fact"
    VALUE = "value"
    FUNCTION = "function"
    CRITERION = "criterion"
    POLICY = "policy"
    VERSION = "version"
    SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a name at a place means.

    Attributes:
        sort: What it is.
        name: The path of the fact, the name of the function, the id of the rest.
        start: The offset of the name in the file.
        end: The offset behind it.
        field: The fact or field that it is, or whose value it is.
        value: The value.
        version: The version of the policy that the criterion belongs to; empty for the newest.
    """

    sort: Sort
    name: str
    start: int
    end: int
    field: Field | None = None
    value: str = ""
    version: str = ""


def target_at(document: Document, offset: int, kind: FileKind, dictionary: FactDictionary) -> Target | None:
    """What the name at a place means; none where it means nothing that the server knows."""
    if kind in (FileKind.POLICY, FileKind.VERSION):
        around = expression_around(document.text, offset)
        if around is not None:
            return _in_expression(document.text, offset, dictionary)
    spot = spot_at(document, offset)
    if spot is None:
        return None
    match kind:
        case FileKind.POLICY | FileKind.VERSION:
            return _in_policy(spot)
        case FileKind.TESTS:
            return _in_tests(document, spot, dictionary)
        case FileKind.CASE:
            return _in_case(spot, dictionary)
        case _:
            return None


def _in_expression(text: str, offset: int, dictionary: FactDictionary) -> Target | None:
    line = text.rfind("\n", 0, offset) + 1
    for word in _NAME.finditer(text, line):
        if word.start() > offset:
            break
        if word.end() < offset or "\n" in text[line : word.start()]:
            continue
        around = expression_around(text, word.start())
        if around is None:
            return None
        typing = typing_at(around.before, around.after, dictionary)
        if typing.in_comment:
            return None
        if typing.in_text:
            return _value(text, offset, dictionary)
        found = typing.scope.named(word[0])
        if isinstance(found, Field):
            return Target(sort=Sort.FACT, name=word[0], field=found, start=word.start(), end=word.end())
        last = word[0].rpartition(".")[2]
        if last in BY_NAME and offset >= word.end() - len(last):
            return Target(sort=Sort.FUNCTION, name=last, start=word.end() - len(last), end=word.end())
        head = word[0].rpartition(".")[0]
        owner = typing.scope.named(head)
        if isinstance(owner, Field):  # the list in front of `.exists`
            return Target(
                sort=Sort.FACT, name=head, field=owner, start=word.start(), end=word.start() + len(head)
            )
        return None
    return _value(text, offset, dictionary)


def _value(text: str, offset: int, dictionary: FactDictionary) -> Target | None:
    """A value in quotes, with the fact that it is compared with."""
    line = text.rfind("\n", 0, offset) + 1
    start = max(text.rfind('"', line, offset), text.rfind("'", line, offset)) + 1
    if start <= line:
        return None
    around = expression_around(text, start)
    whole = _TEXT.match(text, start)
    if around is None or whole is None:
        return None
    typing = typing_at(around.before, around.after, dictionary)
    if typing.compared is None:
        return None
    before = re.findall(_NAME, around.before)
    # The nearest path in front that has this type, or the one behind.
    paths = [*reversed(before), *re.findall(_NAME, around.after)]
    for path in paths:
        found = typing.scope.named(path)
        if isinstance(found, Field) and (
            found.type == typing.compared or found.type.element == typing.compared
        ):
            return Target(
                sort=Sort.VALUE, name=path, field=found, value=whole[0], start=start, end=whole.end()
            )
    return None


def _of(
    spot: Spot, sort: Sort, name: str, field: Field | None = None, *, value: str = "", version: str = ""
) -> Target:
    quote = len(spot.scalar.style)
    return Target(sort=sort, name=name, field=field, value=value, version=version,
                  start=spot.scalar.start + quote, end=spot.scalar.end - quote)  # fmt: skip


def _in_policy(spot: Spot) -> Target | None:
    if spot.is_key:
        return None
    if is_criterion_id(spot.path):
        return _of(spot, Sort.CRITERION, spot.scalar.text)
    if spot.path == ("source", "guideline"):
        return _of(spot, Sort.SOURCE, spot.scalar.text)
    return None


def _in_tests(document: Document, spot: Spot, dictionary: FactDictionary) -> Target | None:
    match spot.path:
        case ("policy",) if not spot.is_key:
            return _of(spot, Sort.POLICY, spot.scalar.text)
        case ("base", str(group), str(name), *_):
            return _fact(spot, f"{group}.{name}", dictionary)
        case ("tests", int(), "facts", str(group), str(name), *_):
            return _fact(spot, f"{group}.{name}", dictionary)
        case ("tests", int(), "version", *_) | ("version", *_) if not spot.is_key:
            return _of(spot, Sort.VERSION, ends(spot.scalar.text)[0])
        case ("tests", int(position), "expect", "criteria", str(name)) if spot.is_key:
            return _of(spot, Sort.CRITERION, name, version=last(document, position))
        case ("tests", int(), "expect", "open", int()):
            return _fact(spot, spot.scalar.text, dictionary)
        case ("tests", int(), "expect", "supported", str(name)) if spot.is_key:
            return _fact(spot, name, dictionary)
        case _:
            return None


def _in_case(spot: Spot, dictionary: FactDictionary) -> Target | None:
    match spot.path:
        case ("facts", str(group), str(name), *_):
            return _fact(spot, f"{group}.{name}", dictionary)
        case ("requests", int(), "facts", str(name), *_):
            return _fact(spot, f"{REQUEST}.{name}", dictionary)
        case ("dates", str(name)) | ("requests", int(), "dates", str(name)):
            return _fact(spot, f"{DATES}.{name}", dictionary)
        case (*_, "documented_by" | "conflicting", str(name)) if spot.is_key:
            return _fact(spot, name, dictionary)
        case _:
            return None


def _fact(spot: Spot, path: str, dictionary: FactDictionary) -> Target | None:
    fact = dictionary.by_path.get(path.partition("[]")[0])
    if fact is None:
        return None
    inner = fact.type.element or fact.type
    if not spot.is_key and any(choice.value == spot.scalar.text for choice in inner.choices):
        return _of(spot, Sort.VALUE, fact.path, fact.field, value=spot.scalar.text)
    return _of(spot, Sort.FACT, fact.path, fact.field)
