"""ZIP packages (XLSX, DOCX): opened only after it is known what they unpack to."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Literal

from lxml import etree

from core.tables.limits import (
    MAX_PART,
    MAX_PARTS,
    MAX_RATIO,
    MAX_SMALL_PART,
    MAX_TAGS,
    MAX_UNPACKED,
    MIB,
    SMALL_PART,
    Deadline,
    UnreadableFile,
)

_CHUNK = 1 * MIB
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
)


class Package:
    """A checked ZIP package: names, sizes and real contents within limits."""

    def __init__(self, data: bytes, filename: str, deadline: Deadline) -> None:
        self.filename = filename
        self._deadline = deadline
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise UnreadableFile("package-damaged", filename) from error
        self._check_declared()

    def _check_declared(self) -> None:
        parts = self._zip.infolist()
        if len(parts) > MAX_PARTS:
            raise UnreadableFile("package-too-many-parts", self.filename)
        for part in parts:
            if part.flag_bits & 1:
                raise UnreadableFile("package-encrypted", self.filename, part.filename)
            self._check_part(part)
        if sum(part.file_size for part in parts) > MAX_UNPACKED:
            self._refuse(None, sum(part.file_size for part in parts))

    def _check_part(self, part: zipfile.ZipInfo) -> None:
        ratio = part.file_size / max(part.compress_size, 1)
        if part.file_size > MAX_PART or (part.file_size > SMALL_PART and ratio > MAX_RATIO):
            self._refuse(part.filename, part.file_size)

    def _refuse(self, part: str | None, size: int) -> None:
        params = {"size": str(size // MIB), "limit": str(MAX_UNPACKED // MIB)}
        raise UnreadableFile("package-too-large", self.filename, part, params)

    @property
    def names(self) -> list[str]:
        """The names of the parts."""
        return self._zip.namelist()

    def open(self, name: str) -> IO[bytes]:
        """Open a part as a stream that ends with an error where the part is not as declared."""
        try:
            return self._zip.open(name)
        except _DAMAGE as error:
            raise UnreadableFile("package-part-damaged", self.filename, name) from error

    def read(self, name: str) -> bytes:
        """Return a whole part, which must be small."""
        if self._zip.getinfo(name).file_size > MAX_SMALL_PART:
            self._refuse(name, self._zip.getinfo(name).file_size)
        with self.open(name) as stream:
            try:
                return b"".join(iter(lambda: stream.read(_CHUNK), b""))
            except _DAMAGE as error:
                raise UnreadableFile("package-part-damaged", self.filename, name) from error

    def parse(self, name: str) -> etree._Element:
        """Parse a part; entities are not expanded, nothing is fetched."""
        try:
            root = etree.fromstring(self.read(name), xml_parser())
        except (etree.XMLSyntaxError, ValueError) as error:
            raise UnreadableFile("package-part-damaged", self.filename, name) from error
        self._refuse_doctype(root, name)
        return root

    def _refuse_doctype(self, root: etree._Element, name: str) -> None:
        if root.getroottree().docinfo.doctype:
            raise UnreadableFile("package-doctype", self.filename, name)

    def elements(self, name: str, tags: tuple[str, ...]) -> Iterator[etree._Element]:
        """Stream the elements of these tags from a part, freeing what has been read."""
        for _, element in self.events(name, tags, ("end",)):
            yield element
            free(element)

    def events(
        self, name: str, tags: tuple[str, ...], events: tuple[Literal["start", "end"], ...]
    ) -> Iterator[tuple[str, etree._Element]]:
        """Stream the beginnings and ends of elements; the caller frees what it has read."""
        with self.open(name) as stream:
            metered = _Metered(stream, self.filename, name, self._deadline)
            try:
                for event in self._streamed(metered, name, tags, events):
                    yield event
                    metered.tags = 0
            except (etree.XMLSyntaxError, *_DAMAGE) as error:
                raise UnreadableFile("package-part-damaged", self.filename, name) from error

    def _streamed(
        self,
        stream: "_Metered",
        name: str,
        tags: tuple[str, ...],
        events: tuple[Literal["start", "end"], ...],
    ) -> Iterator[tuple[str, etree._Element]]:
        context = etree.iterparse(
            stream,
            tag=tags,
            events=events,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        checked = False
        for event, element in context:
            if not checked:
                self._refuse_doctype(element, name)
                checked = True
            yield event, element


class _Metered:
    """A stream that counts tags, so that no row or paragraph of millions is gathered."""

    def __init__(self, stream: IO[bytes], filename: str, part: str, deadline: Deadline) -> None:
        self._deadline = deadline
        self.tags = 0
        self._stream = stream
        self._place = (filename, part)

    def read(self, size: int = -1) -> bytes:
        """Read on; refuse once too many tags have come without a row's or paragraph's end."""
        self._deadline.check(self._place[1])
        chunk = self._stream.read(size)
        self.tags += chunk.count(b"<")
        if self.tags > MAX_TAGS:
            raise UnreadableFile("table-too-large", *self._place)
        return chunk


def free(element: etree._Element) -> None:
    """Drop an element's content and what stands before it, so that a stream stays small."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def xml_parser() -> etree.XMLParser:
    """Return a parser that expands no entity, loads no DTD and fetches nothing."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
