"""The official table as a Word document: a heading and a table for each catalog."""

import io
from collections.abc import Iterator, Sequence

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from lxml import etree
from lxml.builder import ElementMaker

from core.catalog.writing.layout import HEADER_ROWS, Layout, PrintedCell
from core.catalog.writing.printable import printable

_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_KEEP_BLANKS = "{http://www.w3.org/XML/1998/namespace}space"
_WORD = ElementMaker(namespace=_SPACE, nsmap={"w": _SPACE})
_TEXT_WIDTH = 14_700  # twentieths of a point: A4 across, less margins
_HALF_POINTS = "16"
_TITLE_HALF_POINTS = "36"


def write_docx(layouts: Sequence[Layout]) -> bytes:
    """Return a document in landscape; header rows repeat on every page."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(19)
    body = document.element.body
    end = body.find(qn("w:sectPr"))
    for number, layout in enumerate(layouts):
        for element in _elements(layout, new_page=number > 0):
            end.addprevious(element)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _elements(layout: Layout, *, new_page: bool) -> Iterator[etree._Element]:
    for number, heading in enumerate(layout.headings):
        yield _heading(heading, new_page=new_page and number == 0)
    yield _table(layout)
    # Two tables that touch would become one.
    yield _WORD.p()


def _attributes(**values: str) -> dict[str, str]:
    return {f"{{{_SPACE}}}{name}": value for name, value in values.items()}


def _heading(text: str, *, new_page: bool) -> etree._Element:
    properties = _WORD.pPr(_WORD.pStyle(_attributes(val="Heading1")))
    if new_page:
        properties.append(_WORD.pageBreakBefore())
    properties.append(_WORD.jc(_attributes(val="center")))
    return _WORD.p(properties, _run(text, _TITLE_HALF_POINTS))


def _table(layout: Layout) -> etree._Element:
    unit = _TEXT_WIDTH / sum(layout.widths)
    widths = [round(width * unit) for width in layout.widths]
    table = _WORD.tbl(
        parse_xml(
            f"<w:tblPr {nsdecls('w')}><w:tblStyle w:val='TableGrid'/>"
            f"<w:tblW w:w='{sum(widths)}' w:type='dxa'/><w:tblLayout w:type='fixed'/></w:tblPr>"
        ),
        _WORD.tblGrid(*(_WORD.gridCol(_attributes(w=str(width))) for width in widths)),
    )
    covering: dict[int, PrintedCell] = {}
    for number, cells in enumerate(_rows(layout)):
        table.append(_row(cells, covering, widths, header=number < HEADER_ROWS))
    return table


def _rows(layout: Layout) -> Iterator[dict[int, PrintedCell]]:
    for number in range(HEADER_ROWS):
        yield {cell.column: cell for cell in layout.header if cell.row == number}
    for cells in layout.body:
        yield {cell.column: cell for cell in cells}
    yield {0: layout.note}


def _row(
    cells: dict[int, PrintedCell],
    covering: dict[int, PrintedCell],
    widths: Sequence[int],
    *,
    header: bool,
) -> etree._Element:
    properties = _WORD.trPr(_WORD.cantSplit())
    if header:
        properties.append(_WORD.tblHeader())
    row = _WORD.tr(properties)
    column = 0
    while column < len(widths):
        cell = cells.get(column) or covering[column]
        going_on = column not in cells
        covering[column] = cell
        row.append(_cell(cell, sum(widths[column : column + cell.width]), going_on=going_on))
        column += cell.width
    return row


def _cell(cell: PrintedCell, width: int, *, going_on: bool) -> etree._Element:
    properties = _WORD.tcPr(_WORD.tcW(_attributes(w=str(width), type="dxa")))
    if cell.width > 1:
        properties.append(_WORD.gridSpan(_attributes(val=str(cell.width))))
    if cell.height > 1:
        merge = {} if going_on else _attributes(val="restart")
        properties.append(_WORD.vMerge(merge))
    properties.append(_WORD.vAlign(_attributes(val="center")))
    lines = [""] if going_on else printable(cell.text).split("\n")
    return _WORD.tc(properties, *(_paragraph(line) for line in lines))


def _paragraph(line: str) -> etree._Element:
    return _WORD.p(_run(line, _HALF_POINTS)) if line else _WORD.p()


def _run(text: str, half_points: str) -> etree._Element:
    written = _WORD.t(printable(text))
    written.set(_KEEP_BLANKS, "preserve")
    fonts = _WORD.rFonts(_attributes(eastAsia="宋体", hint="eastAsia"))
    size = _WORD.sz(_attributes(val=half_points))
    return _WORD.r(_WORD.rPr(fonts, size), written)
