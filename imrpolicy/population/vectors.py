"""The values of one fact in many rows, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Index = npt.NDArray[np.intp]
Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Plain:
    """One value for each row: truth values, numbers, days, or positions among the choices.

    Attributes:
        data: The values; anything at all where the fact does not apply.
        applies: Where the fact applies.
    """

    data: npt.NDArray[Any]
    applies: Mask

    def take(self, index: Index) -> Plain:
        """The rows at some positions."""
        return Plain(self.data[index], self.applies[index])


@dataclass(frozen=True, slots=True)
class Sets:
    """A list of choices for each row.

    Attributes:
        data: For each row and choice whether the list has it.
        applies: Where the fact applies.
    """

    data: Mask
    applies: Mask

    def take(self, index: Index) -> Sets:
        """The rows at some positions."""
        return Sets(self.data[index], self.applies[index])


@dataclass(frozen=True, slots=True)
class Items:
    """A list of records, or of plain values, for each row.

    Attributes:
        counts: How many each row has.
        fields: The fields of all of them, one after the other; a list of plain values has one without a name.
        present: For each field where a record has it.
        applies: Where the fact applies.
    """

    counts: npt.NDArray[np.int64]
    fields: Mapping[str, Plain]
    present: Mapping[str, Mask]
    applies: Mask

    def take(self, index: Index) -> Items:
        """The rows at some positions."""
        starts = np.cumsum(self.counts) - self.counts
        counts = self.counts[index]
        # For each item that is kept its old position: the start of its old row, and then one after the other.
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        items = np.repeat(starts[index], counts) + within
        return Items(
            counts,
            {name: column.take(items) for name, column in self.fields.items()},
            {name: mask[items] for name, mask in self.present.items()},
            self.applies[index],
        )


Column = Plain | Sets | Items
