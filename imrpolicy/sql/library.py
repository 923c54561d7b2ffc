"""The whole library as one query: for each request what `evaluate` gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlglot import exp

from imrpolicy.evaluate import CompiledPolicy, Options, Outcome, PolicyLibrary, Reason, Review
from imrpolicy.population.columns import REVIEW
from imrpolicy.sql import build as sql
from imrpolicy.sql.counting import Counting
from imrpolicy.sql.dialect import Dialect, Sql
from imrpolicy.sql.editions import SEARCH, SERVICE, Editions, key_of
from imrpolicy.sql.firm import firm_criteria, firm_verdicts
from imrpolicy.sql.open import anything_open, open_parts
from imrpolicy.sql.policy import RETROSPECTIVE, PolicyColumns
from imrpolicy.sql.result import Result, final_columns, is_undetermined
from imrpolicy.sql.signature import SIGNATURE, asked, signature
from imrpolicy.sql.single import retrospective, said
from imrpolicy.sql.steps import Added, Step, assemble
from imrpolicy.sql.supported import Voice, supported
from imrpolicy.sql.walk import Walk


def library_query(
    library: PolicyLibrary,
    dialect: Dialect,
    *,
    table: str,
    options: Options | None = None,
    trace: bool = True,
    exact: bool = False,
) -> exp.Select:
    """The query of a library.

    Args:
        library: The policies, the sources and the search sequences.
        dialect: The dialect.
        table: The table of requests.
        options: How the library is asked to evaluate.
        trace: Whether every policy that was looked at is given, with the status of each criterion.
        exact: Whether `open` and `to_recommend` are given, by a function that only a DuckDB of this process
            has.
    """
    walk = Walk(Editions.of(library, dialect, options or Options()))
    steps = library_steps(walk)
    result = Result(walk)
    if trace:
        traces = [Added(p.trace, result.trace(p), p.policy.reference) for p in walk.editions.governing]
        steps.append(Step("traces", "Each policy that was looked at, criterion by criterion.", traces))
    if exact:
        steps.append(Step("signed", "What decides which facts are missing.", [_signed(walk)]))
        steps.append(Step("asked", "What is missing, by the evaluator.", [asked(walk)]))
    columns = final_columns(walk, trace=trace, exact=exact)
    final = Step("", "The result: one row for each request.", columns)
    return assemble(dialect, table, steps, final)


def library_steps(walk: Walk) -> list[Step]:
    """The steps that find the determination, and what is left open.

    Args:
        walk: The walk through the search sequences.
    """
    editions, counting = walk.editions, Counting(walk)
    return [
        Step("dated", "The days that select editions, and whether the service was performed already.",
             [*editions.dates(), Added(RETROSPECTIVE, retrospective())]),
        Step("searched", "The search sequence of the jurisdiction on that day.", [editions.search()]),
        Step("editions", "The edition of each policy that is in force and may cover the service.",
             [*editions.in_force(), editions.problem()]),
        Step("scopes", "Whether each policy applies: NULL where it may.", list(_scopes(editions.governing))),
        Step("criteria", "Each criterion: TRUE is met, FALSE is not met, NULL is not documented.",
             [*_criteria(editions.governing), *firm_criteria(editions.governing)]),
        Step("verdicts", "What each policy says of the request: NULL where that is open.",
             [*_verdicts(editions.governing), *firm_verdicts(editions.governing)]),
        Step("sources", "What each source says through its policies.",
             [*walk.sources(), *counting.of_sources()]),
        Step("ranks", "What each rank of the search sequence says.", [*walk.ranks(), *counting.of_ranks()]),
        *walk.reaching(),
        Step("reasons", "Why the result is what it is.", [walk.reason(), *counting.counts()]),
        Step("recommendations", "What the policies that govern say together.", [walk.recommendation()]),
        Step("standing", "How far the search comes down among the sources.",
             [*walk.standing(), *counting.standing()]),
        Step("governing", "The policies that govern, or may.", list(walk.governing())),
        Step("offers", "What would be supported where only limits stand in the way.", [_supported(walk)]),
        Step("outcomes", "The determination in the words of the review.", [_outcome()]),
        Step("openings", "Where something is left open.", list(open_parts(counting))),
    ]  # fmt: skip


def _signed(walk: Walk) -> Added:
    left_open = sql.conjunction([is_undetermined(), anything_open(Counting(walk))])
    return Added(SIGNATURE, sql.case([(left_open, signature(walk))]))


def _scopes(policies: Iterable[PolicyColumns]) -> Iterator[Added]:
    for columns in policies:
        in_force = sql.column(f"{columns.name}_in_force")
        value = sql.case([(in_force, columns.scope())], sql.boolean(False))
        yield Added(columns.applies, value, f"{columns.policy.reference}: {columns.policy.applies_when}")


def _criteria(policies: Iterable[PolicyColumns]) -> Iterator[Added]:
    for columns in policies:
        for column, leaf, value in columns.leaves():
            yield Added(column, sql.case([(columns.looked_at, value)]), leaf.text)


def _verdicts(policies: Iterable[PolicyColumns]) -> Iterator[Added]:
    for columns in policies:
        if columns.with_criteria:
            yield Added(columns.recommends, said(columns), columns.policy.reference)


def _supported(walk: Walk) -> Added:
    """The offer, by search sequence: each has policies of its own that may govern."""
    against = sql.compare("==", sql.column("recommendation"), sql.text("not_recommended"))
    branches = []
    for sequence in walk.editions.library.sequences:
        voices = [
            Voice(columns, sql.column(columns.governs))
            for step in sequence.steps
            for source in step.sources
            for columns in walk.editions.of_source(source)
            if not columns.is_silent
        ]
        for services, own in _by_service(voices):
            found = supported(own)
            if found is not None:
                here = sql.conjunction(
                    [
                        against.copy(),
                        sql.compare("==", sql.column(SEARCH), sql.text(key_of(sequence))),
                        *services,
                    ]
                )
                branches.append((here, found))
    return Added("supported", sql.case(branches))


def _by_service(voices: list[Voice]) -> Iterator[tuple[list[Sql], list[Voice]]]:
    """The policies that may govern for each service, and for all services that none of them names."""
    services = {voice: CompiledPolicy(voice.columns.policy).services for voice in voices}
    named = sorted({service for known in services.values() for service in known or ()})
    for service in named:
        own = [voice for voice, known in services.items() if known is None or service in known]
        yield [sql.compare("==", sql.column(SERVICE), sql.text(service))], own
    rest = [voice for voice, known in services.items() if known is None]
    if rest:
        yield [], rest


def _outcome() -> Added:
    said = sql.column("recommendation")
    imr = sql.choose(
        said,
        [(sql.text("recommended"), sql.text(Outcome.OVERTURNED.value)),
         (sql.text("not_recommended"), sql.text(Outcome.UPHELD.value))],
        sql.text(Outcome.UNDETERMINED.value),
    )  # fmt: skip
    against = sql.case(
        [(sql.is_known(sql.column("supported")), sql.text(Outcome.MODIFY.value))],
        sql.text(Outcome.DENY.value),
    )
    answerable = sql.one_of(
        sql.column("reason"), [sql.text(Reason.MISSING_FACTS.value), sql.text(Reason.UNKNOWN_SCOPE.value)]
    )
    open_ = sql.case(
        [(answerable, sql.text(Outcome.REQUEST_INFORMATION.value))], sql.text(Outcome.UNDETERMINED.value)
    )
    review = sql.choose(
        said.copy(),
        [(sql.text("recommended"), sql.text(Outcome.APPROVE.value)),
         (sql.text("not_recommended"), against)],
        open_,
    )  # fmt: skip
    utilization = sql.compare("==", sql.column(REVIEW), sql.text(Review.UTILIZATION_REVIEW.value))
    return Added("outcome", sql.case([(utilization, review)], imr))
