"""When a part of an expression that is open matters: what is known of it, and what has to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from imrpolicy.evaluate.formula import is_choice
from imrpolicy.expression import Node, facts_of, walk
from imrpolicy.expression.nodes import (
    Conditional,
    Documented,
    FactValue,
    FieldValue,
    Filter,
    Junction,
    Not,
    Quantifier,
)
from imrpolicy.facts import Field
from imrpolicy.population.columns import column_of
from imrpolicy.sql import build as sql
from imrpolicy.sql.dialect import Dialect, Sql
from imrpolicy.sql.firm import firm_value


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a part of something that is open, provided that the part is not firm itself.

    Attributes:
        null: That it is open.
        not_false: That it is not firmly false.
        not_true: That it is not firmly true.
        when: What has to be asked besides.
    """

    null: bool = False
    not_false: bool = False
    not_true: bool = False
    when: tuple[Sql, ...] = ()

    @classmethod
    def top(cls) -> Place:
        """The whole of an expression that is open."""
        return cls(null=True, not_false=True, not_true=True)

    @classmethod
    def within(cls, joins: str, when: tuple[Sql, ...] = ()) -> Place:
        """A part of what is joined and open: of an open `&&` no part is false, of an open `||` none true."""
        return cls(not_false=joins == "&&", not_true=joins == "||", when=when)

    def follows(self, joins: str) -> bool:
        """Whether what is joined is open as soon as one of its parts is."""
        return self.null or (joins == "&&" and self.not_false) or (joins == "||" and self.not_true)

    def read(self, node: Node, dialect: Dialect) -> Iterator[tuple[str, Field | None, list[Sql]]]:
        """What a part reads, each with what has to be asked for it to matter."""
        match node:
            case Not():
                turned = replace(self, not_false=self.not_true, not_true=self.not_false)
                yield from turned.read(node.operand, dialect)
            case Junction():
                when = self.when if self.follows(node.operator) else self._open(node, dialect)
                for operand in node.operands:
                    yield from Place.within(node.operator, when).read(operand, dialect)
            case Conditional() if is_choice(node):
                yield from self._read_choice(node, dialect)
            case _:
                when = self.when if self.null or _is_strict(node) else self._open(node, dialect)
                for path, field in read_paths(node).items():
                    yield path, field, [part.copy() for part in when]

    def _read_choice(
        self, node: Conditional, dialect: Dialect
    ) -> Iterator[tuple[str, Field | None, list[Sql]]]:
        when = self.when if self.null else self._open(node, dialect)
        yield from Place(when=when).read(node.condition, dialect)
        condition = firm_value(node.condition, dialect)
        chosen = ((node.then, condition), (node.otherwise, sql.negation(condition.copy())))
        for part, may_hold in chosen:
            yield from Place(when=(*when, sql.possibly(may_hold))).read(part, dialect)

    def _open(self, node: Node, dialect: Dialect) -> tuple[Sql, ...]:
        return (*self.when, sql.is_null(firm_value(node, dialect)))


def _is_strict(node: Node) -> bool:
    """Whether a comparison is unknown as soon as one of the facts is that it reads."""
    if isinstance(node, Documented):
        return isinstance(node.of, FactValue)
    return not any(isinstance(part, Quantifier | Filter | Conditional | Documented) for part in walk(node))


def read_paths(node: Node) -> dict[str, Field | None]:
    """What an expression reads: facts, and fields of records in lists, with the field."""
    found: dict[str, Field | None] = {fact.path: None for fact in facts_of(node)}
    return found | {part.path: part.field for part in walk(node) if isinstance(part, FieldValue)}


def lacks(path: str, field: Field | None, dialect: Dialect) -> Sql:
    """Whether a fact is not documented, or a field in one of the records of a list."""
    column = sql.column(column_of(path.partition("[]")[0]))
    if field is None:
        return sql.is_null(column)
    lacking = sql.case([(sql.is_null(dialect.field("each", field)), sql.whole(1))], sql.whole(0))
    return sql.compare("==", dialect.folded("MAX", column, "each", lacking), sql.whole(1))
