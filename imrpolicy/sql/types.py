"""The types of the columns of a population in the dialects that read files."""

from __future__ import annotations

from imrpolicy.facts import Kind, ValueType

_DUCKDB = {Kind.BOOL: "BOOLEAN", Kind.INT: "BIGINT", Kind.DOUBLE: "DOUBLE", Kind.DATE: "DATE"}
_SPARK = {Kind.BOOL: "boolean", Kind.INT: "bigint", Kind.DOUBLE: "double", Kind.DATE: "date"}


def duckdb_type(type_: ValueType) -> str:
    """A type in DuckDB."""
    if type_.kind is Kind.LIST and type_.element is not None:
        return duckdb_type(type_.element) + "[]"
    if type_.kind is Kind.RECORD:
        return "STRUCT(" + ", ".join(f'"{f.name}" {duckdb_type(f.type)}' for f in type_.fields) + ")"
    return _DUCKDB.get(type_.kind, "VARCHAR")


def spark_type(type_: ValueType) -> str:
    """A type in Spark."""
    if type_.kind is Kind.LIST and type_.element is not None:
        return f"array<{spark_type(type_.element)}>"
    if type_.kind is Kind.RECORD:
        return "struct<" + ",".join(f"{f.name}:{spark_type(f.type)}" for f in type_.fields) + ">"
    return _SPARK.get(type_.kind, "string")
