"""Detect office documents without unpacking them to disk; refuse macros and zip bombs."""

import re
import zipfile
from io import BytesIO

MOST_ENTRIES = 3_000
MOST_UNPACKED = 300 * 2**20
LARGEST_PART = 2 * 2**20
# What is small may be packed tightly; beyond this, so much from so little is a bomb.
TRUSTED_UNPACKED = 20 * 2**20
HIGHEST_RATIO = 120
_BLOCK = 2**16

# Main part's content type → our name of the kind.
_OOXML = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
_CODE = re.compile(
    r"vbaproject|vbadata|/activex/|\.(?:exe|dll|js|vbs|bat|cmd|ps1|hta)$", re.IGNORECASE
)
_OUTSIDE_TEMPLATE = re.compile(
    rb"attachedTemplate[^>]*TargetMode\s*=\s*[\"']External", re.IGNORECASE
)
_OUTSIDE_TEMPLATE_REVERSED = re.compile(
    rb"TargetMode\s*=\s*[\"']External[^>]*attachedTemplate", re.IGNORECASE
)
_OLE_NAMES = {"doc": "WordDocument", "xls": "Workbook"}


class BrokenDocumentError(ValueError):
    """The container cannot be read as what it says it is."""


class BombError(ValueError):
    """Unpacked, the document would be enormous."""


class MacroError(ValueError):
    """The document carries code."""


def kind_of_zip(data: bytes) -> str | None:
    """Return `docx`, `xlsx` or `ofd`, else `None`; raises one of the errors above."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _refuse_bombs(archive, len(data))
            _refuse_code(archive)
            return _kind(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BrokenDocumentError from error


def _refuse_bombs(archive: zipfile.ZipFile, packed: int) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or any(entry.flag_bits & 0x1 for entry in entries):
        raise BrokenDocumentError
    if any(entry.filename.startswith("/") or ".." in entry.filename for entry in entries):
        raise BrokenDocumentError
    limit = min(MOST_UNPACKED, max(TRUSTED_UNPACKED, packed * HIGHEST_RATIO))
    if sum(entry.file_size for entry in entries) > limit:
        raise BombError
    unpacked = 0
    for entry in entries:  # what the entries say of themselves need not be true
        with archive.open(entry) as part:
            while block := part.read(_BLOCK):
                unpacked += len(block)
                if unpacked > limit:
                    raise BombError


def _refuse_code(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if _CODE.search(name):
            raise MacroError
        if name.endswith("settings.xml.rels"):
            part = _part(archive, name)
            if _OUTSIDE_TEMPLATE.search(part) or _OUTSIDE_TEMPLATE_REVERSED.search(part):
                raise MacroError


def _kind(archive: zipfile.ZipFile) -> str | None:
    names = set(archive.namelist())
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" not in names:
        return None
    types = _part(archive, "[Content_Types].xml")
    if b"macroEnabled" in types:
        raise MacroError
    return next((kind for part, kind in _OOXML.items() if part in types), None)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(LARGEST_PART)


def kind_of_ole(data: bytes) -> str | None:
    """Return `doc` or `xls` by the streams of the old container; raises `MacroError`."""
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise MacroError
    return next(
        (kind for kind, name in _OLE_NAMES.items() if name.encode("utf-16-le") in data), None
    )
