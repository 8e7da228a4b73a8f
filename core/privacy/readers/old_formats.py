"""Old and OpenDocument files: scanned whole, never written back."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.privacy.domain.findings import Rules
from core.privacy.domain.scanning import scan_text
from core.privacy.readers.hidden_parts import read_aside, read_open_sheets, read_xls_sheets
from core.privacy.readers.nodes import FoundText, RawCell, Sheet, scan_passages, scan_sheet
from core.privacy.readers.packages import OfficePackage
from core.tables.formats.legacy.rtf import read_rtf
from core.tables.formats.opendocument.documents import read_odt
from core.tables.formats.zip_package import Package
from core.tables.grid import Block, Table
from core.tables.limits import Deadline


def scan_old_file(kind: str, data: bytes, deadline: Deadline, rules: Rules) -> Iterator[FoundText]:
    """Yield what a file of the kind `xls`, `ods`, `odt` or `rtf` holds.

    Raises `UnreadableFile`, or whatever a library says of what it cannot read.
    """
    if kind == "rtf":
        yield from _scan_blocks(list(read_rtf(data, "", deadline)), rules)
        return
    if kind == "xls":
        for part in read_xls_sheets(data):
            if isinstance(part, Sheet):
                yield from scan_sheet(part, rules)
            else:
                yield from scan_passages(iter([part]), rules)
        return
    package = OfficePackage(data)
    if kind == "ods":
        for sheet in read_open_sheets(package):
            yield from scan_sheet(sheet, rules)
    else:
        yield from _scan_blocks(list(read_odt(Package(data, "", deadline))), rules)
    yield from scan_passages(read_aside(package), rules)


def _scan_blocks(blocks: Sequence[Block], rules: Rules) -> Iterator[FoundText]:
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
