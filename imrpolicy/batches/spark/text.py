"""Values out of text on Spark, read as strictly as DuckDB reads those of a CSV file."""

from __future__ import annotations

from sqlglot import exp

from imrpolicy.facts import Kind, ValueType

TEXT_KINDS = ("string", "char", "varchar")
# No backslash is in them: whether one stands for itself in a text is a setting of the session. What follows
# the last part is `\z`; `$` would let a line end through.
_END, _SPACE = "(?!(?s:.))", "[ \t\n\f\r]*"
_PATTERNS = {
    Kind.INT: f"^{_SPACE}[+-]?[0-9]+([.]0+)?{_SPACE}{_END}",
    Kind.DOUBLE: f"^{_SPACE}[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?{_SPACE}{_END}",
    Kind.DATE: f"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_END}",
    Kind.BOOL: f"^(?i:true|false){_END}",
}
_STRICT = "map('allowSingleQuotes', 'false', 'allowNonNumericNumbers', 'false')"


def literal(text: str) -> str:
    """A text in the SQL of Spark."""
    return exp.Literal.string(text).sql(dialect="spark")


def name(text: str) -> str:
    """A name in the SQL of Spark."""
    return "`" + text.replace("`", "``") + "`"


def from_text(source: str, type_: ValueType, depth: int = 0) -> str:
    """A value read from text; lists are JSON."""
    each = f"each{depth}"
    match type_.kind:
        case Kind.INT:
            return f"try_cast(regexp_extract({source}, '([+-]?[0-9]+)', 1) AS bigint)"
        case Kind.DOUBLE:
            return f"try_cast({source} AS double)"
        case Kind.DATE:
            return f"try_cast({source} AS date)"
        case Kind.BOOL:
            return f"(CASE lower({source}) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END)"
        case Kind.LIST if type_.element is not None:
            made = from_text(each, type_.element, depth + 1)
            return f"transform({_elements(source, type_.element)}, {each} -> {made})"
        case Kind.RECORD:
            fields = ", ".join(
                f"{literal(field.name)}, {from_text(f'{source}.{name(field.name)}', field.type, depth)}"
                for field in type_.fields
            )
            return f"named_struct({fields})"
        case _:
            return source


def unreadable(source: str, type_: ValueType, depth: int = 0) -> str:
    """Whether a text is there and is no value of a type; never NULL."""
    if type_.kind is Kind.STRING:
        return "FALSE"
    if type_.kind is Kind.RECORD:
        return " OR ".join(
            f"({unreadable(f'{source}.{name(field.name)}', field.type, depth)})" for field in type_.fields
        )
    if type_.kind is Kind.LIST and type_.element is not None:
        good = _good_list(source, type_.element, depth)
    else:
        good = f"{source} RLIKE {literal(_PATTERNS[type_.kind])} AND {from_text(source, type_)} IS NOT NULL"
    return f"{source} IS NOT NULL AND NOT COALESCE({good}, FALSE)"


def _good_list(source: str, element: ValueType, depth: int) -> str:
    """Whether a text is a list of JSON, and all of it is, with elements that can be read.

    Spark looks no further than where a value ends. What follows one list passes as another element, or as
    another key, but never as both.
    """
    each = f"each{depth}"
    listed = _elements(source, element)
    alone = f"size(from_json(concat('[', {source}, ']'), 'array<string>', {_STRICT})) = 1"
    keyed = f"concat('{{\"v\":', {source}, '}}')"
    closed = f"from_json({keyed}, 'struct<v:array<string>>', {_STRICT}).v IS NOT NULL"
    wrong = unreadable(each, element, depth + 1)
    good = [
        f"{listed} IS NOT NULL",
        alone,
        closed,
        f"NOT exists({listed}, {each} -> {each} IS NULL OR {wrong})",
    ]
    if element.kind is Kind.RECORD:
        known = ", ".join(literal(field.name) for field in element.fields)
        texts = f"from_json({source}, 'array<string>', {_STRICT})"
        keys = f"exists(json_object_keys({each}), word -> word NOT IN ({known}))"
        good.append(f"NOT exists({texts}, {each} -> {keys})")
    return " AND ".join(good)


def _elements(source: str, element: ValueType) -> str:
    """The elements of a list of JSON as texts, or as records of texts."""
    inner = "string"
    if element.kind is Kind.RECORD:
        fields = ",".join(
            f"{field.name}:{'array<string>' if field.type.kind is Kind.LIST else 'string'}"
            for field in element.fields
        )
        inner = f"struct<{fields}>"
    return f"from_json({source}, {literal(f'array<{inner}>')}, {_STRICT})"
