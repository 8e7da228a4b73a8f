"""Detect the type of a file by content, and read its tables and lines."""

import re

from core.tables.formats.encoding import decode
from core.tables.formats.html import read_html
from core.tables.formats.legacy.conversion import (
    ConversionError,
    ConversionFault,
    convert_to_docx,
)
from core.tables.formats.legacy.rtf import read_rtf
from core.tables.formats.legacy.web_archive import is_web_archive, read_web_archive
from core.tables.formats.legacy.xls import read_xls
from core.tables.formats.opendocument.documents import read_odt
from core.tables.formats.opendocument.sheets import find_open_kind, read_ods
from core.tables.formats.word.documents import is_document, read_docx
from core.tables.formats.xlsx import is_workbook, read_xlsx
from core.tables.formats.zip_package import Package
from core.tables.grid import Block, Line, Table
from core.tables.layout.delimited_text import read_text
from core.tables.limits import MAX_TEXT, MIB, Deadline, UnreadableFile

_ZIP = b"PK\x03\x04"
#: Files of other kinds, by their first bytes, and what to say of them.
_FOREIGN = (
    (b"%PDF", "is-pdf"),
    (b"\x89PNG", "is-image"),
    (b"\xff\xd8\xff", "is-image"),
    (b"GIF8", "is-image"),
    (b"Rar!", "is-archive"),
    (b"7z\xbc\xaf", "is-archive"),
    (b"\x1f\x8b", "is-archive"),
    (b"PK\x05\x06", "package-damaged"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|tr|td|th|div|p|span|meta)\b", re.IGNORECASE
)
#: Workbooks and documents of Office 2003 written as one XML file.
_OFFICE_XML = re.compile(
    r"<\?mso-application|urn:schemas-microsoft-com:office:spreadsheet[\"']"
    r"|office/word/2003/wordml|office/2006/xmlPackage"
)
_HEAD = 4096
_STREAMS = (
    ("EncryptedPackage", "package-encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
)


def read_blocks(
    data: bytes, filename: str, deadline: Deadline, *, max_bytes: int, convert: bool = False
) -> list[Block]:
    """Return the tables and lines of a file of any supported kind.

    Raises `UnreadableFile` with the reason for any other, and for an old text document unless
    `convert` allows the office program: that takes a minute, which nobody's request has.
    """
    _check_bytes(data, filename, max_bytes)
    if convert and is_old_text(data):
        data = convert_old_text(data, filename, deadline)
    blocks = _blocks(data, filename, deadline)
    if sum(_text_size(block) for block in blocks) > MAX_TEXT:
        raise UnreadableFile("table-too-large", filename)
    return blocks


def _text_size(block: Block) -> int:
    if isinstance(block, Line):
        return len(block.text)
    return sum(len(cell.text) for row in block.rows for cell in row.cells)


def _check_bytes(data: bytes, filename: str, max_bytes: int) -> None:
    if len(data) > max_bytes:
        params = {"size": str(len(data) // MIB), "limit": str(max_bytes // MIB)}
        raise UnreadableFile("file-too-large", filename, None, params)
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile("file-empty", filename)
    for start, code in _FOREIGN:
        if data.startswith(start) or (start == b"%PDF" and start in data[:1024]):
            raise UnreadableFile(code, filename)


def _blocks(data: bytes, filename: str, deadline: Deadline) -> list[Block]:
    if data.startswith(_ZIP):
        return _from_package(Package(data, filename, deadline))
    if data.startswith(_RTF):
        return read_rtf(data, filename, deadline)
    if data.startswith(_OLE):
        return _from_old_file(data, filename)
    if is_web_archive(data):
        data = read_web_archive(data) or b""
        _check_bytes(data, filename, len(data))
    text = decode(data, filename)
    if _OFFICE_XML.search(text[:_HEAD]) and "<html" not in text[:_HEAD].lower():
        raise UnreadableFile("is-office-xml", filename)
    if _HTML.search(text[:_HEAD]) or (filename.lower().endswith((".html", ".htm")) and "<" in text):
        return read_html(text, filename, deadline)
    return read_text(text, filename)


def is_old_text(data: bytes) -> bool:
    """Return whether a file is a text document that only the office program reads."""
    return data.startswith(_OLE) and _old_kind(data) == "doc"


def convert_old_text(data: bytes, filename: str, deadline: Deadline) -> bytes:
    """Return an old text document as DOCX; raises `UnreadableFile`, also where it has no table."""
    try:
        converted = convert_to_docx(data, "doc")
    except ConversionError as error:
        raise UnreadableFile(error.fault, filename) from error
    blocks = _from_package(Package(converted, filename, deadline))
    if not any(isinstance(block, Table) for block in blocks):
        raise UnreadableFile("conversion-no-table", filename)
    return converted


def _from_old_file(data: bytes, filename: str) -> list[Block]:
    kind = _old_kind(data)
    if kind == "xls":
        return list(read_xls(data, filename))
    raise UnreadableFile(ConversionFault.NO_PROGRAM if kind == "doc" else kind, filename)


def _old_kind(data: bytes) -> str:
    """Tell what an OLE compound file holds by the names of its streams; else why it is not read."""
    for name, kind in _STREAMS:
        if name.encode("utf-16-le") in data:
            return kind
    return "is-old-office"


def _from_package(package: Package) -> list[Block]:
    if is_workbook(package):
        return list(read_xlsx(package))
    if is_document(package):
        return read_docx(package)
    kind = find_open_kind(package)
    if kind == "ods":
        return list(read_ods(package))
    if kind == "odt":
        return read_odt(package)
    raise UnreadableFile("package-unknown", package.filename)
