"""Where the cells of a text's tables stand in its source, typed or HTML, to mask or remove them."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.publishing.body.markup import has_blocks, is_markup
from core.tables.pasted.model import PastedTable
from core.tables.pasted.reading import read_pasted
from core.tables.pasted.rows import TextRow, read_rows
from core.tables.pasted.splitting import LINE_END, Delimiter

_TAG = re.compile(r"<(/?)(table|tr|t[dh])\b[^<>]*>", re.IGNORECASE)
_SPAN = re.compile(r"""(col|row)span\s*=\s*["']?(\d{1,3})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell: table, row and column from 0, its text from `start` to `end` in the source.

    Without the source from `first` to `last` its row is one cell shorter; of one that goes across
    several columns (`width`) only that number is lowered.
    """

    table: int
    row: int
    column: int
    start: int
    end: int
    first: int
    last: int
    width: int = 1

    def covers(self, table: int, column: int) -> bool:
        """Say whether it stands in a column."""
        return self.table == table and self.column <= column < self.column + self.width


class CellMap:
    """The cells of a text, found by their position."""

    def __init__(self, source: str) -> None:
        self.source = source
        read = _read_markup if is_markup(source) and has_blocks(source) else _read_typed
        self.cells = sorted(read(source), key=lambda cell: cell.start)
        self._starts = [cell.start for cell in self.cells]

    def find(self, position: int) -> CellPlace | None:
        """Find the cell that holds a position."""
        place = bisect_right(self._starts, position) - 1
        if place < 0 or position >= self.cells[place].end:
            return None
        return self.cells[place]

    def without_column(self, table: int, column: int) -> str:
        """Return the source without a column of a table."""
        parts, end = list[str](), 0
        for cell in self.cells:
            if not cell.covers(table, column) or cell.first < end:
                continue
            parts.append(self.source[end : cell.first])
            end = cell.last
            if cell.width > 1:
                parts.append(_narrow(self.source[cell.first : cell.last], cell.width))
        return "".join([*parts, self.source[end:]])


def _narrow(markup: str, width: int) -> str:
    return re.sub(
        r"""(colspan\s*=\s*["']?)\d+""", rf"\g<1>{width - 1}", markup, count=1, flags=re.IGNORECASE
    )


def _read_typed(source: str) -> Iterator[CellPlace]:
    """Yield the cells of typed tables; rows that are split in an unclear way are left out."""
    tables = read_pasted(source).tables
    if not tables:
        return
    starts = [0, *(match.end() for match in LINE_END.finditer(source))]
    rows = {row.number: row for row in read_rows(source) if row.delimiter is not None}
    for number, table in enumerate(tables):
        for line in range(table.number, _last_line(table) + 1):
            if line in rows and line <= len(starts):
                yield from _place(rows[line], starts[line - 1], source, number, line - table.number)


def _last_line(table: PastedTable) -> int:
    return max([table.number, *(row.number for row in table.rows)])


def _place(row: TextRow, start: int, source: str, table: int, number: int) -> Iterator[CellPlace]:
    if row.delimiter is None or source[start : start + len(row.text)] != row.text:
        return
    spans = _find_spans(row, row.delimiter)
    for column, (first, last) in enumerate(spans):
        if column + 1 < len(spans):
            outer = (first, spans[column + 1][0])
        else:
            outer = (spans[column - 1][1] if column else first, last)
        yield CellPlace(table, number, column, *(start + at for at in (first, last, *outer)))


def _find_spans(row: TextRow, delimiter: Delimiter) -> Sequence[tuple[int, int]]:
    """Find where the cells of a row stand in it, one after another; empty if one is not found."""
    text, spans = row.text, list[tuple[int, int]]()
    leading = len(text) - len(text.lstrip(" \t\u3000|\uff5c")) if delimiter is Delimiter.PIPE else 0
    position = leading
    for cell in row.cells:
        span = _find_cell(text, cell, position)
        if span is None:
            return []
        spans.append(span)
        following = re.compile(delimiter.value).search(text, span[1])
        position = following.end() if following else len(text)
    return spans


def _find_cell(text: str, cell: str, position: int) -> tuple[int, int] | None:
    first = text.find(cell, position)
    if first >= 0:
        return first, first + len(cell)
    # A name that was closed up (张 三), a quotation mark that was doubled.
    match = re.compile(r'[\s"]*'.join(map(re.escape, "".join(cell.split())))).search(text, position)
    return match.span() if match else None


@dataclass(slots=True)
class _OpenTable:
    """A table that is being read: its number, its present row, cells that go down into it."""

    number: int
    row: int = -1
    column: int = 0
    #: Column → row up to which a cell from above goes down.
    taken: dict[int, int] | None = None
    cell: tuple[int, int, int, int] | None = None

    def begin_row(self) -> None:
        self.row, self.column = self.row + 1, 0

    def begin_cell(self, tag: re.Match[str]) -> None:
        """Open a cell at the next free column."""
        spans = {name.lower(): max(int(number), 1) for name, number in _SPAN.findall(tag[0])}
        taken = self.taken = self.taken or {}
        while taken.get(self.column, -1) >= self.row:
            self.column += 1
        width = spans.get("col", 1)
        for column in range(self.column, self.column + width):
            taken[column] = self.row + spans.get("row", 1) - 1
        self.cell = (self.column, tag.start(), tag.end(), width)
        self.column += width

    def end_cell(self, end: int, last: int) -> Iterator[CellPlace]:
        """Close the open cell, if there is one."""
        if self.cell is not None:
            column, first, start, width = self.cell
            yield CellPlace(self.number, self.row, column, start, end, first, last, width)
        self.cell = None


def _read_markup(source: str) -> Iterator[CellPlace]:
    """Yield the cells of HTML tables, also where end tags are missing."""
    open_tables: list[_OpenTable] = []
    count = 0
    for tag in _TAG.finditer(source):
        closes, name = tag[1] == "/", tag[2].lower()
        if name == "table" and not closes:
            open_tables.append(_OpenTable(count))
            count += 1
        elif open_tables:
            yield from _take_tag(open_tables, tag, name, closes=closes)
    for table in open_tables:
        yield from table.end_cell(len(source), len(source))


def _take_tag(
    open_tables: list[_OpenTable], tag: re.Match[str], name: str, *, closes: bool
) -> Iterator[CellPlace]:
    table = open_tables[-1]
    is_end_of_cell = closes and name in {"td", "th"}
    yield from table.end_cell(tag.start(), tag.end() if is_end_of_cell else tag.start())
    if closes:
        if name == "table":
            open_tables.pop()
    elif name == "tr":
        table.begin_row()
    else:
        table.begin_cell(tag)
