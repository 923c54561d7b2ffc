"""The dialects of clusters and warehouses."""
# ruff: noqa: D102 - what each method gives is said once, in `Dialect`

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from imrpolicy.facts import Field, Kind, ValueType
from imrpolicy.sql.build import (
    arithmetic,
    call,
    case,
    cast,
    coalesce,
    compare,
    disjunction,
    is_null,
    name,
    negation,
    text,
    whole,
)
from imrpolicy.sql.dialect import PLAIN, Dialect, DuckDB, Fold, Sql

_TEXT = ValueType(kind=Kind.STRING)


def _folded(fold: Fold, codes: exp.Subquery) -> Sql:
    """The fold of a column of codes: a level of its own, or a code that reads no element would not be its."""
    codes.set("alias", exp.TableAlias(this=exp.to_identifier("codes")))
    found = exp.Anonymous(this=fold, expressions=[exp.column("code")])
    return exp.Subquery(this=exp.select(found).from_(codes))


class Spark(Dialect):
    """Apache Spark and Databricks."""

    name = "spark"
    starts, ends, contains = "startswith", "endswith", "contains"
    text_length, list_length, has_element = "char_length", "size", "array_contains"
    transform, keep = "transform", "filter"
    fold: ClassVar[dict[str, str]] = {"MAX": "array_max", "MIN": "array_min"}

    def days(self, start: Sql, end: Sql) -> Sql:
        return cast(call("datediff", end, start), "BIGINT")

    def size(self, operand: Sql, *, of_text: bool) -> Sql:
        length = cast(super().size(operand, of_text=of_text), "BIGINT")
        # The size of NULL is -1 in older settings of Spark.
        return length if of_text else case([(negation(is_null(operand)), length)])

    def folded(self, fold: Fold, source: Sql, loop: str, value: Sql) -> Sql:
        if fold != "SUM":
            return super().folded(fold, source, loop, value)
        listed = call(self.transform, source, self._lambda(loop, value))
        add = exp.Lambda(
            this=arithmetic("+", name("total"), name("x")), expressions=[name("total"), name("x")]
        )
        return call("aggregate", listed, whole(0), add)

    def distinct_size(self, source: Sql) -> Sql:
        return self.size(call("array_distinct", source), of_text=False)

    def array(self, elements: list[Sql], type_: ValueType) -> Sql:
        elements = [cast(element, self.plain(type_.kind)) for element in elements]
        if not elements:
            return cast(call("array"), exp.DataType.build(f"ARRAY<{PLAIN[type_.kind]}>", dialect="spark"))
        return call("array", *elements)

    def compact(self, elements: list[Sql]) -> Sql:
        return call("filter", call("array", *elements), self._lambda("x", negation(is_null(name("x")))))

    def record(self, items: list[tuple[str, Sql]]) -> Sql:
        return call("named_struct", *(part for key, value in items for part in (text(key), value)))

    def no_elements(self) -> Sql:
        return cast(call("array"), exp.DataType.build("ARRAY<STRING>", dialect="spark"))

    def array_of_records(self, records: list[Sql]) -> Sql:
        return call("array", *records)


