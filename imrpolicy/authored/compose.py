"""From the parser's events to the tree, with an issue for whatever authored files do without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from imrpolicy.authored.decode import FORBIDDEN, yaml_text
from imrpolicy.authored.node import Mapping, Node, Scalar, Sequence
from imrpolicy.authored.plain import Value, read_plain
from imrpolicy.authored.syntax import directive, explain, explain_escape
from imrpolicy.authored.text import FileText
from imrpolicy.authored.wording import in_a_block, quoted
from imrpolicy.issues import Issue, Place

# libyaml's parser, some thirty times faster, where PyYAML was built with it.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 64
_WRITE = "write its content, or delete the file"
# libyaml takes this for a comment, PyYAML's own parser does not.
_GLUED = re.compile(r"[|>][-+0-9]*#")
_DIRECTIVE = re.compile(r"(?:[ ]*(?:#.*)?\n)*%")


def compose(text: FileText, loader: Any = LOADER) -> tuple[Node | None, list[Issue]]:
    """The tree of a file, or none where it cannot be read, and the issues in it."""
    head = _DIRECTIVE.match(text.text)
    if head:
        return None, [directive(text, text.place(head.end() - 1))]
    composer = _Composer(text, loader)
    try:
        return composer.document(), composer.issues
    except _TooDeepError:
        return None, composer.issues
    except yaml.YAMLError as error:
        syntax = explain(error, text)
    except (ValueError, OverflowError):
        # PyYAML's own parser passes on what Python says of an escape without a character; libyaml rejects it.
        syntax = explain_escape(text)
    return None, [*(i for i in composer.issues if i.place.line != syntax.place.line), syntax]


class _TooDeepError(Exception):
    """The nesting is deeper than any policy needs, and than recursion should go."""


class _Composer:
    """Reads one file's events into its tree.

    Attributes:
        issues: What was found so far.
    """

    def __init__(self, text: FileText, loader: Any) -> None:
        self.issues: list[Issue] = []
        self._text = text
        # What `yaml.parse` gives, without the work of its loop.
        self._events: Iterator[Any] = iter(loader(yaml_text(text.text)).get_event, None)
        self._latest_key = ""

    def document(self) -> Node | None:
        """The tree of the only document, or none in an empty file."""
        next(self._events)
        start = next(self._events)
        if isinstance(start, StreamEndEvent):
            self._report(Place(self._text.path), "empty-file", self._nothing(), _WRITE)
            return None
        root = self._node(next(self._events), 1)
        next(self._events)
        after = next(self._events)
        if isinstance(after, DocumentStartEvent):
            help = "put it in a file of its own, or delete the line with `---`"
            self._report(self._place(after), "several-documents", "a second document starts here", help)
        if isinstance(root, Scalar) and not root.text and not root.style:
            self._report(root.place, "empty-file", "the file has no content", _WRITE)
            return None
        return root

    def _nothing(self) -> str:
        return "the file has only comments" if self._text.text.strip() else "the file is empty"

    def _node(self, event: Any, depth: int) -> Node:
        kind = type(event)
        if kind is ScalarEvent:
            return self._scalar(event)
        if kind is AliasEvent:
            return self._alias(event)
        if event.anchor or event.tag:
            self._decoration(event)
        if depth > _DEEPEST:
            help = "give the inner part a place of its own, higher up"
            self._report(self._place(event), "too-deep", f"nested deeper than {_DEEPEST} levels", help)
            raise _TooDeepError
        return self._mapping(event, depth) if kind is MappingStartEvent else self._sequence(event, depth)

    def _sequence(self, start: Any, depth: int) -> Sequence:
        items = []
        while type(event := next(self._events)) is not SequenceEndEvent:
            self._latest_key = ""
            items.append(self._node(event, depth + 1))
        return Sequence(self._place(start), tuple(items))

    def _mapping(self, start: Any, depth: int) -> Mapping:
        entries: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        while type(event := next(self._events)) is not MappingEndEvent:
            key = self._key(event, depth)
            entry = self._node(next(self._events), depth + 1)
            if key is None:
                continue
            if key.text in keys:
                self._duplicate(key, keys[key.text])
            else:
                keys[key.text] = key
                entries[key.text] = entry
        return Mapping(self._place(start), entries, keys)

    def _key(self, event: Any, depth: int) -> Scalar | None:
        if type(event) is not ScalarEvent:
            message = "a key has to be text, not a list or a mapping"
            self._report(self._place(event), "key-type", message, "put it in quotes if it is text")
            self._node(event, depth + 1)
            return None
        key = self._scalar_of(event, event.value)
        if not key.style and not event.tag:
            self._check_key(key)
        self._latest_key = key.text
        return key

    def _check_key(self, key: Scalar) -> None:
        text = key.text
        value, surprise = read_plain(text)
        if text == "<<":
            message = "`<<` copies keys from another place, which is not supported"
            self._report(key.place, "alias", message, "write the keys out here")
        elif not isinstance(value, str) or (surprise and surprise.rule == "ambiguous-number"):
            message = f"the key {quoted(text)} is not read as text" if text else "a key is missing here"
            help = "put it in quotes: " + quoted(f'"{text}":') if text else ""
            self._report(key.place, "key-type", message, help, len(text))

    def _scalar(self, event: Any) -> Scalar:
        if event.style or event.tag:
            return self._scalar_of(event, event.value)
        value, surprise = read_plain(event.value)
        scalar = self._scalar_of(event, value)
        if surprise:
            self._report(scalar.place, surprise.rule, surprise.message, surprise.help, len(scalar.text))
        return scalar

    def _scalar_of(self, event: Any, value: Value) -> Scalar:
        text, style = event.value, event.style or ""
        start = event.start_mark
        place = Place(self._text.path, start.line + 1, start.column + 1)
        if event.anchor or event.tag:
            self._decoration(event)
        if style == '"' and not text.isprintable():
            self._escapes(place, text)
        if style and style in "|>" and _GLUED.match(self._text.text, start.index):
            self._report(place, "yaml-syntax", "a comment needs a space before its `#`", "type a space")
        return Scalar(place, value, text, style, start.index, event.end_mark.index)

    def _escapes(self, place: Place, text: str) -> None:
        text.encode()
        hidden = FORBIDDEN.search(text)
        if hidden:
            message = f"an escape puts the invisible character U+{ord(hidden[0]):04X} into this text"
            self._report(place, "control-character", message, "delete the escape")

    def _duplicate(self, key: Scalar, first: Scalar) -> None:
        message = f"the key {quoted(key.text)} is already given in line {first.place.line}"
        help = "keep one of the two, or rename one"
        self._report(key.place, "duplicate-key", message, help, key.end - key.start)

    def _alias(self, event: Any) -> Scalar:
        self._decoration(event)
        return Scalar(self._place(event), None, "", "*", event.start_mark.index, event.end_mark.index)

    def _decoration(self, event: Any) -> None:
        """A tag, an anchor or an alias; often an expression that starts with the character for it."""
        place = self._place(event)
        if event.anchor:
            alias = type(event) is AliasEvent
            word = ("*" if alias else "&") + event.anchor
            does = "repeats a value from" if alias else "names a value for use"
            rule, message = "alias", f"{quoted(word)} {does} elsewhere, which is not supported"
            help = f"write the value out; if it is text that starts with `{word[0]}`, "
        else:
            written = re.match(r"\S*", self._text.line(place.line)[place.column - 1 :])
            word = written[0] if written else ""
            rule, message = "tag", f"{quoted(word)} is read as a YAML tag, because it starts with `!`"
            help = "delete it; if it is text, " if word.startswith("!!") else ""
        self._report(place, rule, message, help + in_a_block(self._latest_key), len(word))

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self._text.path, mark.line + 1, mark.column + 1)

    def _report(self, place: Place, rule: str, message: str, help: str = "", length: int = 1) -> None:
        self.issues.append(self._text.issue(place, rule, message, help, length=length))
