"""At which ranks a fact could still change the outcome, as columns.

The outcome changes only where one side can still be said: that every policy which may govern recommends the
service, or that none does. Where a source is not encoded, or what stands speaks on both sides, nothing can.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from imrpolicy.evaluate.formula import asks_has
from imrpolicy.sql import build as sql
from imrpolicy.sql.dialect import Sql
from imrpolicy.sql.editions import SEARCH, key_of
from imrpolicy.sql.firm import FirmColumns
from imrpolicy.sql.policy import source_name
from imrpolicy.sql.steps import Added
from imrpolicy.sql.walk import AGAINST, FOR, LACKING, OPEN, SILENT, SURELY_AGAINST, SURELY_FOR, Walk

# Columns of sources and ranks: what alone can be said there, and whether a policy that speaks surely applies.
ONLY_FOR, ONLY_AGAINST, HELD = "only_for", "only_against", "held"


@dataclass(frozen=True, slots=True)
class Counting:
    """Where something can still change the outcome.

    Attributes:
        walk: The walk through the search sequences.
    """

    walk: Walk

    @property
    def policies(self) -> tuple[FirmColumns, ...]:
        """The policies that may govern, with what stands of them."""
        return tuple(map(FirmColumns.of, self.walk.editions.governing))

    @property
    def passes_over(self) -> bool:
        """Whether sources that are not encoded are passed over, as if they were silent."""
        return self.walk.editions.options.allow_not_encoded

    @property
    def _scopes_move(self) -> bool:
        """Whether a scope asks with `has`: how far the search comes may then change too."""
        return any(asks_has(columns.policy.scope) for columns in self.policies)

    def of_sources(self) -> Iterator[Added]:
        """For each source what alone can be said there, where the walk does not know that already."""
        for source in self._sources():
            policies = self._voices_of(source)
            for flag in (ONLY_FOR, ONLY_AGAINST):
                if self._differs(source, flag):
                    said = [sql.conjunction([_applies(p), _stands(p, flag)]) for p in policies]
                    yield Added(f"{source_name(source)}_{flag}", sql.disjunction(said))
            if self._scopes_move:
                yield Added(f"{source_name(source)}_{HELD}", sql.disjunction(map(_applies, policies)))

    def of_ranks(self) -> Iterator[Added]:
        """For each rank what stands there, by the search sequence of the request."""
        flags = (ONLY_FOR, ONLY_AGAINST, HELD) if self._scopes_move else (ONLY_FOR, ONLY_AGAINST)
        for rank in self._ranks():
            for flag in flags:
                found = [
                    (key, sql.disjunction([self._flag(s, flag) for s in sources]))
                    for key, sources in self._at(rank)
                ]
                yield Added(_rank_name(rank, flag), sql.choose(sql.column(SEARCH), found, sql.boolean(False)))

    def counts(self) -> Iterator[Added]:
        """For each rank whether something there can still change the outcome."""
        for rank in self._ranks():
            sides = [self._can_be_said(rank, dead) for dead in (ONLY_AGAINST, ONLY_FOR)]
            parts = [*self._reached(rank), *self._encoded(rank), sql.disjunction(sides)]
            yield Added(_rank_name(rank, "counts"), sql.conjunction(parts))

    def standing(self) -> Iterator[Added]:
        """For each source whether its rank counts."""
        for source in self._sources():
            ranks = [
                (key, sql.column(_rank_name(rank, "counts")))
                for rank in self._ranks()
                for key, sources in self._at(rank)
                if source in sources
            ]
            value = sql.choose(sql.column(SEARCH), ranks, sql.boolean(False))
            yield Added(f"{source_name(source)}_counts", value)

    # --- pieces -------------------------------------------------------------------------------------------

    def _voices_of(self, source: str) -> list[FirmColumns]:
        return [p for p in self.policies if p.policy.source.guideline == source and not p.is_silent]

    def _differs(self, source: str, flag: str) -> bool:
        """Whether a policy of a source may say something now that does not stand."""
        voices = self._voices_of(source)
        moves = any(p.firmly_recommends != p.recommends or p.firmly_applies != p.applies for p in voices)
        return moves or (flag == ONLY_FOR and any(p.presumes for p in voices))

    def _flag(self, source: str, flag: str) -> Sql:
        known = SURELY_FOR if flag == ONLY_FOR else SURELY_AGAINST
        own = flag if flag == HELD or self._differs(source, flag) else known
        return sql.column(f"{source_name(source)}_{own}")

    def _can_be_said(self, rank: int, dead: str) -> Sql:
        """Whether one side can still be said from a rank on."""
        lower = rank + 1
        if lower > self.walk.ranks_at_most:
            below = sql.disjunction([_voices(r) for r in self._ranks()])
        else:
            rest = sql.conjunction([*self._encoded(lower), self._can_be_said(lower, dead)])
            below = sql.disjunction([_voices(rank), rest])
        return sql.conjunction([sql.negation(sql.column(_rank_name(rank, dead))), below])

    def _encoded(self, rank: int) -> list[Sql]:
        """That no source of a rank is lacking; where one is, nothing can be said there."""
        return [] if self.passes_over else [sql.negation(sql.column(_rank_name(rank, LACKING)))]

    def _reached(self, rank: int) -> list[Sql]:
        """That the search may come down to a rank, now or later."""
        if not self._scopes_move or rank == 1:
            return [sql.column(_rank_name(rank, "reached"))]
        parts = [sql.column(_rank_name(1, "reached"))]
        for above in range(1, rank):
            parts.append(sql.negation(sql.column(_rank_name(above, HELD))))
            if not self.passes_over:
                parts += [*self._encoded(above), sql.column(_rank_name(above, SILENT))]
        return parts

    def _ranks(self) -> range:
        return range(1, self.walk.ranks_at_most + 1)

    def _at(self, rank: int) -> list[tuple[Sql, tuple[str, ...]]]:
        """The sources at a rank, by search sequence."""
        return [
            (sql.text(key_of(sequence)), sequence.steps[rank - 1].sources)
            for sequence in self.walk.editions.library.sequences
            if len(sequence.steps) >= rank
        ]

    def _sources(self) -> list[str]:
        return list(dict.fromkeys(s for rank in self._ranks() for _, found in self._at(rank) for s in found))


def _stands(columns: FirmColumns, flag: str) -> Sql:
    return columns.firm_for if flag == ONLY_FOR else columns.firm_against


def _applies(columns: FirmColumns) -> Sql:
    return sql.surely(sql.column(columns.firmly_applies))


def _voices(rank: int) -> Sql:
    """Whether a policy at a rank speaks, or may."""
    return sql.disjunction([sql.column(_rank_name(rank, flag)) for flag in (FOR, AGAINST, OPEN)])


def _rank_name(rank: int, flag: str) -> str:
    return f"rank{rank}_{flag}"
