"""JSON files, read with the place of everything in them, and their mistakes in plain words."""

from __future__ import annotations

import json
import re
from pathlib import Path

from imrpolicy.authored.document import Document, parse_document, read_document
from imrpolicy.authored.text import FileText
from imrpolicy.issues import Issue, Place

_WORD = re.compile(r"[\w.+-]+")
# What `json.dumps` of many languages makes of a character beyond the first 65,536, and YAML does not know.
_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


def read_file(path: Path, shown: str, max_bytes: int) -> Document:
    """Read a YAML or JSON file.

    JSON is YAML too, but YAML takes liberties that JSON does not: a file that ends in `.json` has to be JSON.

    Raises:
        OSError: It cannot be read.
    """
    document = read_document(path, shown=shown, max_bytes=max_bytes)
    if path.suffix != ".json" or any(issue.rule in ("encoding", "too-large") for issue in document.issues):
        return document
    try:
        json.loads(document.text, parse_int=str)  # Python refuses to count what has thousands of digits
    except json.JSONDecodeError as error:
        issue = _explained(document.source, error)
        return Document(source=document.source, root=None, issues=(issue,))
    except RecursionError:
        issue = document.issue(Place(shown), "too-deep", "nested deeper than any case is")
        return Document(source=document.source, root=None, issues=(issue,))
    return parse_document(_as_yaml(document.text).encode(), shown)


def _as_yaml(text: str) -> str:
    """The same JSON with as many characters in each line, as far as possible, and none that YAML refuses."""
    return _PAIR.sub(lambda pair: json.loads(f'"{pair[0]}"'), text.replace("\t", " "))


def _explained(source: FileText, error: json.JSONDecodeError) -> Issue:
    text, at = source.text, error.pos
    word = _WORD.match(text, at)
    before = text[:at].rstrip()
    if not text.strip():
        return source.issue(source.place(0), "empty-file", "the file is empty")
    if not text[at:].strip() or ("Unterminated" in error.msg and "\n" not in text[at:].rstrip()):
        return _json_issue(source, len(text.rstrip()) - 1, "the file ends in the middle",
                           "it is truncated: copy or save it again")  # fmt: skip
    if (text[at] in "]}" and before.endswith(",")) or "trailing comma" in error.msg:
        comma = text.rindex(",", 0, at + 1)
        return _json_issue(source, comma, "no comma goes before a closing bracket", "delete the comma")
    if "Extra data" in error.msg:
        return _json_issue(source, at, "there is text after the end of the file's content", "delete it")
    if "Unterminated" in error.msg or "control character" in error.msg:
        return _json_issue(source, at, "this text is not closed on its line", 'close it with `"`')
    if "escape" in error.msg:
        return _json_issue(source, at, "this backslash stands for no character", "write two backslashes")
    if "delimiter" in error.msg:
        missing = "colon" if "':'" in error.msg else "comma"
        return _json_issue(source, at, f"a {missing} is missing before this", f"type a {missing}",
                           len(word[0]) if word else 1)  # fmt: skip
    if word:
        help = "put text in double quotes; `true`, `false` and `null` are in small letters"
        return _json_issue(source, at, f"`{word[0][:40]}` is not a value in JSON", help, len(word[0]))
    return _json_issue(
        source, at, f"`{text[at]}` is not expected here", "names and texts have double quotes in JSON"
    )


def _json_issue(source: FileText, offset: int, message: str, help: str, length: int = 1) -> Issue:
    return source.issue(source.place(max(0, offset)), "json-syntax", message, help, length=length)
