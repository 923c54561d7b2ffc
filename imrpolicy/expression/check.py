"""The static check: syntax to typed nodes, or everything that is wrong with it.

What passes cannot fail at run time on a case that passes the case schema, and is valid CEL.
"""

from __future__ import annotations

from imrpolicy.expression import messages
from imrpolicy.expression.macros import MACROS, check_macro
from imrpolicy.expression.nodes import (
    Constant,
    Documented,
    FactValue,
    FieldValue,
    ListConstant,
    Node,
    Variable,
)
from imrpolicy.expression.numeric import hull
from imrpolicy.expression.operators import BUILDERS, METHODS, NAMES
from imrpolicy.expression.parse import parse
from imrpolicy.expression.problem import ExpressionError, Problem
from imrpolicy.expression.scope import Scope
from imrpolicy.expression.syntax import Call, ListSyntax, Name, Select, Syntax, Unsupported
from imrpolicy.expression.syntax import Constant as Literal
from imrpolicy.facts import BOOL, DOUBLE, INT, STRING, FactDictionary, Kind, ValueType


def check(text: str, dictionary: FactDictionary, *, boolean: bool = True) -> Node:
    """Parse and check an expression.

    Args:
        text: The expression.
        dictionary: The facts that it may name.
        boolean: Whether it must be true or false, as each criterion must.

    Returns:
        The expression as typed nodes.

    Raises:
        ExpressionError: With everything that is wrong in it.
    """
    checker = Checker(dictionary)
    node = checker.node(parse(text), Scope())
    if boolean and node is not None and node.type.kind is not Kind.BOOL:
        checker.report(messages.not_boolean(node))
    if checker.problems or node is None:
        raise ExpressionError(tuple(dict.fromkeys(checker.problems)), text)
    return node


class Checker:
    """Reads syntax into nodes; a part with a problem becomes None, and the rest is still checked."""

    def __init__(self, dictionary: FactDictionary) -> None:
        self.dictionary = dictionary
        self.problems: list[Problem] = []

    def report(self, problem: Problem) -> None:
        """Keep a problem and go on."""
        self.problems.append(problem)

    def node(self, syntax: Syntax, scope: Scope) -> Node | None:
        """The typed node of a piece of syntax, or None after reporting why there is none."""
        match syntax:
            case Literal():
                return _constant(syntax)
            case Name():
                return self._name(syntax, scope)
            case Select():
                return self._select(syntax, scope)
            case ListSyntax():
                return self._list(syntax, scope)
            case Unsupported():
                self.report(messages.outside(syntax.what, syntax.span))
                return None
            case Call():
                return self._call(syntax, scope)

    def _name(self, syntax: Name, scope: Scope) -> Node | None:
        variable = scope.get(syntax.name)
        if variable is not None:
            return Variable(name=syntax.name, path=variable.path, type=variable.type, span=syntax.span)
        self.report(messages.bare_name(syntax.name, self.dictionary, syntax.span))
        return None

    def _select(self, syntax: Select, scope: Scope) -> FactValue | FieldValue | None:
        if isinstance(syntax.target, Name) and syntax.target.name in scope:
            return self._field(syntax, syntax.target, scope)
        path = _dotted(syntax, scope)
        if path is None:
            target = self.node(syntax.target, scope)
            if target is not None:
                self.report(messages.no_fields(target, syntax.name, syntax.name_span))
            return None
        fact = self.dictionary.by_path.get(path)
        if fact is None:
            self.report(messages.unknown_fact(path, self.dictionary, syntax.span))
            return None
        return FactValue(fact=fact, span=syntax.span)

    def _field(self, syntax: Select, target: Name, scope: Scope) -> FieldValue | None:
        bound = scope[target.name]
        field = bound.type.field_named(syntax.name)
        if field is None:
            self.report(messages.unknown_field(syntax.name, target.name, bound.type, syntax.name_span))
            return None
        variable = Variable(name=target.name, path=bound.path, type=bound.type, span=target.span)
        return FieldValue(of=variable, field=field, path=f"{bound.path}.{field.name}", span=syntax.span)

    def _list(self, syntax: ListSyntax, scope: Scope) -> Node | None:
        elements: list[Constant] = []
        for part in syntax.elements:
            node = self.node(part, scope)
            if isinstance(node, Constant):
                elements.append(node)
            elif node is not None:
                self.report(messages.list_of_constants(part.span))
        if len(elements) != len(syntax.elements):
            return None
        if not elements:
            self.report(messages.empty_list(syntax.span))
            return None
        type_ = elements[0].type
        for element in elements[1:]:
            if element.type.kind is not type_.kind:
                self.report(messages.mixed_list(type_, element.type, element.span))
                return None
            type_ = hull(type_, element.type)
        listed = ValueType(kind=Kind.LIST, element=type_, longest=len(elements))
        return ListConstant(elements=tuple(elements), type=listed, span=syntax.span)

    def _call(self, syntax: Call, scope: Scope) -> Node | None:
        if not self._called_right(syntax):
            return None
        if syntax.function in MACROS:
            return check_macro(self, syntax, scope)
        if syntax.function == "has":
            return self._has(syntax, scope)
        parts = ((syntax.target,) if syntax.target is not None else ()) + syntax.arguments
        nodes = [self.node(part, scope) for part in parts]
        known = [node for node in nodes if node is not None]
        if len(known) != len(nodes):
            return None
        return BUILDERS[syntax.function](self.report, syntax, known)

    def _called_right(self, syntax: Call) -> bool:
        """Whether there is such a function, and it is called with a dot where it has to be."""
        function = syntax.function
        if function not in BUILDERS and function not in NAMES:
            self.report(messages.unknown_function(syntax, NAMES))
        elif syntax.target is None and function in METHODS | MACROS:
            self.report(messages.not_a_function(function, syntax.name_span))
        elif syntax.target is not None and function not in METHODS | MACROS | {"size"}:
            self.report(messages.not_a_method(function, syntax.name_span))
        else:
            return True
        return False

    def _has(self, syntax: Call, scope: Scope) -> Node | None:
        if len(syntax.arguments) != 1 or not isinstance(syntax.arguments[0], Select):
            self.report(messages.has_needs_a_fact(syntax.span))
            return None
        target = self._select(syntax.arguments[0], scope)
        return None if target is None else Documented(of=target, span=syntax.span)


def _constant(syntax: Literal) -> Constant:
    value = syntax.value
    if isinstance(value, bool):
        type_ = BOOL
    elif isinstance(value, int):
        type_ = ValueType(kind=INT.kind, minimum=value, maximum=value)
    elif isinstance(value, float):
        type_ = ValueType(kind=DOUBLE.kind, minimum=value, maximum=value)
    else:
        type_ = STRING
    return Constant(value=value, type=type_, span=syntax.span)


def _dotted(syntax: Syntax, scope: Scope) -> str | None:
    """A path of names such as `pain.score.value`, or None for a member of anything else."""
    match syntax:
        case Name(name=name) if name not in scope:
            return name
        case Select(target=target, name=name):
            path = _dotted(target, scope)
            return None if path is None else f"{path}.{name}"
        case _:
            return None
