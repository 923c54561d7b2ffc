"""The variables that `exists`, `all`, `exists_one` and `filter` bind."""

from __future__ import annotations

from dataclasses import dataclass

from imrpolicy.facts import ValueType


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound variable.

    Attributes:
        type: The type of the element.
        path: The list behind it, such as `history.prior_blocks[]`; `[]` for a list written out.
    """

    type: ValueType
    path: str


class Scope(dict[str, Bound]):
    """The variables in scope, by name."""

    def with_variable(self, name: str, bound: Bound) -> Scope:
        """This scope and one variable more."""
        return Scope({**self, name: bound})
