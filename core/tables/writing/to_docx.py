"""The official table as a Word document: a heading and a table for each catalog.

Page, styles and package come from python-docx; the body is written out as text, since the tree
of a county's catalogs would take gigabytes.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core.tables.writing.layout import HEADER_ROWS, Layout, PrintedCell
from core.tables.writing.printable import printable

_BODY = "word/document.xml"
_END = "<w:sectPr"
_CELL_STYLE = "TableText"
_TEXT_WIDTH = 14_700  # twentieths of a point: A4 across, less margins
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


def write_docx(layouts: Sequence[Layout]) -> bytes:
    """Return a document in landscape; header rows repeat on every page."""
    frame = zipfile.ZipFile(io.BytesIO(_frame()))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for part in frame.namelist():
            if part != _BODY:
                package.writestr(part, frame.read(part))
        before, end, after = frame.read(_BODY).decode().partition(_END)
        with package.open(_BODY, "w") as body:
            body.write(before.encode())
            for text in _body(layouts):
                body.write(text.encode())
            body.write((end + after).encode())
    return stream.getvalue()


def _frame() -> bytes:
    """Return a document without text: the page in landscape, the styles of heading and cells."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(19)
    cells = document.styles.add_style(_CELL_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    _set_font(cells, "宋体", Pt(8))
    cells.paragraph_format.space_after = Pt(0)
    _set_font(document.styles["Heading 1"], "黑体", Pt(18))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set_font(style: object, name: str, size: Pt) -> None:
    font = style.font  # type: ignore[attr-defined]  # python-docx has no types
    font.size = size
    font.name = name
    font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _body(layouts: Sequence[Layout]) -> Iterator[str]:
    for number, layout in enumerate(layouts):
        for index, heading in enumerate(layout.headings):
            yield _heading(heading, new_page=number > 0 and index == 0)
        yield from _table(layout)
        # Two tables that touch would become one.
        yield "<w:p/>"


def _heading(text: str, *, new_page: bool) -> str:
    page = "<w:pageBreakBefore/>" if new_page else ""
    properties = f'<w:pPr><w:pStyle w:val="Heading1"/>{page}<w:jc w:val="center"/></w:pPr>'
    return f"<w:p>{properties}{_run(text)}</w:p>"


def _table(layout: Layout) -> Iterator[str]:
    unit = _TEXT_WIDTH / sum(layout.widths)
    widths = [round(width * unit) for width in layout.widths]
    yield (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        "<w:tblGrid>"
    )
    yield "".join(f'<w:gridCol w:w="{width}"/>' for width in widths) + "</w:tblGrid>"
    covering: dict[int, PrintedCell] = {}
    for number, cells in enumerate(_rows(layout)):
        repeated = "<w:tblHeader/>" if number < HEADER_ROWS else ""
        yield f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>"
        yield from _row(cells, covering, widths)
        yield "</w:tr>"
    yield "</w:tbl>"


def _rows(layout: Layout) -> Iterator[Mapping[int, PrintedCell]]:
    for number in range(HEADER_ROWS):
        yield {cell.column: cell for cell in layout.header if cell.row == number}
    for cells in layout.body:
        yield {cell.column: cell for cell in cells}
    yield {0: layout.note}


def _row(
    cells: Mapping[int, PrintedCell], covering: dict[int, PrintedCell], widths: Sequence[int]
) -> Iterator[str]:
    column = 0
    while column < len(widths):
        going_on = column not in cells
        cell = covering[column] if going_on else cells[column]
        covering[column] = cell
        yield _cell(cell, sum(widths[column : column + cell.width]), going_on=going_on)
        column += cell.width


def _cell(cell: PrintedCell, width: int, *, going_on: bool) -> str:
    span = f'<w:gridSpan w:val="{cell.width}"/>' if cell.width > 1 else ""
    merge = ""
    if cell.height > 1:
        merge = "<w:vMerge/>" if going_on else '<w:vMerge w:val="restart"/>'
    run = "" if going_on or not cell.text else _run(cell.text)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}'
        f'<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{_CELL_STYLE}"/></w:pPr>{run}</w:p></w:tc>'
    )


def _run(text: str) -> str:
    lines = escape(printable(text), quote=False).replace("\n", _BREAK)
    return f'<w:r><w:t xml:space="preserve">{lines}</w:t></w:r>'
