"""Text extraction by file kind; runs in a process of its own (`extraction`).

Hidden sheets, rows, columns and text, what is struck through, comments and text deleted under
tracked changes are not read: they are not meant for the public, and the readers of tables leave
them out by one rule for every format. An invisible layer of a PDF is read: it is what a scanner
recognised. Files are untrusted input.
"""

import posixpath
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from lxml import etree

from core.search.document import BODY_LIMIT
from core.tables.confinement import MIB, Limits, confine
from core.tables.formats.legacy.rtf import read_rtf
from core.tables.formats.legacy.xls import build_tables
from core.tables.formats.legacy.xls_cells import read_workbook
from core.tables.formats.opendocument.documents import read_odt
from core.tables.formats.opendocument.sheets import read_ods
from core.tables.formats.word.documents import read_docx
from core.tables.formats.xlsx import read_xlsx
from core.tables.formats.zip_package import Package
from core.tables.grid import Block, Table
from core.tables.limits import Deadline, UnreadableFile

MOST_CHARACTERS = BODY_LIMIT
MOST_PAGES = 500
SECONDS = 20
# UTF-8 takes up to four bytes; the kernel ends whoever writes more.
LIMITS = Limits(SECONDS, patience=60, memory=768 * MIB, output=MOST_CHARACTERS * 4)
UNREADABLE = 3

_OFD = "{http://www.ofdspec.org/2016}"
# Text objects whose tops differ by less (in millimetres) stand in one line.
_SAME_LINE = 1.0


def extract_text(kind: str, data: bytes) -> str:
    """Return the text of a file of a kind in `READERS`, truncated if long.

    Raises `UnreadableFile`, or whatever a library says of what it cannot read.
    """
    parts: list[str] = []
    length = 0
    for part in READERS[kind](data):
        text = " ".join(part.split())
        if not text:
            continue
        parts.append(text)
        length += len(text) + 1
        if length > MOST_CHARACTERS:
            break
    return "\n".join(parts)[:MOST_CHARACTERS]


def _package(data: bytes) -> Package:
    return Package(data, "", Deadline("", SECONDS / 2))


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the lines of a document, or of the sheets of a workbook with their names."""
    for block in blocks:
        if isinstance(block, Table) and block.hidden:
            continue
        if isinstance(block, Table) and block.name:
            yield block.name
        yield from _lines(block)


def _lines(block: Block) -> Iterator[str]:
    if not isinstance(block, Table):
        yield block.text
        return
    for row in block.rows:
        yield " ".join(cell.text for cell in row.cells if cell.row == row.number)


def _pdf(data: bytes) -> Iterator[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            text = page.get_textpage()
            yield from text.get_text_range().splitlines()
            text.close()
            page.close()


def _ofd(data: bytes) -> Iterator[str]:
    """Yield the text of an OFD document (GB/T 33190) page by page, line by line."""
    package = _package(data)
    for root in package.parse("OFD.xml").iter(f"{_OFD}DocRoot"):
        document = (root.text or "").strip().lstrip("/")
        pages = package.parse(document).iter(f"{_OFD}Page")
        for page in chain(pages):
            name = _beside(document, page.get("BaseLoc", ""))
            if name in package.names:
                yield from _ofd_lines(package.parse(name))


def _beside(document: str, location: str) -> str:
    if location.startswith("/"):
        return posixpath.normpath(location.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(document), location))


def _ofd_lines(page: etree._Element) -> Iterator[str]:
    line: list[str] = []
    top: float | None = None
    for placed in page.iter(f"{_OFD}TextObject"):
        if placed.get("Visible") == "false":
            continue
        here = _top_of(placed)
        if top is not None and abs(here - top) > _SAME_LINE:
            yield "".join(line)
            line = []
        top = here
        line += [code.text or "" for code in placed.iter(f"{_OFD}TextCode")]
    yield "".join(line)


def _top_of(placed: etree._Element) -> float:
    try:
        return float(str(placed.get("Boundary", "")).split()[1])
    except (IndexError, ValueError):
        return 0.0


def _plain(data: bytes) -> Iterator[str]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            yield from data.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
        return


READERS: dict[str, Callable[[bytes], Iterable[str]]] = {
    "docx": lambda data: _blocks(read_docx(_package(data))),
    "docm": lambda data: _blocks(read_docx(_package(data))),
    "xlsx": lambda data: _blocks(read_xlsx(_package(data))),
    "xlsm": lambda data: _blocks(read_xlsx(_package(data))),
    "xls": lambda data: _blocks(build_tables(read_workbook(data), "")),
    "odt": lambda data: _blocks(read_odt(_package(data))),
    "ods": lambda data: _blocks(read_ods(_package(data))),
    "rtf": lambda data: _blocks(read_rtf(data, "", Deadline("", SECONDS / 2))),
    "pdf": _pdf,
    "ofd": _ofd,
    "txt": _plain,
    "csv": _plain,
}


def main() -> int:
    """Read a file from standard input, its kind from the first argument; write its text."""
    confine(LIMITS)
    try:
        text = extract_text(sys.argv[1], sys.stdin.buffer.read())
    except (UnreadableFile, ValueError, RuntimeError, LookupError, OSError):
        return UNREADABLE
    sys.stdout.buffer.write(text.encode("utf-8", "ignore"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
