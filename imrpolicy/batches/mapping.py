"""A mapping file: how the columns and values of another table become ours."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from imrpolicy.batches.errors import BatchError
from imrpolicy.facts import FactDictionary
from imrpolicy.issues import did_you_mean
from imrpolicy.population.columns import Column, columns

# What a mapping says for a value that means that nothing is documented, such as `N/A`.
NOT_DOCUMENTED = "not_documented"


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How another table becomes ours.

    Attributes:
        columns: The other table's column by ours; what is not named keeps its name.
        values: Our value by the other table's, by our column; `not_documented` for what says nothing.
        file: Where it was read from, if it was.

    Raises:
        BatchError: A column has a name that the batch needs for itself.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    file: Path | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if any(theirs.casefold() == "row_number" for theirs in self.columns.values()):
            raise BatchError(
                "the rows are numbered in a column `row_number`; give that of the table another name"
            )

    def valued(self, column: Column, text: str, quoted: Callable[[str], str]) -> str | None:
        """The SQL that makes values of a column ours; none where the mapping has none of it.

        Args:
            column: Our column.
            text: The SQL of the other table's value as text.
            quoted: How the dialect writes a text.
        """
        values = self.values.get(column.name)
        if not values:
            return None if values is None else text
        branches = " ".join(
            f"WHEN {quoted(theirs)} THEN {'NULL' if ours == NOT_DOCUMENTED else quoted(ours)}"
            for theirs, ours in values.items()
        )
        return f"(CASE {text} {branches} ELSE {text} END)"

    def theirs(self, column: Column, found: Collection[str], where: str) -> str | None:
        """The other table's name of a column; none where it lacks the column and may.

        Args:
            column: Our column.
            found: The names of its columns.
            where: The name of the table, for messages.

        Raises:
            BatchError: It lacks one that every row needs, or that the mapping names.
        """
        theirs = self.columns.get(column.name, column.name)
        if theirs in found:
            return theirs
        if column.name not in self.columns and not column.required:
            return None
        help = did_you_mean(theirs, found)
        hint = help if help.startswith("did you mean") else "name it, or give a mapping file with `--mapping`"
        raise BatchError(f"{where} has no column `{theirs}`; {hint}")

    def as_data(self) -> list[dict[str, Any]]:
        """The mapping as plain data."""
        return [dict(self.columns), {column: dict(values) for column, values in self.values.items()}]


def read_mapping(path: Path, dictionary: FactDictionary) -> TableMapping:
    """Read a mapping file.

    Args:
        path: A YAML file with `columns: {ours: theirs}` and `values: {ours: {theirs: ours}}`.
        dictionary: The facts, which give our columns.

    Raises:
        BatchError: It cannot be understood.
    """
    try:
        data = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Texts)  # noqa: S506 - it makes texts
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise BatchError(f"{path.as_posix()} cannot be read as YAML: {reason}") from None
    return replace(mapping_from(data, dictionary, path.as_posix()), file=path)


class _Texts(yaml.SafeLoader):
    """YAML with texts alone: in a table `No`, `007` and `1.0` are what is written, no numbers and no `false`.

    What is named twice is an error; otherwise the first would be lost in silence.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class has it
        sign: [(tag, pattern) for tag, pattern in found if tag == "tag:yaml.org,2002:null"]
        for sign, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                problem = f"`{key.value}` is there twice; leave one out"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else "")
        return super().construct_mapping(node, deep)


def mapping_from(data: Any, dictionary: FactDictionary, where: str = "the mapping") -> TableMapping:
    """A mapping out of plain data, as a mapping file has it.

    Args:
        data: `{"columns": {ours: theirs}, "values": {ours: {theirs: ours}}}`; either may be left out.
        dictionary: The facts, which give our columns.
        where: Where it was written, for messages.

    Raises:
        BatchError: It cannot be understood.
    """
    if not isinstance(data, Mapping) or not data.keys() <= {"columns", "values"}:
        raise BatchError(f"{where}: a mapping has `columns` and `values`, and nothing else")
    ours = {column.name for column in columns(dictionary)}
    return TableMapping(
        columns={
            name: _text(where, name, value) for name, value in _section(where, data, "columns", ours).items()
        },
        values={
            name: {
                _text(where, name, theirs): _text(where, name, value)
                for theirs, value in _pairs(where, name, given).items()
            }
            for name, given in _section(where, data, "values", ours).items()
        },
    )


def _section(where: str, data: Mapping[str, Any], key: str, ours: set[str]) -> Mapping[str, Any]:
    section = _pairs(where, key, data.get(key) or {})
    for name in section:
        if name not in ours:
            help = did_you_mean(str(name), ours) or "`imrpolicy schema --table` lists them"
            raise BatchError(f"{where}: there is no column `{name}` to map to; {help}")
    return section


def _pairs(where: str, key: str, given: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise BatchError(f"{where}: `{key}` must be a mapping")
    return given


def _text(where: str, column: str, value: Any) -> str:
    """A table has texts, and Python writes `true` in another way."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, (Mapping, list)):
        raise BatchError(
            f"{where}: something of `{column}` is mapped to no text; "
            f"write `{NOT_DOCUMENTED}` for a value that means that nothing is documented"
        )
    return str(value)
