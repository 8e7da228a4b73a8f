"""A blank official table: title, header and a note, to be filled in by hand and read again."""

from dataclasses import replace

from core.tables.fields.channels import OFFICIAL
from core.tables.model import CatalogRow
from core.tables.writing.layout import EffectiveTable, Layout, PrintedCell, lay_out
from core.tables.writing.to_xlsx import write_xlsx

TITLE = "（领域名称）领域基层政务公开标准目录"
_ROWS = 20
#: Not the note of written tables: people fill cells in as they are used to.
_NOTE = f"注：公开渠道和载体写渠道名称，以顿号隔开（{'、'.join(OFFICIAL)}）；勾选处填√。"


def write_blank_table() -> bytes:
    """Return a workbook with one sheet that has the official columns and no rows."""
    return write_xlsx([_blank()])


def _blank() -> Layout:
    rows = tuple(CatalogRow() for _ in range(_ROWS))
    laid = lay_out(EffectiveTable(TITLE, None, rows))
    body = tuple(tuple(replace(cell, text="", height=1) for cell in cells) for cells in laid.body)
    note = PrintedCell(_NOTE, laid.note.row, 0, 1, laid.note.width)
    return replace(laid, name="目录", headings=(TITLE,), body=body, note=note)
