"""Small slips in one expression: what an editor could have typed instead.

Each edit changes the text of the expression, which is then checked like any other. What the checker refuses
is no mutant, since `imrpolicy check` would have found it. Edits that cannot change a meaning are never made:
of a whole number `> 5` is `>= 6`, so its bound is moved and its operator is not.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from imrpolicy.expression import ExpressionError, Node, Span, check
from imrpolicy.expression.nodes import (
    Arithmetic,
    Compare,
    Conditional,
    Constant,
    Contains,
    Documented,
    FactValue,
    FieldValue,
    Junction,
    ListConstant,
    Not,
    Quantifier,
    TimeBetween,
    children,
)
from imrpolicy.facts import FactDictionary, Kind

_LONGEST = 90
_OPERATOR = re.compile(r"<=|>=|==|!=|<|>")
_TURNED = {"==": "!=", "!=": "==", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_QUANTIFIERS = {"exists": "all", "all": "exists", "exists_one": "exists"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One slip in an expression.

    Attributes:
        kind: What kind of slip it is, such as `threshold`.
        before: The part of the text that it changes.
        after: What stands there instead.
        span: Where that part is in the text.
        text: The whole expression with the slip in it.
        node: The same, checked.
    """

    kind: str
    before: str
    after: str
    span: Span
    text: str
    node: Node


@dataclass(frozen=True, slots=True)
class _Change:
    kind: str
    start: int
    end: int
    after: str
    before: str = ""
    said: str = ""


def edits(text: str, node: Node, dictionary: FactDictionary) -> Iterator[Edit]:
    """The slips that an expression admits.

    Args:
        text: The expression, as written.
        node: The same, checked.
        dictionary: The facts that it may name.
    """
    seen = {text}
    for change in _Finder(text).below(node, under_not=False):
        changed = text[: change.start] + change.after + text[change.end :]
        if changed in seen:
            continue
        seen.add(changed)
        try:
            checked = check(changed, dictionary)
        except ExpressionError:
            continue
        before = change.before or text[change.start : change.end]
        yield Edit(
            kind=change.kind,
            before=_short(before, change.kind),
            after=_short(change.said or change.after, change.kind),
            span=Span(change.start, change.end),
            text=changed,
            node=checked,
        )


def _short(text: str, kind: str) -> str:
    """A part of an expression on one line; of a long comparison the end, which is what changes."""
    line = " ".join(text.split())
    if len(line) <= _LONGEST:
        return line
    if kind in ("threshold", "operator"):
        return "..." + line[3 - _LONGEST :].lstrip()
    return line[: _LONGEST - 3].rstrip() + "..."


