"""Tables as files for other programs: XLSX and CSV in which every cell is text or a number."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a heavy library, loaded when a workbook is written
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\'\s]+")
_BOM = "\ufeff"
_LONGEST_CELL = 32_000
_WIDEST = 40


@dataclass(frozen=True, slots=True)
class Table:
    """A named table; every row has as many values as there are columns."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


def printable(value: Value) -> Value:
    """A value without the characters that files cannot hold."""
    return _UNPRINTABLE.sub("", value)[:_LONGEST_CELL] if isinstance(value, str) else value


def write_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark (for spreadsheets), formulas guarded by an apostrophe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(table.columns)
    writer.writerows([[_guarded(printable(value)) for value in row] for row in table.rows])
    return (_BOM + stream.getvalue()).encode()


def write_xlsx(tables: Sequence[Table]) -> bytes:
    """A workbook with one sheet for each table; no text is a formula."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for number, table in enumerate(tables, 1):
        name = _FORBIDDEN_IN_NAME.sub("", _UNPRINTABLE.sub("", table.name)).strip()[:28]
        _fill(workbook.create_sheet(name or str(number)), table)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _fill(sheet: "Worksheet", table: Table) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    bold = Font(bold=True)
    for place, column in enumerate(table.columns, 1):
        _put(sheet, 1, place, column).font = bold
    for line, row in enumerate(table.rows, 2):
        for place, value in enumerate(row, 1):
            _put(sheet, line, place, value)
    for place in range(1, len(table.columns) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = _width(table, place - 1)
    sheet.freeze_panes = "A2"


def _put(sheet: "Worksheet", line: int, place: int, value: Value) -> Any:
    cell = sheet.cell(line, place)
    cell.value = printable(value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_FORMULA_STARTS)
    return cell


def _width(table: Table, place: int) -> int:
    longest = max((len(str(row[place] or "")) for row in table.rows), default=0)
    return min(_WIDEST, 4 + 2 * max(longest, len(table.columns[place])))


def _guarded(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
