"""What differs between the dialects: names of functions, lists, records and whole-number division."""

from __future__ import annotations

from typing import ClassVar, Literal

from sqlglot import exp

from imrpolicy.facts import Field, Kind, ValueType
from imrpolicy.sql.build import (
    call,
    cast,
    choose,
    coalesce,
    conjunction,
    disjunction,
    is_null,
    name,
    negation,
    text,
)

Fold = Literal["MAX", "MIN", "SUM"]
Sql = exp.Expr
PLAIN = {
    Kind.BOOL: "BOOLEAN",
    Kind.INT: "BIGINT",
    Kind.DOUBLE: "DOUBLE",
    Kind.STRING: "TEXT",
    Kind.DATE: "DATE",
}


class Dialect:
    """What the dialects share; functions have the names that DuckDB gives them."""

    name: str
    # Whether `has` is NULL for a list that is.
    has_keeps_null = False
    starts, ends, contains = "starts_with", "ends_with", "contains"
    text_length, list_length, has_element = "length", "len", "list_contains"
    transform, keep = "list_transform", "list_filter"
    fold: ClassVar[dict[str, str]] = {"MAX": "list_max", "MIN": "list_min", "SUM": "list_sum"}

    def plain(self, kind: Kind) -> exp.DataType:
        """The type of a value that is neither a list nor a record."""
        return exp.DataType.build(PLAIN[kind])

    def array(self, elements: list[Sql], type_: ValueType) -> Sql:
        """A list of known values."""
        if type_.kind in (Kind.INT, Kind.DOUBLE):
            elements = [cast(element, self.plain(type_.kind)) for element in elements]
        made: Sql = exp.Array(expressions=elements)
        return made if elements else cast(made, exp.DataType.build(f"{PLAIN[type_.kind]}[]"))

    def quotient(self, left: Sql, right: Sql) -> Sql:
        """The quotient of two whole numbers, rounded towards zero."""
        return exp.IntDiv(this=exp.Paren(this=left), expression=exp.Paren(this=right))

    def remainder(self, left: Sql, right: Sql) -> Sql:
        """The remainder that goes with it: it has the sign of the dividend."""
        return exp.Mod(this=exp.Paren(this=left), expression=exp.Paren(this=right))

    def days(self, start: Sql, end: Sql) -> Sql:
        """From one date to another in days."""
        return call("date_diff", text("day"), start, end)

    def text_test(self, kind: str, operand: Sql, argument: Sql) -> Sql:
        """`startsWith`, `endsWith` or `contains`."""
        names = {"startsWith": self.starts, "endsWith": self.ends, "contains": self.contains}
        return call(names[kind], operand, argument)

    def size(self, operand: Sql, *, of_text: bool) -> Sql:
        """How many characters a text has, or elements a list."""
        return call(self.text_length if of_text else self.list_length, operand)

    # --- lists: the variable of a loop is named for what the author called it -----------------------------

    def variable(self, loop: str, type_: ValueType) -> Sql:  # noqa: ARG002 - where elements carry their type
        """The element of a loop."""
        return name(loop)

    def field(self, loop: str, field: Field) -> Sql:
        """A field of the element of a loop."""
        return exp.Dot(this=name(loop), expression=name(field.name))

    def folded(self, fold: Fold, source: Sql, loop: str, value: Sql) -> Sql:
        """The greatest, the least or the sum of a number for each element; NULL where there are none."""
        return call(self.fold[fold], call(self.transform, source, self._lambda(loop, value)))

    def code(self, predicate: Sql) -> Sql:
        """What a fold reads of a condition: 2 true, 1 unknown, 0 false."""
        numbers = [(exp.true(), exp.Literal.number(2)), (exp.false(), exp.Literal.number(0))]
        return choose(predicate, numbers, exp.Literal.number(1))

    def filtered(self, source: Sql, loop: str, predicate: Sql) -> Sql:
        """The elements for which a predicate, which is known for all of them, holds."""
        return call(self.keep, source, self._lambda(loop, predicate))

    def _lambda(self, loop: str, value: Sql) -> Sql:
        return exp.Lambda(this=value, expressions=[name(loop)])

    def has(self, source: Sql, element: Sql, type_: ValueType) -> Sql:
        """Whether a list has an element; both are known, or it is NULL where `has_keeps_null` says so."""
        return call(self.has_element, source, cast(element, self.plain(type_.kind)))

    def overlaps(self, source: Sql, values: list[str]) -> Sql:
        """Whether a list of texts, which may be NULL, names one of some values."""
        return disjunction(coalesce(call(self.has_element, source, text(v)), exp.false()) for v in values)

    def is_none_of(self, value: Sql, words: list[str]) -> Sql:
        """Whether a text is documented and is none of some words."""
        return conjunction([negation(is_null(value)), self.is_no_word(value.copy(), words)])

    def is_no_word(self, value: Sql, words: list[str]) -> Sql:
        """Whether a text is none of some words; one that is not documented is none of them."""
        known = exp.In(this=value, expressions=[text(word) for word in words])
        return disjunction([is_null(value.copy()), negation(known)])

    def any_element(self, source: Sql, loop: str, condition: Sql, *, unique: bool = False) -> Sql:
        """Whether a condition surely holds for one of the elements, or where asked, one is there twice."""
        answers = call(self.transform, source, self._lambda(loop, condition))
        found = call(self.has_element, answers, exp.true())
        return disjunction([found, self.names_twice(source.copy())]) if unique else found

    def names_twice(self, source: Sql) -> Sql:
        """Whether two elements of a list are the same."""
        return exp.LT(this=self.distinct_size(source), expression=self.size(source.copy(), of_text=False))

    def distinct_size(self, source: Sql) -> Sql:
        """How many different elements a list has."""
        return call("list_unique", source)

    # --- what the query gives ------------------------------------------------------------------------------

    def compact(self, elements: list[Sql]) -> Sql:
        """The elements that are not NULL, as a list."""
        listed = exp.Array(expressions=elements)
        return call("list_filter", listed, self._lambda("x", negation(is_null(name("x")))))

    def record(self, items: list[tuple[str, Sql]]) -> Sql:
        """A record."""
        pairs = [exp.PropertyEQ(this=exp.to_identifier(key), expression=value) for key, value in items]
        return exp.Struct(expressions=pairs)

    def criteria(self, records: list[Sql]) -> Sql:
        """The criteria of a policy; a policy without any has an empty list of the same type."""
        if records:
            return self.array_of_records(records)
        nobody = [("id", text("")), ("role", text("")), ("status", text("")), ("presumed", exp.false())]
        return self.filtered(self.array_of_records([self.record(nobody)]), "x", exp.false())

    def array_of_records(self, records: list[Sql]) -> Sql:
        """A list of records."""
        return exp.Array(expressions=records)

    def kept(self, value: Sql) -> Sql:
        """A value that is worked out once, however often the next step reads it."""
        return value

    def no_elements(self) -> Sql:
        """An empty list of texts."""
        return cast(exp.Array(expressions=[]), exp.DataType.build("TEXT[]"))