class _Finder:
    """Finds where the text of an expression can go wrong."""

    def __init__(self, text: str) -> None:
        self._text = text

    def below(self, node: Node, *, under_not: bool) -> Iterator[_Change]:
        """The slips in a node and in all nodes below it."""
        yield from self._of(node, under_not=under_not)
        match node:
            case Documented():
                return
            case Compare() | Contains():
                # A truth value that is compared is no condition of its own.
                inner: list[Node] = [
                    part for part in children(node) if not isinstance(part, FactValue | FieldValue)
                ]
            case _:
                inner = list(children(node))
        for part in inner:
            yield from self.below(part, under_not=isinstance(node, Not))

    def _of(self, node: Node, *, under_not: bool) -> Iterator[_Change]:
        match node:
            case Compare():
                yield from self._compare(node)
            case Contains(container=ListConstant() as values):
                yield from self._list(node, values)
            case Junction():
                yield from self._junction(node)
            case Not():
                start, end = node.span.start, node.span.end
                yield _Change("negation", start, end, self._text[start + 1 : end].lstrip())
            case FactValue() | FieldValue() if node.type.kind is Kind.BOOL:
                source = self._source(node)
                if not under_not:
                    yield _Change("negation", node.span.start, node.span.end, f"!{source}")
                yield _Change("documented", node.span.start, node.span.end, f"has({source})")
            case Documented():
                source = self._source(node)
                if not under_not:
                    yield _Change("negation", node.span.start, node.span.end, f"!{source}")
            case _:
                yield from self._operation(node)

    def _operation(self, node: Node) -> Iterator[_Change]:
        match node:
            case Quantifier():
                found = re.compile(r"\.\s*(exists_one|exists|all)\b").search(self._text, node.source.span.end)
                if found and found[1] == node.kind:
                    after = _QUANTIFIERS[node.kind]
                    yield _Change("quantifier", found.start(1), found.end(1), after)
            case Arithmetic(operator="+" | "-"):
                after = "-" if node.operator == "+" else "+"
                yield from self._operator(node.left, node.right, node.operator, after, "arithmetic", node)
            case Conditional():
                yield self._swapped(node.then, node.otherwise)
            case TimeBetween():
                yield self._swapped(node.start, node.end)

    def _swapped(self, first: Node, second: Node) -> _Change:
        between = self._text[first.span.end : second.span.start]
        swapped = self._source(second) + between + self._source(first)
        return _Change("swap", first.span.start, second.span.end, swapped)

    def _source(self, node: Node) -> str:
        return self._text[node.span.start : node.span.end]

    def _operator(
        self, left: Node, right: Node, operator: str, after: str, kind: str, whole: Node
    ) -> Iterator[_Change]:
        """Another operator between two operands."""
        at = self._text.find(operator, left.span.end, right.span.start)
        if at >= 0:
            source = self._source(whole)
            start = at - whole.span.start
            said = source[:start] + after + source[start + len(operator) :]
            yield _Change(kind, at, at + len(operator), after, source, said)

    def _compare(self, node: Compare) -> Iterator[_Change]:
        other, constant = (
            (node.right, node.left) if isinstance(node.left, Constant) else (node.left, node.right)
        )
        # Between whole numbers, as between days, moving the bound by one says the same as the other operator.
        moves = isinstance(constant, Constant) and other.type.kind in (Kind.INT, Kind.DATE)
        if isinstance(constant, Constant):
            for value in _neighbours(constant, other):
                yield self._constant(node, constant, value)
        operators = [_TURNED[node.operator]]
        if node.operator in _BOUNDARY and not moves:
            operators.insert(0, _BOUNDARY[node.operator])
        for after in operators:
            yield from self._operator(node.left, node.right, node.operator, after, "operator", node)

    def _constant(self, whole: Node, constant: Constant, value: str) -> _Change:
        source, start = self._source(whole), constant.span.start - whole.span.start
        said = source[:start] + value + source[constant.span.end - whole.span.start :]
        kind = "enumeration" if isinstance(constant.value, str) else "threshold"
        return _Change(kind, constant.span.start, constant.span.end, value, source, said)

    def _list(self, node: Contains, values: ListConstant) -> Iterator[_Change]:
        texts = [self._source(element) for element in values.elements]
        span, listing = values.span, f"{self._source(node.element)} in [...]"
        for position in range(len(texts) if len(texts) > 1 else 0):
            rest = "[" + ", ".join(texts[:position] + texts[position + 1 :]) + "]"
            yield _Change("enumeration", span.start, span.end, rest, listing, f"without {texts[position]}")
        listed = {element.value for element in values.elements}
        choices = [choice.value for choice in node.element.type.choices]
        more = _next(choices, listed)
        if more is not None:
            longer = "[" + ", ".join([*texts, f'"{more}"']) + "]"
            yield _Change("enumeration", span.start, span.end, longer, listing, f'with "{more}"')

    def _junction(self, node: Junction) -> Iterator[_Change]:
        gaps = [
            self._text.find(node.operator, left.span.end, right.span.start)
            for left, right in zip(node.operands, node.operands[1:], strict=False)
        ]
        if min(gaps) < 0:
            return
        starts = [node.span.start, *(gap + 2 for gap in gaps)]
        parts = [self._text[a:b] for a, b in zip(starts, [*gaps, node.span.end], strict=True)]
        other = "||" if node.operator == "&&" else "&&"
        whole = self._source(node)
        said = f"{other} in place of {node.operator}"
        yield _Change("junction", node.span.start, node.span.end, other.join(parts), whole, said)
        for position, part in enumerate(parts):
            rest = node.operator.join(p.strip() and p for p in parts[:position] + parts[position + 1 :])
            said = f"without {part.strip()}"
            yield _Change("clause", node.span.start, node.span.end, rest.strip(), whole, said)


def _neighbours(constant: Constant, other: Node) -> Iterator[str]:
    """The constants that could have been meant, as text; those out of range are refused by the checker."""
    value = constant.value
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield from (str(value - 1), str(value + 1))
    elif isinstance(value, float):
        digits = 0 if value.is_integer() else len(repr(value).partition(".")[2])
        step = 10**-digits
        yield from (f"{value + delta:.{max(digits, 1)}f}" for delta in (-step, step))
    elif isinstance(value, dt.date):
        yield from (f'date("{(value + dt.timedelta(days=days)).isoformat()}")' for days in (-1, 1))
    else:
        after = _next([choice.value for choice in other.type.choices], {value})
        if after is not None:
            yield f'"{after}"'


def _next(choices: list[str], listed: AbstractSet[object]) -> str | None:
    """The value of an enumeration that comes after the last one listed, or the first that is not."""
    others = [choice for choice in choices if choice not in listed]
    if not others:
        return None
    last = max((position for position, choice in enumerate(choices) if choice in listed), default=-1)
    return next((choice for choice in choices[last + 1 :] if choice not in listed), others[0])
