"""The official table as a workbook, one sheet per catalog."""

import io
import re
from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from core.tables.writing.guard import is_formula
from core.tables.writing.layout import HEADER_ROWS, Layout, PrintedCell
from core.tables.writing.printable import printable

_LONGEST_NAME = 31
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\']")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LINE = Side(style="thin", color="FF000000")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(vertical="center", wrap_text=True)
# Named styles, by name: given to hundreds of thousands of cells, they are looked up once each.
_TITLE, _HEAD, _TEXT, _MARK = "目录标题", "目录表头", "目录正文", "目录勾选"
_A4 = 9
#: Narrow columns hold ticks and numbers, which stand in the middle.
_NARROW = 8


def write_xlsx(layouts: Sequence[Layout]) -> bytes:
    """Return a workbook; every text is a string cell, never a formula."""
    workbook = Workbook()
    for style in _styles():
        workbook.add_named_style(style)
    if layouts:
        workbook.remove(workbook.worksheets[0])
    taken: set[str] = set()
    for number, layout in enumerate(layouts, 1):
        name = _sheet_name(layout.name, number, taken)
        _fill(workbook.create_sheet(name), layout)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _sheet_name(wanted: str | None, number: int, taken: set[str]) -> str:
    base = _FORBIDDEN_IN_NAME.sub("", printable(wanted or "").replace("\n", "")).strip()
    name = base[:_LONGEST_NAME] or f"目录{number}"
    while name.lower() in taken:
        ending = f"_{number}"
        name = base[: _LONGEST_NAME - len(ending)] + ending
        number += 1
    taken.add(name.lower())
    return name


def _styles() -> Iterator[NamedStyle]:
    title, head, text = "方正小标宋简体", "黑体", "宋体"
    yield NamedStyle(_TITLE, font=Font(name=title, size=18), alignment=_CENTRED)
    for name, face, alignment in (
        (_HEAD, head, _CENTRED),
        (_TEXT, text, _LEFT),
        (_MARK, text, _CENTRED),
    ):
        font = Font(name=face, size=10)
        yield NamedStyle(name, font=font, alignment=alignment, border=_BORDER)


def _fill(sheet: Worksheet, layout: Layout) -> None:
    above = len(layout.headings)
    for row, heading in enumerate(layout.headings):
        _put(sheet, PrintedCell(heading, row, 0, 1, len(layout.widths)), 0, _TITLE)
    for cell in layout.header:
        _put(sheet, cell, above, _HEAD)
    for cells in layout.body:
        for cell in cells:
            _put(sheet, cell, above, _MARK if layout.widths[cell.column] <= _NARROW else _TEXT)
    _put(sheet, layout.note, above, _TEXT)
    _set_up_page(sheet, layout, above)


def _put(sheet: Worksheet, cell: PrintedCell, above: int, style: str) -> None:
    top, left = cell.row + above + 1, cell.column + 1
    written = sheet.cell(top, left)
    written.style = style
    if cell.text:
        text = _LOOKS_ESCAPED.sub("_x005F_", printable(cell.text))
        written.value = text
        # What looks like a formula, a number or an error is text all the same.
        written.data_type = "s"
        if is_formula(text):
            written.quotePrefix = True
    if cell.height > 1 or cell.width > 1:
        sheet.merge_cells(
            start_row=top,
            start_column=left,
            end_row=top + cell.height - 1,
            end_column=left + cell.width - 1,
        )


def _set_up_page(sheet: Worksheet, layout: Layout, above: int) -> None:
    for position, width in enumerate(layout.widths, 1):
        sheet.column_dimensions[get_column_letter(position)].width = 2 * width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    first, last = above + 1, above + HEADER_ROWS
    sheet.print_title_rows = f"{first}:{last}"
    sheet.freeze_panes = f"B{last + 1}"
