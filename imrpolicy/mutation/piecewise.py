"""Policies that share what is the same in them, so that a mutant costs one small compilation."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from imrpolicy.evaluate import CompiledPolicy
from imrpolicy.expression import Node, compile_nodes
from imrpolicy.policy import Policy


class Pieces:
    """The expressions compiled so far, each by itself."""

    def __init__(self) -> None:
        # The node is kept beside its function: as long as it lives, no other has its identity.
        self._known: dict[int, tuple[Node, Callable[[Any], tuple[Any, ...]]]] = {}

    def of(self, node: Node) -> Callable[[Any], tuple[Any, ...]]:
        """The function of an expression."""
        found = self._known.get(id(node))
        if found is None:
            found = self._known[id(node)] = (node, compile_nodes([node]))
        return found[1]

    def policy(self, policy: Policy) -> CompiledPolicy:
        """A policy made of these pieces, and of new ones where they are lacking."""
        return _Piecewise(policy, self)


class _Piecewise(CompiledPolicy):
    def __init__(self, policy: Policy, pieces: Pieces) -> None:
        super().__init__(policy)
        self._pieces = pieces

    @cached_property
    def values(self) -> Callable[[Any], tuple[Any, ...]]:
        """The values of the scope and of each leaf for a row of facts."""
        nodes = [self.policy.scope, *(leaf.node for leaf in self.leaves)]
        functions = [self._pieces.of(node) for node in nodes]
        return lambda row: tuple([function(row)[0] for function in functions])
