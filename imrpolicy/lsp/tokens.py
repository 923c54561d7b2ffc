"""A half-typed expression read as far as it goes: what is being typed, and what it is compared with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from imrpolicy.expression.macros import MACROS
from imrpolicy.facts import FactDictionary, Field, ValueType

_PATH = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*"
_TOKEN = re.compile(
    rf"""(?P<comment>//[^\n]*)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<open>["'])(?P<typed>[^\n]*)$
    |(?P<path>{_PATH}\.?)
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/%!?:,.()\[\]<>])""",
    re.VERBOSE,
)
_BEHIND_TEXT = re.compile(rf"[^\"']*[\"']\s*(?P<sign>==|!=|in\b)\s*(?P<path>{_PATH})")


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean at a place.

    Attributes:
        dictionary: The facts.
        variables: The type of each bound variable, such as `block` in `prior_blocks.exists(block, ...)`.
    """

    dictionary: FactDictionary
    variables: Mapping[str, ValueType] = field(default_factory=dict)

    def named(self, path: str) -> Field | ValueType | None:
        """What a path means: a fact, a field of a variable, or the variable itself."""
        if path in self.dictionary.by_path:
            return self.dictionary.by_path[path].field
        variable, _, name = path.partition(".")
        type_ = self.variables.get(variable)
        return type_.field_named(name) if type_ is not None and name else type_

    def type_of(self, path: str) -> ValueType | None:
        """The type of what a path means."""
        found = self.named(path)
        return found.type if isinstance(found, Field) else found


@dataclass(frozen=True, slots=True)
class Typing:
    """What is being typed at the end of a text.

    Attributes:
        scope: What names mean there.
        word: The name so far, such as `pain.rad`; empty where none was begun.
        compared: The type of what a text in quotes is compared with, where the place is in such a text.
        in_text: Whether the place is within quotes.
        in_comment: Whether the place is in a comment.
        operand: The path that an operator in front compares, such as `pain.score` in `pain.score == `.
    """

    scope: Scope
    word: str = ""
    compared: ValueType | None = None
    in_text: bool = False
    in_comment: bool = False
    operand: str = ""


def typing_at(before: str, after: str, dictionary: FactDictionary) -> Typing:
    """What is being typed between two parts of an expression."""
    tokens = list(_TOKEN.finditer(before))
    last = tokens[-1] if tokens else None
    kind = last.lastgroup if last is not None else ""
    is_open = last is not None and last["open"] is not None
    scope = _scope(tokens, dictionary)
    if is_open:
        return Typing(scope, in_text=True, compared=_compared(tokens[:-1], after, scope))
    if last is not None and kind == "comment" and last.end() == len(before):
        return Typing(scope, in_comment=True)
    ends_in_word = last is not None and kind == "path" and last.end() == len(before)
    word = last["path"] if last is not None and ends_in_word else ""
    return Typing(scope, word=word, operand=_operand(tokens[:-1] if ends_in_word else tokens))


def _scope(tokens: list[re.Match[str]], dictionary: FactDictionary) -> Scope:
    """The variables that are bound where the tokens end."""
    scopes = [Scope(dictionary)]
    for position, token in enumerate(tokens):
        if token["sign"] == "(":
            scopes.append(_bound(tokens, position, scopes[-1]))
        elif token["sign"] == ")" and len(scopes) > 1:
            scopes.pop()
    return scopes[-1]


def _bound(tokens: list[re.Match[str]], position: int, scope: Scope) -> Scope:
    """The scope within a bracket: `list.exists(` binds the name after it, once a comma follows."""
    path, _, macro = (tokens[position - 1]["path"] or "").rpartition(".") if position else ("", "", "")
    following = tokens[position + 1 : position + 3]
    if macro not in MACROS or len(following) < 2 or following[1]["sign"] != ",":
        return scope
    type_ = scope.type_of(path)
    name = following[0]["path"]
    if type_ is None or type_.element is None or not name:
        return scope
    return Scope(scope.dictionary, {**scope.variables, name: type_.element})


def _compared(tokens: list[re.Match[str]], after: str, scope: Scope) -> ValueType | None:
    """The type of what a text is compared with, before it or behind it."""
    path = _operand(tokens)
    if path:
        return _single(scope.type_of(path))
    behind = _BEHIND_TEXT.match(after)
    return _single(scope.type_of(behind["path"])) if behind else None


def _single(type_: ValueType | None) -> ValueType | None:
    """The type of one value: that of the elements of a list."""
    return type_.element if type_ is not None and type_.element is not None else type_


def _operand(tokens: list[re.Match[str]]) -> str:
    """The path in front of `==`, `!=` or `in [..., `; empty where there is none."""
    rest = list(tokens)
    if rest and rest[-1]["sign"] in ("[", ","):
        while rest and rest[-1]["sign"] != "[":
            if rest[-1]["text"] is None and rest[-1]["sign"] != ",":
                return ""
            rest.pop()
        rest = rest[:-1]
        if not rest or rest[-1]["path"] != "in":
            return ""
    elif not rest or rest[-1]["sign"] not in ("==", "!="):
        return ""
    return (rest[-2]["path"] or "") if len(rest) > 1 else ""
