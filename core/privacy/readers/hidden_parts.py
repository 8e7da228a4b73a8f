"""Old workbooks (.xls) and OpenDocument files as they lie in the file, also what no page shows.

Hidden sheets, rows and columns, comments, deleted text: readers of tables leave them out.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from core.privacy.readers.nodes import NodeText, Passage, RawCell, Sheet
from core.privacy.readers.packages import OfficePackage

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_ASIDE = (f"{_OFFICE}annotation", f"{_TEXT}tracked-changes")
_HIDDEN_STATES = frozenset({"collapse", "filter"})
_MOST_COLUMNS = 16_384
CONTENT = "content.xml"


def read_xls_sheets(data: bytes) -> Iterator[Sheet | Passage]:
    """Yield the sheets of an old workbook, and their comments."""
    import sys

    import xlrd

    with xlrd.open_workbook(
        file_contents=data, formatting_info=True, ragged_rows=True, logfile=sys.stderr
    ) as book:
        for found in book.sheets():
            sheet = Sheet(_title(found.name, is_hidden=found.visibility != 0))
            sheet.hidden_rows = {row for row, info in found.rowinfo_map.items() if info.hidden}
            sheet.hidden_columns = {
                column for column, info in found.colinfo_map.items() if info.hidden
            }
            for row in range(found.nrows):
                for column, value in enumerate(found.row_values(row)):
                    if text := _to_text(value):
                        sheet.add(row, column, RawCell(text))
            yield sheet
            for (row, column), note in found.cell_note_map.items():
                yield Passage(f"comment {sheet.where(row, column)}", RawCell(note.text))


def _title(name: str, *, is_hidden: bool) -> str:
    return f"{name} (hidden)" if is_hidden else name


def _to_text(value: Any) -> str:
    """Return a value as digits: numbers of persons are often stored as numbers."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return str(value).strip()


def read_open_sheets(package: OfficePackage) -> Iterator[Sheet]:
    """Yield the sheets of an OpenDocument workbook."""
    root = package.tree(CONTENT)
    unshown = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    for table in root.iter(f"{_TABLE}table"):
        is_hidden = table.get(f"{_TABLE}style-name") in unshown
        sheet = Sheet(_title(table.get(f"{_TABLE}name", ""), is_hidden=is_hidden))
        _note_columns(sheet, table)
        row = 0
        for element in table.iter(f"{_TABLE}table-row"):
            _read_row(sheet, row, element)
            row += int(element.get(f"{_TABLE}number-rows-repeated", "1"))
        yield sheet


def _note_columns(sheet: Sheet, table: etree._Element) -> None:
    column = 0
    for element in table.iter(f"{_TABLE}table-column"):
        repeated = int(element.get(f"{_TABLE}number-columns-repeated", "1"))
        last = min(column + repeated, _MOST_COLUMNS)
        if element.get(f"{_TABLE}visibility") in _HIDDEN_STATES:
            sheet.hidden_columns |= set(range(column, last))
        column = last


def _read_row(sheet: Sheet, number: int, row: etree._Element) -> None:
    if row.get(f"{_TABLE}visibility") in _HIDDEN_STATES:
        sheet.hidden_rows.add(number)
    column = 0
    for cell in row.iterchildren(*_CELLS):
        if text := _read_cell(cell):
            sheet.add(number, column, RawCell(text))
        column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))


def _read_cell(cell: etree._Element) -> str:
    shown = [
        "".join(paragraph.itertext())
        for paragraph in cell.iter(f"{_TEXT}p")
        if next(paragraph.iterancestors(*_ASIDE), None) is None
    ]
    return "\n".join(shown).strip() or cell.get(f"{_OFFICE}value", "")


def read_aside(package: OfficePackage) -> Iterator[Passage]:
    """Yield comments, deleted text, headers and properties of an OpenDocument file."""
    for aside in package.tree(CONTENT).iter(*_ASIDE):
        label = "comment" if aside.tag == _ASIDE[0] else "deleted text"
        for paragraph in aside.iter(f"{_TEXT}p"):
            nodes = NodeText([])
            nodes.text = "".join(paragraph.itertext())
            yield Passage(label, nodes)
    yield from package.read_other_parts({CONTENT})
    for link in package.tree(CONTENT).iterfind(f".//*[@{_LINK}]"):
        yield Passage("link", NodeText([(link, _LINK)]))
