"""What somebody who reasons about all cases says of a mutant; the prover of the extra `prove` does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from imrpolicy.mutation.mutant import Mutant
from imrpolicy.mutation.observe import Manner, Row


class Verdict(Enum):
    """What is known of two policies where no case was found that tells them apart."""

    SAME = "same"
    """There is none: every combination of values that could make a difference was looked at."""
    PROVEN = "proven"
    """There is none: that is proven."""
    UNKNOWN = "unknown"
    """None was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """There is no case that tells two policies apart, as far as lists are no longer than this.

    Attributes:
        lists: How many elements of which list were considered, by fact.
    """

    lists: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A case that tells two policies apart.

    Attributes:
        row: The facts.
        manner: How it is evaluated.
    """

    row: Row
    manner: Manner


Opinion = Verdict | Bounded | Shown
# Whether a case tells a mutant from its policy; if the last is true, by what they say of it.
Differs = Callable[[Row, Manner, bool], bool]


class Reasoner(Protocol):
    """Reasons about all cases."""

    def __call__(self, mutant: Mutant, differs: Differs) -> Opinion:
        """Whether any case tells a mutant from its policy.

        Args:
            mutant: The mutant; no date differs.
            differs: An evaluation of one case, which a case that is shown has to pass.
        """
