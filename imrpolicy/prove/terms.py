"""What an expression is to the prover: a value, and whether it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from imrpolicy.prove.solver import Term, at_least, both, either, no


@dataclass(frozen=True, slots=True)
class Truth:
    """A value of Kleene's logic: when it is true, and when it is false; unknown where neither holds."""

    true: Term
    false: Term

    @property
    def known(self) -> Term:
        """When it is true or false."""
        return either(self.true, self.false)

    @property
    def unknown(self) -> Term:
        """When it is neither."""
        return both(no(self.true), no(self.false))

    def negated(self) -> Truth:
        """`!a`."""
        return Truth(self.false, self.true)

    def surely(self) -> Truth:
        """Whether it is true, which is itself true or false."""
        return Truth(self.true, no(self.true))

    def not_ruled_out(self) -> Truth:
        """Whether it is true or unknown."""
        return Truth(no(self.false), self.false)


def all_of(*parts: Truth) -> Truth:
    """`a && b && ...`."""
    return Truth(both(*(part.true for part in parts)), either(*(part.false for part in parts)))


def any_of(*parts: Truth) -> Truth:
    """`a || b || ...`."""
    return Truth(either(*(part.true for part in parts)), both(*(part.false for part in parts)))


def count_of(count: int, parts: tuple[Truth, ...]) -> Truth:
    """At least `count` of the parts; false once so many are that the rest cannot reach it."""
    too_many = len(parts) - count + 1
    return Truth(
        at_least(count, tuple(part.true for part in parts)),
        at_least(too_many, tuple(part.false for part in parts)),
    )


def conditional(condition: Truth, then: Truth, otherwise: Truth) -> Truth:
    """`a ? b : c`; unknown where `a` is."""
    return Truth(
        either(both(condition.true, then.true), both(condition.false, otherwise.true)),
        either(both(condition.true, then.false), both(condition.false, otherwise.false)),
    )


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number, text, date or truth value.

    Attributes:
        known: Whether it is documented.
        term: Its value; of no meaning where it is not. A text that the author wrote stays a Python text.
    """

    known: Term
    term: Term

    @property
    def truth(self) -> Truth:
        """A true-or-false value in Kleene's logic."""
        return Truth(both(self.known, self.term), both(self.known, no(self.term)))


@dataclass(frozen=True, slots=True)
class Record:
    """A record in a list: its fields by name."""

    fields: Mapping[str, Scalar | Listed]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a list, and what stands there if it is taken."""

    present: Term
    value: Scalar | Record


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: whether it is documented, and its places."""

    known: Term
    slots: tuple[Slot, ...]


Value = Scalar | Listed | Record
