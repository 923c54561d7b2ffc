"""Policies that share what is the same in them, so that a mutant costs one small compilation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
        self._row: tuple[Any, ...] = ()
        self._values: dict[int, bool | None] = {}

    def of(self, node: Node) -> Callable[[Any], tuple[Any, ...]]:
        """The function of an expression."""
        found = self._known.get(id(node))
        if found is None:
            found = self._known[id(node)] = (node, compile_nodes([node]))
        return found[1]

    def values(self, nodes: Sequence[Node], row: Any) -> tuple[bool | None, ...]:
        """The values of some expressions for a row of facts.

        A row is asked about eight times in a row, by the policy and its mutant, in four manners each.
        """
        if not isinstance(row, tuple):  # it may be changed and asked about again
            return tuple([self.of(node)(row)[0] for node in nodes])
        if row is not self._row:
            self._row, self._values = row, {}
        known = self._values
        found = []
        for node in nodes:
            key = id(node)
            if key not in known:
                known[key] = self.of(node)(row)[0]
            found.append(known[key])
        return tuple(found)

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
        return lambda row: self._pieces.values(nodes, row)