class Snowflake(Dialect):
    """Snowflake; lists are ARRAY, and records in them OBJECT."""

    name = "snowflake"
    starts, ends, contains = "STARTSWITH", "ENDSWITH", "CONTAINS"
    text_length, list_length = "LENGTH", "ARRAY_SIZE"
    transform, keep = "TRANSFORM", "FILTER"
    fold: ClassVar[dict[str, str]] = {"MAX": "ARRAY_MAX", "MIN": "ARRAY_MIN"}

    def quotient(self, left: Sql, right: Sql) -> Sql:
        # The remainder has the sign of the dividend, so that what is left divides without one.
        rest = call("MOD", left, right)
        return cast(exp.Div(this=exp.Paren(this=arithmetic("-", left, rest)), expression=right), "BIGINT")

    def remainder(self, left: Sql, right: Sql) -> Sql:
        return call("MOD", left, right)

    def days(self, start: Sql, end: Sql) -> Sql:
        return call("DATEDIFF", exp.Var(this="day"), start, end)

    def variable(self, loop: str, type_: ValueType) -> Sql:
        return cast(name(loop), self.plain(type_.kind)) if type_.kind in PLAIN else name(loop)

    def field(self, loop: str, field: Field) -> Sql:
        found = call("GET", name(loop), text(field.name))
        if field.type.kind is Kind.LIST:
            return cast(found, exp.DataType.build("ARRAY", dialect="snowflake"))
        return cast(found, self.plain(field.type.kind))

    def folded(self, fold: Fold, source: Sql, loop: str, value: Sql) -> Sql:
        listed = call(self.transform, source, self._lambda(loop, value))
        if fold != "SUM":
            return cast(call(self.fold[fold], listed), "BIGINT")
        add = exp.Lambda(
            this=arithmetic("+", name("total"), cast(name("x"), "BIGINT")),
            expressions=[name("total"), name("x")],
        )
        return cast(call("REDUCE", listed, whole(0), add), "BIGINT")

    def array(self, elements: list[Sql], type_: ValueType) -> Sql:  # noqa: ARG002 - elements are variants
        return call("ARRAY_CONSTRUCT", *elements)

    def has(self, source: Sql, element: Sql, type_: ValueType) -> Sql:
        variant = cast(cast(element, self.plain(type_.kind)), "VARIANT")
        return call("ARRAY_CONTAINS", variant, source)

    def overlaps(self, source: Sql, values: list[str]) -> Sql:
        listed = call("ARRAY_CONSTRUCT", *map(text, values))
        return coalesce(call("ARRAYS_OVERLAP", source, listed), exp.false())

    def compact(self, elements: list[Sql]) -> Sql:
        return call("ARRAY_CONSTRUCT_COMPACT", *elements)

    def record(self, items: list[tuple[str, Sql]]) -> Sql:
        # In brackets where they are computed, since not every reader of the dialect takes an `AND` here.
        pairs = ((text(key), exp.Paren(this=v) if isinstance(v, exp.Binary) else v) for key, v in items)
        return call("OBJECT_CONSTRUCT_KEEP_NULL", *(part for pair in pairs for part in pair))

    def no_elements(self) -> Sql:
        return call("ARRAY_CONSTRUCT")

    def array_of_records(self, records: list[Sql]) -> Sql:
        return call("ARRAY_CONSTRUCT", *records)


class BigQuery(Dialect):
    """BigQuery; loops over lists are subqueries."""

    name = "bigquery"
    starts, ends = "STARTS_WITH", "ENDS_WITH"
    text_length, list_length = "CHAR_LENGTH", "ARRAY_LENGTH"

    def quotient(self, left: Sql, right: Sql) -> Sql:
        return call("DIV", left, right)

    def remainder(self, left: Sql, right: Sql) -> Sql:
        return call("MOD", left, right)

    def days(self, start: Sql, end: Sql) -> Sql:
        return call("DATE_DIFF", end, start, exp.Var(this="DAY"))

    def text_test(self, kind: str, operand: Sql, argument: Sql) -> Sql:
        if kind == "contains":
            return compare(">", call("STRPOS", operand, argument), whole(0))
        return super().text_test(kind, operand, argument)

    def folded(self, fold: Fold, source: Sql, loop: str, value: Sql) -> Sql:
        return _folded(fold, self._select(exp.alias_(value, "code"), source, loop))

    def filtered(self, source: Sql, loop: str, predicate: Sql) -> Sql:
        return call("ARRAY", self._select(name(loop), source, loop, predicate).this)

    def _select(self, value: Sql, source: Sql, loop: str, where: Sql | None = None) -> exp.Subquery:
        table = exp.Unnest(expressions=[source], alias=exp.TableAlias(columns=[name(loop)]))
        query = exp.select(value).from_(table)
        return exp.Subquery(this=query.where(where) if where is not None else query)

    def has(self, source: Sql, element: Sql, type_: ValueType) -> Sql:  # noqa: ARG002 - lists carry theirs
        return exp.In(this=element, unnest=exp.Unnest(expressions=[source]))

    def overlaps(self, source: Sql, values: list[str]) -> Sql:
        return disjunction(self.has(coalesce(source, self.no_elements()), text(v), _TEXT) for v in values)

    def array(self, elements: list[Sql], type_: ValueType) -> Sql:
        elements = [cast(element, self.plain(type_.kind)) for element in elements]
        return exp.Array(expressions=elements)

    def compact(self, elements: list[Sql]) -> Sql:
        listed = exp.Array(expressions=elements)
        return self.filtered(listed, "x", negation(is_null(name("x"))))

    def record(self, items: list[tuple[str, Sql]]) -> Sql:
        return exp.Struct(expressions=[exp.alias_(value, key) for key, value in items])

    def no_elements(self) -> Sql:
        return exp.Array(expressions=[])


