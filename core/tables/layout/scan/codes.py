"""Take out control characters that a program spelled out (_x000b_) and another copied unread.

Exact tables and the tidy CSV are written by programs: what stands there is meant.
"""

from dataclasses import replace

from core.tables.grid import Cell, GridRow, Line, Table
from core.tables.labels import tidy_field
from core.tables.layout.state import EXACT_MARK
from core.tables.text import without_codes


def without_codes_in_line(line: Line) -> Line:
    """Return a line without such codes."""
    text = without_codes(line.text)
    return line if text == line.text else replace(line, text=text)


def without_codes_in_table(table: Table) -> Table:
    """Return a table without such codes in its cells."""
    texts = [cell.text for row in table.rows for cell in row.cells]
    if not any("_x00" in text for text in texts) or any(EXACT_MARK in text for text in texts):
        return table
    if any(tidy_field(cell.text) == "level1" for row in table.rows[:1] for cell in row.cells):
        return table
    clean: dict[int, Cell] = {}
    return replace(table, rows=tuple(_without_codes(row, clean) for row in table.rows))


def _without_codes(row: GridRow, clean: dict[int, Cell]) -> GridRow:
    slots: list[Cell | None] = []
    for cell in row.slots:
        # A merged cell stays one object in all its slots.
        if cell is not None and id(cell) not in clean:
            clean[id(cell)] = cell._replace(text=without_codes(cell.text))
        slots.append(None if cell is None else clean[id(cell)])
    return GridRow(row.place, row.number, tuple(slots))
