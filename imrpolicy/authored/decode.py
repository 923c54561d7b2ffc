"""From the bytes of a file to its text: encoding, line ends, and characters that nobody can see."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from imrpolicy.authored.text import FileText
from imrpolicy.issues import Issue, Severity

_BYTE_ORDER_MARK = "\ufeff"
_WIDE_MARKS = (codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAVE = "save the file again with the encoding UTF-8"
# How files of other programs begin: packed ones such as those of word processors, PDF, old Office files, RTF.
_OTHER_PROGRAMS = (b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0", b"{\\rtf")
_CONFLICT = re.compile(r"^<{7} .*$", re.MULTILINE)
# Characters that YAML does not admit, or takes for the end of a line where editors do not.
_FORBIDDEN = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
# Characters without a width, and those that reorder a line, so that it reads differently from what it says.
_HIDDEN = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"
_SPACES = "\u00a0\u2000-\u200a\u202f\u205f\u3000"
FORBIDDEN = re.compile(f"[{_FORBIDDEN}]")
_ODD_CHARACTER = re.compile(f"(?P<space>[{_SPACES}])|[{_FORBIDDEN}{_HIDDEN}]")
_INDENTING_TAB = re.compile(r"^ *\t", re.MULTILINE)
# A binary file has an odd character at every other place.
_MOST_ODD = 20


class Decoded(NamedTuple):
    """A file as text, what is wrong with it as text, and whether it can be read as YAML at all."""

    text: FileText
    issues: tuple[Issue, ...]
    readable: bool


def decode(raw: bytes, path: str) -> Decoded:
    """The text of a file, with line feeds only and without a byte-order mark."""
    if raw.startswith(_OTHER_PROGRAMS):
        text = FileText.of(path, "")
        message = "the file is a document of another program, not text"
        help = "open it there, copy what it says, and save that as plain text with the encoding UTF-8"
        return Decoded(text, (text.issue(text.place(0), "encoding", message, help),), readable=False)
    if raw.startswith(_WIDE_MARKS) or raw[:64].count(0) * 3 > len(raw[:64]):
        text = FileText.of(path, "")
        message = "the file is saved as UTF-16 or in a binary format"
        return Decoded(text, (text.issue(text.place(0), "encoding", message, _SAVE),), readable=False)
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(raw, error.start, path)
    unmarked = decoded.removeprefix(_BYTE_ORDER_MARK)
    text = FileText.of(path, _line_feeds(unmarked))
    conflict = _CONFLICT.search(text.text)
    if conflict:
        message = "a merge conflict was left in the file"
        help = "keep one of the two texts, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`"
        found = text.issue(
            text.place(conflict.start()), "merge-conflict", message, help, length=len(conflict[0])
        )
        return Decoded(text, (found,), readable=False)
    issues = (
        *_byte_order_mark(text, decoded),
        *_line_ends(text, unmarked),
        *_tabs(text),
        *islice(_odd_characters(text), _MOST_ODD),
    )
    # With a tab in the indentation, what belongs to what is anybody's guess.
    indented_by_tab = any(i.rule == "tab" and i.severity is Severity.ERROR for i in issues)
    return Decoded(text, issues, readable=not indented_by_tab)


def yaml_text(text: str) -> str:
    """The text as the parser reads it: without tabs, on which parsers differ, and characters outside YAML."""
    admitted = FORBIDDEN.sub("\ufffd", text).replace("\t", " ")
    return admitted if admitted.endswith("\n") else admitted + "\n"


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _not_utf8(raw: bytes, start: int, path: str) -> Decoded:
    before = _line_feeds(raw[:start].decode("utf-8").removeprefix(_BYTE_ORDER_MARK))
    shown = _line_feeds(raw.decode("utf-8", "replace").removeprefix(_BYTE_ORDER_MARK))
    text = FileText.of(path, shown)
    intended = raw[start : start + 1].decode("cp1252", "replace")
    message = f"this character is not UTF-8: byte {raw[start]:02X}, which is `{intended}` to Windows programs"
    return Decoded(text, (text.issue(text.place(len(before)), "encoding", message, _SAVE),), readable=False)


def _byte_order_mark(text: FileText, decoded: str) -> Iterator[Issue]:
    if decoded.startswith(_BYTE_ORDER_MARK):
        yield text.issue(
            text.place(0),
            "byte-order-mark",
            "the file starts with an invisible byte-order mark",
            "save the file again with the encoding UTF-8, without BOM",
            severity=Severity.WARNING,
        )


def _line_ends(text: FileText, unmarked: str) -> Iterator[Issue]:
    if "\r" not in unmarked:
        return
    windows = unmarked.count("\r\n")
    if windows:
        yield text.issue(
            text.place(len(_line_feeds(unmarked[: unmarked.index("\r\n")]))),
            "line-ending",
            f"{_lines(windows)} in the Windows way (CRLF)",
            "choose LF as the line ending in the editor and save",
            severity=Severity.WARNING,
        )
    lone = re.search(r"\r(?!\n)", unmarked)
    if lone:
        yield text.issue(
            text.place(len(_line_feeds(unmarked[: lone.start()]))),
            "line-ending",
            "this line ends in a carriage return alone, which tools number differently",
            "choose LF as the line ending in the editor and save",
        )


def _lines(count: int) -> str:
    return "a line ends" if count == 1 else f"{count} lines end"


def _tabs(text: FileText) -> Iterator[Issue]:
    if "\t" not in text.text:
        return
    indenting = [match.end() - 1 for match in _INDENTING_TAB.finditer(text.text)]
    if indenting:
        others = len(indenting) - 1
        more = f", and so {'is' if others == 1 else 'are'} {others} more" if others else ""
        message, help = f"this line is indented with a tab{more}", "indent with spaces, two for each level"
        yield text.issue(text.place(indenting[0]), "tab", message, help)
    else:
        message, help = "a tab, which is read as a space", "type spaces in its place"
        place = text.place(text.text.index("\t"))
        yield text.issue(place, "tab", message, help, severity=Severity.WARNING)


def _odd_characters(text: FileText) -> Iterator[Issue]:
    if text.text.isascii() and not FORBIDDEN.search(text.text):
        return
    for match in _ODD_CHARACTER.finditer(text.text):
        name = unicodedata.name(match[0], "control character").lower()
        code = f"U+{ord(match[0]):04X}"
        if match["space"]:
            yield text.issue(
                text.place(match.start()),
                "look-alike-space",
                f"this is not an ordinary space but {code}, {name}",
                "type a space in its place; it may have come from a word processor",
                severity=Severity.WARNING,
            )
        else:
            yield text.issue(
                text.place(match.start()),
                "control-character",
                f"an invisible character, {code} ({name})",
                "delete it; it may have come with a copied text",
            )
