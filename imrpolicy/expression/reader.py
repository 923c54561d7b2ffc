"""cel-python's tree to ours, once, with the place of everything in the text."""

from __future__ import annotations

from lark import Token, Tree

from imrpolicy.expression.literals import read_literal
from imrpolicy.expression.problem import Span, syntax_error
from imrpolicy.expression.spelling import blanked
from imrpolicy.expression.syntax import Call, ListSyntax, Name, Select, Syntax, Unsupported

MAX_DEPTH = 48

# Rules of the grammar that say nothing where they have only one part.
_TRANSPARENT = frozenset(
    "expr conditionalor conditionaland relation addition multiplication unary member primary".split()
)
_CHAINS = {"conditionalor": "_||_", "conditionaland": "_&&_"}
_BINARY = {
    "relation_lt": "_<_",
    "relation_le": "_<=_",
    "relation_gt": "_>_",
    "relation_ge": "_>=_",
    "relation_eq": "_==_",
    "relation_ne": "_!=_",
    "relation_in": "@in",
    "addition_add": "_+_",
    "addition_sub": "_-_",
    "multiplication_mul": "_*_",
    "multiplication_div": "_/_",
    "multiplication_mod": "_%_",
}
_OUTSIDE = {
    "map_lit": "a map written out",
    "member_index": "an element by its position (`[...]`), which may not exist",
    "member_object": "a message written out",
    "dot_ident": "a name that starts with a dot",
    "dot_ident_arg": "a name that starts with a dot",
}


class Reader:
    """Reads one tree; every level of nesting counts against `MAX_DEPTH`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._bare = blanked(text)

    def read(self, tree: Tree[Token], depth: int = 0) -> Syntax:
        """The syntax that a tree stands for.

        Raises:
            ExpressionError: It nests too deeply, or a literal in it has no value.
        """
        while str(tree.data) in _TRANSPARENT and len(tree.children) == 1:
            tree = _tree(tree.children[0])
        if depth > MAX_DEPTH:
            span = _span(tree)
            message = f"the expression nests deeper than {MAX_DEPTH} levels"
            help = "split it into several criteria"
            raise syntax_error(self._text, span.start, span.end, message, help, "too-deep")
        match str(tree.data):
            case "conditionalor" | "conditionaland" as rule:
                return self._chain(tree, rule, depth)
            case "relation" | "addition" | "multiplication":
                return self._binary(tree, depth)
            case "expr":
                arguments = tuple(self.read(_tree(child), depth + 1) for child in tree.children)
                return Call("_?_:_", None, arguments, _span(tree), _span(tree))
            case "unary":
                return self._unary(tree, depth)
            case "paren_expr":
                return self.read(_tree(tree.children[0]), depth + 1)
            case _:
                return self._primary(tree, depth)

    def _primary(self, tree: Tree[Token], depth: int) -> Syntax:
        match str(tree.data):
            case "literal":
                return read_literal(_token(tree.children[0]), self._text)
            case "ident":
                return Name(str(tree.children[0]), _span(tree))
            case "list_lit":
                return ListSyntax(self._arguments(tree, 0, depth), _span(tree))
            case "member_dot":
                target, name = self.read(_tree(tree.children[0]), depth + 1), _token(tree.children[1])
                return Select(target, str(name), _span(tree), _token_span(name))
            case "member_dot_arg":
                target, name = self.read(_tree(tree.children[0]), depth + 1), _token(tree.children[1])
                arguments = self._arguments(tree, 2, depth)
                return Call(str(name), target, arguments, _span(tree), _token_span(name))
            case "ident_arg":
                name = _token(tree.children[0])
                arguments = self._arguments(tree, 1, depth)
                return Call(str(name), None, arguments, _span(tree), _token_span(name))
            case rule:
                return Unsupported(_OUTSIDE.get(rule, "this construct"), _span(tree))

    def _chain(self, tree: Tree[Token], rule: str, depth: int) -> Syntax:
        # a && b && c arrives as a tower to the left: as one flat call it needs no depth.
        parts: list[Tree[Token]] = []
        while str(tree.data) == rule and len(tree.children) == 2:
            parts.append(_tree(tree.children[1]))
            tree = _tree(tree.children[0])
        parts.append(tree)
        arguments = tuple(self.read(part, depth + 1) for part in reversed(parts))
        span = Span(arguments[0].span.start, arguments[-1].span.end)
        return Call(_CHAINS[rule], None, arguments, span, span)

    def _binary(self, tree: Tree[Token], depth: int) -> Syntax:
        operator, right = _tree(tree.children[0]), _tree(tree.children[1])
        function = _BINARY[str(operator.data)]
        arguments = (self.read(_tree(operator.children[0]), depth + 1), self.read(right, depth + 1))
        left_end, right_start = arguments[0].span.end, arguments[1].span.start
        # Between the two there are only brackets, white space and comments.
        sign = function.strip("_@")
        start = max(left_end, self._bare.find(sign, left_end, right_start))
        span = Span(arguments[0].span.start, arguments[1].span.end)
        return Call(function, None, arguments, span, Span(start, start + len(sign)))

    def _unary(self, tree: Tree[Token], depth: int) -> Syntax:
        function = "!_" if str(_tree(tree.children[0]).data) == "unary_not" else "-_"
        operand = self.read(_tree(tree.children[1]), depth + 1)
        # cel-python gives an operator without children no position: it is the sign before the operand.
        start = max(0, self._bare.rfind(function[0], 0, operand.span.start))
        return Call(function, None, (operand,), Span(start, operand.span.end), Span(start, start + 1))

    def _arguments(self, tree: Tree[Token], position: int, depth: int) -> tuple[Syntax, ...]:
        if len(tree.children) <= position:
            return ()
        return tuple(self.read(_tree(child), depth + 1) for child in _tree(tree.children[position]).children)


def _tree(child: Tree[Token] | Token) -> Tree[Token]:
    assert isinstance(child, Tree)  # noqa: S101 - the grammar has a rule here, never a token
    return child


def _token(child: Tree[Token] | Token) -> Token:
    assert isinstance(child, Token)  # noqa: S101 - the grammar has a token here, never a rule
    return child


def _span(tree: Tree[Token]) -> Span:
    if tree.meta.empty:
        return Span(0, 1)
    return Span(tree.meta.start_pos, tree.meta.end_pos)


def _token_span(token: Token) -> Span:
    return Span(token.start_pos or 0, token.end_pos or 0)
