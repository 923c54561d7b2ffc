"""The columns of the result: what `evaluate` gives for a request, the trace included."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from imrpolicy.evaluate import Reason, Recommendation, Role
from imrpolicy.policy import Criterion, SearchSequence
from imrpolicy.population.columns import CASE_ID, REQUEST_ID
from imrpolicy.sql import build as sql
from imrpolicy.sql.counting import Counting
from imrpolicy.sql.dialect import Sql
from imrpolicy.sql.editions import PROBLEM, SEARCH, key_of
from imrpolicy.sql.exact import OPEN, TO_RECOMMEND
from imrpolicy.sql.open import open_facts
from imrpolicy.sql.policy import PolicyColumns, source_name
from imrpolicy.sql.signature import MISSING
from imrpolicy.sql.single import recommendation_word, status_word
from imrpolicy.sql.steps import Added
from imrpolicy.sql.walk import UNKNOWN_SCOPE, Walk, speaks, traced


def final_columns(walk: Walk, *, trace: bool, exact: bool = False) -> list[Added]:
    """The columns of the result.

    Args:
        walk: The walk through the search sequences.
        trace: Whether every policy that was looked at is given, with the status of each criterion.
        exact: Whether what is missing is given exactly, by the evaluator.
    """
    recommended = sql.compare("==", sql.column("recommendation"), sql.text(Recommendation.RECOMMENDED.value))
    review = sql.disjunction([sql.negation(recommended), walk.at_any_rank(UNKNOWN_SCOPE)])
    result = Result(walk)
    found = [
        *(Added(name, sql.column(name)) for name in (CASE_ID, REQUEST_ID, PROBLEM)),
        *(Added(name, sql.column(name)) for name in ("outcome", "recommendation", "reason")),
        Added("requires_review", review, "a licensed reviewer must decide"),
        Added("sequence", sql.column(SEARCH), "the jurisdiction and the search sequence"),
        Added("governing", result.governing(), "the policies that govern, or may"),
        Added("silent", result.silent(), "sources that say nothing on the topic"),
        Added("not_encoded", result.not_encoded(), "sources without a policy here on the topic"),
        Added("supported", sql.column("supported"), "what would be supported; only limits stand in the way"),
        Added("presumed", result.presumed(), "exclusions taken not to hold, as the policies declare"),
        Added("conditions", result.conditions(), "what an approval carries"),
        Added("undocumented", result.undocumented(), "facts behind what is left open"),
    ]  # fmt: skip
    if exact:
        found += [
            Added(OPEN, result.missing(OPEN), "exactly the facts that can change the outcome"),
            Added(TO_RECOMMEND, result.missing(TO_RECOMMEND), "the fewest facts that can lead to approval"),
        ]
    if trace:
        found.append(Added("policies", result.policies(), "every policy that was looked at"))
    return found


def is_undetermined() -> Sql:
    """Whether nothing is decided."""
    return sql.compare("==", sql.column("recommendation"), sql.text(Recommendation.UNDETERMINED.value))


class Result:
    """The lists of the result. They differ by search sequence, and so do the policies in them."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._editions = walk.editions
        self._dialect = walk.editions.dialect

    def governing(self) -> Sql:
        """The policies that govern, or may."""
        return self._of_governing(lambda p: [sql.text(p.policy.reference)])

    def presumed(self) -> Sql:
        """The exclusions of these that are taken not to hold."""
        return self._of_governing(self._presumed_of)

    def conditions(self) -> Sql:
        """Their conditions, which an approval carries."""
        return self._of_governing(
            lambda p: [
                sql.text(leaf.id) for leaf in p.policy.conditions if p.with_criteria or p.policy.leaves
            ]
        )

    def silent(self) -> Sql:
        """The sources that are reached and say nothing."""
        return self._of_sources(lambda s: [traced(s), sql.negation(speaks(s))])

    def not_encoded(self) -> Sql:
        """The sources that are reached and have no policy here on the topic."""
        return self._of_sources(lambda s: [sql.negation(traced(s))])

    def undocumented(self) -> Sql:
        """The facts behind what is unknown in the policies that leave the outcome open."""
        listed = open_facts(Counting(self._walk), self._editions.library.dictionary, self._dialect)
        if not listed:
            return self._dialect.no_elements()
        found = sql.case([(is_undetermined(), self._dialect.compact(listed))])
        return sql.coalesce(found, self._dialect.no_elements())

    def missing(self, part: str) -> Sql:
        """What the evaluator says is missing: the facts that can still change the outcome, or the fewest."""
        found = exp.Dot(this=sql.column(MISSING), expression=sql.name(part))
        return sql.coalesce(found, self._dialect.no_elements())

    def policies(self) -> Sql:
        """Every policy that was looked at, in the order of the search."""
        return self._by_sequence(
            lambda sequence: [sql.column(columns.trace) for columns in self._policies_of(sequence)],
            only=None,
        )

    # --- lists by search sequence -------------------------------------------------------------------------

    def _by_sequence(self, elements: Callable[[SearchSequence], list[Sql]], *, only: Sql | None) -> Sql:
        branches = []
        for sequence in self._editions.library.sequences:
            listed = elements(sequence)
            if listed:
                branches.append((sql.text(key_of(sequence)), self._dialect.compact(listed)))
        if not branches:
            return self._dialect.no_elements()
        chosen = sql.choose(sql.column(SEARCH), branches)
        if only is not None:
            return sql.coalesce(sql.case([(only, chosen)]), self._dialect.no_elements())
        return chosen

    def _policies_of(self, sequence: SearchSequence) -> Iterator[PolicyColumns]:
        for step in sequence.steps:
            for source in step.sources:
                yield from self._editions.of_source(source)

    def _of_governing(self, values: Callable[[PolicyColumns], list[Sql]]) -> Sql:
        governs = sql.negation(
            sql.one_of(
                sql.column("reason"),
                [sql.text(r.value) for r in (Reason.NOT_ENCODED, Reason.ALL_SILENT, Reason.NO_SEQUENCE)],
            )
        )

        def elements(sequence: SearchSequence) -> list[Sql]:
            return [
                sql.case([(sql.column(columns.governs), value)])
                for columns in self._policies_of(sequence)
                if not columns.is_silent
                for value in values(columns)
            ]

        return self._by_sequence(elements, only=governs)

    def _of_sources(self, conditions: Callable[[str], list[Sql]]) -> Sql:
        def elements(sequence: SearchSequence) -> list[Sql]:
            return [
                sql.case([(sql.conjunction([_reached(rank), *conditions(source)]), sql.text(source))])
                for rank, step in enumerate(sequence.steps, start=1)
                for source in step.sources
            ]

        return self._by_sequence(elements, only=sql.is_known(sql.column(SEARCH)))

    # --- of one policy ------------------------------------------------------------------------------------

    def _presumed_of(self, columns: PolicyColumns) -> list[Sql]:
        found = []
        for leaf in columns.policy.exclusions:
            presumed = self._is_presumed(columns, leaf)
            if presumed is not None:
                found.append(sql.case([(presumed, sql.text(leaf.id))]))
        return found

    def _is_presumed(self, columns: PolicyColumns, leaf: Criterion) -> Sql | None:
        may = columns.may_presume(leaf)
        if may is None:
            return None
        return sql.conjunction([sql.is_null(sql.column(columns.leaf(leaf))), may])

    def trace(self, columns: PolicyColumns) -> Sql:
        """What there is to know of a policy that applies, or may."""
        policy = columns.policy
        source = policy.source.guideline
        text = sql.cast(sql.null(), "TEXT")
        if columns.with_criteria:
            text = recommendation_word(sql.column(columns.recommends))
        elif not columns.is_silent:
            text = sql.text(Recommendation.NOT_RECOMMENDED.value)
        criteria = [self._criterion(columns, leaf) for leaf in policy.leaves]
        found = self._dialect.record(
            [
                ("policy", sql.text(policy.reference)),
                ("source", sql.text(source)),
                ("rank", sql.column(f"{source_name(source)}_rank")),
                ("applies", status_word(sql.column(columns.applies))),
                ("recommendation", text),
                ("criteria", self._dialect.criteria(criteria)),
            ]
        )
        return sql.case([(columns.looked_at, found)])

    def _criterion(self, columns: PolicyColumns, leaf: Criterion) -> Sql:
        presumed = self._is_presumed(columns, leaf) if leaf in columns.policy.exclusions else None
        return self._dialect.record(
            [
                ("id", sql.text(leaf.id)),
                ("role", sql.text(_role(columns, leaf).value)),
                ("status", status_word(sql.column(columns.leaf(leaf)))),
                ("presumed", presumed if presumed is not None else sql.boolean(False)),
            ]
        )


def _role(columns: PolicyColumns, leaf: Criterion) -> Role:
    if leaf in columns.policy.exclusions:
        return Role.EXCLUSION
    return Role.CONDITION if leaf in columns.policy.conditions else Role.CRITERION


def _reached(rank: int) -> Sql:
    return sql.column(f"rank{rank}_reached")
