"""From the tables and lines of a file to catalogs: titles, headers, rows, notes, statements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.catalog.reading import not_applicable
from core.catalog.reading.blanks import squeeze, tidy
from core.catalog.reading.drafts import EXACT_MARK, Draft, DraftRow
from core.catalog.reading.fields.enumeration import is_seq
from core.catalog.reading.grid import Block, GridRow, Line, Table
from core.catalog.reading.headers import Header, find_header
from core.catalog.reading.labels import field_of
from core.catalog.reading.limits import Deadline
from core.catalog.reading.lines import find_cell_header, read_cell_lines
from core.catalog.reading.lists import read_list
from core.catalog.reading.model import Finding, NotApplicable, Note
from core.catalog.reading.tables import (
    begins_item,
    continue_contents,
    continue_row,
    is_misplaced,
    new_row,
)
from core.catalog.reading.titles import (
    DOMAIN_LABEL,
    TITLE_LABEL,
    clean_title,
    is_strong_title,
    kind_of,
    labelled,
    section_name,
)

_DEFAULT_NAMES = ("sheet", "工作表", "目录", "table")
_WIDE = 0.7


@dataclass(slots=True)
class Scanned:
    """What the scan of a file found."""

    drafts: list[Draft] = field(default_factory=list)
    not_applicable: list[NotApplicable] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def scan(blocks: Sequence[Block], deadline: Deadline) -> Scanned:
    """Find the catalogs of a file."""
    scanner = _Scanner(deadline)
    for part in _runs(blocks):
        if isinstance(part, Table):
            scanner.read_table(part)
        else:
            scanner.read_lines(part)
    scanner.end_statement()
    scanned = scanner.scanned
    scanned.drafts = [draft for draft in scanned.drafts if draft.rows]
    return scanned


def _runs(blocks: Sequence[Block]) -> Iterator[Table | list[Line]]:
    run: list[Line] = []
    for block in blocks:
        if isinstance(block, Line):
            run.append(block)
            continue
        if run:
            yield run
            run = []
        yield block
    if run:
        yield run


def _cuts(line: Line, *, in_cells: bool) -> bool:
    """Say whether a line opens a segment; among cells only a title that is beyond doubt does."""
    if not squeeze(line.text):
        return False
    is_title = is_strong_title(line.text) if in_cells else kind_of(line.text) == "title"
    return is_title or not_applicable.is_head(line.text)


def _title_of_sheet(name: str | None) -> str | None:
    """Return the name of a sheet, unless it is one that every workbook has."""
    if not name or name.lower().startswith(_DEFAULT_NAMES):
        return None
    return tidy(name)


class _Scanner:
    """Goes through a file from top to bottom and keeps what the next row needs."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self.scanned = Scanned()
        self._title: str | None = None
        self._domain: str | None = None
        self._draft: Draft | None = None
        self._header: Header | None = None
        self._section: str | None = None
        self._coming_section: str | None = None
        self._statement: list[str] | None = None
        self._may_restart = False

    # Tables

    def read_table(self, table: Table) -> None:
        """Read a table: a sheet, an HTML or Word table, a run of delimited lines."""
        exact = any(EXACT_MARK in cell.text for row in table.rows for cell in row.cells)
        if table.hidden:
            self._say_skipped("sheet-hidden", table)
            return
        if not self._goes_on(table):
            self._header = self._section = None
        self._section = self._coming_section or self._section
        self._coming_section = None
        self._may_restart = False
        position = found = 0
        while position < len(table.rows):
            self._deadline.check(table.rows[position].place)
            header = self._header_at(table, position, exact=exact)
            if header is not None:
                self._may_restart = self._may_restart or not found
                self._section = None if not found else self._section
                self._begin(header[0], table, table.rows[position], exact=exact)
                position, found = header[1], found + 1
                continue
            self._read_row(table, position)
            position += 1
        if not found and self._header is None and any(row.cells for row in table.rows):
            self._skip(table)

    def _header_at(self, table: Table, position: int, *, exact: bool) -> tuple[Header, int] | None:
        """Find a header in a row; below the header of an exact table everything is data."""
        if not table.rows[position].cells or (exact and self._header is not None):
            return None
        return find_header(table, position)

    def _goes_on(self, table: Table) -> bool:
        """Say whether a table may go on with the one before: as wide, and numbered like it."""
        header = self._header
        if header is None or table.name is not None or table.width != len(header.columns):
            return False
        first = next((row for row in table.rows if len(row.cells) > 1), None)
        if first is None:
            return False
        numbers = [first.text(column) for column in header.of("seq")]
        return all(is_seq(number) or not number.strip() for number in numbers)

    def _skip(self, table: Table) -> None:
        statements = [" ".join(cell.text for cell in row.cells) for row in table.rows]
        if self._statement is not None:
            self._statement += [
                ":".join(cell.text for cell in row.cells if not is_seq(cell.text))
                for row in table.rows
            ]
        elif any(not_applicable.is_statement(text) for text in statements):
            self._add_statements(statements)
        else:
            self._say_skipped("table-skipped", table)

    def _say_skipped(self, code: str, table: Table) -> None:
        self.scanned.findings.append(Finding(code, "info", params={"where": table.place}))

    def _begin(self, header: Header, table: Table, row: GridRow, *, exact: bool) -> None:
        self.end_statement()
        self._header = header
        fresh = self._draft is None or self._title is not None
        if fresh or (table.name is not None and self._may_restart):
            self._open(table, row, exact=exact)
            self._may_restart = False
        if self._draft is not None:
            self._draft.notes += [note for note in header.notes if note not in self._draft.notes]

    def _open(self, table: Table, row: GridRow, *, exact: bool) -> None:
        title = self._title
        if title is None and not exact:
            title = _title_of_sheet(table.name)
        self._start(Draft(title, row.place, exact=exact))
        self._section = None

    def _start(self, draft: Draft) -> None:
        self._draft = draft
        draft.domain = draft.domain or self._domain
        self._title = self._domain = None
        self.scanned.drafts.append(draft)

    def _read_row(self, table: Table, position: int) -> None:
        row = table.rows[position]
        if not row.cells:
            return
        if len(row.cells) == 1 and self._read_single(table, position):
            return
        if self._header is None or self._draft is None:
            return
        if self._header.tidy:
            self._read_tidy(row)
        elif self._draft.exact:
            self._draft.rows.append(new_row(row, self._header, None, spanned=True))
        else:
            self._read_data(row, table)

    def _read_single(self, table: Table, position: int) -> bool:
        """Read a row of one cell; say whether it was no data."""
        row = table.rows[position]
        text = row.cells[0].text
        if self._header is not None and self._header.tidy:
            return False
        if self._draft is not None and self._draft.exact and self._header is not None:
            return self._read_exact_single(row, text)
        if self._statement is not None and kind_of(text) != "title":
            self._statement.append(text)
            return True
        if not_applicable.is_head(text):
            self._header, self._statement = None, []
            return True
        return self._read_kind(table, position, text)

    def _read_exact_single(self, row: GridRow, text: str) -> bool:
        if row.cells[0].width < len(row.slots) or EXACT_MARK not in text:
            return False
        self._header = self._draft = None
        return True

    def _read_kind(self, table: Table, position: int, text: str) -> bool:
        row = table.rows[position]
        kind = kind_of(text)
        if kind == "title" and self._ends_table(table, position, text):
            self._title = clean_title(text)
            self._header = None
        elif self._header is None or self._draft is None:
            self._read_loose(text)
        elif kind == "note":
            self._draft.notes.append((None, Note("note", "info", {"text": tidy(text)})))
        elif kind == "section" and self._is_section(row, table):
            self._section = section_name(text)
        elif kind == "text" and self._is_section(row, table):
            self._section = tidy(text)
        else:
            return kind in {"page", "attachment", "furniture", "contents"}
        return True

    def _ends_table(self, table: Table, position: int, text: str) -> bool:
        """Say whether a title opens another catalog, rather than continue a row's contents."""
        if self._header is None or is_strong_title(text):
            return True
        following = [row for row in table.rows[position + 1 : position + 4] if row.cells]
        return bool(following) and find_header(table, following[0].number) is not None

    def _is_section(self, row: GridRow, table: Table) -> bool:
        cell = row.cells[0]
        if table.spanned and cell.width > 1:
            return cell.width >= _WIDE * table.width
        return kind_of(cell.text) == "section" and cell.column == 0

    def _read_loose(self, text: str) -> None:
        if self._take_labelled(text):
            return
        if not_applicable.is_statement(text):
            self._add_statements([text])

    def _take_labelled(self, text: str) -> bool:
        """Take a title or a domain that a line gives with a label."""
        label, value = labelled(text)
        if label == TITLE_LABEL:
            self._title = value
        elif label == DOMAIN_LABEL:
            self._domain = value
        return label is not None

    def _read_data(self, row: GridRow, table: Table) -> None:
        if self._header is None or self._draft is None:
            return
        last = self._draft.rows[-1] if self._draft.rows else None
        if last is not None and not table.spanned and is_misplaced(row, self._header):
            continue_contents(last, row)
        elif last is not None and not begins_item(row, self._header):
            continue_row(last, row)
        else:
            self._add_row(row, table)

    def _add_row(self, row: GridRow, table: Table) -> None:
        if self._header is None or self._draft is None:
            return
        draft_row = new_row(row, self._header, self._section, spanned=table.spanned)
        if self._may_restart and self._draft.rows and self._restarts(row):
            self._open(table, row, exact=self._draft.exact)
            self._draft.notes += self._header.notes
        self._may_restart = False
        self._draft.rows.append(draft_row)

    def _restarts(self, row: GridRow) -> bool:
        """Say whether the first row of a table without a title counts from 1 again."""
        columns = () if self._header is None else self._header.of("seq")
        return any(
            squeeze(row.text(column)).strip(".、") in {"1", "01", "001"} for column in columns
        )

    def _read_tidy(self, row: GridRow) -> None:
        if self._header is None or self._draft is None:
            return
        title, domain = (self._tidy_text(row, field) for field in ("title", "domain"))
        if self._draft.rows and (title, domain) != (self._draft.title, self._draft.domain):
            notes = list(self._header.notes)
            self._start(Draft(title, row.place, domain, notes=notes))
        elif not self._draft.rows:
            self._draft.title = title or self._draft.title
            self._draft.domain = domain
        self._draft.rows.append(new_row(row, self._header, None, spanned=True))

    def _tidy_text(self, row: GridRow, name: str) -> str | None:
        columns = () if self._header is None else self._header.of(name)
        return next((row.text(column).strip() for column in columns if row.text(column)), None)

    # Lines

    def read_lines(self, lines: Sequence[Line]) -> None:
        """Read a run of text lines: titles, statements, notes, catalogs without a table."""
        start = 0
        in_cells = False
        for position in range(len(lines) + 1):
            if position == len(lines) or _cuts(lines[position], in_cells=in_cells):
                self._read_segment(lines[start:position])
                start, in_cells = position, False
            elif field_of(lines[position].text) == "seq":
                in_cells = True

    def _read_segment(self, lines: Sequence[Line]) -> None:
        if lines:
            self._deadline.check(lines[0].place)
        lines = self._take_head(lines)
        for position in range(len(lines)):
            header = find_cell_header(lines, position)
            if header is not None:
                self._take_prose(lines[:position])
                self._read_cells(header[0], lines[header[1] :], lines[position].place)
                return
        rows = self._list(lines)
        if rows is None:
            self._take_prose(lines)
            return
        self._start(Draft(self._title, lines[0].place, rows=rows, notes=list(rows[0].header.notes)))
        self._header = None

    def _list(self, lines: Sequence[Line]) -> list[DraftRow] | None:
        """Read a titled list of items; a table of contents is none."""
        if self._title is None or "汇编" in self._title or self._statement is not None:
            return None
        if any(kind_of(line.text) == "contents" for line in lines):
            return None
        return read_list(lines)

    def _take_head(self, lines: Sequence[Line]) -> Sequence[Line]:
        """Take the title, or the head of a statement, that opens a segment."""
        if not lines or not squeeze(lines[0].text):
            return lines
        if not_applicable.is_head(lines[0].text):
            self.end_statement()
            self._header, self._statement = None, []
            return lines[1:]
        if kind_of(lines[0].text) != "title":
            return lines
        self.end_statement()
        self._title = clean_title(lines[0].text)
        self._header = None
        return lines[1:]

    def _read_cells(self, header: Header, lines: Sequence[Line], place: str) -> None:
        self._start(Draft(self._title, place, notes=list(header.notes)))
        if self._draft is not None:
            self._draft.rows = read_cell_lines(header, lines)
        self._header = None

    def _take_prose(self, lines: Sequence[Line]) -> None:
        texts = [line.text for line in lines if squeeze(line.text)]
        if self._statement is not None:
            self._statement += [text for text in texts if kind_of(text) != "page"]
            return
        for text in texts:
            self._take_note(text)

    def _take_note(self, text: str) -> None:
        if kind_of(text) == "contents":
            return
        if self._take_labelled(text):
            return
        if kind_of(text) == "section" and self._header is not None:
            self._coming_section = section_name(text)
        elif not_applicable.is_statement(text):
            self._add_statements([text])
        elif kind_of(text) == "note" and self._draft is not None:
            self._draft.notes.append((None, Note("note", "info", {"text": tidy(text)})))

    # Statements

    def end_statement(self) -> None:
        """Close the section of domains that are not concerned."""
        if self._statement:
            self._add_statements(self._statement)
        self._statement = None

    def _add_statements(self, texts: Sequence[str]) -> None:
        known = {entry.domain for entry in self.scanned.not_applicable}
        entries = not_applicable.read_not_applicable(texts)
        self.scanned.not_applicable += [entry for entry in entries if entry.domain not in known]
        if not entries:
            text = tidy(" ".join(texts))
            self.scanned.findings.append(
                Finding("not-applicable-unclear", "warning", params={"text": text})
            )
