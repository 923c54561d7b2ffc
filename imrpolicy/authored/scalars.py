"""Where each character of a scalar's text stands in the file.

An expression is checked as the text that YAML makes of it: unquoted, unfolded, without indentation. A caret
has to point into what the author sees. So the scalar is read here once more, character by character, and the
outcome is compared with the parser's. Where the two differ there is no map, rather than a wrong one. All this
happens only when there is something to report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from imrpolicy.authored.node import Scalar

# Characters of a scalar's text, each with its offset in the file.
_Placed = Iterator[tuple[str, int]]

_FLOW = {
    "": re.compile(r"(?P<space>[ \t\n]+)|(?P<char>.)", re.DOTALL),
    "'": re.compile(r"(?P<space>[ \t\n]+)|(?P<quote>'')|(?P<char>.)", re.DOTALL),
    '"': re.compile(
        r"(?P<space>[ \t\n]+)|(?P<joined>\\\n[ \t\n]*)"
        r"|\\(?P<code>x.{2}|u.{4}|U.{8})|\\(?P<escape>.)|(?P<char>.)",
        re.DOTALL,
    ),
}
_ESCAPES = dict(zip("0abtnvfreN_LP", "\0\a\b\t\n\v\f\r\x1b\x85\xa0\u2028\u2029", strict=True)) | {"\t": "\t"}


def offsets(scalar: Scalar, text: str) -> list[int] | None:
    """The offset in the file of each character of the scalar's text, and of its end; none where unsure."""
    placed = _flow(scalar, text) if scalar.style in _FLOW else _block(scalar, text)
    characters, places = [], []
    for character, place in placed:
        characters.append(character)
        places.append(place)
    # The parser reads a tab as a space.
    if "".join(characters).replace("\t", " ") != scalar.text.replace("\t", " "):
        return None
    visible = len(scalar.text.rstrip("\n"))
    if scalar.style in _FLOW:
        end = scalar.end - len(scalar.style)
    elif visible < len(places):
        end = places[visible]
    else:
        end = places[-1] + 1 if places else scalar.start
    return [*places, end]


def _flow(scalar: Scalar, text: str) -> _Placed:
    """Plain and quoted text: white space around the end of a line folds to one space."""
    quote = len(scalar.style)
    for match in _FLOW[scalar.style].finditer(text, scalar.start + quote, scalar.end - quote):
        kind, start, written = match.lastgroup, match.start(), match[0]
        if kind == "space" and "\n" in written:
            ends = [start + i for i, character in enumerate(written) if character == "\n"]
            yield from ((("\n", end) for end in ends[1:]) if ends[1:] else ((" ", start),))
        elif kind == "space":
            yield from zip(written, count(start))
        elif kind == "joined":
            ends = [start + i for i, character in enumerate(written) if character == "\n"]
            yield from (("\n", end) for end in ends[1:])
        elif kind == "code":
            yield chr(int(match["code"][1:], 16)), start
        elif kind == "escape":
            yield _ESCAPES.get(match["escape"], match["escape"]), start
        else:
            yield written[0], start


def _block(scalar: Scalar, text: str) -> _Placed:
    """Literal and folded text: lines below an indicator, less their common indentation."""
    header, _, body = text[scalar.start : scalar.end].partition("\n")
    lines = body.split("\n")
    indent = _indent(lines, scalar.text)
    offset = scalar.start + len(header) + 1
    above: tuple[int, bool] | None = None
    blank: list[int] = []
    for line in lines[: -1 if body.endswith("\n") else None]:
        end = offset + len(line)
        content = line[indent:]
        if not content and not line.strip(" "):
            blank.append(end)
        else:
            flush = content[:1] not in (" ", "\t")
            if above and not (scalar.style == ">" and above[1] and flush):
                yield "\n", above[0]
            elif above and not blank:
                yield " ", above[0]
            yield from (("\n", place) for place in blank)
            yield from zip(content, count(offset + indent))
            above, blank = (end, flush), []
        offset = end + 1
    indicators = header.partition("#")[0]
    if above and "-" not in indicators:
        yield "\n", above[0]
    if "+" in indicators:
        yield from (("\n", place) for place in blank)


def _indent(lines: list[str], value: str) -> int:
    """The indentation of a block: what its first line with text has more in the file than in the value."""
    written = next((line for line in lines if line.strip(" ")), "")
    read = next((line for line in value.split("\n") if line.strip(" ")), "")
    if not written:
        return max(map(len, lines))
    return max(0, (len(written) - len(written.lstrip(" "))) - (len(read) - len(read.lstrip(" "))))
