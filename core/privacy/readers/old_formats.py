"""Old and OpenDocument files, as the readers of tables read them: for scanning only."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.privacy.domain.findings import Rules
from core.privacy.domain.scanning import scan_text
from core.privacy.readers.nodes import FoundText, RawCell, Sheet, scan_sheet
from core.tables.formats.legacy.rtf import read_rtf
from core.tables.formats.legacy.xls import build_tables
from core.tables.formats.legacy.xls_cells import read_workbook
from core.tables.formats.opendocument.documents import read_odt
from core.tables.formats.opendocument.sheets import read_ods
from core.tables.formats.zip_package import Package
from core.tables.grid import Block, Table
from core.tables.limits import Deadline


def read_blocks(kind: str, data: bytes, deadline: Deadline) -> list[Block]:
    """Return the paragraphs and tables of a file of the kind `xls`, `ods`, `odt` or `rtf`.

    Raises `UnreadableFile`, or whatever a library says of what it cannot read. What readers of
    tables leave out as hidden is not seen here.
    """
    if kind == "xls":
        return list(build_tables(read_workbook(data), ""))
    if kind == "rtf":
        return list(read_rtf(data, "", deadline))
    package = Package(data, "", deadline)
    return list(read_ods(package)) if kind == "ods" else list(read_odt(package))


def scan_blocks(blocks: Sequence[Block], rules: Rules) -> Iterator[FoundText]:
    """Yield what the paragraphs and tables of an old document or workbook hold."""
    tables = 0
    for number, block in enumerate(blocks, 1):
        if not isinstance(block, Table):
            cell = RawCell(block.text)
            found = scan_text(block.text, rules)
            yield FoundText(cell, [replace(each, where=f"paragraph {number}") for each in found])
            continue
        tables += 1
        sheet = Sheet(f"{block.name or f'table {tables}'}{' (hidden)' if block.hidden else ''}")
        for row in block.rows:
            for cell_ in row.cells:
                sheet.add(row.number, cell_.column, RawCell(cell_.text))
        yield from scan_sheet(sheet, rules)
