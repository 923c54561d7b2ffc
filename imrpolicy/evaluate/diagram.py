"""Truth functions of many variables as decision diagrams (reduced and ordered, after Bryant).

A diagram is a number; equal functions have equal numbers. So a function depends on a variable exactly if the
variable occurs in its diagram, which is what the search for missing facts wants to know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FALSE, TRUE = 0, 1


class TooLargeError(Exception):
    """The functions take more steps to build than are taken."""


class Diagrams:
    """Builds diagrams. Variables are numbered from 0, and are decided in the order of their numbers."""

    def __init__(self, most_steps: int) -> None:
        self._most_steps = most_steps
        # Each node: the variable, the function where it is false, and the function where it is true.
        self._nodes: list[tuple[int, int, int]] = [(-1, FALSE, FALSE), (-1, TRUE, TRUE)]
        self._known: dict[tuple[int, int, int], int] = {}
        self._chosen: dict[tuple[int, int, int], int] = {}

    def variable(self, number: int) -> int:
        """The function that is a variable's own value."""
        return self._node(number, FALSE, TRUE)

    def negation(self, of: int) -> int:
        """`not a`."""
        return self.choice(of, FALSE, TRUE)

    def both(self, a: int, b: int) -> int:
        """`a and b`."""
        return self.choice(a, b, FALSE)

    def either(self, a: int, b: int) -> int:
        """`a or b`."""
        return self.choice(a, TRUE, b)

    def at_least(self, count: int, parts: Sequence[int]) -> int:
        """Whether at least `count` of the parts are true."""
        if count >= len(parts):
            together = TRUE if count == len(parts) else FALSE
            for part in parts:
                together = self.both(together, part)
            return together
        # reached[n]: whether at least n of the parts seen so far are.
        reached = [TRUE] + [FALSE] * max(count, 0)
        for part in parts:
            for n in range(len(reached) - 1, 0, -1):
                reached[n] = self.either(reached[n], self.both(reached[n - 1], part))
        return reached[-1]

    def choice(self, condition: int, then: int, otherwise: int) -> int:
        """`then` where the condition is true, else `otherwise`."""
        if condition == TRUE or then == otherwise:
            return then
        if condition == FALSE:
            return otherwise
        if then == TRUE and otherwise == FALSE:
            return condition
        key = (condition, then, otherwise)
        if key not in self._chosen:
            if len(self._chosen) >= self._most_steps:
                raise TooLargeError
            top = min(self._nodes[part][0] for part in key if part > TRUE)
            low = self.choice(*(self._branch(part, top, False) for part in key))
            high = self.choice(*(self._branch(part, top, True) for part in key))
            self._chosen[key] = self._node(top, low, high)
        return self._chosen[key]

    def variables(self, of: int) -> frozenset[int]:
        """The variables on which a function depends."""
        return frozenset(self._nodes[node][0] for node in self._below(of))

    def influence(self, of: int) -> dict[int, float]:
        """How much likelier a function is true where a variable is, than where it is false.

        All other variables are true or false with equal chances, and independent of each other.
        """
        below = sorted(self._below(of))
        true: dict[int, float] = {FALSE: 0.0, TRUE: 1.0}
        for node in below:
            _, low, high = self._nodes[node]
            true[node] = (true[low] + true[high]) / 2
        reached: dict[int, float] = dict.fromkeys(below, 0.0) | {of: 1.0}
        found: dict[int, float] = {}
        # From the top down: what leads to a node has larger numbers.
        for node in reversed(below):
            variable, low, high = self._nodes[node]
            found[variable] = found.get(variable, 0.0) + reached[node] * (true[high] - true[low])
            for child in (low, high):
                if child > TRUE:
                    reached[child] += reached[node] / 2
        return found

    def cheapest(self, of: int, priced: Mapping[int, int]) -> tuple[int, ...] | None:
        """A smallest set of priced variables whose truth makes a function true, by their places.

        Priced variables outside the set are false, the others have whatever values serve. Of sets of equal
        size it is the first by their places, so that it does not depend on the order of the variables; None
        where nothing makes the function true.

        Args:
            of: The function.
            priced: The priced variables, each with its place among them.
        """
        best: dict[int, tuple[int, tuple[int, ...]] | None] = {FALSE: None, TRUE: (0, ())}
        # From the bottom up: what a node leads to was made before it, and so has smaller numbers.
        for node in sorted(self._below(of)):
            variable, low, high = self._nodes[node]
            high_best = best[high]
            if high_best is not None and variable in priced:
                high_best = (high_best[0] + 1, tuple(sorted((priced[variable], *high_best[1]))))
            best[node] = min(
                (option for option in (best[low], high_best) if option is not None), default=None
            )
        found = best[of]
        return None if found is None else found[1]

    def _below(self, of: int) -> set[int]:
        """The nodes of a diagram, the two constants left out."""
        seen: set[int] = set()
        waiting = [of]
        while waiting:
            node = waiting.pop()
            if node > TRUE and node not in seen:
                seen.add(node)
                waiting += self._nodes[node][1:]
        return seen

    def _branch(self, function: int, variable: int, value: bool) -> int:
        own, low, high = self._nodes[function]
        if own != variable:
            return function
        return high if value else low

    def _node(self, variable: int, low: int, high: int) -> int:
        if low == high:
            return low
        key = (variable, low, high)
        if key not in self._known:
            self._known[key] = len(self._nodes)
            self._nodes.append(key)
        return self._known[key]
