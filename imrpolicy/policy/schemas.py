"""The JSON Schemas that authored files are held against."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from imrpolicy.authored import fits_surely
from imrpolicy.facts import FactDictionary, SchemaError, dictionary_from

# The `$id` of each schema, by which another one can point to it.
_IDS = "urn:imrpolicy:schema:"


class Schemas:
    """The JSON Schemas in a directory, each read once.

    Args:
        directory: The directory of `<name>.schema.json`.
        known: Schemas by name that stand in for those of the directory.
    """

    def __init__(self, directory: Path, known: Mapping[str, Any] | None = None) -> None:
        self.directory = directory
        self._schemas: dict[str, Any] = dict(known or {})
        self._validators: dict[str, Any] = {}
        self._fits: dict[str, Callable[[Any], bool]] = {}

    def schema(self, name: str) -> Any:
        """The schema `<name>.schema.json` as plain data.

        Raises:
            OSError: It cannot be read.
            SchemaError: It is not JSON.
        """
        if name not in self._schemas:
            path = self.directory / f"{name}.schema.json"
            try:
                self._schemas[name] = json.loads(path.read_text(encoding="utf-8"))
            except ValueError as error:
                raise SchemaError(f"{path.name} is not valid JSON: {error}") from error
        return self._schemas[name]

    def validator(self, name: str) -> Any:
        """The validator for `<name>.schema.json`.

        Raises:
            OSError: The schema cannot be read.
        """
        if name not in self._validators:
            # Imported here, since files without a mistake never need it.
            from jsonschema import Draft202012Validator, FormatChecker
            from referencing import Registry, Resource
            from referencing.jsonschema import DRAFT202012

            def retrieve(uri: str) -> Resource[Any]:
                return Resource.from_contents(self.schema(uri.removeprefix(_IDS)), DRAFT202012)

            self._validators[name] = Draft202012Validator(
                self.schema(name),
                format_checker=FormatChecker(["date"]),
                registry=Registry(retrieve=retrieve),  # type: ignore[call-arg]
            )
        return self._validators[name]

    def fits(self, name: str, data: Any) -> bool:
        """Whether data surely fits `<name>.schema.json`, which is quick to say; else the validator must look.

        Raises:
            OSError: The schema cannot be read.
        """
        if name not in self._fits:
            self._fits[name] = fits_surely(self.schema(name))
        return self._fits[name](data)

    @cached_property
    def dictionary(self) -> FactDictionary:
        """The fact dictionary of the case schema."""
        return dictionary_from(self.schema("case"))
