"""What is wrong in a case, collected while it is read, and the texts that the case schema asks for."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from imrpolicy.facts import CaseProblem
from imrpolicy.issues import did_you_mean

Path = tuple[str | int, ...]

# What stands in messages of a value or a key that may be anything.
_LONGEST_SHOWN = 60
# A mapping with more unknown keys is no case at all, and suggestions for a million would take hours.
_MOST_UNKNOWN = 20
SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRule:
    """What the case schema asks of a text.

    Attributes:
        shortest: The fewest characters.
        longest: The most characters, where there is a limit.
        form: The pattern of the whole text, where it has one.
        example: A text that fits.
    """

    shortest: int = 0
    longest: int | None = None
    form: re.Pattern[str] | None = None
    example: str = ""

    @classmethod
    def of(cls, definition: Any, *, pattern: str | None = None) -> TextRule:
        """The rule of a piece of JSON Schema; an empty one admits every text."""
        pattern = pattern or definition.get("pattern")
        return cls(
            shortest=definition.get("minLength", 0),
            longest=definition.get("maxLength"),
            # `$` would admit a line feed at the end.
            form=re.compile(re.sub(r"\$\Z", r"\\Z", pattern)) if pattern else None,
            example=next(iter(definition.get("examples", ())), ""),
        )

    def broken_by(self, value: Any) -> tuple[str, str] | None:
        """What is wrong with a value, and what to do; None where it fits."""
        if not isinstance(value, str):
            return f"{shown(value)} must be text", "put it in quotes"
        if len(value) < self.shortest:
            return "the text is empty", "write it, or leave the key out"
        if self.longest is not None and len(value) > self.longest:
            return f"the text is longer than {self.longest} characters", "shorten it"
        if not value.isascii() and SURROGATE.search(value):
            return "the text has half a character in it", "write it anew, as Unicode"
        if self.form is not None and not self.form.search(value):
            example = f", such as `{self.example}`" if self.example else ""
            return f"{shown(value)} is no id", f"use lower-case letters, digits and hyphens{example}"
        return None


class Problems:
    """The problems of one case."""

    def __init__(self) -> None:
        self.found: list[CaseProblem] = []

    def add(self, path: Path, message: str, help: str = "", *, key: bool = False) -> None:
        """Add a problem; `key` says that the key at the path is wrong rather than its value."""
        self.found.append(CaseProblem(path=path, message=message, help=help, key=key))

    def unknown(self, path: Path, key: str, message: str, known: Collection[str], help: str = "") -> None:
        """Add that a key is not known, with the nearest that is."""
        help = did_you_mean(key[:_LONGEST_SHOWN], known) or help
        self.add((*path, key), message, help, key=True)

    def mapping(self, value: Any, path: Path, *, what: str) -> Mapping[str, Any]:
        """A mapping with texts as keys; an empty one where there is none, or something else."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.add(path, f"{shown(value)} must be a mapping{what}")
            return {}
        for key in value:
            if not isinstance(key, str):
                return self._without_odd_keys(value, path)
        return value

    def _without_odd_keys(self, value: Mapping[Any, Any], path: Path) -> Mapping[str, Any]:
        for key in [key for key in value if not isinstance(key, str)][:_MOST_UNKNOWN]:
            self.add(
                (*path, shown(key).strip("`")),
                f"the key {shown(key)} must be text",
                "put it in quotes",
                key=True,
            )
        return {key: entry for key, entry in value.items() if isinstance(key, str)}

    def check_keys(self, data: Mapping[str, Any], known: frozenset[str], path: Path) -> None:
        """Report the keys that are not known."""
        if not known.issuperset(data):
            for key in [key for key in data if key not in known][:_MOST_UNKNOWN]:
                self.unknown(path, key, f"{shown(key)} is not known here", known)

    def text(self, value: Any, rule: TextRule, path: Path) -> str:
        """A text that fits its rule; an empty one where it is not given or does not fit."""
        if value is None:
            return ""
        broken = rule.broken_by(value)
        if broken is not None:
            self.add(path, *broken)
            return ""
        return str(value)

    def name(self, value: Any, rule: TextRule, path: Path, *, lacking: str) -> str:
        """A text that must be given; an empty one where it is not, or does not fit."""
        if value is None or value == "":
            self.add(path, lacking)
            return ""
        return self.text(value, rule, path)


def shown(value: Any) -> str:
    """Any value as a message shows it: short, and never failing."""
    if isinstance(value, str):
        return f"`{value[:_LONGEST_SHOWN]}…`" if len(value) > _LONGEST_SHOWN else f"`{value}`"
    if value is None:
        return "an empty value"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, float):
        return f"`{value}`"
    if isinstance(value, int):
        # Python refuses to write out the longest ones.
        return f"`{value}`" if abs(value) < 10**30 else "a number of more than 30 digits"
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, list | tuple) else "this"
