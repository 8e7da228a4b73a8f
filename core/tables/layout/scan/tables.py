"""Scan tables for headers, and below each for rows, section headings, notes and titles."""

from collections.abc import Sequence

from core.tables.fields.enumeration import is_seq
from core.tables.grid import GridRow, Table
from core.tables.layout import not_applicable
from core.tables.layout.headers import Header, find_header
from core.tables.layout.rows import (
    begins_item,
    continue_contents,
    continue_row,
    is_misplaced,
    new_row,
)
from core.tables.layout.state import EXACT_MARK, Draft, ScanState
from core.tables.layout.titles import is_strong_title, line_kind, section_name
from core.tables.text import squeeze, tidy

_DEFAULT_NAMES = ("sheet", "工作表", "目录", "table")
_WIDE = 0.7
_FIRST_NUMBERS = frozenset({"1", "01", "001"})


def scan_table(table: Table, state: ScanState) -> None:
    """Read a table: a sheet, an HTML or Word table, a run of delimited lines."""
    if table.hidden:
        state.say_skipped("sheet-hidden", table)
        return
    if not _goes_on(table, state.header):
        state.header = state.section = None
    _TableScanner(table, state).read()


def _goes_on(table: Table, header: Header | None) -> bool:
    """Say whether a table may go on with the one before: as wide, and numbered like it."""
    if header is None or table.name is not None or table.width != len(header.columns):
        return False
    first = next((row for row in table.rows if len(row.cells) > 1), None)
    if first is None:
        return False
    numbers = [first.text(column) for column in header.of("seq")]
    return all(is_seq(number) or not number.strip() for number in numbers)


def _title_of_sheet(name: str | None) -> str | None:
    """Return the name of a sheet, unless it is one that every workbook has."""
    if not name or name.lower().startswith(_DEFAULT_NAMES):
        return None
    return tidy(name)


