"""Tables of Word documents: cells by the columns that they cover, and the tables inside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from core.tables.formats.nesting import lays_out
from core.tables.formats.word.runs import SPACES, local_name
from core.tables.grid import SpanGrid, UnreadText

_TABLES, _CELLS, _TEXTS = (
    tuple(f"{{{space}}}{name}" for space in SPACES) for name in ("tbl", "tc", "t")
)
_CONTAINERS = frozenset(
    {"sdt", "sdtContent", "smartTag", "customXml", "ins", "moveTo", "hyperlink"}
)


class CellSpan(NamedTuple):
    """A cell of a Word row: its text, width, and whether it goes on from the row above."""

    text: str
    column: int
    width: int
    continues: bool
    left_out: tuple[UnreadText, ...] = ()


class CellWithTable(NamedTuple):
    """A cell that holds a table: its row, its place among that row's cells, whose text is kept."""

    row: int
    position: int
    cell: etree._Element
    has_own_text: bool


@dataclass(slots=True)
class WordTable:
    """Rows of a table as they are read, and its cells with tables inside."""

    rows: list[list[CellSpan]] = field(default_factory=list)
    inside: list[CellWithTable] = field(default_factory=list)

    @property
    def lays_out(self) -> bool:
        """Whether it only lays out what it holds."""
        own = {(each.row, each.position): each.has_own_text for each in self.inside}
        filled = (
            sum(own.get((n, m), bool(cell.text.strip())) for m, cell in enumerate(row))
            for n, row in enumerate(self.rows)
        )
        tables = (table for each in self.inside for table in each.cell.iterdescendants(*_TABLES))
        return lays_out(filled, (_count_cells(table) for table in tables))

    def is_alone(self, each: CellWithTable) -> bool:
        """Return whether no other cell of its row holds text."""
        row = self.rows[each.row]
        return sum(bool(cell.text.strip()) for cell in row) == 1


def list_children(parent: etree._Element, names: set[str]) -> Iterator[etree._Element]:
    """Give the children of these names, those in content controls and insertions too."""
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        name = local_name(element)
        if name in names:
            yield element
        elif name in _CONTAINERS:
            stack.extend(reversed(element))


def holds_table(cell: etree._Element) -> bool:
    """Say whether a table stands inside a cell."""
    return next(cell.iterdescendants(*_TABLES), None) is not None


def holds_own_text(cell: etree._Element) -> bool:
    """Say whether a cell holds text outside of the tables in it."""
    texts = (
        text
        for paragraph in list_children(cell, {"p"})
        for text in paragraph.iterdescendants(*_TEXTS)
    )
    return any((text.text or "").strip() for text in texts)


def _count_cells(table: etree._Element) -> int:
    return sum(1 for _ in table.iterdescendants(*_CELLS))


def to_span_grid(rows: list[list[CellSpan]]) -> SpanGrid:
    """Return a table's rows as a grid; cells that go on from above cover what is above them."""
    grid = SpanGrid(len(rows))
    heights = _heights(rows)
    for number, row in enumerate(rows):
        for cell in row:
            if not cell.continues:
                height = heights.get((number, cell.column), 1)
                grid.place(cell.text, number, cell.column, height, cell.width, cell.left_out)
            elif cell.text.strip() or cell.left_out:
                grid.place(cell.text, number, cell.column, 1, cell.width, cell.left_out)
    return grid


def _heights(rows: list[list[CellSpan]]) -> Mapping[tuple[int, int], int]:
    """Return how many rows each cell covers, by its first row and column."""
    heights: dict[tuple[int, int], int] = {}
    open_at: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(rows):
        going_on: dict[int, tuple[int, int]] = {}
        for cell in row:
            origin = open_at.get(cell.column) if cell.continues and not cell.text.strip() else None
            if origin is None:
                origin = (number, cell.column)
            heights[origin] = number - origin[0] + 1
            going_on[cell.column] = origin
        open_at = going_on
    return heights
