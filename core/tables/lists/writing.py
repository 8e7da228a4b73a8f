"""Write lists of any feature as XLSX and CSV: no text is a formula, no number loses digits."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.tables.writing.guard import guarded_digits, is_formula
from core.tables.writing.printable import printable

if TYPE_CHECKING:  # a heavy library, loaded when a workbook is written
    from openpyxl.worksheet.worksheet import Worksheet

CellValue = str | int | float | Decimal | date | None
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_BOM = "\ufeff"
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\'\s]+")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST_NAME = 28
_LONGEST_CELL = 32_000
_MOST_DIGITS = 15
_WIDEST = 40


@dataclass(frozen=True, slots=True)
class ListSheet:
    """A named list; every row has as many values as there are columns.

    Moments are written in the zone that they carry, days as 2026-09-01; both as text, as every
    text is. Numbers are numbers, unless a spreadsheet would drop digits.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[CellValue]]


def write_list_csv(sheet: ListSheet) -> bytes:
    """Return UTF-8 with a byte order mark (for spreadsheets), dangerous texts after an apostrophe.

    So are texts of 16 digits and more, which a spreadsheet would round.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([guarded_digits(_to_text(column)) for column in sheet.columns])
    for row in sheet.rows:
        values = map(to_cell, row)
        writer.writerow([guarded_digits(v) if isinstance(v, str) else v for v in values])
    return (_BOM + stream.getvalue()).encode()


def write_list_xlsx(sheets: Sequence[ListSheet]) -> bytes:
    """Return a workbook with a sheet for each list, its heading row in bold and frozen."""
    from openpyxl import Workbook

    workbook = Workbook()
    if sheets:
        workbook.remove(workbook.worksheets[0])
    for number, sheet in enumerate(sheets, 1):
        name = _FORBIDDEN_IN_NAME.sub("", printable(sheet.name))[:_LONGEST_NAME]
        _fill(workbook.create_sheet(name or str(number)), sheet)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def to_cell(value: CellValue) -> str | int | float | None:
    """Return a value as it is written: a text, a number, or nothing."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value if value is None or len(str(abs(value))) <= _MOST_DIGITS else str(value)
    if isinstance(value, (float, Decimal)):
        fits = len(re.sub(r"\D", "", str(value))) <= _MOST_DIGITS and value == value  # noqa: PLR0124 - not a number
        return float(value) if fits and "E" not in str(value).upper() else str(value)
    return _to_text(value)


def _to_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    text = value.isoformat() if isinstance(value, date) else str(value)
    return printable(text)[:_LONGEST_CELL]


def _fill(sheet: "Worksheet", written: ListSheet) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    bold = Font(bold=True)
    for place, column in enumerate(written.columns, 1):
        _put(sheet, 1, place, column).font = bold
    for line, row in enumerate(written.rows, 2):
        for place, value in enumerate(row, 1):
            _put(sheet, line, place, value)
    for place, width in enumerate(_widths(written), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"


def _put(sheet: "Worksheet", line: int, place: int, value: CellValue) -> Any:
    cell = sheet.cell(line, place)
    content = to_cell(value)
    if isinstance(content, str):
        cell.value = _LOOKS_ESCAPED.sub("_x005F_", content)
        # What looks like a formula, a number or an error is text all the same.
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = is_formula(content)
    elif content is not None:
        cell.value = content
    return cell


def _widths(sheet: ListSheet) -> list[int]:
    """Return the columns' widths in characters; a Chinese one is two wide."""
    lengths = [_width(column) for column in sheet.columns]
    for row in sheet.rows:
        for place, value in enumerate(row[: len(lengths)]):
            lengths[place] = max(lengths[place], _width("" if value is None else _to_text(value)))
    return [min(_WIDEST, length + 4) for length in lengths]


def _width(text: str) -> int:
    return sum(2 if character > "\u2e7f" else 1 for character in text[:_WIDEST])
