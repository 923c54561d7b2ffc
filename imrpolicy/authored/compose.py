"""From the parser's events to the tree, with an issue for whatever authored files do without."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
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
from imrpolicy.authored.plain import read_plain
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


# The same few keys stand in every file.
@lru_cache(maxsize=4096)
def _is_plain_key(text: str) -> bool:
    """Whether a key without quotes is text to every reader of YAML."""
    value, surprise = read_plain(text)
    is_number = surprise is not None and surprise.rule == "ambiguous-number"
    return isinstance(value, str) and not is_number and text != "<<"


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
        self._next: Callable[[], Any] = loader(yaml_text(text.text)).get_event
        self._latest_key = ""

    def document(self) -> Node | None:
        """The tree of the only document, or none in an empty file."""
        self._next()
        start = self._next()
        if isinstance(start, StreamEndEvent):
            self._report(Place(self._text.path), "empty-file", self._nothing(), _WRITE)
            return None
        root = self._node(self._next(), 1)
        self._next()
        after = self._next()
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
            self._decoration(event)
            return Scalar(self._text.path, event, None)
        if event.anchor or event.tag:
            self._decoration(event)
        if depth > _DEEPEST:
            help = "give the inner part a place of its own, higher up"
            self._report(self._place(event), "too-deep", f"nested deeper than {_DEEPEST} levels", help)
            raise _TooDeepError
        return self._mapping(event, depth) if kind is MappingStartEvent else self._sequence(event, depth)

    def _sequence(self, start: Any, depth: int) -> Sequence:
        items = []
        while type(event := self._next()) is not SequenceEndEvent:
            self._latest_key = ""
            items.append(self._node(event, depth + 1))
        return Sequence(self._text.path, start, tuple(items))

    def _mapping(self, start: Any, depth: int) -> Mapping:
        entries: dict[str, Node] = {}
        written: dict[str, Any] = {}
        following = self._next
        while type(event := following()) is not MappingEndEvent:
            known = self._is_key(event, depth)
            after = following()
            entry = self._scalar(after) if type(after) is ScalarEvent else self._node(after, depth + 1)
            if not known:
                continue
            key = event.value
            if key in written:
                self._duplicate(event, written[key])
            else:
                written[key] = event
                entries[key] = entry
        return Mapping(self._text.path, start, entries, written)

    def _is_key(self, event: Any, depth: int) -> bool:
        """Look at what stands where a key does; whether it is one."""
        if type(event) is not ScalarEvent:
            message = "a key has to be text, not a list or a mapping"
            self._report(self._place(event), "key-type", message, "put it in quotes if it is text")
            self._node(event, depth + 1)
            return False
        text = event.value
        if event.style or event.tag or event.anchor:
            self._look_at(event)
        if not event.style and not event.tag and not _is_plain_key(text):
            self._odd_key(self._place(event), text)
        self._latest_key = text
        return True

    def _odd_key(self, place: Place, text: str) -> None:
        if text == "<<":
            message = "`<<` copies keys from another place, which is not supported"
            self._report(place, "alias", message, "write the keys out here")
        else:
            message = f"the key {quoted(text)} is not read as text" if text else "a key is missing here"
            help = "put it in quotes: " + quoted(f'"{text}":') if text else ""
            self._report(place, "key-type", message, help, len(text))

    def _scalar(self, event: Any) -> Scalar:
        text = event.value
        if event.style or event.tag:
            self._look_at(event)
            return Scalar(self._text.path, event, text)
        value, surprise = read_plain(text)
        if event.anchor:
            self._look_at(event)
        if surprise:
            place = self._place(event)
            self._report(place, surprise.rule, surprise.message, surprise.help, len(text))
        return Scalar(self._text.path, event, value)

    def _look_at(self, event: Any) -> None:
        """What may be wrong with a scalar that is not plain."""
        style = event.style or ""
        if event.anchor or event.tag:
            self._decoration(event)
        if style == '"' and not event.value.isprintable():
            self._escapes(self._place(event), event.value)
        if style and style in "|>" and _GLUED.match(self._text.text, event.start_mark.index):
            message = "a comment needs a space before its `#`"
            self._report(self._place(event), "yaml-syntax", message, "type a space")

    def _escapes(self, place: Place, text: str) -> None:
        text.encode()
        hidden = FORBIDDEN.search(text)
        if hidden:
            message = f"an escape puts the invisible character U+{ord(hidden[0]):04X} into this text"
            self._report(place, "control-character", message, "delete the escape")

    def _duplicate(self, event: Any, first: Any) -> None:
        message = f"the key {quoted(event.value)} is already given in line {first.start_mark.line + 1}"
        help = "keep one of the two, or rename one"
        length = event.end_mark.index - event.start_mark.index
        self._report(self._place(event), "duplicate-key", message, help, length)

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