class Postgres(Dialect):
    """PostgreSQL; lists are JSONB."""

    name = "postgres"
    text_length, list_length = "char_length", "jsonb_array_length"

    def plain(self, kind: Kind) -> exp.DataType:
        return exp.DataType.build("DOUBLE PRECISION" if kind is Kind.DOUBLE else PLAIN[kind], "postgres")

    def quotient(self, left: Sql, right: Sql) -> Sql:
        return exp.Div(this=exp.Paren(this=left), expression=exp.Paren(this=right))

    def days(self, start: Sql, end: Sql) -> Sql:
        return cast(exp.Paren(this=arithmetic("-", end, start)), "BIGINT")

    def size(self, operand: Sql, *, of_text: bool) -> Sql:
        return cast(super().size(operand, of_text=of_text), "BIGINT")

    def text_test(self, kind: str, operand: Sql, argument: Sql) -> Sql:
        if kind == "contains":
            return compare(">", call("strpos", operand, argument), whole(0))
        if kind == "endsWith":
            return compare("==", call("right", operand, call("char_length", argument)), argument)
        return super().text_test(kind, operand, argument)

    def array(self, elements: list[Sql], type_: ValueType) -> Sql:  # noqa: ARG002 - JSON has one of each
        return call("jsonb_build_array", *elements)

    def variable(self, loop: str, type_: ValueType) -> Sql:
        value = exp.Column(this=name("value"), table=name(loop))
        if type_.kind not in PLAIN:
            return value
        return self._plain_text(call("jsonb_build_array", value), "0", type_)

    def field(self, loop: str, field: Field) -> Sql:
        value = exp.Column(this=name("value"), table=name(loop))
        if field.type.kind is Kind.LIST:
            found = call("jsonb_extract_path", value, text(field.name))
            return call("NULLIF", found, cast(text("null"), "JSONB"))
        return self._plain_text(value, field.name, field.type)

    def _plain_text(self, value: Sql, key: str, type_: ValueType) -> Sql:
        found = call("jsonb_extract_path_text", value, text(key))
        return found if type_.kind is Kind.STRING else cast(found, self.plain(type_.kind))

    def folded(self, fold: Fold, source: Sql, loop: str, value: Sql) -> Sql:
        return _folded(fold, self._select(exp.alias_(value, "code"), source, loop))

    def filtered(self, source: Sql, loop: str, predicate: Sql) -> Sql:
        value = exp.Column(this=name("value"), table=name(loop))
        found = self._select(call("jsonb_agg", value), source, loop, predicate)
        return case([(negation(is_null(source)), coalesce(found, cast(text("[]"), "JSONB")))])

    def _select(self, value: Sql, source: Sql, loop: str, where: Sql | None = None) -> exp.Subquery:
        elements = exp.Table(
            this=call("jsonb_array_elements", source),
            alias=exp.TableAlias(this=name(loop), columns=[name("value")]),
        )
        query = exp.select(value).from_(elements)
        return exp.Subquery(this=query.where(where) if where is not None else query)

    def has(self, source: Sql, element: Sql, type_: ValueType) -> Sql:
        one = call("to_jsonb", cast(element, self.plain(type_.kind)))
        return exp.ArrayContainsAll(this=source, expression=one)

    def overlaps(self, source: Sql, values: list[str]) -> Sql:
        return disjunction(
            coalesce(exp.Paren(this=self.has(source, text(v), _TEXT)), exp.false()) for v in values
        )

    def compact(self, elements: list[Sql]) -> Sql:
        # An array of PostgreSQL for plain texts, JSONB as soon as there are records in it.
        listed = exp.Array(expressions=elements)
        return call("to_jsonb", call("array_remove", listed, exp.Null()))

    def record(self, items: list[tuple[str, Sql]]) -> Sql:
        return call("jsonb_build_object", *(part for key, value in items for part in (text(key), value)))

    def no_elements(self) -> Sql:
        return cast(text("[]"), "JSONB")

    def array_of_records(self, records: list[Sql]) -> Sql:
        return call("jsonb_build_array", *records)


DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect for dialect in (DuckDB(), Spark(), Snowflake(), BigQuery(), Postgres())
}
