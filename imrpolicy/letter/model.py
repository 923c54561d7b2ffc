"""What a letter is made of. It is built once, and both renderers print what is in it and nothing else.

All text in it is plain: a renderer cleans and escapes every piece, wherever it came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How something bears on the request."""

    FOR = "for"
    AGAINST = "against"
    PARTLY = "partly"
    OPEN = "open"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Mark:
    """A word that carries a status or a decision, such as `not met`."""

    word: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text.

    Attributes:
        text: What it says.
        source: Where that is from, set apart from the text; may be empty.
        code: Whether it is an identifier rather than prose.
    """

    text: str
    source: str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: lines, or a mark."""

    lines: tuple[Line, ...] = ()
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        cells: One for each column.
        head: Whether it stands for the rows below it, as a group of criteria does.
    """

    cells: tuple[Cell, ...]
    head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table.

    Attributes:
        name: What it shows, for those who cannot see it.
        columns: The headings.
        rows: The rows.
        numbered: Whether the first column numbers the rows.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Prose."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that must not be overlooked."""

    title: str
    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Items:
    """A numbered list."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and what belongs to it."""

    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels with what belongs to them."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """A field that is left blank for a person to fill in by hand; `lines` is how much room it gives."""

    label: str
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """Boxes of which a person ticks one."""

    label: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """Fields for a person to complete."""

    fields: tuple[Blank | Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled part of the letter; sections nest.

    Attributes:
        title: Its title.
        blocks: What is in it.
        mark: The decision that the title announces, for the section of an issue.
        number: The number of the issue; 0 for other sections.
    """

    title: str
    blocks: tuple[Block, ...]
    mark: Mark | None = None
    number: int = 0


Block = Paragraph | Notice | Items | Pairs | Table | Form | Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A whole letter.

    Attributes:
        heading: What kind of letter it is.
        kicker: Under which rules, above the heading.
        subject: What the case is about.
        draft: Whether a licensed reviewer has to complete it.
        blocks: What is in it.
        language: The language of its text.
    """

    heading: str
    kicker: str
    subject: str
    draft: bool
    blocks: tuple[Block, ...]
    language: str = "en"
