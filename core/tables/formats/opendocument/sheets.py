"""Workbooks of OpenDocument (.ods) as grids, sheet by sheet: what they show."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from core.tables.formats.hidden_cells import Cells, Hidden, LeftOutCells, Merge
from core.tables.formats.opendocument.styles import (
    OFFICE,
    STYLE_TAGS,
    TABLE,
    DocumentStyles,
    Look,
)
from core.tables.formats.opendocument.texts import cell_paragraphs, read_paragraphs
from core.tables.formats.sheet_grid import is_too_large, to_grid_rows
from core.tables.formats.zip_package import Package, free
from core.tables.grid import MAX_COLUMNS, Table, UnreadText
from core.tables.limits import MAX_CELLS, MAX_ROWS, UnreadableFile

CONTENT, STYLES = "content.xml", "styles.xml"
_SHEET, _COLUMN, _ROW = (f"{TABLE}{name}" for name in ("table", "table-column", "table-row"))
_GROUPS = frozenset(f"{TABLE}{name}" for name in ("table-row-group", "table-column-group"))
_CELLS = frozenset({f"{TABLE}table-cell"})
_COVERED = f"{TABLE}covered-table-cell"
_TAGS = (*STYLE_TAGS, _SHEET, _COLUMN, _ROW)
_MOST_MERGES = 100_000
_VALUES = tuple(f"{OFFICE}{name}" for name in ("string-value", "date-value", "time-value", "value"))


@dataclass(slots=True)
class _OdsSheet:
    """A sheet while it is read: `row` and `column` are the next ones."""

    cells: Cells = field(default_factory=dict)
    left_out: LeftOutCells = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden: Hidden = field(default_factory=Hidden)
    columns: list[str | None] = field(default_factory=list)
    row: int = 0


def find_open_kind(package: Package) -> str | None:
    """Return `ods` or `odt` by what an OpenDocument package says it is, else `None`."""
    if CONTENT not in package.names or "mimetype" not in package.names:
        return None
    said = package.read("mimetype")[:100].strip()
    return {b"spreadsheet": "ods", b"text": "odt"}.get(said.rpartition(b".")[2])


def read_styles(package: Package) -> DocumentStyles:
    """Return the styles that a document's own styles build on."""
    styles = DocumentStyles()
    if STYLES in package.names:
        for element in package.elements(STYLES, STYLE_TAGS):
            styles.add(element)
    return styles


def read_ods(package: Package) -> list[Table]:
    """Return what the sheets of a workbook show, in order; hidden ones are not looked into."""
    return list(_OdsReader(package).tables())


