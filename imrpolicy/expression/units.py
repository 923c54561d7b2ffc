"""Units of numbers: days are not compared with weeks."""

from __future__ import annotations

from imrpolicy.expression.nodes import Conditional, Constant, Node, Variable, children


def units_agree(left: Node, right: Node) -> bool:
    """Whether two values can be compared or added: same unit, or one of them is a number without facts."""
    if not (left.type.is_number and right.type.is_number):
        return True
    return left.type.unit == right.type.unit or is_bare(left) or is_bare(right)


def is_bare(node: Node) -> bool:
    """Whether a number is made of constants only, so that it takes the unit of what it meets."""
    if isinstance(node, Constant) or (isinstance(node, Variable) and node.path == "[]"):
        return True
    below = (node.then, node.otherwise) if isinstance(node, Conditional) else tuple(children(node))
    return bool(below) and all(is_bare(child) for child in below)
