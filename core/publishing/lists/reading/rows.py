"""Read a list from pasted text or a file: headings, rows, caption, totals, what is doubtful.

One reader for both: the rows of a sheet go the same way as pasted lines, so that titles, headings
of two rows, repeated headings and notes below a table are told alike.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _

from core.bounds import clean_text
from core.errors import Invalid
from core.publishing.lists.cells import to_number
from core.publishing.lists.domain.model import (
    LONGEST_CAPTION,
    LONGEST_NAME,
    MOST_ROWS,
    Cells,
    ColumnType,
    ListData,
    TypedColumn,
    fit_cells,
)
from core.publishing.lists.findings import RowFinding, find_excess, require_limits
from core.publishing.lists.reading.guessing import guess_columns
from core.publishing.lists.reading.sheets import read_sheets
from core.publishing.lists.totals import has_cells, is_total_row, split_totals
from core.tables.pasted.heads import is_heading_word
from core.tables.pasted.model import PastedLine, PastedRow, PastedTable
from core.tables.pasted.reading import PastedText, read_pasted
from core.tables.text import fold, tidy

_UNIT_LINE = re.compile(r"[(\s]*(?:金额)?单位[::]\s*([百千万亿]?元|亩)[)\s]*")
_EXCERPT = 60
_SPARE_LINES = 200


@dataclass(slots=True)
class ReadRows:
    """A list as it was read, `None` where there is none, and what to look at."""

    data: ListData | None = None
    findings: list[RowFinding] = field(default_factory=list)

    def warn(self, message: str, text: str = "") -> None:
        """Add something to check."""
        self.findings.append(RowFinding("warning", message, excerpt=text[:_EXCERPT]))


def read_list_text(text: str) -> ReadRows:
    """Read pasted text; raises `Invalid` for more than a list may hold, before parting it."""
    text = clean_text(text)
    _require_size(text)
    read = read_pasted(text)
    if not read.tables:
        read.blocks = list(_as_one_column(read))
    return _read(read)


def read_list_sheet(data: bytes, filename: str) -> ReadRows:
    """Read a file (XLSX, XLS, ET, ODS, CSV, HTML, DOCX); raises `Invalid` with the reason."""
    sheets = read_sheets(data, filename)
    if sheets.text is not None:
        found = read_list_text(sheets.text)
    else:
        found = _read(PastedText(list(sheets.tables), list(sheets.remarks)))
    found.findings[:0] = sheets.findings
    return found


def _require_size(text: str) -> None:
    """Refuse a text by its lines and delimiters alone."""
    lines = text.count("\n") + 1
    wide = max((line.count("\t") for line in text.splitlines()), default=0) + 1
    message = find_excess(lines if lines > MOST_ROWS + _SPARE_LINES else 0, wide)
    if message:
        raise Invalid({"list_data": message})


def _as_one_column(read: PastedText) -> Iterator[PastedTable | PastedLine]:
    """Take lines that nothing parts for a list of one column, where the first line heads it."""
    lines = [block for block in read.blocks if isinstance(block, PastedLine) and block.text.strip()]
    if len(lines) < 2 or not is_heading_word(lines[0].text):
        yield from read.blocks
        return
    rows = tuple(PastedRow(line.number, (tidy(line.text),)) for line in lines[1:])
    yield PastedTable(lines[0].number, "", (tidy(lines[0].text),), rows)


def _read(read: PastedText) -> ReadRows:
    found = ReadRows()
    tables = read.tables
    if not tables:
        return found
    unclear = {remark.number for remark in read.remarks if remark.code == "row-unclear"}
    caption, unit = _find_caption(read, tables[0])
    data = _TableRows(tables[0], unclear, found).build()
    data = replace(data, caption=caption[:LONGEST_CAPTION], columns=_with_unit(data.columns, unit))
    require_limits(data)
    found.data = data
    _tell_rest(read, tables[0], caption, found)
    return found


def _find_caption(read: PastedText, table: PastedTable) -> tuple[str, str]:
    """Return the caption of a table and the unit that a line above it names."""
    above: list[str] = []
    for block in read.blocks:
        if block is table:
            break
        if isinstance(block, PastedLine) and block.text.strip():
            above.append(tidy(block.text))
    near = [*above[-2:], *filter(None, (table.title,))]
    unit = next((match[1] for line in near if (match := _UNIT_LINE.search(fold(line)))), "")
    titles = [_UNIT_LINE.sub("", fold(line) if unit and unit in line else line) for line in near]
    names = [title.strip() for title in titles if title.strip()]
    return (names[-1] if names and len(names[-1]) <= LONGEST_CAPTION else ""), unit


def _with_unit(columns: Sequence[TypedColumn], unit: str) -> tuple[TypedColumn, ...]:
    kind = ColumnType.MONEY if "元" in unit else ColumnType.NUMBER
    return tuple(
        replace(column, unit=unit) if unit and column.type is kind and not column.unit else column
        for column in columns
    )


def _tell_rest(read: PastedText, table: PastedTable, caption: str, found: ReadRows) -> None:
    """Say what of the text is no part of the list, so that nothing is lost without a word."""
    for block in read.blocks:
        if isinstance(block, PastedTable):
            if block is not table:
                rows = len(block.rows)
                found.warn(_("A further table of %(n)s rows was not read.", n=rows), block.title)
        elif (
            (text := tidy(block.text)) and text not in caption and not _UNIT_LINE.search(fold(text))
        ):
            found.warn(_("This line is no part of the list and was left out."), text)


class _TableRows:
    """The rows of a table that was read, each with a cell for each column."""

    def __init__(self, table: PastedTable, unclear: set[int], found: ReadRows) -> None:
        self._table = table
        self._unclear = unclear
        self._found = found

    def build(self) -> ListData:
        heads = self._table.heads
        width = self._table.width
        rows = self._without_notes()
        if not heads:
            heads = tuple(_("Column %(n)s", n=place + 1) for place in range(width))
            self._found.warn(_("No headings were found: name the columns."))
        heads = fit_cells([head[:LONGEST_NAME] for head in heads], width)
        full = [fit_cells(row.cells, width) for row in rows if row.cells]
        columns = guess_columns(heads, [row for row in full if not is_total_row(row)])
        cells = [self._fit(row, columns, number) for number, row in enumerate(rows, 1)]
        return split_totals(ListData(columns, tuple(filter(has_cells, cells))))

    def _without_notes(self) -> list[PastedRow]:
        """Return the rows without the notes below them (填表人, 说明), which are told."""
        rows = list(self._table.rows)
        while rows and rows[-1].whole and not self._is_row(rows[-1]):
            note = rows.pop().whole
            self._found.warn(_("This line is no part of the list and was left out."), note)
        return rows

    def _is_row(self, row: PastedRow) -> bool:
        return row.number in self._unclear or is_total_row(row.whole.split())

    def _fit(self, row: PastedRow, columns: Sequence[TypedColumn], number: int) -> Cells:
        width = len(columns)
        if row.cells:
            return fit_cells([" ".join(cell.split()) for cell in row.cells], width)
        if not self._is_row(row):
            self._found.warn(_("Row %(n)s is one text across all columns.", n=number), row.whole)
            return fit_cells((row.whole,), width)
        cells = row.whole.split()
        placed = _place_totals(cells, columns) if is_total_row(cells) else None
        if placed is None:
            message = _("Row %(n)s: it is unclear which cell is missing or too much.", n=number)
            self._found.warn(message, row.whole)
            rest = " ".join(cells[width - 1 :])
            return fit_cells([*cells[: width - 1], rest], width)
        return placed


def _place_totals(cells: Sequence[str], columns: Sequence[TypedColumn]) -> Cells | None:
    """Put the sums of a row 合计 below the columns of numbers, where there is one for each."""
    numbers = [place for place, column in enumerate(columns) if column.type.is_sum]
    if len(cells) - 1 != len(numbers) or not all(map(_is_sum, cells[1:])):
        return None
    placed = dict(zip(numbers, cells[1:], strict=True))
    first = next((place for place in range(len(columns)) if place not in placed), None)
    if first is None:
        return None
    return tuple((placed | {first: cells[0]}).get(place, "") for place in range(len(columns)))


def _is_sum(cell: str) -> bool:
    try:
        return to_number(cell) is not None
    except ValueError:
        return False
