"""Tell what the tables and files of imrpolicy look like.

`--table` lists the columns that a population needs: one row for each request, one column for each fact. A
column that is not there, and a value that is NULL, is not documented.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from typing import Any

from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.options import add_format, add_policies, policies_directory
from imrpolicy.cli.output import Style, count, print_json
from imrpolicy.evaluate import read_directory
from imrpolicy.facts import Kind, ValueType
from imrpolicy.population.columns import Column, columns

EXAMPLE = """\
examples:
  imrpolicy schema --table
  imrpolicy schema --table --format csv > columns.csv
"""
_TYPES = {
    Kind.BOOL: "BOOLEAN",
    Kind.INT: "BIGINT",
    Kind.DOUBLE: "DOUBLE",
    Kind.STRING: "VARCHAR",
    Kind.DATE: "DATE",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--table", action="store_true", help="the columns of a population")
    add_policies(parser)
    add_format(parser, ("text", "json", "csv"))


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    if not options.table:
        raise WrongCallError("say which schema: `imrpolicy schema --table`")
    found = columns(read_directory(policies_directory(options.policies)).dictionary)
    if options.format == "json":
        print_json({"columns": [_data(column) for column in found]})
    elif options.format == "csv":
        print(_csv(found), end="")
    else:
        rows = [(c.name, type_name(c.type), _notes(c)) for c in found]
        print(Style.of(sys.stdout).table(rows))
        print()
        print(count(len(found), "column"))
    return Exit.FINE


def type_name(type_: ValueType) -> str:
    """A type as SQL has it.

    >>> type_name(ValueType(kind=Kind.LIST, element=ValueType(kind=Kind.STRING)))
    'LIST(VARCHAR)'
    """
    if type_.kind is Kind.LIST and type_.element is not None:
        return f"LIST({type_name(type_.element)})"
    return "STRUCT" if type_.kind is Kind.RECORD else _TYPES[type_.kind]


def _notes(column: Column) -> str:
    notes = ["required"] if column.required else []
    notes += _unit(column.type)
    if column.values:
        notes.append(", ".join(value for value, _ in column.values))
    element = column.type.element
    if element is not None and element.fields:
        notes.append(", ".join(f"{field.name} {type_name(field.type)}" for field in element.fields))
    said = "; ".join(notes)
    meaning = column.meaning.rstrip(".")
    return f"{meaning}: {said}" if said else meaning


def _unit(type_: ValueType) -> list[str]:
    if not type_.is_number:
        return []
    unit = f" {type_.unit}" if type_.unit else ""
    return [f"{type_.minimum:g} to {type_.maximum:g}{unit}"]


def _data(column: Column) -> dict[str, Any]:
    return {
        "column": column.name,
        "meaning": column.meaning,
        "required": column.required,
        **_type(column.type, column.values),
    }


def _type(type_: ValueType, values: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    data: dict[str, Any] = {"type": type_name(type_)}
    if type_.is_number:
        data |= {"unit": type_.unit, "minimum": type_.minimum, "maximum": type_.maximum}
    values = values or tuple((choice.value, choice.label) for choice in type_.choices)
    if values:
        data["values"] = dict(values)
    if type_.element is not None and type_.element.fields:
        data["fields"] = {field.name: _type(field.type) for field in type_.element.fields}
    return data


def _csv(found: tuple[Column, ...]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["column", "type", "required", "unit", "minimum", "maximum", "values", "meaning"])
    for column in found:
        type_ = column.type
        values = "|".join(value for value, _ in column.values)
        row = [column.name, type_name(type_), str(column.required).lower(), type_.unit or ""]
        row += ["" if bound is None else f"{bound:g}" for bound in (type_.minimum, type_.maximum)]
        writer.writerow([*row, values, column.meaning])
    return text.getvalue()
