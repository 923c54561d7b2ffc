"""The search sequence walked from its highest rank down, as columns; the same rules as `evaluate.resolve`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from imrpolicy.evaluate import Reason, Recommendation
from imrpolicy.sql import build as sql
from imrpolicy.sql.dialect import Sql
from imrpolicy.sql.editions import SEARCH, Editions, key_of, searched_ranks
from imrpolicy.sql.policy import PolicyColumns, source_name
from imrpolicy.sql.steps import Added, Step

# What is known of a source or of a rank, each a column that is TRUE or FALSE.
FOR, AGAINST, OPEN = "for", "against", "open"
SILENT, APPLIES, KNOWN = "silent", "applies", "known"
SURELY_FOR, SURELY_AGAINST, LACKING, UNKNOWN_SCOPE = (
    "surely_for",
    "surely_against",
    "lacking",
    "unknown_scope",
)


@dataclass(frozen=True, slots=True)
class Walk:
    """The walk through the ranks of the search sequences.

    Attributes:
        editions: The policies as columns.
    """

    editions: Editions

    @property
    def _passes_over(self) -> bool:
        return self.editions.options.allow_not_encoded

    @property
    def ranks_at_most(self) -> int:
        """How many ranks there can be."""
        return searched_ranks(self.editions.library.sequences)

    # --- what each source says ----------------------------------------------------------------------------

    def sources(self) -> Iterator[Added]:
        """For each source whether one of its policies speaks for the request, against it, and so on."""
        for source in self._sources():
            policies = self.editions.of_source(source)
            voices = [p for p in policies if not p.is_silent]
            name = source_name(source)
            yield Added(f"{name}_{FOR}", _any(voices, _for), f"a policy of {source} recommends it")
            yield Added(f"{name}_{AGAINST}", _any(voices, _against))
            yield Added(f"{name}_{OPEN}", _any(voices, _open))
            yield Added(f"{name}_{SILENT}", _any((p for p in policies if p.is_silent), _looked))
            yield Added(f"{name}_{APPLIES}", _any(voices, _applies), f"a policy of {source} surely applies")
            yield Added(f"{name}_{KNOWN}", _any(policies, _applies))
            yield Added(f"{name}_{SURELY_FOR}", _any(voices, lambda p: _both(_applies(p), _for(p))))
            yield Added(f"{name}_{SURELY_AGAINST}", _any(voices, lambda p: _both(_applies(p), _against(p))))

    def _sources(self) -> list[str]:
        sequences = self.editions.library.sequences
        return list(
            dict.fromkeys(s for sequence in sequences for step in sequence.steps for s in step.sources)
        )

    # --- what each rank says ------------------------------------------------------------------------------

    def ranks(self) -> Iterator[Added]:
        """For each rank what its sources say together, by the search sequence of the request."""
        for rank in range(1, self.ranks_at_most + 1):
            for flag in (FOR, AGAINST, OPEN, APPLIES):
                yield self._rank(rank, flag, partial(_of_any, flag))
            yield self._rank(rank, SILENT, lambda s: sql.conjunction([_flag(n, SILENT) for n in s]))
            yield self._rank(rank, LACKING, lambda s: sql.disjunction([sql.negation(_traced(n)) for n in s]))
            yield self._rank(rank, SURELY_FOR, lambda s: sql.disjunction([self._surely(n, FOR) for n in s]))
            yield self._rank(
                rank, SURELY_AGAINST, lambda s: sql.disjunction([self._surely(n, AGAINST) for n in s])
            )
            yield self._rank(rank, UNKNOWN_SCOPE, lambda s: sql.disjunction([_unknown_scope(n) for n in s]))

    def _rank(self, rank: int, flag: str, found: Callable[[list[str]], Sql]) -> Added:
        branches = [
            (sql.text(key_of(sequence)), found([source_name(s) for s in sequence.steps[rank - 1].sources]))
            for sequence in self.editions.library.sequences
            if len(sequence.steps) >= rank
        ]
        value = sql.choose(sql.column(SEARCH), branches, sql.boolean(False))
        return Added(f"rank{rank}_{flag}", value)

    def _surely(self, source: str, side: str) -> Sql:
        """Whether a source says one thing whichever of its policies apply, as long as it speaks."""
        surely = _flag(source, SURELY_FOR if side == FOR else SURELY_AGAINST)
        if self._passes_over:
            return surely
        others = (flag for flag in (FOR, AGAINST, OPEN, SILENT) if flag != side)
        only = sql.conjunction([_flag(source, side), *(sql.negation(_flag(source, o)) for o in others)])
        return sql.disjunction([surely, only])

    # --- how far the search comes -------------------------------------------------------------------------

    def reaching(self) -> list[Step]:
        """Whether each rank is reached: a step for each, since one follows from the one above."""
        steps = []
        for rank in range(1, self.ranks_at_most + 1):
            has_rank = sql.one_of(
                sql.column(SEARCH),
                [sql.text(key_of(s)) for s in self.editions.library.sequences if len(s.steps) >= rank],
            )
            parts = [sql.surely(has_rank)]
            if rank > 1:
                parts += [_rank_flag(rank - 1, "reached"), *self._passed(rank - 1)]
            reached = Added(f"rank{rank}_reached", sql.conjunction(parts))
            steps.append(
                Step(f"reaching_rank_{rank}", f"Whether the search comes down to rank {rank}.", [reached])
            )
        return steps

    def _passed(self, rank: int) -> list[Sql]:
        """The next rank counts only where this one may have nothing to say and all of it is encoded."""
        passed = [sql.negation(_rank_flag(rank, APPLIES))]
        if not self._passes_over:
            passed += [sql.negation(_rank_flag(rank, LACKING)), _rank_flag(rank, SILENT)]
        return passed

    def at_any_rank(self, flag: str) -> Sql:
        """Whether something is so at one of the ranks that are reached."""
        return sql.disjunction(
            _both(_rank_flag(rank, "reached"), _rank_flag(rank, flag))
            for rank in range(1, self.ranks_at_most + 1)
        )

    def standing(self) -> Iterator[Added]:
        """For each source its rank, and whether the search comes down to it."""
        sequences = self.editions.library.sequences
        for source in self._sources():
            ranks = [
                (sql.text(key_of(sequence)), rank)
                for sequence in sequences
                for rank, step in enumerate(sequence.steps, start=1)
                if source in step.sources
            ]
            name = source_name(source)
            reached = [(key, _rank_flag(rank, "reached")) for key, rank in ranks]
            yield Added(f"{name}_reached", sql.choose(sql.column(SEARCH), reached, sql.boolean(False)))
            numbers = [(key.copy(), sql.whole(rank)) for key, rank in ranks]
            yield Added(f"{name}_rank", sql.choose(sql.column(SEARCH), numbers))

    def complete(self, source: str) -> list[Sql]:
        """That no source is lacking at the rank of one; where one is, nothing can be settled there."""
        if self._passes_over:
            return []
        found = [
            (sql.text(key_of(sequence)), sql.negation(_rank_flag(rank, LACKING)))
            for sequence in self.editions.library.sequences
            for rank, step in enumerate(sequence.steps, start=1)
            if source in step.sources
        ]
        return [sql.choose(sql.column(SEARCH), found, sql.boolean(False))]

    def governing(self) -> Iterator[Added]:
        """For each policy that speaks whether it governs, or may."""
        for columns in self.editions.governing:
            if not columns.is_silent:
                governs = sql.conjunction([sql.column(columns.reached), columns.looked_at])
                yield Added(columns.governs, governs, columns.policy.reference)

    # --- why, and what ------------------------------------------------------------------------------------

    def reason(self) -> Added:
        """Why the result is what it is."""
        found = {flag: self.at_any_rank(flag) for flag in (FOR, AGAINST, OPEN)}
        nothing = sql.conjunction([sql.negation(value.copy()) for value in found.values()])
        lacking = self.at_any_rank(LACKING)
        one_answer = sql.conjunction(
            [
                sql.negation(found[OPEN]),
                sql.negation(_both(found[FOR].copy(), found[AGAINST].copy())),
            ]
        )
        branches = [(sql.is_null(sql.column(SEARCH)), Reason.NO_SEQUENCE)]
        if not self._passes_over:
            branches.append((lacking, Reason.NOT_ENCODED))
        branches += [
            (_both(nothing, lacking.copy()), Reason.NOT_ENCODED),
            (nothing.copy(), Reason.ALL_SILENT),
            (one_answer, Reason.CRITERIA),
            (self._conflict(), Reason.CONFLICT),
            (_both(found[FOR].copy(), found[AGAINST].copy()), Reason.UNKNOWN_SCOPE),
        ]
        worded = [(condition, sql.text(reason.value)) for condition, reason in branches]
        return Added("reason", sql.case(worded, sql.text(Reason.MISSING_FACTS.value)))

    def _conflict(self) -> Sql:
        """Both are surely said at the rank where the search ends, and no policy above may govern."""
        cases = []
        for rank in range(1, self.ranks_at_most + 1):
            last = [_rank_flag(rank, "reached")]
            if rank < self.ranks_at_most:
                last.append(sql.negation(_rank_flag(rank + 1, "reached")))
            quiet = [
                sql.negation(_rank_flag(above, flag))
                for above in range(1, rank)
                for flag in (FOR, AGAINST, OPEN)
            ]
            said = [_rank_flag(rank, SURELY_FOR), _rank_flag(rank, SURELY_AGAINST)]
            cases.append(sql.conjunction([*last, *quiet, *said]))
        return sql.disjunction(cases)

    def recommendation(self) -> Added:
        """What the policies that may govern say together."""
        settled = sql.compare("==", sql.column("reason"), sql.text(Reason.CRITERIA.value))
        branches = [
            (sql.negation(settled), sql.text(Recommendation.UNDETERMINED.value)),
            (self.at_any_rank(FOR), sql.text(Recommendation.RECOMMENDED.value)),
        ]
        return Added("recommendation", sql.case(branches, sql.text(Recommendation.NOT_RECOMMENDED.value)))


def _of_any(flag: str, sources: list[str]) -> Sql:
    return sql.disjunction([_flag(source, flag) for source in sources])


def _any(policies: Iterable[PolicyColumns], found: Callable[[PolicyColumns], Sql]) -> Sql:
    return sql.disjunction([found(columns) for columns in policies])


def _both(*parts: Sql) -> Sql:
    return sql.conjunction(list(parts))


def _looked(columns: PolicyColumns) -> Sql:
    return columns.looked_at


def _applies(columns: PolicyColumns) -> Sql:
    return columns.surely_applies


def _for(columns: PolicyColumns) -> Sql:
    return sql.surely(sql.column(columns.recommends)) if columns.with_criteria else sql.boolean(False)


def _against(columns: PolicyColumns) -> Sql:
    if not columns.with_criteria:
        return columns.looked_at
    return sql.surely(sql.negation(sql.column(columns.recommends)))


def _open(columns: PolicyColumns) -> Sql:
    if not columns.with_criteria:
        return sql.boolean(False)
    return _both(columns.looked_at, sql.is_null(sql.column(columns.recommends)))


def _flag(source: str, flag: str) -> Sql:
    return sql.column(f"{source}_{flag}")


def _rank_flag(rank: int, flag: str) -> Sql:
    return sql.column(f"rank{rank}_{flag}")


def _traced(source: str) -> Sql:
    """Whether a policy of a source applies or may."""
    return sql.disjunction([_flag(source, flag) for flag in (FOR, AGAINST, OPEN, SILENT)])


def _unknown_scope(source: str) -> Sql:
    """Whether a source counts, of whose policies none is known to apply."""
    return _both(_traced(source), sql.negation(_flag(source, KNOWN)))


def traced(source: str) -> Sql:
    """Whether a policy of a source applies or may, by the id of the source."""
    return _traced(source_name(source))


def speaks(source: str) -> Sql:
    """Whether a policy of a source that is not silent applies or may."""
    return sql.disjunction([_flag(source_name(source), flag) for flag in (FOR, AGAINST, OPEN)])
