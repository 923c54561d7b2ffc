"""Completion: facts, fields, values of enumerations and functions, where an expression is typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from imrpolicy.facts import FactDictionary, Kind, ValueType
from imrpolicy.lsp.expressions import expression_around
from imrpolicy.lsp.functions import FUNCTIONS, OF_LISTS, OF_TEXTS, Function
from imrpolicy.lsp.tokens import Scope, Typing, typing_at
from imrpolicy.lsp.wording import field_in_markdown, function_in_markdown, type_in_words

_WORD = re.compile(r"[\w.]*$")
_VALUE = re.compile(r"[^\"'\\]*$")


class What(Enum):
    """What a completion is, for its icon."""

    FACT = "fact"
    VALUE = "value"
    FUNCTION = "function"
    VARIABLE = "variable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One thing that could be typed here.

    Attributes:
        label: What the list shows.
        detail: A few words beside it.
        markdown: What it is.
        what: What kind of thing it is.
        text: What is typed.
        start: The offset of the first character that it replaces.
        is_snippet: Whether `text` has places to fill in.
    """

    label: str
    detail: str
    markdown: str
    what: What
    text: str
    start: int
    is_snippet: bool = False


def completions(text: str, offset: int, dictionary: FactDictionary) -> tuple[Completion, ...]:
    """What can be typed at a place of a file; nothing outside of expressions.

    Args:
        text: The text of the file, which need not be readable.
        offset: The place.
        dictionary: The facts.
    """
    around = expression_around(text, offset)
    if around is None:
        return ()
    typing = typing_at(around.before, around.after, dictionary)
    if typing.in_comment:
        return ()
    start = offset - len(_found(_VALUE if typing.in_text else _WORD, text[:offset]))
    if typing.in_text:
        return tuple(_values(typing.compared, start, quote=""))
    return tuple(_names(typing, start, quote=_quote(text, offset)))


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text, text.rfind("\n") + 1)
    return found[0] if found else ""


def _quote(text: str, offset: int) -> str:
    """The quotation mark of a text in an expression: escaped where YAML's own quotes are around it."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return '\\"' if re.search(r'(?:when|applies_when)"?:\s+"', line) else '"'


def _names(typing: Typing, start: int, quote: str) -> Iterator[Completion]:
    head, dot, _ = typing.word.rpartition(".")
    if dot:
        yield from _behind_a_dot(head, typing.scope, start)
        return
    compared = typing.scope.type_of(typing.operand) if typing.operand else None
    yield from _values(compared, start, quote)
    for name, type_ in typing.scope.variables.items():
        yield Completion(label=name, detail=type_.in_words(), markdown="", what=What.VARIABLE, text=name,
                         start=start)  # fmt: skip
    yield from _facts(typing.scope.dictionary, start)
    yield from _functions(FUNCTIONS, "", start)


def _behind_a_dot(head: str, scope: Scope, start: int) -> Iterator[Completion]:
    for name, fact in scope.dictionary.groups.get(head, {}).items():
        path = f"{head}.{name}"
        yield Completion(label=path, detail=fact.title, markdown=field_in_markdown(path, fact.field),
                         what=What.FACT, text=path, start=start)  # fmt: skip
    type_ = scope.type_of(head)
    if type_ is None:
        return
    for item in type_.fields:
        path = f"{head}.{item.name}"
        yield Completion(label=path, detail=item.title, markdown=field_in_markdown(path, item),
                         what=What.FACT, text=path, start=start)  # fmt: skip
    if type_.kind is Kind.LIST:
        yield from _functions(OF_LISTS, f"{head}.", start)
    elif type_.kind is Kind.STRING and not type_.choices:
        yield from _functions(OF_TEXTS, f"{head}.", start)


def _facts(dictionary: FactDictionary, start: int) -> Iterator[Completion]:
    for path, fact in dictionary.by_path.items():
        yield Completion(label=path, detail=fact.title, markdown=field_in_markdown(path, fact.field),
                         what=What.FACT, text=path, start=start)  # fmt: skip


def _values(type_: ValueType | None, start: int, quote: str) -> Iterator[Completion]:
    if type_ is None:
        return
    for choice in type_.choices:
        written = f"{quote}{choice.value}{quote}"
        yield Completion(label=choice.value, detail=choice.label, markdown=type_in_words(type_),
                         what=What.VALUE, text=written, start=start)  # fmt: skip


def _functions(functions: Iterable[Function], before: str, start: int) -> Iterator[Completion]:
    for function in functions:
        yield Completion(label=f"{before}{function.name}", detail=function.form,
                         markdown=function_in_markdown(function), what=What.FUNCTION,
                         text=before + function.snippet, start=start, is_snippet=True)  # fmt: skip
