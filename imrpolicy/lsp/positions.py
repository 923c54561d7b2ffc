"""Places as the protocol counts them, lines from 0 and columns in code units, and as offsets into a text."""

from __future__ import annotations

from dataclasses import dataclass

UTF8, UTF16, UTF32 = "utf-8", "utf-16", "utf-32"
_BEYOND = 0xFFFF  # characters above it take two units of UTF-16


@dataclass(frozen=True, slots=True)
class Text:
    """A text with places.

    Attributes:
        text: The text, with line feeds only: the ends of lines do not count in any place.
        encoding: What a column counts: units of `utf-8`, `utf-16` or `utf-32`.
    """

    text: str
    encoding: str = UTF16

    @classmethod
    def of(cls, raw: str, encoding: str = UTF16) -> Text:
        """The text of a file with any line ends."""
        return cls(raw.replace("\r\n", "\n").replace("\r", "\n"), encoding)

    def offset(self, line: int, column: int) -> int:
        r"""The offset of a place; a place beyond the end of its line is the end of the line.

        >>> Text("a\n😀b").offset(1, 2)
        3
        """
        start = 0
        for _ in range(line):
            found = self.text.find("\n", start)
            if found < 0:
                return len(self.text)
            start = found + 1
        end = self.text.find("\n", start)
        content = self.text[start : end if end >= 0 else len(self.text)]
        units = 0
        for position, character in enumerate(content):
            if units >= column:
                return start + position
            units += self._units(character)
        return start + len(content)

    def place(self, offset: int) -> tuple[int, int]:
        r"""The line and column of an offset.

        >>> Text("a\n😀b").place(3)
        (1, 2)
        """
        start = self.text.rfind("\n", 0, offset) + 1
        return self.text.count("\n", 0, offset), sum(map(self._units, self.text[start:offset]))

    def _units(self, character: str) -> int:
        if self.encoding == UTF32:
            return 1
        if self.encoding == UTF8:
            return len(character.encode(errors="replace"))
        return 2 if ord(character) > _BEYOND else 1
