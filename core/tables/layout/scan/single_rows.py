"""Rows of one cell: titles, class headings, notes, or the rest of the item above.

What the cell says is not enough: 旅游领域地方性法规 may go on with an item's contents. Where it
stands and what follows decide.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.tables.fields.enumeration import is_marked
from core.tables.grid import Cell, GridRow, Table
from core.tables.layout import not_applicable
from core.tables.layout.headers import Header, find_header
from core.tables.layout.rows import TEXT_FIELDS, is_data_row, row_number
from core.tables.layout.state import Draft, RowKind, ScanState
from core.tables.layout.titles import (
    clean_title,
    is_strong_title,
    line_kind,
    section_name,
)
from core.tables.text import tidy

_WIDE = 0.7
#: So many rows of one cell may stand between a title and its header.
_MOST_SINGLES = 6


@dataclass(frozen=True, slots=True)
class SingleRow:
    """A row of one cell, and the table that it stands in."""

    row: GridRow
    table: Table

    @property
    def cell(self) -> Cell:
        """The cell."""
        return self.row.cells[0]

    @property
    def is_wide(self) -> bool:
        """Say whether the cell covers most of the table."""
        return self.table.spanned and 1 < self.cell.width >= _WIDE * self.table.width

    def following(self) -> GridRow | None:
        """Return the next row of several cells; `None` where the table ends before it."""
        rows = list(self._below())
        singles = next((n for n, row in enumerate(rows) if len(row.cells) > 1), len(rows))
        return rows[singles] if singles < len(rows) and singles <= _MOST_SINGLES else None

    def _below(self) -> Iterator[GridRow]:
        start = self.row.number + 1
        for row in self.table.rows[start : start + 3 * _MOST_SINGLES]:
            if any(cell.row == row.number for cell in row.cells):
                yield row


def read_single(single: SingleRow, state: ScanState) -> RowKind | None:
    """Read a row of one cell that no program wrote; `None` where it holds data."""
    text, row = single.cell.text, single.row
    if state.statement is not None and line_kind(text) != "title":
        state.statement.append(text)
        return "note"
    if state.header is None or state.draft is None:
        return _read_above(text, row, state)
    if _is_repeated_title(single, state.draft):
        return "title"
    if not _is_heading(single, state):
        return _read_inside(single, state, state.draft)
    if not_applicable.is_head(text):
        state.open_statement()
    elif _begins_anew(single, state.header):
        _open_below(single, state, state.header)
    else:
        state.take_title(text, row.place)
    return "title"


def _read_above(text: str, row: GridRow, state: ScanState) -> RowKind:
    if not_applicable.is_head(text):
        state.open_statement()
        return "title"
    if line_kind(text) == "title":
        state.end_statement()
        state.take_title(text, row.place)
        return "title"
    return state.take_loose(text)


def _is_repeated_title(single: SingleRow, draft: Draft) -> bool:
    """Say whether a row prints the title once more, and the items go on counting below it."""
    if line_kind(single.cell.text) != "title" or clean_title(single.cell.text) != draft.title:
        return False
    if not _stands_first(single):
        return False
    following = single.following()
    if following is None:
        return True
    found = find_header(single.table, following.number)
    header, first = found or (None, following.number)
    rows = single.table.rows[first : first + 1]
    if not rows or (header is None and not draft.rows):
        return header is None
    return row_number(rows[0], header or draft.rows[-1].header) != 1


def _is_heading(single: SingleRow, state: ScanState) -> bool:
    """Say whether a row ends the table above: the title of the next one, or of a statement."""
    text = single.cell.text
    is_title = line_kind(text) == "title"
    if not is_title and not not_applicable.is_head(text):
        return False
    following = single.following()
    found = None if following is None else find_header(single.table, following.number)
    if found is not None:
        return _stands_first(single) or (is_title and not _stands_inside(single, found[1], state))
    if not _stands_first(single):
        return False
    if following is None:
        return not is_title or is_strong_title(text)
    return state.header is None or not is_data_row(following, state.header)


def _stands_inside(single: SingleRow, below: int, state: ScanState) -> bool:
    """Say whether a cell goes on with an item though the header is printed again below it.

    It stands in a column of texts, and has a bullet, or a title follows it, or no new items begin
    below.
    """
    if state.header is None or not _is_in_text_column(single, state):
        return False
    between = single.table.rows[single.row.number + 1 : below]
    if is_marked(single.cell.text) or any(_is_title_row(row) for row in between):
        return True
    if not state.header.has("seq"):
        return below == len(single.table.rows)
    following = single.table.rows[below : below + _MOST_SINGLES]
    numbers = (row_number(row, state.header) for row in following)
    return next(filter(None, numbers), 0) != 1


def _is_title_row(row: GridRow) -> bool:
    return (
        len(row.cells) == 1 and not row.cells[0].column and line_kind(row.cells[0].text) == "title"
    )


def _stands_first(single: SingleRow) -> bool:
    return single.cell.column == 0


def _read_inside(single: SingleRow, state: ScanState, draft: Draft) -> RowKind | None:
    """Read a row of one cell among the items of a table."""
    text, kind = single.cell.text, line_kind(single.cell.text)
    if _is_in_text_column(single, state):
        if kind != "page":
            return None
        state.say("row-skipped", single.row.place, text)
        return "skipped"
    if kind == "title" and single.is_wide:
        return _read_wide_title(single, state, draft)
    return _read_furniture(single, state)


def _read_furniture(single: SingleRow, state: ScanState) -> RowKind | None:
    """Read a note, a page's number or a heading among the items; `None` for data."""
    text, kind = single.cell.text, line_kind(single.cell.text)
    is_last = kind == "text" and single.is_wide and single.following() is None
    if is_last or kind in {"note", "attachment", "furniture", "contents"}:
        state.take_note(text)
        return "note"
    if kind in {"section", "text"} and _is_section(single):
        state.section = section_name(text) if kind == "section" else tidy(text)
        return "title"
    return "note" if kind == "page" else None


def _begins_anew(single: SingleRow, header: Header) -> bool:
    """Say whether items follow that count from 1 again, below the same header."""
    following = single.following()
    if following is None or row_number(following, header) != 1:
        return False
    return find_header(single.table, following.number) is None


def _open_below(single: SingleRow, state: ScanState, header: Header) -> None:
    state.take_title(single.cell.text, single.row.place)
    state.start(Draft(state.title, single.row.place, notes=list(header.notes)))
    state.header = header


def _read_wide_title(single: SingleRow, state: ScanState, draft: Draft) -> RowKind:
    """Read a title across the table that no header follows: a catalog, or a class of items."""
    if state.header is not None and _begins_anew(single, state.header):
        _open_below(single, state, state.header)
        return "title"
    state.section = tidy(single.cell.text)
    draft.note("heading-as-class", single.cell.text)
    return "title"


def _is_in_text_column(single: SingleRow, state: ScanState) -> bool:
    """Say whether the cell stands in a column whose texts may go on below."""
    cell, header = single.cell, state.header
    if header is None or single.is_wide or cell.column == 0 or cell.column >= len(header.columns):
        return False
    column = header.columns[cell.column]
    return column is not None and column.field in TEXT_FIELDS


def _is_section(single: SingleRow) -> bool:
    if single.table.spanned and single.cell.width > 1:
        return single.is_wide
    return line_kind(single.cell.text) == "section" and single.cell.column == 0
