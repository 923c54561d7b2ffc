"""A broken rule of the schema, seen in the authored file."""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass
from typing import Any

from imrpolicy.authored.broken import Broken
from imrpolicy.authored.document import Document
from imrpolicy.authored.node import Mapping, Node, Scalar
from imrpolicy.authored.wording import quoted
from imrpolicy.issues import Issue

_MOST_LISTED = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A broken rule, with the file it is about.

    Attributes:
        document: The authored file.
        schema: The whole schema, for references into it.
        broken: The rule.
        node: The node that breaks it.
    """

    document: Document
    schema: Any
    broken: Broken
    node: Node

    @property
    def subject(self) -> str:
        """What the rule is about, as the subject of a sentence."""
        path = self.broken.path
        if not path:
            return "the file"
        last = path[-1]
        return f"item {last + 1} of {self.key_name}" if isinstance(last, int) else quoted(last)

    @property
    def key_name(self) -> str:
        """The innermost key on the way to the node, in backticks."""
        key = next((step for step in reversed(self.broken.path) if isinstance(step, str)), None)
        return "the file" if key is None else quoted(key)

    @property
    def entry_key(self) -> str:
        """The key that the node is the value of; empty for an item of a list."""
        last = self.broken.path[-1] if self.broken.path else ""
        return last if isinstance(last, str) else ""

    @property
    def written(self) -> str:
        """The scalar as the author wrote it, in backticks."""
        return quoted(self.node.text) if isinstance(self.node, Scalar) else self.subject

    def issue(self, rule: str, message: str, help: str = "", *, at: Node | None = None) -> Issue:
        """An issue at the node, or at another one."""
        return self.document.issue(at or self.node, rule, message, help)

    def at_key(self, key: str) -> Node:
        """A key of the mapping that the rule is about, or the mapping itself."""
        return self.node.keys.get(key, self.node) if isinstance(self.node, Mapping) else self.node

    def said(self, schema: Any = None) -> str:
        """What the schema says in words about a part of it, by default the part with the rule."""
        part = _resolved(self.broken.schema if schema is None else schema, self.schema)
        text = str(part.get("description") or part.get("title") or "").strip().removesuffix(".")
        # Keeps the capitals of an abbreviation.
        return text if text[1:2].isupper() else text[:1].lower() + text[1:]

    def like(self) -> str:
        """A step that shows the form of a value by an example out of the schema; empty where it has none."""
        examples = [e for e in self.broken.schema.get("examples", ()) if isinstance(e, str)]
        if not examples:
            return ""
        said = self.said()
        return f"write it like {quoted(examples[0])}" + (f": {said}" if said else "")

    def because_of(self, key: str, *, forbidden: bool) -> tuple[str, str, bool] | None:
        """The key and the value at the top of the file by which a key there is called for, or is forbidden.

        The last of the three says whether that value is the one that is given.
        """
        for rule in self.schema.get("allOf", ()) if not self.broken.path else ():
            for name, wanted in rule.get("if", {}).get("properties", {}).items():
                for part in ("then", "else"):
                    if "const" in wanted and _names(rule.get(part, {}), key, forbidden=forbidden):
                        return name, wanted["const"], part == "then"
        return None


def _names(part: AbstractMapping[str, Any], key: str, *, forbidden: bool) -> bool:
    """Whether a part of a schema forbids a key, or calls for it."""
    return part.get("properties", {}).get(key) is False if forbidden else key in part.get("required", ())


def known_words(words: list[str]) -> str:
    """A part of a sentence that lists known words."""
    shown = ", ".join(quoted(word) for word in words[:_MOST_LISTED])
    more = len(words) - _MOST_LISTED
    return f"known are {shown}" + (f" and {more} more" if more > 0 else "")


def _resolved(schema: Any, root: Any) -> AbstractMapping[str, Any]:
    """A part of a schema with the words of what it refers to in the same file."""
    if not isinstance(schema, AbstractMapping):
        return {}
    reference = str(schema.get("$ref", ""))
    if not reference.startswith("#/"):
        return schema
    target = root
    for step in reference[2:].split("/"):
        target = target.get(step) if isinstance(target, AbstractMapping) else None
    return {**target, **schema} if isinstance(target, AbstractMapping) else schema
