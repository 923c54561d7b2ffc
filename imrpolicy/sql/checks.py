"""What the schema asks of a row, as SQL: the first thing that is wrong, in words; NULL where nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from imrpolicy.evaluate import Options, PolicyLibrary
from imrpolicy.facts import FactDictionary, Kind, ValueType
from imrpolicy.facts import label as worded
from imrpolicy.population.columns import CASE_ID, CONFLICTING, REQUEST_ID, Column, columns
from imrpolicy.sql import build as sql
from imrpolicy.sql.dialect import Dialect, Sql
from imrpolicy.sql.editions import PROBLEM, Editions
from imrpolicy.sql.steps import Added, Step, assemble

REASON = "reject"
Found = tuple[Sql, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a typed table before its rows are looked at.

    Attributes:
        unreadable: Columns that say that a value could not be read, with the message.
        present: The columns of the layout that it has, and the fields of records in lists, such as
            `history__prior_blocks.kind`; the others are NULL throughout and need no check. None for all.
        within: Columns and fields of which no value is out of range, as the statistics of the file tell.
    """

    unreadable: tuple[tuple[str, str], ...] = ()
    present: frozenset[str] | None = None
    within: frozenset[str] = frozenset()


NOTHING = Known()


def check_query(
    library: PolicyLibrary, dialect: Dialect, *, table: str, options: Options | None, known: Known = NOTHING
) -> exp.Select:
    """The rows of a typed table with what is wrong in each.

    Args:
        library: The library.
        dialect: The dialect.
        table: The typed table, with `row_number`.
        options: How the library is asked to evaluate; none where dates select nothing.
        known: What is known of the table.
    """
    layout = _Layout.of(library.dictionary, known)
    found: list[Found] = [
        (exp.column(mark.strip('"'), quoted=True), message) for mark, message in known.unreadable
    ]
    found += schema_checks(layout, dialect)
    steps = [Step("elements", "What is wrong in each list.", list(_codes(layout, dialect)))]
    if options is not None:
        editions = Editions.of(library, dialect, options)
        steps += [
            Step("dated", "The days that select editions.", editions.dates()),
            Step("searched", "The search sequence.", [editions.search()]),
            Step("editions", "What is selected by a date that is not given.", [editions.problem()]),
        ]
    branches = [(condition, sql.text(message)) for condition, message in found]
    otherwise = sql.column(PROBLEM) if options is not None else None
    reason = sql.case(branches, otherwise)
    final = [Added(name, sql.column(name)) for name in ("row_number", CASE_ID, REQUEST_ID)]
    return assemble(
        dialect, table, steps, Step("", "What is wrong in each row.", [*final, Added(REASON, reason)])
    )


def sound_rows(library: PolicyLibrary, dialect: Dialect, *, table: str, known: Known = NOTHING) -> exp.Select:
    """The rows of a typed table with which nothing is wrong, the dates that select editions left aside.

    It asks what `check_query` asks, but not what exactly is wrong: a look at each list is enough, and what
    the statistics of a file tell needs no look at all. The arguments are those of `check_query`.
    """
    layout = _Layout.of(library.dictionary, known)
    found: list[Sql] = [exp.column(mark.strip('"'), quoted=True) for mark, _ in known.unreadable]
    found += [condition for condition, _ in _column_checks(layout, dialect, lists=False)]
    found += [_unsound_list(column, layout, dialect) for column in layout.columns if column.type.element]
    query = exp.Select(expressions=[exp.Star()])
    query.set("from_", exp.From(this=exp.to_table(table)))
    # One condition for the whole row: one for each column would be tried one after the other, row by row.
    return query.where(sql.possibly(sql.conjunction(map(sql.negation, found))))


