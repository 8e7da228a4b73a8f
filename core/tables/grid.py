"""Tables as grids of cells, merges resolved: what every file format is turned into."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from core.tables.limits import MAX_SLOTS

MAX_COLUMNS = 256


class UnreadText(NamedTuple):
    """Text of a cell that is not its value, and why: a code of `messages`."""

    code: str
    text: str = ""


class TableRemark(NamedTuple):
    """What is to be said of a table as a whole: a code of `messages` with its parameters."""

    code: str
    params: Mapping[str, str]


class Cell(NamedTuple):
    """A printed cell; a merged one is the same object in every slot that it covers."""

    text: str
    row: int
    column: int
    height: int = 1
    width: int = 1
    left_out: tuple[UnreadText, ...] = ()


@dataclass(frozen=True)
class GridRow:
    """One row: its place in words (工作表“目录”第5行), its number in the grid, its slots."""

    place: str
    number: int
    slots: tuple[Cell | None, ...]

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells that hold text, each once, from left to right."""
        found: dict[int, Cell] = {}
        for cell in self.slots:
            if cell is not None and cell.text.strip():
                found.setdefault(id(cell), cell)
        return tuple(found.values())

    @property
    def left_out(self) -> list[tuple[int, UnreadText]]:
        """What cells that begin in this row leave out, by column."""
        return [
            (column, part)
            for column, cell in enumerate(self.slots)
            if cell is not None
            and cell.left_out
            and (cell.row, cell.column) == (self.number, column)
            for part in cell.left_out
        ]

    def text(self, column: int) -> str:
        """Return the text of the cell that covers a column, `""` where there is none."""
        cell = self.slots[column] if column < len(self.slots) else None
        return "" if cell is None else cell.text

    def is_fresh(self, column: int) -> bool:
        """Say whether a cell with text begins in this row, rather than reach in from above."""
        cell = self.slots[column] if column < len(self.slots) else None
        return cell is not None and cell.row == self.number and bool(cell.text.strip())


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file. `spanned` says whether the format keeps merged cells merged.

    `hidden_rows` counts the rows with text that are not among `rows` because nobody sees them.
    """

    place: str
    rows: tuple[GridRow, ...]
    spanned: bool
    name: str | None = None
    hidden: bool = False
    hidden_rows: int = 0
    remarks: tuple[TableRemark, ...] = ()

    @property
    def width(self) -> int:
        """The number of columns."""
        return max((len(row.slots) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of running text. `text` is as printed: a blank cell may be a line of blanks.

    `is_cell` says that it is known to be one whole cell of a table.
    """

    place: str
    text: str
    left_out: tuple[UnreadText, ...] = ()
    is_cell: bool = False


Block = Table | Line


def plain_table(
    place: str, rows: Sequence[tuple[str, Sequence[str]]], name: str | None = None
) -> Table:
    """Build a table without merges from rows of (place, texts)."""
    return Table(
        place,
        tuple(
            GridRow(
                row_place,
                number,
                tuple(
                    Cell(text, number, column) if text.strip() else None
                    for column, text in enumerate(texts[:MAX_COLUMNS])
                ),
            )
            for number, (row_place, texts) in enumerate(rows)
        ),
        spanned=False,
        name=name,
    )


class SpanGrid:
    """Places cells with row and column spans, as an HTML or Word table lists them.

    Spans are cut at `MAX_COLUMNS` and at the last row that the table really has, so that a
    hostile span costs nothing.
    """

    def __init__(self, row_count: int) -> None:
        self._row_count = row_count
        self._slots: list[dict[int, Cell]] = [{} for _ in range(row_count)]
        self._covered = 0

    @property
    def is_full(self) -> bool:
        """Say whether the cells cover more slots than any real table has."""
        return self._covered > MAX_SLOTS

    def next_free(self, row: int, column: int) -> int:
        """Return the first free column of a row, from `column` on."""
        while column in self._slots[row]:
            column += 1
        return column

    def place(  # noqa: PLR0913, PLR0917 - a cell and where it stands
        self,
        text: str,
        row: int,
        column: int,
        height: int,
        width: int,
        left_out: tuple[UnreadText, ...] = (),
    ) -> None:
        """Put a cell into the grid."""
        right = min(column + max(width, 1), MAX_COLUMNS)
        bottom = min(row + max(height, 1), self._row_count)
        if column >= right or row >= bottom:
            return
        self._covered += (bottom - row) * (right - column)
        if self.is_full:
            return
        cell = Cell(text, row, column, bottom - row, right - column, left_out)
        for covered in self._slots[row:bottom]:
            for position in range(column, right):
                covered.setdefault(position, cell)

    def rows(self, places: Sequence[str]) -> tuple[GridRow, ...]:
        """Return the finished rows."""
        return tuple(
            GridRow(
                place,
                number,
                tuple(slots.get(column) for column in range(max(slots, default=-1) + 1)),
            )
            for number, (place, slots) in enumerate(zip(places, self._slots, strict=True))
        )


def without_rows(rows: Sequence[GridRow], hidden: AbstractSet[int]) -> tuple[GridRow, ...]:
    """Return the rows without those that nobody sees; a merged cell begins where it is seen."""
    if not hidden:
        return tuple(rows)
    shown = [row for row in rows if row.number not in hidden]
    places = {row.number: place for place, row in enumerate(shown)}
    moved: dict[int, Cell] = {}
    for row in shown:
        for cell in row.slots:
            if cell is not None:
                moved.setdefault(id(cell), cell._replace(row=places[row.number]))
    return tuple(
        GridRow(row.place, place, tuple(cell and moved[id(cell)] for cell in row.slots))
        for place, row in enumerate(shown)
    )
