"""A letter as Markdown (CommonMark with the tables of GitHub)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from imrpolicy.letter.model import (
    Blank,
    Block,
    Cell,
    Choice,
    Form,
    Items,
    Letter,
    Line,
    Mark,
    Notice,
    Pairs,
    Paragraph,
    Section,
    Table,
    Tone,
)
from imrpolicy.letter.text import clean

_SIGNS = {Tone.FOR: "✓ ", Tone.AGAINST: "✗ ", Tone.OPEN: "? ", Tone.PARTLY: "", Tone.PLAIN: ""}
_SPECIAL = re.compile(r"[\\`*_{}\[\]|~$]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# What would start a list, a rule or a heading if it stood first on a line.
_STARTS = re.compile(r"^(?:([-+=:#])|(\d{1,9})([.)]))")
# What GitHub would turn into a link by itself.
_LINKS = re.compile(r"(?<=[A-Za-z])(:)(?=//)|(?<=\b[Ww]{3})(\.)")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9./@:_+-]*")


def render_markdown(letter: Letter) -> str:
    """The whole letter."""
    head = [f"# {escape(letter.heading)}: {escape(letter.subject)}", _first(escape(letter.kicker))]
    return "\n\n".join([*head, *_blocks(letter.blocks, 2)]) + "\n"


def escape(text: str) -> str:
    r"""A text of which Markdown, and HTML in it, takes every character as it is.

    >>> print(escape("<b> *1* | [x](y)"))
    &lt;b&gt; \*1\* \| \[x\](y)
    """
    text = _SPECIAL.sub(r"\\\g<0>", clean(text)).translate(_ENTITIES)
    return _LINKS.sub(r"\\\g<0>", text)


def _first(text: str) -> str:
    """A line whose text comes first on it, where a number or a dash would start a list."""
    return _STARTS.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", text)


def _blocks(blocks: Iterable[Block], level: int) -> Iterator[str]:
    for block in blocks:
        match block:
            case Section():
                yield _heading(block, level)
                yield from _blocks(block.blocks, level + 1)
            case Paragraph():
                yield _first(escape(block.text))
            case Notice():
                yield f"> **{escape(block.title)}.** {escape(block.text)}"
            case Items():
                yield "\n".join(f"{i}. {_first(_line(item))}" for i, item in enumerate(block.items, start=1))
            case Pairs():
                yield from (
                    f"**{escape(pair.label)}:** {_pair(pair.lines)}".rstrip(" ") for pair in block.pairs
                )
            case Table():
                yield _table(block)
            case Form():
                yield from _form(block)


def _heading(section: Section, level: int) -> str:
    number = f"{section.number}. " if section.number else ""
    mark = f": {escape(section.mark.word)}" if section.mark else ""
    return f"{'#' * min(level, 6)} {number}{escape(section.title)}{mark}"


def _pair(lines: tuple[Line, ...]) -> str:
    """One line beside the label, several as a list below it."""
    if len(lines) == 1:
        return _line(lines[0])
    return "\n\n" + "\n".join(f"- {_first(_line(line))}" for line in lines)


def _line(line: Line) -> str:
    code = line.code and _PLAIN.fullmatch(line.text)
    text = f"`{line.text}`" if code else escape(line.text)
    return " ".join(part for part in (text, escape(line.source)) if part)


def _table(table: Table) -> str:
    rows = [table.columns, tuple("---" for _ in table.columns)]
    lines = [f"| {' | '.join(escape(text) if text != '---' else text for text in row)} |" for row in rows]
    for row in table.rows:
        cells = [_cell(cell) for cell in row.cells]
        lines.append(f"| {' | '.join(f'**{text}**' if row.head and text else text for text in cells)} |")
    return "\n".join(lines)


def _cell(cell: Cell) -> str:
    return _mark(cell.mark) if cell.mark else "<br>".join(map(_line, cell.lines))


def _mark(mark: Mark) -> str:
    return f"{_SIGNS[mark.tone]}{escape(mark.word)}"


def _form(form: Form) -> Iterator[str]:
    for field in form.fields:
        match field:
            case Choice():
                yield f"**{escape(field.label)}**"
                yield " ".join(f"☐ {escape(option)}" for option in field.options)
            case Blank():
                blank = "\\_" * 40
                yield "  \n".join([f"{escape(field.label)}: {blank}", *([blank] * (field.lines - 1))])