def _unsound_list(column: Column, layout: _Layout, dialect: Dialect) -> Sql:
    """Whether something is wrong in a list, or with its length: NULL or FALSE where nothing is."""
    name, type_ = column.name, column.type
    assert type_.element is not None  # noqa: S101 - the caller looked
    size = dialect.size(sql.column(name), of_text=False)
    if type_.element.choices:
        words = [choice.value for choice in type_.element.choices]
        wrong = dialect.is_no_word(dialect.variable("each", type_.element), words)
    else:
        wrong = sql.disjunction(
            condition for condition, _ in _element_checks(name, type_.element, layout, dialect)
        )
    any_wrong = dialect.any_element(sql.column(name), "each", wrong, unique=type_.unique)
    # The length comes first: nobody looks for what is there twice in a list of a million elements.
    known = len(layout.dictionary.facts) if name == CONFLICTING else len(type_.element.choices)
    limits = [limit for limit in (type_.longest, known if type_.unique else None) if limit]
    if name == CONFLICTING:
        any_wrong = sql.disjunction([any_wrong, _given_in_conflict(layout, dialect)])
    if limits:
        too_long = sql.compare(">", size, sql.whole(min(limits)))
        any_wrong = sql.case([(too_long, sql.boolean(True))], any_wrong)
    branches = [(sql.compare(">", size.copy(), sql.whole(0)), any_wrong)]
    if type_.shortest:
        too_short = sql.compare("<", size.copy(), sql.whole(type_.shortest))
        branches.insert(0, (too_short, sql.boolean(True)))
    return sql.case(branches)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The columns that are checked.

    Attributes:
        dictionary: The facts.
        columns: The columns of the layout that the input has.
        known: What is known of it.
    """

    dictionary: FactDictionary
    columns: tuple[Column, ...]
    known: Known

    @classmethod
    def of(cls, dictionary: FactDictionary, known: Known) -> _Layout:
        there = known.present
        return cls(
            dictionary, tuple(c for c in columns(dictionary) if there is None or c.name in there), known
        )

    @property
    def lists(self) -> list[tuple[str, ValueType]]:
        """The columns that are lists, with the type of their elements."""
        return [(c.name, c.type.element) for c in self.columns if c.type.element is not None]


def schema_checks(layout: _Layout, dialect: Dialect) -> Iterator[Found]:
    """What the schema asks of every column: a condition under which a row is wrong, and the message."""
    yield from _column_checks(layout, dialect)
    for name, type_ in layout.lists:
        for number, (_, message) in enumerate(_element_checks(name, type_, layout, dialect), start=1):
            yield sql.compare("==", sql.column(_code(name)), sql.whole(number)), message


def _column_checks(layout: _Layout, dialect: Dialect, *, lists: bool = True) -> Iterator[Found]:
    """What is asked of every column, the elements of lists left aside, or lists altogether."""
    for column in layout.columns:
        value = sql.column(column.name)
        if column.required:
            yield sql.is_null(value), f"`{column.name}` is not given, and every row needs it"
        if column.values and column.fact is None:
            known = [word for word, _ in column.values]
            yield dialect.is_none_of(value.copy(), known), f"`{column.name}` is none of its values"
        elif column.type.kind is Kind.LIST:
            if lists:
                yield from _lengths(column.name, value, column.type, dialect)
        elif column.fact is not None:
            yield from _value(column.name, value, column.type, layout, dialect)
    if lists and any(column.name == CONFLICTING for column in layout.columns):
        some = sql.compare(">", dialect.size(sql.column(CONFLICTING), of_text=False), sql.whole(0))
        message = f"a fact in `{CONFLICTING}` has a value; it must be NULL"
        yield sql.case([(some, _given_in_conflict(layout, dialect))]), message


def _value(
    what: str, value: Sql, type_: ValueType, layout: _Layout, dialect: Dialect, loop: str = "each"
) -> Iterator[Found]:
    if type_.kind is Kind.LIST and type_.element is not None:
        yield from _lengths(what, value, type_, dialect)
        for condition, message in _elements(what, type_.element, layout, dialect, loop):
            code = sql.case([(condition, sql.whole(1))], sql.whole(0))
            yield sql.compare("==", dialect.folded("MAX", value.copy(), loop, code), sql.whole(1)), message
        return
    if what not in layout.known.within:
        yield from _range(what, value, type_, dialect)
    if type_.choices:
        words = [choice.value for choice in type_.choices]
        yield dialect.is_none_of(value, words), f"`{what}` is none of its values"
    elif type_.kind is Kind.STRING and type_.longest is not None:
        size = dialect.size(value, of_text=True)
        yield sql.compare(">", size, sql.whole(type_.longest)), f"`{what}` is too long"


def _range(what: str, value: Sql, type_: ValueType, dialect: Dialect) -> Iterator[Found]:
    """What is asked of a number or a day, unless it is known of all of them."""
    if type_.is_number and type_.minimum is not None and type_.maximum is not None:
        low, high = worded(type_, type_.minimum), worded(type_, type_.maximum)
        # Where nothing is given, any value inside: DuckDB takes less time for that than for NULL.
        given = sql.coalesce(value, _number(type_.minimum, dialect))
        inside = exp.Between(
            this=given, low=_number(type_.minimum, dialect), high=_number(type_.maximum, dialect)
        )
        yield sql.negation(inside), f"`{what}` is out of range: it lies between {low} and {high}"
    elif type_.kind is Kind.DATE:
        within = sql.conjunction(
            [
                sql.compare(">=", value, sql.cast(sql.text("0001-01-01"), "DATE")),
                sql.compare("<=", value.copy(), sql.cast(sql.text("9999-12-31"), "DATE")),
            ]
        )
        yield sql.negation(within), f"`{what}` is no day between the years 1 and 9999"


def _number(value: float, dialect: Dialect) -> Sql:
    if isinstance(value, int):
        return sql.whole(value)
    return sql.cast(sql.text(repr(value)), dialect.plain(Kind.DOUBLE))


def _lengths(what: str, value: Sql, type_: ValueType, dialect: Dialect) -> Iterator[Found]:
    """What is asked of a list as a whole."""
    size = dialect.size(value, of_text=False)
    choices = type_.element.choices if type_.element is not None and type_.unique else ()
    # A list without repetition is no longer than there are things to name.
    if type_.longest is not None and not 0 < len(choices) <= type_.longest:
        too_long = sql.compare(">", size, sql.whole(type_.longest))
        yield too_long, f"`{what}` has more than {type_.longest} elements"
    if type_.shortest:
        yield sql.compare("<", size.copy(), sql.whole(type_.shortest)), f"`{what}` has too few elements"
    if type_.unique:
        yield dialect.names_twice(value.copy()), f"`{what}` names something twice"


def _elements(what: str, type_: ValueType, layout: _Layout, dialect: Dialect, loop: str) -> Iterator[Found]:
    """What is asked of the element of a loop; of records, what is asked of the fields that the input has."""
    element = dialect.variable(loop, type_)
    yield sql.is_null(element), f"`{what}` has an element that is not given"
    if type_.kind is Kind.RECORD:
        there = layout.known.present
        for field in type_.fields:
            name = f"{what}.{field.name}"
            if there is None or name in there:
                yield from _value(name, dialect.field(loop, field), field.type, layout, dialect, "inner")
    else:
        yield from _value(what, element, type_, layout, dialect)


def _element_checks(name: str, type_: ValueType, layout: _Layout, dialect: Dialect) -> list[Found]:
    if name != CONFLICTING:
        return list(_elements(name, type_, layout, dialect, "each"))
    known = [sql.text(fact.path) for fact in layout.dictionary.facts]
    unknown = sql.negation(sql.surely(sql.one_of(dialect.variable("each", type_), known)))
    return [(unknown, f"`{CONFLICTING}` names something that is no fact")]


def _codes(layout: _Layout, dialect: Dialect) -> Iterator[Added]:
    """For each list the number of a thing that is wrong in an element: one look at each list, and no more."""
    for name, type_ in layout.lists:
        checks = _element_checks(name, type_, layout, dialect)
        branches = [(condition, sql.whole(n)) for n, (condition, _) in enumerate(checks, start=1)]
        code = sql.case(branches, sql.whole(0))
        yield Added(_code(name), dialect.folded("MAX", sql.column(name), "each", code))


def _code(name: str) -> str:
    return f"wrong_in_{name}"


def _given_in_conflict(layout: _Layout, dialect: Dialect) -> Sql:
    """Whether a fact is in conflict and has a value, which says which of the two is true."""
    listed = sql.column(CONFLICTING)
    return sql.disjunction(
        sql.conjunction(
            [sql.is_known(sql.column(column.name)), dialect.overlaps(listed.copy(), [column.fact.path])]
        )
        for column in layout.columns
        if column.fact is not None
    )
