"""DOCX documents as tables and lines, in the order of the document."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from core.tables.formats.zip_package import Package, free
from core.tables.grid import Block, Line, SpanGrid, Table
from core.tables.limits import MAX_CELL_TEXT, MAX_CELLS, UnreadableFile

_DOCUMENT = "word/document.xml"
_STYLES = "word/styles.xml"
_NUMBERING = "word/numbering.xml"
_SPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_TAGS = tuple(f"{{{space}}}{name}" for space in _SPACES for name in ("p", "tr", "tbl"))
_PARAGRAPHS = frozenset(f"{{{space}}}p" for space in _SPACES)
_CONTAINERS = frozenset(
    {"sdt", "sdtContent", "smartTag", "customXml", "ins", "moveTo", "hyperlink"}
)
_PRINTED_AS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-"}
_PRINTED = frozenset(
    f"{{{space}}}{name}" for space in _SPACES for name in ("t", "sym", *_PRINTED_AS)
)
#: Text that was moved away, stands in a box of its own, or repeats a drawing for old programs.
_UNSEEN = frozenset(
    {
        *(f"{{{space}}}{name}" for space in _SPACES for name in ("moveFrom", "txbxContent")),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)
#: Boxes and ticks of the symbol fonts, by font and position.
_SYMBOLS = {
    ("Wingdings", 0xFE): "☑",
    ("Wingdings", 0xFD): "☒",
    ("Wingdings", 0xFC): "√",
    ("Wingdings", 0xA8): "□",
    ("Wingdings", 0x6F): "□",
    ("Wingdings", 0x71): "□",
    ("Wingdings", 0x72): "□",
    ("Wingdings", 0x6E): "■",
    ("Wingdings", 0x6C): "●",
    ("Wingdings 2", 0x52): "☑",
    ("Wingdings 2", 0x53): "☒",
    ("Wingdings 2", 0x54): "☒",
    ("Wingdings 2", 0x50): "√",
    ("Wingdings 2", 0xA3): "□",
    ("Wingdings 2", 0x2A): "□",
    ("Wingdings 2", 0xA2): "■",
    ("Symbol", 0xD6): "√",
    ("Symbol", 0xB7): "●",
}


class _CellSpan(NamedTuple):
    """A cell of a Word row: its text, width, and whether it goes on from the row above."""

    text: str
    column: int
    width: int
    continues: bool


@dataclass(slots=True)
class _Numbering:
    """Numbers that Word prints by itself: which lists count in plain digits, and how far."""

    decimal: frozenset[str] = frozenset()
    counted: Counter[str] = field(default_factory=Counter)

    def next_number(self, list_id: str) -> str | None:
        """Return the number of the next paragraph of a list, `None` where it is no plain one."""
        if list_id not in self.decimal:
            return None
        self.counted[list_id] += 1
        return str(self.counted[list_id])


def is_document(package: Package) -> bool:
    """Say whether a package holds a Word document."""
    return _DOCUMENT in package.names


def read_docx(package: Package) -> list[Block]:
    """Return the paragraphs and tables of a document's body."""
    return list(_DocumentReader(package).blocks())


