"""DOCX as it lies in the file: hidden text, text deleted under tracked changes, all its parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from lxml import etree

from core.privacy.domain.findings import Rules
from core.privacy.readers.nodes import (
    FoundText,
    Node,
    NodeText,
    Passage,
    Sheet,
    scan_passages,
    scan_sheet,
)
from core.privacy.readers.packages import OfficePackage, read_part

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STORY = re.compile(r"word/(document\d*|header\d*|footer\d*|comments|footnotes|endnotes)\.xml$")
_TEXTS = frozenset({f"{_W}t", f"{_W}delText", f"{_W}instrText", f"{_W}delInstrText"})
_GAPS = frozenset({f"{_W}tab", f"{_W}br", f"{_W}cr"})
_DELETED = frozenset({f"{_W}del", f"{_W}moveFrom"})
_VISIBLE, _HIDDEN_TEXT, _DELETED_TEXT, _FIELD = "", "hidden text, ", "deleted text, ", "field, "


@dataclass(slots=True)
class _Paragraph:
    """The nodes of a paragraph by what a reader sees of them."""

    layers: dict[str, list[Node]] = field(default_factory=dict)

    def add(self, layer: str, node: Node) -> None:
        self.layers.setdefault(layer, []).append(node)


def scan_document(package: OfficePackage, rules: Rules) -> Iterator[FoundText]:
    """Yield the personal data in all parts of a document."""
    stories = [name for name in package.names if _STORY.match(name)]
    for name in stories:
        yield from _scan_story(package.tree(name), name, rules)
    yield from scan_passages(package.read_other_parts(stories), rules)


def _scan_story(root: etree._Element, name: str, rules: Rules) -> Iterator[FoundText]:
    paragraphs = _read_paragraphs(root)
    sheets: dict[etree._Element, Sheet] = {}
    passages = list[Passage]()
    numbers = count(1)
    for element, paragraph in paragraphs.items():
        cell = next(element.iterancestors(f"{_W}tc"), None)
        number = next(numbers)
        for layer, nodes in paragraph.layers.items():
            where = f"{layer}{_name(element, name, number)}"
            if cell is None or layer != _VISIBLE:
                passages.append(Passage(where, NodeText(nodes)))
    for table in root.iter(f"{_W}tbl"):
        title = f"table {len(sheets) + 1}"
        sheets[table] = _read_table(table, title, paragraphs)
        yield from scan_sheet(sheets[table], rules)
    yield from scan_passages(iter(passages), rules)
    yield from scan_passages(_read_attributes(root, name), rules)


def _read_attributes(root: etree._Element, name: str) -> Iterator[Passage]:
    """Yield what attributes say: descriptions of pictures, authors of changes."""
    for passage in read_part(root, name):
        if passage.nodes.is_attribute:
            yield Passage(f"{_part(name)} (attribute)", passage.nodes)


def _read_paragraphs(root: etree._Element) -> dict[etree._Element, _Paragraph]:
    """Gather the text of each paragraph; one in a text box is no part of the one around it."""
    paragraphs: dict[etree._Element, _Paragraph] = {}
    for element in root.iter(*_TEXTS, *_GAPS):
        owner = next(element.iterancestors(f"{_W}p"), None)
        if owner is None or element.getparent() is None:
            continue
        node: Node = (element, None) if element.tag in _TEXTS else (None, None)
        paragraph = paragraphs.setdefault(owner, _Paragraph())
        paragraph.add(_layer(element), node)
    return paragraphs


def _layer(element: etree._Element) -> str:
    if any(ancestor.tag in _DELETED for ancestor in element.iterancestors()):
        return _DELETED_TEXT
    if element.tag == f"{_W}instrText":
        return _FIELD
    run = element.getparent()
    vanish = None if run is None else run.find(f"{_W}rPr/{_W}vanish")
    is_hidden = vanish is not None and vanish.get(f"{_W}val") not in {"0", "false"}
    return _HIDDEN_TEXT if is_hidden else _VISIBLE


def _read_table(
    table: etree._Element, title: str, paragraphs: dict[etree._Element, _Paragraph]
) -> Sheet:
    sheet = Sheet(title)
    for row, line in enumerate(table.iterchildren(f"{_W}tr")):
        for column, cell in enumerate(line.iter(f"{_W}tc")):
            if next(cell.iterancestors(f"{_W}tbl")) is not table:
                continue
            nodes = list[Node]()
            for element in cell.iterchildren(f"{_W}p"):
                paragraph = paragraphs.get(element)
                if paragraph and paragraph.layers.get(_VISIBLE):
                    nodes += [*paragraph.layers[_VISIBLE], (None, None)]
            if nodes:
                sheet.add(row, column, NodeText(nodes))
    return sheet


def _name(element: etree._Element, part: str, number: int) -> str:
    for ancestor in element.iterancestors(f"{_W}comment", f"{_W}footnote", f"{_W}endnote"):
        identifier = int(ancestor.get(f"{_W}id", "0"))
        kind = etree.QName(ancestor).localname
        return f"{kind} {identifier + 1 if kind == 'comment' else identifier}"
    return f"paragraph {number}" if "document" in part else _part(part)


def _part(name: str) -> str:
    story = _STORY.match(name)
    return re.sub(r"(?<=[a-z])(?=\d)", " ", story[1]) if story else name