class _TableScanner:
    """Goes through one table from top to bottom."""

    def __init__(self, table: Table, state: ScanState) -> None:
        self._table = table
        self._state = state
        self._exact = any(EXACT_MARK in cell.text for row in table.rows for cell in row.cells)
        self._headers = 0
        self._may_restart = False

    def read(self) -> None:
        """Read every row; say so if no header was found for them."""
        position = 0
        while position < len(self._table.rows):
            row = self._table.rows[position]
            self._state.deadline.check(row.place)
            header = self._header_at(row)
            if header is None:
                self._read_row(row)
                position += 1
                continue
            self._begin(header[0], row)
            position = header[1]
        if not self._headers and self._state.header is None:
            self._skip()

    def _header_at(self, row: GridRow) -> tuple[Header, int] | None:
        """Find a header in a row; below the header of an exact table everything is data."""
        if not row.cells or (self._exact and self._state.header is not None):
            return None
        return find_header(self._table, row.number)

    def _skip(self) -> None:
        texts = [" ".join(cell.text for cell in row.cells) for row in self._table.rows]
        if self._state.statement is not None or not any(texts):
            return
        if any(not_applicable.is_statement(text) for text in texts):
            self._state.add_statements(texts)
        else:
            self._state.say_skipped("table-skipped", self._table)

    def _begin(self, header: Header, row: GridRow) -> None:
        state = self._state
        state.end_statement()
        state.header = header
        first = self._headers == 0
        self._headers += 1
        self._may_restart = self._may_restart or first
        if first:
            state.section = None
        if state.draft is None or state.title is not None or (first and self._table.name):
            self._open(row)
        if state.draft is not None:
            state.draft.notes += [note for note in header.notes if note not in state.draft.notes]

    def _open(self, row: GridRow) -> None:
        title = self._state.title
        if title is None and not self._exact:
            title = _title_of_sheet(self._table.name)
        self._state.start(Draft(title, row.place, exact=self._exact))
        self._state.section = None
        self._may_restart = False

    def _read_row(self, row: GridRow) -> None:
        state = self._state
        if not row.cells or (len(row.cells) == 1 and self._read_single(row)):
            return
        if state.header is None or state.draft is None:
            if state.statement is not None:
                texts = (cell.text for cell in row.cells if not is_seq(cell.text))
                state.statement.append(":".join(texts))
            return
        if state.header.tidy:
            self._read_tidy(row, state.header, state.draft)
        elif self._exact:
            state.draft.rows.append(new_row(row, state.header, None, spanned=True))
        else:
            self._read_data(row, state.header, state.draft)

    def _read_single(self, row: GridRow) -> bool:
        """Read a row of one cell; say whether it was no data."""
        state, text = self._state, row.cells[0].text
        if state.header is not None and state.header.tidy:
            return False
        if self._exact and state.header is not None:
            return self._read_exact_single(row, text)
        if state.statement is not None and line_kind(text) != "title":
            state.statement.append(text)
            return True
        if not_applicable.is_head(text):
            state.open_statement()
            return True
        return self._read_kind(row, text)

    def _read_exact_single(self, row: GridRow, text: str) -> bool:
        if row.cells[0].width < len(row.slots) or EXACT_MARK not in text:
            return False
        self._state.header = self._state.draft = None
        return True

    def _read_kind(self, row: GridRow, text: str) -> bool:
        state, kind = self._state, line_kind(text)
        if kind == "title" and self._ends_table(row, text):
            state.end_statement()
            state.take_title(text)
        elif state.header is None or state.draft is None:
            state.take_loose(text)
        elif kind == "note":
            state.take_note(text)
        elif kind in {"section", "text"} and self._is_section(row):
            state.section = section_name(text) if kind == "section" else tidy(text)
        else:
            return kind in {"page", "attachment", "furniture", "contents"}
        return True

    def _ends_table(self, row: GridRow, text: str) -> bool:
        """Say whether a title opens another catalog, rather than continue a row's contents."""
        if self._state.header is None or is_strong_title(text):
            return True
        below: Sequence[GridRow] = self._table.rows[row.number + 1 : row.number + 4]
        following = [row for row in below if row.cells]
        return bool(following) and find_header(self._table, following[0].number) is not None

    def _is_section(self, row: GridRow) -> bool:
        cell = row.cells[0]
        if self._table.spanned and cell.width > 1:
            return cell.width >= _WIDE * self._table.width
        return line_kind(cell.text) == "section" and cell.column == 0

    def _read_data(self, row: GridRow, header: Header, draft: Draft) -> None:
        last = draft.rows[-1] if draft.rows else None
        if last is not None and not self._table.spanned and is_misplaced(row, header):
            continue_contents(last, row)
        elif last is not None and not begins_item(row, header):
            continue_row(last, row)
        else:
            self._add_row(row, header, draft)

    def _add_row(self, row: GridRow, header: Header, draft: Draft) -> None:
        section = self._state.section
        if self._may_restart and draft.rows and _restarts(row, header):
            self._open(row)
            draft = self._state.draft or draft
            draft.notes += header.notes
        self._may_restart = False
        draft.rows.append(new_row(row, header, section, spanned=self._table.spanned))

    def _read_tidy(self, row: GridRow, header: Header, draft: Draft) -> None:
        title, domain = (_tidy_text(row, header, field) for field in ("title", "domain"))
        if draft.rows and (title, domain) != (draft.title, draft.domain):
            draft = Draft(title, row.place, domain, notes=list(header.notes))
            self._state.start(draft)
        elif not draft.rows:
            draft.title, draft.domain = title or draft.title, domain
        draft.rows.append(new_row(row, header, None, spanned=True))


def _restarts(row: GridRow, header: Header) -> bool:
    """Say whether the first row of a table without a title counts from 1 again."""
    return any(
        squeeze(row.text(column)).strip(".、") in _FIRST_NUMBERS for column in header.of("seq")
    )


def _tidy_text(row: GridRow, header: Header, name: str) -> str | None:
    texts = (row.text(column).strip() for column in header.of(name))
    return next((text for text in texts if text), None)