def _local(element: etree._Element) -> str:
    tag = element.tag
    return _name(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _get(element: etree._Element, name: str) -> str | None:
    """Return an attribute whatever its namespace prefix."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


@lru_cache(maxsize=1024)
def _sibling_tag(tag: str, name: str) -> str:
    """Return the tag of a name in the namespace that another tag is in."""
    return f"{tag.partition('}')[0]}}}{name}"


def _child(element: etree._Element | None, *path: str) -> etree._Element | None:
    for name in path:
        if element is None:
            return None
        wanted = _sibling_tag(str(element.tag), name)
        # Asking lxml for one tag costs more than looking at the few children there are.
        for child in element:
            if child.tag == wanted:
                element = child
                break
        else:
            return None
    return element


def _settings(element: etree._Element | None) -> Mapping[str, etree._Element]:
    """Return what an element of properties holds, by name."""
    return {} if element is None else {_local(child): child for child in element}


class _DocumentReader:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._numbering = _Numbering(_plain_lists(package))
        self._style_lists = _lists_of_styles(package)
        self._paragraphs = 0
        self._tables = 0
        self._cells = MAX_CELLS

    def blocks(self) -> Iterator[Block]:
        """Give tables and lines in order; a row is forgotten once it is read."""
        rows: list[list[_CellSpan]] = []
        tables = paragraphs = 0
        for event, element in self._package.events(_DOCUMENT, _TAGS, ("start", "end")):
            name, step = _local(element), 1 if event == "start" else -1
            tables += step if name == "tbl" else 0
            paragraphs += step if name == "p" and not tables else 0
            if event == "start":
                continue
            if name == "p" and not tables and not paragraphs:
                yield from self._lines(element)
                free(element)
            elif name == "tr" and tables == 1:
                rows.append(self._row(element, f"第{self._tables + 1}个表格"))
                free(element)
            elif name == "tbl" and not tables:
                yield self._table(rows)
                rows = []

    def _lines(self, paragraph: etree._Element) -> Iterator[Line]:
        self._paragraphs += 1
        place = f"第{self._paragraphs}段"
        yield from (Line(place, line) for line in self._paragraph(paragraph).split("\n"))

    def _table(self, rows: list[list[_CellSpan]]) -> Table:
        self._tables += 1
        place = f"第{self._tables}个表格"
        grid = _grid(rows)
        if grid.is_full:
            raise UnreadableFile("table-too-large", self._package.filename, place)
        places = [f"{place}第{number + 1}行" for number in range(len(rows))]
        return Table(place, grid.rows(places), spanned=True)

    def _row(self, row: etree._Element, place: str) -> list[_CellSpan]:
        before = _child(row, "trPr", "gridBefore")
        column = _number(before, 0)
        cells: list[_CellSpan] = []
        for cell in _unpacked(row, {"tc"}):
            self._cells -= 1
            if self._cells < 0:
                raise UnreadableFile("table-too-large", self._package.filename, place)
            properties = _settings(_child(cell, "tcPr"))
            width = max(1, _number(properties.get("gridSpan"), 1))
            merge = properties.get("vMerge")
            continues = merge is not None and (_get(merge, "val") or "continue") == "continue"
            cells.append(_CellSpan(self._cell_text(cell), column, width, continues))
            column += width
        return cells

    def _cell_text(self, cell: etree._Element) -> str:
        found = _plain_paragraphs(cell)
        if found is None:
            paragraphs = (element for element in cell.iter() if element.tag in _PARAGRAPHS)
            found = [(paragraph, list(_run_texts(paragraph))) for paragraph in paragraphs]
        lines = (self._numbered(paragraph, "".join(texts)) for paragraph, texts in found)
        return "\n".join(line for line in lines if line.strip())[:MAX_CELL_TEXT]

    def _list_of(self, paragraph: etree._Element) -> str | None:
        """Return the list whose first level a paragraph is on, by itself or by its style."""
        shape = _settings(_child(paragraph, "pPr"))
        properties = shape.get("numPr")
        if properties is None:
            style = shape.get("pStyle")
            return None if style is None else self._style_lists.get(_get(style, "val") or "")
        list_id = _child(properties, "numId")
        if list_id is None or _number(_child(properties, "ilvl"), 0):
            return None
        value = _get(list_id, "val")
        return None if value == "0" else value

    def _paragraph(self, paragraph: etree._Element) -> str:
        return self._numbered(paragraph, "".join(_run_texts(paragraph)))

    def _numbered(self, paragraph: etree._Element, text: str) -> str:
        list_id = self._list_of(paragraph)
        if list_id is None:
            return text
        number = self._numbering.next_number(list_id)
        if not text.strip():
            return number or ""
        return f"{number}.{text}" if number else f"●{text}"


def _unpacked(parent: etree._Element, names: set[str]) -> Iterator[etree._Element]:
    """Give the children of these names, those in content controls and insertions too."""
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        name = _local(element)
        if name in names:
            yield element
        elif name in _CONTAINERS:
            stack.extend(reversed(element))


def _plain_paragraphs(cell: etree._Element) -> list[tuple[etree._Element, list[str]]] | None:
    """Find a cell's paragraphs and their texts in one walk; `None` where some text is unseen."""
    found: list[tuple[etree._Element, list[str]]] = []
    texts: list[str] = []
    for element in cell.iter():
        tag = element.tag
        if tag in _PARAGRAPHS:
            texts = []
            found.append((element, texts))
        elif tag in _PRINTED:
            texts.append(_printed(element))
        elif tag in _UNSEEN:
            return None
    return found


def _run_texts(paragraph: etree._Element) -> Iterator[str]:
    if not len(paragraph):
        return
    unseen: set[etree._Element] = set()
    for element in paragraph.iter():
        if element.tag in _UNSEEN:
            unseen.update(element.iter())
        elif element.tag in _PRINTED and element not in unseen:
            yield _printed(element)


def _printed(element: etree._Element) -> str:
    name = _local(element)
    if name == "t":
        return element.text or ""
    if name == "sym":
        return _symbol(element)
    # The stops of a paragraph's ruler are called tabs as well.
    return _PRINTED_AS[name] if name != "tab" or _local_parent(element) == "r" else ""


def _local_parent(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else _local(parent)


def _symbol(element: etree._Element) -> str:
    font, printed = _get(element, "font") or "", _get(element, "char") or ""
    try:
        position = int(printed, 16) & 0xFF
    except ValueError:
        return ""
    return _SYMBOLS.get((font, position), "")


def _number(element: etree._Element | None, default: int) -> int:
    value = None if element is None else _get(element, "val")
    if value is None or not value.isascii() or not value.isdigit():
        return default
    return int(value[:6])


def _grid(rows: list[list[_CellSpan]]) -> SpanGrid:
    grid = SpanGrid(len(rows))
    heights = _heights(rows)
    for number, row in enumerate(rows):
        for cell in row:
            if not cell.continues:
                height = heights.get((number, cell.column), 1)
                grid.place(cell.text, number, cell.column, height, cell.width)
            elif cell.text.strip():
                grid.place(cell.text, number, cell.column, 1, cell.width)
    return grid


def _heights(rows: list[list[_CellSpan]]) -> Mapping[tuple[int, int], int]:
    """Return how many rows each cell covers, by its first row and column."""
    heights: dict[tuple[int, int], int] = {}
    open_at: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(rows):
        going_on: dict[int, tuple[int, int]] = {}
        for cell in row:
            origin = open_at.get(cell.column) if cell.continues and not cell.text.strip() else None
            if origin is None:
                origin = (number, cell.column)
            heights[origin] = number - origin[0] + 1
            going_on[cell.column] = origin
        open_at = going_on
    return heights


def _lists_of_styles(package: Package) -> Mapping[str, str]:
    """Return the lists that paragraph styles put their paragraphs in, by style."""
    if _STYLES not in package.names:
        return {}
    found: dict[str, str] = {}
    for style in package.parse(_STYLES):
        list_id = _child(style, "pPr", "numPr", "numId")
        name = _get(style, "styleId")
        if list_id is not None and name:
            found[name] = _get(list_id, "val") or ""
    return found


def _plain_lists(package: Package) -> frozenset[str]:
    """Return the lists whose first level prints a plain number (1, 1. or 1、) from 1 on."""
    if _NUMBERING not in package.names:
        return frozenset()
    root = package.parse(_NUMBERING)
    plain: set[str] = set()
    for abstract in (child for child in root if _local(child) == "abstractNum"):
        level = _child(abstract, "lvl")
        kind, start = _child(level, "numFmt"), _child(level, "start")
        if kind is not None and _get(kind, "val") == "decimal" and _number(start, 1) == 1:
            plain.add(_get(abstract, "abstractNumId") or "")
    return frozenset(
        _get(number, "numId") or ""
        for number in root
        if _local(number) == "num"
        and (link := _child(number, "abstractNumId")) is not None
        and (_get(link, "val") or "") in plain
    )
