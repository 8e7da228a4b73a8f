"""Tables that stand beside each other on one sheet: parted, so that each is read by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.tables.grid import Cell, GridRow, Table
from core.tables.labels import find_field
from core.tables.layout.headers import find_header, is_header_words

_FEWEST_COLUMNS = 3
_MOST_TRIES = 2_000


def split_beside(table: Table) -> list[Table]:
    """Return the tables that stand side by side in one grid, from left to right.

    They are recognised by labels that begin again in a header, or by a blank column between two
    parts that have a header each.
    """
    place = _find_second(table)
    if place is None:
        return [table]
    left, right = _cut(table, 0, place), _cut(table, place, table.width)
    return [left, *split_beside(right)]


def _find_second(table: Table) -> int | None:
    """Return the column where a second table begins."""
    if table.width < 2 * _FEWEST_COLUMNS:
        return None
    for row in table.rows[:_MOST_TRIES]:
        if len(row.cells) >= 2 * _FEWEST_COLUMNS and find_field(row.cells[0].text):
            place = _repeated(row)
            if place is not None:
                return place
    return next((place for place in _gaps(table) if _has_headers(table, place)), None)


def _repeated(row: GridRow) -> int | None:
    """Return where the labels of a header begin again in the same row."""
    cells = [cell for cell in row.cells if cell.row == row.number]
    fields = [find_field(cell.text) for cell in cells]
    if len({field for field in fields if field}) < _FEWEST_COLUMNS:
        return None
    for index in range(_FEWEST_COLUMNS, len(cells) - _FEWEST_COLUMNS + 1):
        first, second = fields[:index], fields[index:]
        common = {field for field in first if field} & set(second)
        begins = fields[index] is not None and fields[index] in {fields[0], fields[1]}
        if begins and len(common) >= _FEWEST_COLUMNS:
            texts = [cell.text for cell in cells]
            if is_header_words(texts[:index]) and is_header_words(texts[index:]):
                return cells[index].column
    return None


def _gaps(table: Table) -> Iterator[int]:
    """Give the columns right of a blank one, where enough columns stand on both sides."""
    width = table.width
    empty = set(range(_FEWEST_COLUMNS, width - _FEWEST_COLUMNS))
    for row in table.rows:
        if not empty:
            return
        for column, cell in enumerate(row.slots):
            if column in empty and cell is not None and _stands_in(cell, width):
                empty.discard(column)
    filled = set(range(width)) - empty
    for column in range(_FEWEST_COLUMNS, width - _FEWEST_COLUMNS):
        if column not in filled and column + 1 in filled:
            yield column + 1


def _stands_in(cell: Cell, width: int) -> bool:
    """Say whether a cell fills its column, rather than reach across the table like a title."""
    return cell.width < width / 2 and bool(cell.text.strip())


def _has_headers(table: Table, place: int) -> bool:
    halves = _cut(table, 0, place), _cut(table, place, table.width)
    return all(
        any(
            len(row.cells) >= _FEWEST_COLUMNS and find_header(half, row.number)
            for row in half.rows[:_MOST_TRIES]
        )
        for half in halves
    )


def _cut(table: Table, start: int, end: int) -> Table:
    """Return the part of a table between two columns; what reaches over belongs to the left."""
    moved: dict[int, Cell | None] = {}
    rows = tuple(
        replace(row, slots=_cut_row(row.slots[start:end], start, end, moved)) for row in table.rows
    )
    remarks, hidden = (table.remarks, table.hidden_rows) if start == 0 else ((), 0)
    return replace(table, rows=rows, remarks=remarks, hidden_rows=hidden)


def _cut_row(
    slots: Sequence[Cell | None], start: int, end: int, moved: dict[int, Cell | None]
) -> tuple[Cell | None, ...]:
    found: list[Cell | None] = []
    for cell in slots:
        if cell is not None and id(cell) not in moved:
            column = cell.column - start
            width = min(cell.width, end - cell.column)
            moved[id(cell)] = cell._replace(column=column, width=width) if column >= 0 else None
        found.append(None if cell is None else moved[id(cell)])
    return tuple(found)
