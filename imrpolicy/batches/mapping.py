"""A mapping file: how the columns and values of another table become ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from imrpolicy.batches.errors import BatchError
from imrpolicy.facts import FactDictionary
from imrpolicy.issues import did_you_mean
from imrpolicy.population.columns import columns


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How another table becomes ours.

    Attributes:
        columns: The other table's column by ours; what is not named keeps its name.
        values: Our value by the other table's, by our column.

    Raises:
        BatchError: A column has a name that the batch needs for itself.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(theirs.casefold() == "row_number" for theirs in self.columns.values()):
            raise BatchError(
                "the rows are numbered in a column `row_number`; give that of the table another name"
            )


def read_mapping(path: Path, dictionary: FactDictionary) -> TableMapping:
    """Read a mapping file.

    Args:
        path: A YAML file with `columns: {ours: theirs}` and `values: {ours: {theirs: ours}}`.
        dictionary: The facts, which give our columns.

    Raises:
        BatchError: It cannot be understood.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise BatchError(f"{path.as_posix()} cannot be read as YAML: {reason}") from None
    return mapping_from(data, dictionary, path.as_posix())


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
        columns={name: _text(value) for name, value in _section(where, data, "columns", ours).items()},
        values={
            name: {_text(theirs): _text(value) for theirs, value in _pairs(where, name, given).items()}
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


def _text(value: Any) -> str:
    """YAML reads `yes` and `1` as it likes; a table has texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
