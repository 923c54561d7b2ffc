"""A letter as one HTML file: no script, no request to anywhere, its style within it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape as escape_html
from importlib import resources

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
    Pair,
    Pairs,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from imrpolicy.letter.text import clean

_SIGNS = {Tone.FOR: "✓", Tone.AGAINST: "✗", Tone.OPEN: "?", Tone.PARTLY: "", Tone.PLAIN: ""}

_BOX = '<span class="box" aria-hidden="true"></span>'


def render_html(letter: Letter) -> str:
    """The whole letter."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{escape(letter.language)}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(letter.heading)}: {escape(letter.subject)}</title>",
            f"<style>{style}</style>",
            "</head>",
            f'<body class="{"draft" if letter.draft else "proposed"}">',
            "<main>",
            "<header>",
            f'<p class="kicker">{escape(letter.kicker)}</p>',
            f"<h1>{escape(letter.heading)}</h1>",
            f'<p class="subject"><bdi>{escape(letter.subject)}</bdi></p>',
            "</header>",
            *_blocks(letter.blocks, 2),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def escape(text: str) -> str:
    """A text of which HTML takes every character as it is, in elements and in attributes.

    >>> escape('<script>"x"')
    '&lt;script&gt;&quot;x&quot;'
    """
    return escape_html(clean(text))


@cache
def _style() -> str:
    return resources.files("imrpolicy.letter").joinpath("letter.css").read_text(encoding="utf-8")


def _blocks(blocks: Iterable[Block], level: int) -> Iterator[str]:
    for block in blocks:
        match block:
            case Section():
                yield from _section(block, level)
            case Paragraph():
                yield f"<p>{escape(block.text)}</p>"
            case Notice():
                title = f"<strong>{escape(block.title)}</strong>"
                yield f'<p class="notice {block.tone}">{title} {escape(block.text)}</p>'
            case Items():
                yield "<ol>"
                yield from (f"<li>{_line(item)}</li>" for item in block.items)
                yield "</ol>"
            case Pairs():
                yield "<dl>"
                yield from map(_pair, block.pairs)
                yield "</dl>"
            case Table():
                yield from _table(block)
            case Form():
                yield from _form(block)


def _section(section: Section, level: int) -> Iterator[str]:
    element = "article" if section.mark else "section"
    number = f'<span class="number">{section.number}.</span> ' if section.number else ""
    mark = f'<span class="colon">: </span>{_mark(section.mark)}' if section.mark else ""
    rank = min(level, 6)
    yield f'<{element} class="level-{level}">'
    yield f"<h{rank}>{number}<bdi>{escape(section.title)}</bdi>{mark}</h{rank}>"
    yield from _blocks(section.blocks, level + 1)
    yield f"</{element}>"


def _pair(pair: Pair) -> str:
    lines = "".join(f"<dd>{_line(line)}</dd>" for line in pair.lines)
    return f"<div><dt>{escape(pair.label)}</dt>{lines}</div>"


def _line(line: Line) -> str:
    text = f"<code>{escape(line.text)}</code>" if line.code else escape(line.text)
    source = escape(line.source)
    return f'{text} <span class="source">{source}</span>' if source else text


def _table(table: Table) -> Iterator[str]:
    name = escape(table.name)
    numbered = " numbered" if table.numbered else ""
    yield f'<table class="columns-{len(table.columns)}{numbered}">'
    yield f"<caption>{name}</caption>"
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    yield from (_row(row, table.columns) for row in table.rows)
    yield "</tbody>"
    yield "</table>"


def _row(row: Row, columns: tuple[str, ...]) -> str:
    cells = "".join(_cell(cell, column) for cell, column in zip(row.cells, columns, strict=True))
    return f'<tr class="head">{cells}</tr>' if row.head else f"<tr>{cells}</tr>"


def _cell(cell: Cell, column: str) -> str:
    lines = (f"<div>{_line(line)}</div>" for line in cell.lines)
    content = _mark(cell.mark) if cell.mark else "".join(lines)
    empty = "" if content else ' class="empty"'
    return f'<td data-label="{escape(column)}"{empty}>{content}</td>'


def _mark(mark: Mark) -> str:
    sign = f'<span class="sign" aria-hidden="true">{_SIGNS[mark.tone]}</span>' if _SIGNS[mark.tone] else ""
    return f'<span class="mark {mark.tone}">{sign}{escape(mark.word)}</span>'


def _form(form: Form) -> Iterator[str]:
    yield '<div class="form">'
    for field in form.fields:
        match field:
            case Choice():
                options = (f'<span class="option">{_BOX}{escape(option)}</span>' for option in field.options)
                boxes = "".join(options)
                yield f'<div class="choice"><p>{escape(field.label)}</p><p class="options">{boxes}</p></div>'
            case Blank():
                lines = '<span class="rule"></span>' * field.lines
                wide = " wide" if field.lines > 1 else ""
                yield f'<div class="blank{wide}"><p>{escape(field.label)}</p>{lines}</div>'
    yield "</div>"