class DuckDB(Dialect):
    """DuckDB, and what makes it quick."""

    name = "duckdb"
    has_keeps_null = True

    def code(self, predicate: Sql) -> Sql:
        """Small numbers and no branches: the elements of lists are where a query spends its time."""
        tiny = exp.DataType.build("TINYINT")
        two, one = (cast(exp.Literal.number(n), tiny) for n in (2, 1))
        product = exp.Mul(this=cast(exp.Paren(this=predicate), tiny), expression=two)
        return coalesce(product, one)

    def is_no_word(self, value: Sql, words: list[str]) -> Sql:
        """Texts of a file stand in dictionaries, of which each word is cast once, not in each row."""
        enum = exp.DataType(this=exp.DataType.Type.ENUM, expressions=[text(word) for word in words])
        return is_null(exp.TryCast(this=value, to=enum))

    def any_element(self, source: Sql, loop: str, condition: Sql, *, unique: bool = False) -> Sql:
        """Counting what differs takes three times as long as looking where each element stands first."""
        if not unique:
            return super().any_element(source, loop, condition)
        number = f"{loop}_number"
        before = exp.NEQ(this=call("list_position", source.copy(), name(loop)), expression=name(number))
        either = exp.Lambda(this=disjunction([condition, before]), expressions=[name(loop), name(number)])
        return call(self.has_element, call(self.transform, source, either), exp.true())

    def kept(self, value: Sql) -> Sql:
        """A value would be written out wherever it is read; no reader looks through an `unnest`."""
        return call("unnest", exp.Array(expressions=[value]))
