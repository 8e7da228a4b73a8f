"""The tables of a file as the reader of pasted text takes them; what nobody sees is left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flask_babel import get_locale
from flask_babel import gettext as _

from core.errors import Invalid
from core.publishing.lists.findings import RowFinding, find_excess
from core.tables.formats.encoding import decode
from core.tables.grid import GridRow, Table
from core.tables.limits import MIB, Deadline, UnreadableFile
from core.tables.messages import format_message
from core.tables.pasted.building import build_tables
from core.tables.pasted.heads import is_surely_head
from core.tables.pasted.model import PastedRemark, PastedTable
from core.tables.pasted.rows import TextRow
from core.tables.pasted.splitting import Delimiter
from core.tables.text import tidy

MOST_BYTES = 10 * MIB
MOST_SECONDS = 15.0
_HEAD_WITHIN = 6


@dataclass(slots=True)
class SheetTables:
    """The tables of a file with remarks on their rows, or its `text` where it has no table."""

    tables: list[PastedTable] = field(default_factory=list)
    remarks: list[PastedRemark] = field(default_factory=list)
    findings: list[RowFinding] = field(default_factory=list)
    text: str | None = None


def read_sheets(data: bytes, filename: str) -> SheetTables:
    """Read a file; raises `Invalid` at `list_file` with the reason in the reader's language."""
    from core.tables.detect import read_blocks  # readers of many formats

    if len(data) > MOST_BYTES:
        raise Invalid({"list_file": _("The file is larger than %(n)s MB.", n=MOST_BYTES // MIB)})
    try:
        deadline = Deadline(filename, MOST_SECONDS)
        blocks = read_blocks(data, filename, deadline, max_bytes=MOST_BYTES)
        tables = [block for block in blocks if isinstance(block, Table) and block.rows]
        if not any(not table.hidden for table in tables):
            return SheetTables(text=_to_text(data, filename))
    except UnreadableFile as error:
        raise Invalid({"list_file": error.message(_language())}) from error
    return _convert(tables)


def _language() -> str:
    return "zh" if str(get_locale() or "zh").startswith("zh") else "en"


def _to_text(data: bytes, filename: str) -> str:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise UnreadableFile("no-table", filename)
    return decode(data, filename)


def _convert(tables: Sequence[Table]) -> SheetTables:
    found = SheetTables()
    for table in tables:
        if table.hidden:
            message = _("A hidden sheet was left out.")
            found.findings.append(RowFinding("warning", message, excerpt=table.name or ""))
            continue
        if message := find_excess(len(table.rows) - _HEAD_WITHIN, table.width):
            raise Invalid({"list_file": message})
        found.findings += _list_unseen(table)
        for built, remarks in build_tables(list(_to_rows(table))):
            found.tables.append(built)
            found.remarks += remarks
    found.tables = [each for each in found.tables if each.rows]
    return found


def _list_unseen(table: Table) -> Iterator[RowFinding]:
    """Say what of a sheet is not read: hidden rows and columns, struck-through text."""
    language = _language()
    if table.hidden_rows:
        params = {"count": str(table.hidden_rows)}
        yield RowFinding("warning", format_message("rows-hidden", params, language))
    for remark in table.remarks:
        yield RowFinding("warning", format_message(remark.code, remark.params, language))
    for row in table.rows:
        for _column, part in row.left_out:
            said = format_message(part.code, {}, language)
            yield RowFinding("warning", f"{row.place}: {said}", excerpt=tidy(part.text)[:60])


def _to_rows(table: Table) -> Iterator[TextRow]:
    heads = {row.number for row in table.rows[:_HEAD_WITHIN] if is_surely_head(_cells(row, set()))}
    for number, row in enumerate(table.rows, 1):
        cells = list(_cells(row, heads))
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield TextRow(number, " ".join(filter(None, cells)), tuple(cells), Delimiter.TAB)


def _cells(row: GridRow, heads: set[int]) -> tuple[str, ...]:
    """Return the texts of a row: a cell across columns once, one down rows in each of them.

    Headings that reach down into a second row of headings stand in the first one only.
    """
    texts: list[str] = []
    for column, cell in enumerate(row.slots):
        if cell is None or cell.column != column or (cell.row != row.number and cell.row in heads):
            texts.append("")
        else:
            texts.append(tidy(cell.text))
    return tuple(texts)
