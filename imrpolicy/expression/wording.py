"""How values, operators and names are called in messages."""

from __future__ import annotations

from collections.abc import Iterable

from imrpolicy.expression.nodes import Constant, FactValue, FieldValue, Node, Variable
from imrpolicy.facts import Kind

# Names that CEL gives its types: a variable must not hide them.
TYPE_NAMES = frozenset(
    "bool bytes double dyn int list map null_type string timestamp duration type uint".split()
)
# Functions of CEL that the subset leaves out, with the reason.
LEFT_OUT = {
    "matches": "a regular expression can run for very long",
    "map": "guidelines select from lists, they do not compute new ones",
    "timestamp": 'a point in time: write `date("2013-06-20")`',
    "duration": "a stretch of time: use `days_between(a, b)` or `weeks_between(a, b)`",
    "type": "types are known before any case is seen",
    "dyn": "types are known before any case is seen",
    "int": "it can fail; compare whole and decimal numbers as they are",
    "uint": "unsigned numbers are not used",
    "string": "texts are compared as they are",
    "bytes": "bytes are not used",
    "bool": "it can fail",
}
_OPERATORS = {"@in": "in", "_?_:_": "? :"}


def sign(function: str) -> str:
    """An operator or function as an author writes it."""
    return _OPERATORS.get(function, function.strip("_"))


def listed(names: Iterable[str]) -> str:
    """Names in backticks, with commas."""
    return ", ".join(f"`{name}`" for name in names)


def cut(text: object) -> str:
    """What an author wrote, cut where nobody would read on."""
    written = str(text)
    return written if len(written) <= 60 else f"{written[:60]}…"


def describe(node: Node) -> str:
    """A node by name where it has one, and by its type."""
    if isinstance(node, FactValue):
        return f"`{node.fact.path}` ({node.type.in_words()})"
    if isinstance(node, FieldValue):
        return f"`{node.of.name}.{node.field.name}` ({node.type.in_words()})"
    if isinstance(node, Variable):
        name = f"`{node.name}`" if node.name else "an element of the list"
        return f"{name} ({node.type.in_words()})"
    return node.type.in_words()


def instead_of_text(left: Node, right: Node) -> str:
    """What to write in place of a text in quotation marks, by what it is compared with."""
    for node, other in ((left, right), (right, left)):
        if isinstance(node, Constant) and isinstance(node.value, str):
            if other.type.kind is Kind.DATE:
                return 'a date is written `date("2013-06-20")`'
            if other.type.is_number:
                return "a number is written without quotation marks"
            if other.type.kind is Kind.BOOL:
                return "write what is true or false alone, or with `!` before it"
    return ""
