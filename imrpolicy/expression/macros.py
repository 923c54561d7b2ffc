"""`exists`, `all`, `exists_one` and `filter`: the macros over lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from imrpolicy.expression import messages
from imrpolicy.expression.nodes import FactValue, FieldValue, Filter, Node, Quantifier, walk
from imrpolicy.expression.scope import Bound, Scope
from imrpolicy.expression.syntax import Call, Name
from imrpolicy.expression.wording import TYPE_NAMES
from imrpolicy.facts import Kind
from imrpolicy.facts.names import RESERVED

if TYPE_CHECKING:
    from imrpolicy.expression.check import Checker

MACROS = frozenset({"exists", "all", "exists_one", "filter"})
# Lists in lists multiply the work of an evaluation; two levels are more than guidelines ask for.
MAX_NESTING = 2


def check_macro(checker: Checker, syntax: Call, scope: Scope) -> Node | None:
    """The typed node of `list.macro(variable, predicate)`, or None after reporting why there is none."""
    assert syntax.target is not None  # noqa: S101 - the caller looked
    source = checker.node(syntax.target, scope)
    if len(syntax.arguments) != 2 or not isinstance(syntax.arguments[0], Name):
        checker.report(messages.macro_form(syntax.function, syntax.name_span))
        return None
    variable = syntax.arguments[0]
    if _is_taken(variable.name, checker, scope):
        checker.report(messages.variable_taken(variable.name, variable.span))
        return None
    if len(scope) >= MAX_NESTING:
        checker.report(messages.nested_lists(MAX_NESTING, syntax.name_span))
        return None
    if source is None:
        return None
    if source.type.kind is not Kind.LIST or source.type.element is None:
        checker.report(messages.needs_a_list(syntax.function, source, source.span))
        return None
    bound = Bound(source.type.element, _path(source) + "[]")
    predicate = checker.node(syntax.arguments[1], scope.with_variable(variable.name, bound))
    if predicate is None:
        return None
    if predicate.type.kind is not Kind.BOOL:
        checker.report(messages.not_boolean(predicate))
        return None
    return _build(syntax, source, variable.name, predicate)


def _is_taken(name: str, checker: Checker, scope: Scope) -> bool:
    """Whether a variable of this name would hide something, or clash with a runtime's own names."""
    return (
        name in scope
        or name in checker.dictionary.groups
        or name in RESERVED
        or name in TYPE_NAMES
        or name.startswith("_")
    )


def _build(syntax: Call, source: Node, variable: str, predicate: Node) -> Node:
    if syntax.function == "filter":
        type_ = replace(source.type, shortest=0)
        return Filter(source=source, variable=variable, predicate=predicate, type=type_, span=syntax.span)
    kind = cast(Literal["exists", "all", "exists_one"], syntax.function)
    return Quantifier(kind=kind, source=source, variable=variable, predicate=predicate, span=syntax.span)


def _path(source: Node) -> str:
    """The fact that a list comes from; a list written out has none."""
    for node in walk(source):
        if isinstance(node, FactValue):
            return node.fact.path
        if isinstance(node, FieldValue):
            return node.path
    return ""
