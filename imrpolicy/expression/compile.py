"""Typed nodes to one Python function: the reading that `evaluate` uses.

The function takes a row of values, one for each fact of the dictionary, None where it is not documented. It
returns one status for each expression: True, False, or None for unknown. It is Kleene's logic written out as
plain statements, since a call for each node would cost more than the work itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from imrpolicy.expression.nodes import (
    Arithmetic,
    Compare,
    Conditional,
    Constant,
    Contains,
    Decimal,
    Documented,
    FactValue,
    FieldValue,
    Filter,
    Junction,
    ListConstant,
    Negate,
    Node,
    Not,
    Quantifier,
    Size,
    TextTest,
    TimeBetween,
    Variable,
)
from imrpolicy.expression.numeric import truncated_quotient, truncated_remainder
from imrpolicy.facts import Kind

Row = Sequence[Any]
Statuses = Callable[[Row], tuple[Any, ...]]


def compile_nodes(nodes: Sequence[Node]) -> Statuses:
    """Compile expressions into one function.

    Args:
        nodes: The checked expressions.

    Returns:
        A function from a row of values to the value of each expression; None means unknown.
    """
    writer = _Writer()
    results = [writer.value(node) for node in nodes]
    writer.line(f"return ({''.join(result + ', ' for result in results)})")
    # Only names and operators written in this module reach the source; constants are passed in as objects.
    code = compile(writer.source(), "<guideline CEL>", "exec")
    names = dict(writer.constants)
    exec(code, names)  # noqa: S102 - see above: nothing that an author wrote is in the source
    return names["statuses"]  # type: ignore[no-any-return]


_TESTS = {"startsWith": "{0}.startswith({1})", "endsWith": "{0}.endswith({1})", "contains": "({1} in {0})"}


class _Writer:
    """Writes statements; each node becomes a local variable or a constant, by name."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self.constants: dict[str, Any] = {
            "_quotient": truncated_quotient,
            "_remainder": truncated_remainder,
        }
        self._indent = 1
        self._count = 0
        self._facts: dict[int, str] = {}
        self._variables: dict[str, str] = {}

    def line(self, text: str) -> None:
        self._lines.append("    " * self._indent + text)

    def source(self) -> str:
        """The whole function. Facts come at the top, before any loop or branch, so that each is read once."""
        reading = [f"    {name} = row[{index}]" for index, name in self._facts.items()]
        return "\n".join(["def statuses(row):", *reading, *self._lines])

    def value(self, node: Node) -> str:
        """Write what a node needs, and return the name of its value."""
        match node:
            case Constant():
                return self._constant(node.value)
            case ListConstant():
                return self._constant(tuple(element.value for element in node.elements))
            case FactValue():
                return self._fact(node.fact.index)
            case Variable():
                return self._variables[node.name]
            case FieldValue():
                return self._assign(f"{self._variables[node.of.name]}.get({self._constant(node.field.name)})")
            case Documented():
                return self._assign(f"{self.value(node.of)} is not None")
            case Not():
                operand = self.value(node.operand)
                return self._assign(f"None if {operand} is None else not {operand}")
            case Junction():
                return self._junction(node)
            case Conditional():
                return self._conditional(node)
            case Quantifier():
                return self._quantifier(node)
            case Filter():
                return self._filter(node)
            case _:
                return self._strict(node)

    def _strict(self, node: Node) -> str:
        """A node that is unknown as soon as one of its operands is."""
        match node:
            case Compare():
                return self._known((node.left, node.right), f"{{0}} {node.operator} {{1}}")
            case Contains():
                return self._known((node.element, node.container), "{0} in {1}")
            case Arithmetic():
                return self._arithmetic(node)
            case Negate():
                return self._known((node.operand,), "-{0}")
            case Decimal():
                return self._known((node.operand,), "float({0})")
            case Size():
                return self._known((node.operand,), "len({0})")
            case TextTest():
                return self._known((node.operand, node.argument), _TESTS[node.kind])
            case TimeBetween():
                return self._time_between(node)
            case _:
                raise TypeError(f"no code for {type(node).__name__}")

    def _assign(self, expression: str) -> str:
        name = self._name("t")
        self.line(f"{name} = {expression}")
        return name

    def _name(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}"

    def _constant(self, value: Any) -> str:
        if type(value) in (bool, int) or (type(value) is float and math.isfinite(value)):
            # The spelling of a number is safe to write, and faster to read than a name.
            return f"({value!r})"
        for name, known in self.constants.items():
            if name.startswith("c") and type(known) is type(value) and known == value:
                return name
        name = self._name("c")
        self.constants[name] = value
        return name

    def _fact(self, index: int) -> str:
        return self._facts.setdefault(index, f"f{index}")

    def _known(self, operands: Sequence[Node], form: str) -> str:
        """`form` of the operands where all of them are known, else None."""
        names = [self.value(operand) for operand in operands]
        unknown = " or ".join(f"{n} is None" for n in dict.fromkeys(names) if n[0] not in "c(")
        result = form.format(*names)
        return self._assign(f"None if {unknown} else {result}" if unknown else result)

    def _junction(self, node: Junction) -> str:
        """The operands from the left, each looked at only where those before leave it open."""
        decided, other = ("False", "True") if node.operator == "&&" else ("True", "False")
        result, so_far = self._name("t"), self.value(node.operands[0])
        for operand in node.operands[1:]:
            if isinstance(operand, FactValue):  # nothing to compute, so that a branch would save nothing
                name = self.value(operand)
                settled = f"{so_far} is {decided} or {name} is {decided}"
                self.line(f"{result} = {name} if {so_far} is {other} else {decided} if {settled} else None")
            else:
                if so_far != result:
                    self.line(f"{result} = {so_far}")
                with self._block(f"if {result} is not {decided}:"):
                    name = self.value(operand)
                    open_ = f"{decided} if {name} is {decided} else None"
                    self.line(f"{result} = {name} if {result} is {other} else {open_}")
            so_far = result
        return result

    def _conditional(self, node: Conditional) -> str:
        condition, then, otherwise = (self.value(n) for n in (node.condition, node.then, node.otherwise))
        return self._assign(f"None if {condition} is None else {then} if {condition} else {otherwise}")

    def _arithmetic(self, node: Arithmetic) -> str:
        if node.type.kind is Kind.INT and node.operator in "/%":
            # Python rounds down, CEL towards zero.
            function = "_quotient" if node.operator == "/" else "_remainder"
            return self._known((node.left, node.right), f"{function}({{0}}, {{1}})")
        return self._known((node.left, node.right), f"{{0}} {node.operator} {{1}}")

    def _time_between(self, node: TimeBetween) -> str:
        days = "({1} - {0}).days"
        form = days if node.days == 1 else f"_quotient({days}, {node.days})"
        return self._known((node.start, node.end), form)

    def _quantifier(self, node: Quantifier) -> str:
        source = self.value(node.source)
        result = self._name("t")
        if node.kind == "exists_one":
            return self._exists_one(node, source, result)
        decided, start = ("True", "False") if node.kind == "exists" else ("False", "True")
        self.line(f"{result} = None")
        with self._block(f"if {source} is not None:"):
            self.line(f"{result} = {start}")
            with self._loop(node.variable, source):
                predicate = self.value(node.predicate)
                with self._block(f"if {predicate} is not {start}:"):
                    self.line(f"{result} = {predicate}")
                    with self._block(f"if {predicate} is {decided}:"):
                        self.line("break")
        return result

    def _exists_one(self, node: Quantifier, source: str, result: str) -> str:
        # CEL counts, and an unknown element leaves the count unknown whatever the others are.
        count = self._name("t")
        self.line(f"{count} = None")
        with self._block(f"if {source} is not None:"):
            self.line(f"{count} = 0")
            with self._loop(node.variable, source):
                predicate = self.value(node.predicate)
                with self._block(f"if {predicate} is None:"):
                    self.line(f"{count} = None")
                    self.line("break")
                self.line(f"{count} += {predicate}")
        self.line(f"{result} = None if {count} is None else {count} == 1")
        return result

    def _filter(self, node: Filter) -> str:
        source = self.value(node.source)
        result = self._name("t")
        self.line(f"{result} = None")
        with self._block(f"if {source} is not None:"):
            self.line(f"{result} = []")
            with self._loop(node.variable, source) as element:
                predicate = self.value(node.predicate)
                with self._block(f"if {predicate} is None:"):
                    self.line(f"{result} = None")
                    self.line("break")
                with self._block(f"if {predicate}:"):
                    self.line(f"{result}.append({element})")
        return result

    @contextmanager
    def _block(self, header: str) -> Iterator[None]:
        """Indent what is written inside, below a line that opens it."""
        self.line(header)
        self._indent += 1
        yield
        self._indent -= 1

    @contextmanager
    def _loop(self, variable: str, source: str) -> Iterator[str]:
        """A loop over a list, with the variable bound to its elements."""
        element = self._name("e")
        with self._block(f"for {element} in {source}:"):
            self._variables[variable] = element
            yield element
            del self._variables[variable]
