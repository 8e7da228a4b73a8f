"""Scan tables for headers, and below each for rows, section headings, notes and titles."""

from dataclasses import replace

from core.tables.fields.enumeration import is_seq
from core.tables.grid import GridRow, Table
from core.tables.layout import not_applicable
from core.tables.layout.headers import Header, find_header
from core.tables.layout.rows import (
    begins_item,
    continue_contents,
    continue_row,
    is_misplaced,
    is_totals_row,
    is_wrapped_row,
    new_row,
    rejoin_row,
    row_number,
    say_continued,
    say_unnumbered,
)
from core.tables.layout.scan.beside import split_beside
from core.tables.layout.scan.single_rows import SingleRow, read_single
from core.tables.layout.state import EXACT_MARK, Draft, RowKind, ScanState
from core.tables.model import Finding
from core.tables.text import tidy

_DEFAULT_NAMES = ("sheet", "工作表", "目录", "table")


def scan_tables(table: Table, state: ScanState) -> None:
    """Read a table: a sheet, an HTML or Word table, a run of delimited lines.

    Tables beside each other in one grid are read one after the other.
    """
    state.count("hidden", table.hidden_rows)
    for code, params in table.remarks:
        state.scanned.findings.append(Finding(code, "warning", params=params))
    if table.hidden:
        state.say_skipped("sheet-hidden", table)
        return
    for part in split_beside(table):
        if not goes_on(part, state.header):
            state.header = state.section = None
        state.scanned.held += sum(_holds_text(row) for row in part.rows)
        TableScanner(part, state).read()


def goes_on(table: Table, header: Header | None) -> bool:
    """Say whether a table may go on with the one before: as wide, and numbered like it."""
    if header is None or table.name is not None:
        return False
    columns = len(header.columns)
    if table.width != columns and (table.spanned or not columns / 2 < table.width < columns):
        return False
    first = next((row for row in table.rows if len(row.cells) > 1), None)
    if first is None:
        return False
    numbers = [first.text(column) for column in header.of("seq")]
    return all(is_seq(number) or not number.strip() for number in numbers)


def _holds_text(row: GridRow) -> bool:
    """Say whether a cell with text begins in a row, be it struck through."""
    return any(cell.row == row.number for cell in row.cells) or bool(row.left_out)


def _title_of_sheet(name: str | None) -> str | None:
    """Return the name of a sheet, unless it is one that every workbook has."""
    if not name or name.lower().startswith(_DEFAULT_NAMES):
        return None
    return tidy(name)


class TableScanner:
    """Goes through one table from top to bottom."""

    def __init__(self, table: Table, state: ScanState) -> None:
        self._table = table
        self._state = state
        self._exact = any(EXACT_MARK in cell.text for row in table.rows for cell in row.cells)
        self._headers = 0
        self._may_restart = False
        self._above: list[GridRow] = []

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
            for head in self._table.rows[position : header[1]]:
                self._state.count("head", _holds_text(head))
                self._state.say_left_out(head)
            position = header[1]
        if self._above:
            self._skip()

    def _header_at(self, row: GridRow) -> tuple[Header, int] | None:
        """Find a header in a row; below the header of an exact table everything is data."""
        if not row.cells or (self._exact and self._state.header is not None):
            return None
        return find_header(self._table, row.number)

    def _skip(self) -> None:
        """Say that the rows which no header stands above were not read."""
        texts = [" ".join(cell.text for cell in row.cells) for row in self._above]
        if any(not_applicable.is_statement(text) for text in texts):
            self._state.count("note", len(texts))
            self._state.add_statements(texts)
            return
        self._state.count("skipped", len(texts))
        self._state.say_skipped("table-skipped", replace(self._table, rows=tuple(self._above)))

    def _begin(self, header: Header, row: GridRow) -> None:
        state = self._state
        state.end_statement()
        state.header = header
        first = self._headers == 0
        self._headers += 1
        self._may_restart = self._may_restart or first
        for above in self._above:
            state.skip("row-above-head", above.place, " ".join(cell.text for cell in above.cells))
        self._above = []
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
        if not _holds_text(row):
            return
        if not any(cell.row == row.number for cell in row.cells):
            text = " ".join(part.text for _, part in row.left_out)
            state.skip("row-left-out", row.place, text)
            return
        kind = self._read_single(row) if len(row.cells) == 1 else None
        if kind is not None:
            state.say_left_out(row)
            state.count(kind, kind != "loose")
        elif state.header is None or state.draft is None:
            self._read_outside(row)
        else:
            state.count(self._read_item(row, state.header, state.draft))

    def _read_outside(self, row: GridRow) -> None:
        """Take a row of several cells that no header stands above."""
        state = self._state
        if state.statement is None:
            self._above.append(row)
            return
        state.statement.append(":".join(cell.text for cell in row.cells if not is_seq(cell.text)))
        state.count("note")

    def _read_item(self, row: GridRow, header: Header, draft: Draft) -> RowKind:
        if header.tidy:
            self._read_tidy(row, header, draft)
        elif self._exact:
            draft.rows.append(new_row(row, header, None, spanned=True))
        else:
            return self._read_data(row, header, draft)
        return "item"

    def _read_single(self, row: GridRow) -> RowKind | None:
        """Read a row of one cell; `None` where it holds data."""
        state, text = self._state, row.cells[0].text
        if state.header is not None and state.header.tidy:
            return None
        if self._exact and state.header is not None:
            return self._read_exact_single(row, text)
        if state.header is None and state.statement is None and row.left_out and not text.strip():
            return None
        single = SingleRow(row, self._table)
        kind = read_single(single, state)
        if kind == "loose":
            self._above.append(row)
        return kind

    def _read_exact_single(self, row: GridRow, text: str) -> RowKind | None:
        if row.cells[0].width < len(row.slots) or EXACT_MARK not in text:
            return None
        self._state.header = self._state.draft = None
        return "note"

    def _read_data(self, row: GridRow, header: Header, draft: Draft) -> RowKind:
        if is_totals_row(row, header):
            self._state.say("row-skipped", row.place, " ".join(cell.text for cell in row.cells))
            return "skipped"
        last = draft.rows[-1] if draft.rows else None
        if last is not None and not self._table.spanned and is_misplaced(row, header):
            continue_contents(last, row)
        elif last is not None and is_wrapped_row(last, row):
            rejoin_row(last, row)
        elif last is not None and not begins_item(row, header):
            continue_row(last, row)
        else:
            self._add_row(row, header, draft)
            return "item"
        say_continued(draft.rows, row)
        return "continuation"

    def _add_row(self, row: GridRow, header: Header, draft: Draft) -> None:
        section = self._state.section
        if self._may_restart and draft.rows and row_number(row, header) == 1:
            self._open(row)
            draft = self._state.draft or draft
            draft.notes += header.notes
        self._may_restart = False
        added = new_row(row, header, section, spanned=self._table.spanned)
        say_unnumbered(draft.rows, added)
        draft.rows.append(added)

    def _read_tidy(self, row: GridRow, header: Header, draft: Draft) -> None:
        title, domain = (_tidy_text(row, header, field) for field in ("title", "domain"))
        if draft.rows and (title, domain) != (draft.title, draft.domain):
            draft = Draft(title, row.place, domain, notes=list(header.notes))
            self._state.start(draft)
        elif not draft.rows:
            draft.title, draft.domain = title or draft.title, domain
        draft.rows.append(new_row(row, header, None, spanned=True))


def _tidy_text(row: GridRow, header: Header, name: str) -> str | None:
    texts = (row.text(column).strip() for column in header.of(name))
    return next((text for text in texts if text), None)
