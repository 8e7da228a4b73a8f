"""ZIP containers: no bomb, nothing hidden between, before or after the parts."""

import re
import zipfile
from collections.abc import Iterator
from typing import IO

from lxml import etree

from core.publishing.files.inspection.verdict import Harm, RefusedContent, is_foreign

MOST_ENTRIES = 3_000
MOST_UNPACKED = 300 * 2**20
# What is small may be packed tightly; beyond this, so much from so little is a bomb.
TRUSTED_UNPACKED = 20 * 2**20
HIGHEST_RATIO = 120
_BLOCK = 2**16
_LOCAL_HEADER = 30
#: A descriptor of sizes may follow an entry.
_DESCRIPTOR = 24
_PROGRAMS = re.compile(
    r".*\.(?:exe|dll|com|scr|msi|jse?|vb[se]|ws[fh]|hta|bat|cmd|ps1|lnk|jar|class|sh|py)",
    re.IGNORECASE | re.DOTALL,
)


def refuse_bombs(archive: zipfile.ZipFile, packed: int) -> None:
    """Refuse what unpacks to an enormous size, is encrypted, or is named to leave its folder."""
    entries = archive.infolist()
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise RefusedContent(Harm.ENCRYPTED)
    if len(entries) > MOST_ENTRIES:
        raise RefusedContent(Harm.BROKEN)
    if any(entry.filename.startswith("/") or ".." in entry.filename for entry in entries):
        raise RefusedContent(Harm.BROKEN)
    limit = min(MOST_UNPACKED, max(TRUSTED_UNPACKED, packed * HIGHEST_RATIO))
    if sum(entry.file_size for entry in entries) > limit:
        raise RefusedContent(Harm.BOMB)
    unpacked = 0
    for entry in entries:  # what the entries say of themselves need not be true
        with archive.open(entry) as part:
            while block := part.read(_BLOCK):
                unpacked += len(block)
                if unpacked > limit:
                    raise RefusedContent(Harm.BOMB, entry.filename)


def refuse_gaps(archive: zipfile.ZipFile, data: bytes) -> None:
    """Refuse bytes that belong to no entry, and two entries of one name."""
    names = [entry.filename.lower() for entry in archive.infolist()]
    if archive.comment or len(set(names)) < len(names):
        raise RefusedContent(Harm.APPENDED)
    if not data.endswith(b"\0\0") or data.rfind(b"PK\x05\x06") + 22 != len(data):
        raise RefusedContent(Harm.APPENDED)
    end = 0
    for entry in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
        if entry.header_offset - end > _DESCRIPTOR or (end == 0 < entry.header_offset):
            raise RefusedContent(Harm.APPENDED, entry.filename)
        end = _end(entry, data)
    if archive.start_dir - end > _DESCRIPTOR:
        raise RefusedContent(Harm.APPENDED)


def _end(entry: zipfile.ZipInfo, data: bytes) -> int:
    header = data[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
    name, extra = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
    return entry.header_offset + _LOCAL_HEADER + name + extra + entry.compress_size


def refuse_foreign_parts(archive: zipfile.ZipFile, *, packages: frozenset[str]) -> None:
    """Refuse parts that are programs or containers, whatever their names; `packages` may be ZIP."""
    for entry in archive.infolist():
        name = entry.filename
        if _PROGRAMS.fullmatch(name):
            raise RefusedContent(Harm.PROGRAM, name)
        with archive.open(entry) as part:
            start = part.read(256)
        if start.startswith(b"\xd0\xcf\x11\xe0"):
            raise RefusedContent(_harm_of_container(archive.read(name)), name)
        if is_foreign(start) and name not in packages:
            raise RefusedContent(Harm.PROGRAM, name)


def _harm_of_container(data: bytes) -> Harm:
    """Tell macros from other objects in an old container inside a package."""
    return Harm.MACRO if "VBA".encode("utf-16-le") in data else Harm.EMBEDDED


def iterate_elements(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, etree._Element]]:
    """Stream the beginnings and ends of a part's elements; refuses what is no plain XML."""
    with archive.open(name) as stream:
        try:
            yield from _events(stream, name)
        except etree.XMLSyntaxError as error:
            raise RefusedContent(Harm.BROKEN, name) from error


def _events(stream: IO[bytes], name: str) -> Iterator[tuple[str, etree._Element]]:
    events = etree.iterparse(
        stream, ("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    first = True
    for event, element in events:
        if first and element.getroottree().docinfo.doctype:
            raise RefusedContent(Harm.BROKEN, name)
        first = False
        if isinstance(element.tag, str):
            yield event, element
        if event == "end":
            free_earlier(element)


def free_earlier(element: etree._Element) -> None:
    """Forget an element that was read, so that a long part stays small in memory."""
    element.clear(keep_tail=True)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def find_attribute(element: etree._Element, name: str) -> str:
    """Return an attribute whatever its namespace, `""` where there is none."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""
