"""Parts of Office packages: read whole, also what no page shows; written back after masking."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from lxml import etree

from core.privacy.readers.nodes import Node, NodeText, Passage
from core.tables.formats.zip_package import Package, xml_parser
from core.tables.limits import Deadline, UnreadableFile

SECONDS = 20
_SHORTEST = 7
#: Looks without words: fonts, colours, and lists of what the package holds.
_WORDLESS = re.compile(
    r"(?:^|/)(?:theme/.*|styles|fontTable|numbering|webSettings|\[Content_Types\])\.xml$"
)
_PROPERTIES = "properties"
_LABELS = (
    (re.compile(r"docProps/|customXml/"), _PROPERTIES),
    (re.compile(r"threadedComment|comments", re.IGNORECASE), "comment"),
    (re.compile(r"pivotCache|pivotTable"), "pivot cache"),
    (re.compile(r"externalLink"), "external link"),
    (re.compile(r"charts?/"), "chart"),
    (re.compile(r"drawing|diagrams/"), "drawing"),
    (re.compile(r"header\d"), "header"),
    (re.compile(r"footer\d"), "footer"),
    (re.compile(r"footnotes|endnotes"), "note"),
    (re.compile(r"_rels/"), "link"),
    (re.compile(r"persons?/|people"), "people"),
)
_BLOCKS = frozenset({"p", "si", "comment", "text"})
_PICTURE = re.compile(r"/media/.+\.(?:jpe?g|png|webp|tiff?)$", re.IGNORECASE)


class OfficePackage:
    """The trees of a package by the names of their parts, each parsed once."""

    def __init__(self, data: bytes) -> None:
        self._package = Package(data, "", Deadline("", SECONDS / 2))
        self._trees: dict[str, etree._Element] = {}
        self.names = self._package.names

    def tree(self, name: str) -> etree._Element:
        if name not in self._trees:
            self._trees[name] = self._parse(name)
        return self._trees[name]

    def _parse(self, name: str) -> etree._Element:
        try:
            with self._package.open(name) as stream:
                root = etree.parse(stream, xml_parser()).getroot()
        except (etree.XMLSyntaxError, ValueError) as error:
            raise UnreadableFile("package-part-damaged", "", name) from error
        if root.getroottree().docinfo.doctype:
            raise UnreadableFile("package-doctype", "", name)
        return root

    def list_other_parts(self, done: Iterable[str]) -> list[str]:
        """Return the parts with words that no reader of its own has read."""
        known = set(done)
        return [
            name
            for name in self.names
            if name.endswith((".xml", ".rels", ".vml"))
            and name not in known
            and not _WORDLESS.search(name)
        ]

    def read_other_parts(self, done: Iterable[str]) -> Iterator[Passage]:
        for name in self.list_other_parts(done):
            yield from read_part(self.tree(name), name)

    def list_pictures(self) -> list[tuple[str, bytes]]:
        """Return the pictures of a package: photographs know where they were taken."""
        return [(name, self._package.read(name)) for name in self.names if _PICTURE.search(name)]

    def write(self, replaced: dict[str, bytes]) -> bytes:
        """Return the package with the trees as they are now, and other parts replaced."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            for name in self.names:
                package.writestr(name, replaced.get(name) or self._bytes(name))
        return target.getvalue()

    def _bytes(self, name: str) -> bytes:
        if name not in self._trees:
            return self._package.read(name)
        tree = self._trees[name]
        return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def read_part(root: etree._Element, name: str) -> Iterator[Passage]:
    """Yield the texts and the values of attributes of any part, block by block."""
    label = next((word for path, word in _LABELS if path.search(name)), name)
    blocks: dict[etree._Element, list[Node]] = {}
    for element in root.iter(etree.Element):
        if element.text and element.text.strip():
            blocks.setdefault(_block(element), []).append((element, None))
        for attribute, value in element.attrib.items():
            if len(value) >= _SHORTEST:
                yield Passage(label, NodeText([(element, str(attribute))]))
    for count, (block, nodes) in enumerate(blocks.items(), 1):
        at = local_name(block) if label == _PROPERTIES else block.get("ref", str(count))
        yield Passage(f"{label} {at}", NodeText(nodes))


def _block(element: etree._Element) -> etree._Element:
    """Return the paragraph, cell or comment that an element's text is part of, or itself."""
    block = element
    for ancestor in element.iterancestors():
        if local_name(ancestor) in _BLOCKS:
            block = ancestor
    return block


def local_name(element: etree._Element) -> str:
    return etree.QName(element).localname