class _OdsReader:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = read_styles(package)
        self._budget = MAX_CELLS

    def tables(self) -> Iterator[Table]:
        """Give the sheets; a row is forgotten once it is read."""
        sheet = _OdsSheet()
        depth = 0
        for event, element in self._package.events(CONTENT, _TAGS, ("start", "end")):
            if element.tag == _SHEET:
                depth += 1 if event == "start" else -1
                if event == "start" and depth == 1:
                    sheet = _OdsSheet()
                elif depth == 0 and not _is_copy(element):
                    yield self._table(element, sheet)
            elif event == "end" and element.tag in STYLE_TAGS:
                self._styles.add(element)
            elif event == "end" and depth == 1:
                if element.tag == _COLUMN:
                    self._note_columns(sheet, element)
                else:
                    self._read_row(sheet, element)
                    free(element)

    def _table(self, element: etree._Element, sheet: _OdsSheet) -> Table:
        name = element.get(f"{TABLE}name", "")
        place = f"工作表“{name}”"
        if not self._styles.is_shown(element):
            return Table(place, (), spanned=True, name=name, hidden=True)
        merges = sheet.hidden.take_out(sheet.cells, sheet.left_out, sheet.merges)
        if is_too_large(sheet.cells, merges):
            raise UnreadableFile("table-too-large", self._package.filename, place)
        return Table(
            place,
            to_grid_rows(sheet.cells, merges, place, sheet.left_out, sheet.hidden.rows),
            spanned=True,
            name=name,
            hidden_rows=len(sheet.hidden.filled_rows),
            remarks=sheet.hidden.remarks(place),
        )

    def _read_row(self, sheet: _OdsSheet, row: etree._Element) -> None:
        """Read a row, as often as it repeats; empty rows repeat to the end of the sheet."""
        repeated = count_repeats(row, "number-rows-repeated")
        cells = list(self._row_cells(sheet, row))
        if not cells:
            sheet.row += repeated
            return
        hidden = _is_hidden(row) or not self._styles.is_shown(row, "table-row")
        for number in range(sheet.row, sheet.row + repeated):
            self._budget -= len(cells)
            if self._budget < 0 or len(sheet.cells) >= MAX_ROWS:
                raise UnreadableFile("table-too-large", self._package.filename)
            sheet.cells[number] = {column: text for column, text, _ in cells}
            sheet.left_out |= {(number, column): parts for column, _, parts in cells if parts}
            if hidden:
                sheet.hidden.rows.add(number)
        sheet.row += repeated

    def _note_columns(self, sheet: _OdsSheet, element: etree._Element) -> None:
        repeated = count_repeats(element, "number-columns-repeated")
        first = len(sheet.columns)
        last = min(first + repeated, MAX_COLUMNS)
        sheet.columns += [element.get(f"{TABLE}default-cell-style-name")] * (last - first)
        if _is_hidden(element) or not self._styles.is_shown(element, "table-column"):
            sheet.hidden.columns.update(range(first, last))

    def _row_cells(
        self, sheet: _OdsSheet, row: etree._Element
    ) -> Iterator[tuple[int, str, tuple[UnreadText, ...]]]:
        column = 0
        for cell in row:
            if cell.tag != _COVERED and cell.tag not in _CELLS:
                continue
            repeated = count_repeats(cell, "number-columns-repeated")
            if cell.tag in _CELLS and len(cell) + len(cell.attrib) > 0:
                text, left_out = self._cell(sheet, cell, column)
                if left_out or text.strip():
                    _note_merge(sheet, cell, column)
                    for place in range(column, min(column + repeated, MAX_COLUMNS)):
                        yield place, text, left_out
            column += repeated

    def _cell(
        self, sheet: _OdsSheet, cell: etree._Element, column: int
    ) -> tuple[str, tuple[UnreadText, ...]]:
        default = sheet.columns[column] if column < len(sheet.columns) else None
        style = cell.get(f"{TABLE}style-name") or default
        paragraphs = list(cell_paragraphs(cell))
        if not paragraphs:  # a program wrote the value and not how it is shown
            return next((cell.get(name, "") for name in _VALUES if cell.get(name)), ""), ()
        return read_paragraphs(
            paragraphs, self._styles, self._styles.look("table-cell", style, Look())
        )


def _note_merge(sheet: _OdsSheet, cell: etree._Element, column: int) -> None:
    height, width = (count_repeats(cell, f"number-{name}-spanned") for name in ("rows", "columns"))
    if (height > 1 or width > 1) and len(sheet.merges) < _MOST_MERGES and column < MAX_COLUMNS:
        right = min(column + width, MAX_COLUMNS) - 1
        sheet.merges.append((sheet.row, column, sheet.row + height - 1, right))


def _is_hidden(element: etree._Element) -> bool:
    """Say whether a row or column is hidden: itself, by a filter, or by a group that is closed."""
    if element.get(f"{TABLE}visibility") in {"collapse", "filter"}:
        return True
    return any(
        parent.tag in _GROUPS and parent.get(f"{TABLE}display") == "false"
        for parent in element.iterancestors(*_GROUPS)
    )


def _is_copy(element: etree._Element) -> bool:
    """Say whether a sheet is what was kept of another file that formulas refer to."""
    return element.get(f"{TABLE}name", "").startswith("'file:")


def count_repeats(element: etree._Element, name: str) -> int:
    """Return how often an element repeats, or how far it spans."""
    value = element.get(f"{TABLE}{name}", "1")
    return max(1, int(value[:7])) if value.isascii() and value.isdigit() else 1
