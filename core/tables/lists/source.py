"""Rows of a list, from a file of any kind that tables are read from, or from pasted text."""

from dataclasses import dataclass

from core.tables.formats.encoding import decode
from core.tables.grid import GridRow, Table, UnreadText
from core.tables.limits import MIB, Deadline, UnreadableFile
from core.tables.lists.geojson import is_geojson, read_features
from core.tables.pasted.lists import read_list_lines

MAX_BYTES = 5 * MIB
MAX_SECONDS = 15.0
#: First bytes of files that are no text: packages, old office files, rich text.
_DOCUMENTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row as it stands in its source: its place in words, the texts of its cells.

    `single` says that one merged cell covers the whole row (a title, a note), `unclear` that a cell
    is missing and nothing tells which. `unread` is text that was left out, or not as it is shown.
    """

    place: str
    cells: tuple[str, ...]
    single: bool = False
    unclear: bool = False
    unread: tuple[UnreadText, ...] = ()


@dataclass(frozen=True, slots=True)
class ListSource:
    """Tables of a source, row by row, and how many rows and sheets of it are hidden.

    Positions in GeoJSON are WGS-84 unless it says otherwise.
    """

    tables: tuple[tuple[SourceRow, ...], ...]
    hidden_rows: int = 0
    is_geojson: bool = False


def read_list_file(data: bytes, filename: str, *, max_bytes: int = MAX_BYTES) -> ListSource:
    """Read a file of any kind that tables are read from, or GeoJSON; hidden rows are left out.

    Raises `UnreadableFile` for any other file, with the reason, and where there is no table.
    """
    from core.tables.detect import read_blocks  # readers of many formats, and few lists are files

    if is_geojson(data, filename):
        rows = [SourceRow(place, cells) for place, cells in read_features(data, filename)]
        return ListSource((tuple(rows),), is_geojson=True)
    deadline = Deadline(filename, MAX_SECONDS)
    blocks = read_blocks(data, filename, deadline, max_bytes=max_bytes)
    tables = [block for block in blocks if isinstance(block, Table) and not block.hidden]
    if not tables:
        return ListSource((_split_text(_to_text(data, filename)),))
    return ListSource(tuple(map(_to_rows, tables)), sum(table.hidden_rows for table in tables))


def read_pasted_list(text: str) -> ListSource:
    """Read pasted text: a row on each line, cells parted by tab, comma, semicolon or blanks."""
    return ListSource((_split_text(text.replace("\x00", "")),))


def _to_text(data: bytes, filename: str) -> str:
    if data.startswith(_DOCUMENTS):
        raise UnreadableFile("no-table", filename)
    return decode(data, filename)


def _to_rows(table: Table) -> tuple[SourceRow, ...]:
    return tuple(
        SourceRow(
            row.place,
            _texts(row),
            single=_is_single(row, table.width),
            unread=tuple(part for _, part in row.left_out),
        )
        for row in table.rows
        if row.cells or row.left_out
    )


def _texts(row: GridRow) -> tuple[str, ...]:
    return tuple(row.text(column) for column in range(len(row.slots)))


def _is_single(row: GridRow, width: int) -> bool:
    return len(row.cells) == 1 and (row.cells[0].width == width > 1)


def _split_text(text: str) -> tuple[SourceRow, ...]:
    return tuple(
        SourceRow(f"第{line.number}行", line.cells, unclear=line.unclear)
        for line in read_list_lines(text)
    )
