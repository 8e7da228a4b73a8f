"""Lines of pasted text with their cells: each by the delimiter that parts it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.tables.pasted.splitting import (
    Delimiter,
    TextLine,
    split_cells,
    split_text_lines,
)
from core.tables.text import fold

_SENTENCE_ENDS = frozenset("。;；!！?？")
_LONGEST_CELL = 40
_LONGEST_BETWEEN = 20
_LABELLED = re.compile(r"[^\s:\d]{2,8}:(?!\d\d\b)")


@dataclass(frozen=True, slots=True)
class TextRow:
    """A line with its cells, without empty ones at its end; without delimiter it is one text."""

    number: int
    text: str
    cells: tuple[str, ...] = ()
    delimiter: Delimiter | None = None

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells that hold something."""
        return tuple(filter(None, self.cells))

    @property
    def ends_empty(self) -> bool:
        """Whether a delimiter at its end says that the last cells are the empty ones."""
        return self.delimiter is Delimiter.COMMA and self.text.rstrip()[-1:] in {",", "\uff0c"}

    @property
    def is_labelled(self) -> bool:
        """Whether most cells say what they are (填表人:李四), as lines below a table do."""
        labelled = sum(bool(_LABELLED.match(fold(cell))) for cell in self.filled)
        return 0 < len(self.filled) <= 2 * labelled

    @property
    def may_stand_between(self) -> bool:
        """Whether it may stand inside a table: an empty line, or the name of a group."""
        plain = self.text.strip()
        return len(plain) <= _LONGEST_BETWEEN and _SENTENCE_ENDS.isdisjoint(plain)


def read_rows(text: str) -> Iterator[TextRow]:
    """Read the lines of a text, each with the cells into which it may be split."""
    loose: list[TextLine] = []
    for line in split_cells(split_text_lines(text), Delimiter.TAB):
        if len(line.cells) < 2:
            loose += split_text_lines(line.text, line.number)
            continue
        yield from _read_loose(loose)
        loose = []
        yield _row(line, Delimiter.TAB)
    yield from _read_loose(loose)


def _read_loose(lines: Sequence[TextLine]) -> Iterator[TextRow]:
    """Read lines without tabs: those with bars, then commas, then blanks."""
    stretch: list[TextLine] = []
    for line in lines:
        if line.text.count("|") + line.text.count("\uff5c") < 2:
            stretch.append(line)
            continue
        yield from _read_commas(stretch)
        stretch = []
        yield from (_row(one, Delimiter.PIPE) for one in split_cells([line], Delimiter.PIPE))
    yield from _read_commas(stretch)


def _read_commas(lines: Sequence[TextLine]) -> Iterator[TextRow]:
    for line in split_cells(lines, Delimiter.COMMA) if lines else ():
        row = _row(line, Delimiter.COMMA)
        if len(line.cells) > 1 and row.filled and all(map(_is_short, row.filled)):
            yield row
            continue
        for single in split_text_lines(line.text, line.number):
            yield from (_blank_row(one) for one in split_cells([single], Delimiter.BLANKS))


def _blank_row(line: TextLine) -> TextRow:
    may = len(line.cells) > 1 and all(map(_is_short, line.cells))
    return _row(line, Delimiter.BLANKS) if may else TextRow(line.number, line.text)


def _is_short(cell: str) -> bool:
    return len(cell) <= _LONGEST_CELL and _SENTENCE_ENDS.isdisjoint(cell)


def _row(line: TextLine, delimiter: Delimiter) -> TextRow:
    cells = list(line.cells)
    while cells and not cells[-1]:
        cells.pop()
    return TextRow(line.number, line.text, tuple(cells), delimiter)
