"""DOCX documents as tables and lines, in the order of the document."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from core.tables.formats.colors import LOWEST_ROW, Color
from core.tables.formats.word_runs import (
    FALLBACK,
    INK,
    PARAGRAPHS,
    SPACES,
    ParagraphText,
    RunReader,
    child,
    get,
    local_name,
    read_shade,
    read_style_looks,
)
from core.tables.formats.zip_package import Package, free
from core.tables.grid import Block, Line, SpanGrid, Table, UnreadText
from core.tables.limits import MAX_CELL_TEXT, MAX_CELLS, UnreadableFile

_DOCUMENT = "word/document.xml"
_STYLES = "word/styles.xml"
_NUMBERING = "word/numbering.xml"
_TAGS = tuple(f"{{{space}}}{name}" for space in SPACES for name in ("p", "tr", "tbl"))
_CONTAINERS = frozenset(
    {"sdt", "sdtContent", "smartTag", "customXml", "ins", "moveTo", "hyperlink"}
)
#: Properties of a row that nobody sees, and what to say of its text.
_GONE = {"del": "text-deleted", "hidden": "text-hidden"}


class CellSpan(NamedTuple):
    """A cell of a Word row: its text, width, and whether it goes on from the row above."""

    text: str
    column: int
    width: int
    continues: bool
    left_out: tuple[UnreadText, ...] = ()


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


def _settings(element: etree._Element | None) -> Mapping[str, etree._Element]:
    """Return what an element of properties holds, by name."""
    return {} if element is None else {local_name(inner): inner for inner in element}


class _DocumentReader:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._numbering = _Numbering(_plain_lists(package))
        styles = package.parse(_STYLES) if _STYLES in package.names else None
        self._style_lists = {} if styles is None else _lists_of_styles(styles)
        self._runs = RunReader({} if styles is None else read_style_looks(styles))
        self._shaded = frozenset() if styles is None else _shaded_styles(styles)
        self._paragraphs = 0
        self._tables = 0
        self._cells = MAX_CELLS

    def blocks(self) -> Iterator[Block]:
        """Give tables and lines in order; a row is forgotten once it is read."""
        rows: list[list[CellSpan]] = []
        tables = paragraphs = 0
        for event, element in self._package.events(_DOCUMENT, _TAGS, ("start", "end")):
            name, step = local_name(element), 1 if event == "start" else -1
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
                # A drawing is repeated for old programs, its tables too.
                if not any(outer.tag == FALLBACK for outer in element.iterancestors()):
                    yield self._table(rows)
                rows = []

    def _lines(self, paragraph: etree._Element) -> Iterator[Line]:
        self._paragraphs += 1
        place = f"第{self._paragraphs}段"
        yield from self._lines_at(place, paragraph)
        for inner in paragraph.iterdescendants(*PARAGRAPHS):
            outer = [local_name(element) for element in inner.iterancestors()]
            # Text in a box of its own.
            if "Fallback" not in outer and "tbl" not in outer:
                yield from self._lines_at(place, inner)

    def _lines_at(self, place: str, paragraph: etree._Element) -> Iterator[Line]:
        read = self._runs.read(paragraph)
        lines = self._numbered(paragraph, read.text).split("\n")
        yield Line(place, lines[0], read.left_out)
        yield from (Line(place, line) for line in lines[1:])

    def _table(self, rows: list[list[CellSpan]]) -> Table:
        self._tables += 1
        place = f"第{self._tables}个表格"
        grid = to_span_grid(rows)
        if grid.is_full:
            raise UnreadableFile("table-too-large", self._package.filename, place)
        places = [f"{place}第{number + 1}行" for number in range(len(rows))]
        return Table(place, grid.rows(places), spanned=True)

    def _row(self, row: etree._Element, place: str) -> list[CellSpan]:
        shape = _settings(child(row, "trPr"))
        before = shape.get("gridBefore")
        is_gone = next((_GONE[name] for name in _GONE if name in shape), None)
        is_gone = is_gone or ("text-hidden" if _is_flat(shape.get("trHeight")) else None)
        behind = self._behind(row)
        column = _number(before, 0)
        cells: list[CellSpan] = []
        for cell in _unpacked(row, {"tc"}):
            self._cells -= 1
            if self._cells < 0:
                raise UnreadableFile("table-too-large", self._package.filename, place)
            properties = _settings(child(cell, "tcPr"))
            width = max(1, _number(properties.get("gridSpan"), 1))
            merge = properties.get("vMerge")
            continues = merge is not None and (get(merge, "val") or "continue") == "continue"
            shade = read_shade(properties.get("shd")) or behind
            text, left_out = self._cell_text(cell, shade)
            if is_gone and text.strip():
                text, left_out = "", (*left_out, UnreadText(is_gone, text))
            cells.append(CellSpan(text, column, width, continues, left_out))
            column += width
        return cells

    def _behind(self, row: etree._Element) -> Color | None:
        """Return the color that a table has behind its cells; `None` for paper."""
        shape = _settings(child(row.getparent(), "tblPr"))
        style = shape.get("tblStyle")
        if style is not None and get(style, "val") in self._shaded:
            return INK
        return read_shade(shape.get("shd"))

    def _cell_text(
        self, cell: etree._Element, behind: Color | None
    ) -> tuple[str, tuple[UnreadText, ...]]:
        plain = self._runs.read_plain(cell) if behind is None else None
        if plain is not None:
            found = [(paragraph, ParagraphText(text)) for paragraph, text in plain]
        else:
            paragraphs = (element for element in cell.iter() if element.tag in PARAGRAPHS)
            found = [(paragraph, self._runs.read(paragraph, behind)) for paragraph in paragraphs]
        lines = (self._numbered(paragraph, read.text) for paragraph, read in found)
        left_out = tuple(part for _, read in found for part in read.left_out)
        return "\n".join(line for line in lines if line.strip())[:MAX_CELL_TEXT], left_out

    def _list_of(self, paragraph: etree._Element) -> str | None:
        """Return the list whose first level a paragraph is on, by itself or by its style."""
        shape = _settings(child(paragraph, "pPr"))
        properties = shape.get("numPr")
        if properties is None:
            style = shape.get("pStyle")
            return None if style is None else self._style_lists.get(get(style, "val") or "")
        list_id = child(properties, "numId")
        if list_id is None or _number(child(properties, "ilvl"), 0):
            return None
        value = get(list_id, "val")
        return None if value == "0" else value

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
        name = local_name(element)
        if name in names:
            yield element
        elif name in _CONTAINERS:
            stack.extend(reversed(element))


def _is_flat(height: etree._Element | None) -> bool:
    """Say whether a row's height is fixed so low that it shows nothing."""
    if height is None or get(height, "hRule") != "exact":
        return False
    return _number(height, 0) < 20 * LOWEST_ROW  # in twentieths of a point


def _number(element: etree._Element | None, default: int) -> int:
    value = None if element is None else get(element, "val")
    if value is None or not value.isascii() or not value.isdigit():
        return default
    return int(value[:6])


def to_span_grid(rows: list[list[CellSpan]]) -> SpanGrid:
    """Return a table's rows as a grid; cells that go on from above cover what is above them."""
    grid = SpanGrid(len(rows))
    heights = _heights(rows)
    for number, row in enumerate(rows):
        for cell in row:
            if not cell.continues:
                height = heights.get((number, cell.column), 1)
                grid.place(cell.text, number, cell.column, height, cell.width, cell.left_out)
            elif cell.text.strip() or cell.left_out:
                grid.place(cell.text, number, cell.column, 1, cell.width, cell.left_out)
    return grid


def _heights(rows: list[list[CellSpan]]) -> Mapping[tuple[int, int], int]:
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


def _lists_of_styles(styles: etree._Element) -> Mapping[str, str]:
    """Return the lists that paragraph styles put their paragraphs in, by style."""
    found: dict[str, str] = {}
    for style in styles:
        list_id = child(style, "pPr", "numPr", "numId")
        name = get(style, "styleId")
        if list_id is not None and name:
            found[name] = get(list_id, "val") or ""
    return found


def _shaded_styles(styles: etree._Element) -> frozenset[str]:
    """Return the styles of tables that have colors behind their cells."""
    tables = (style for style in styles if get(style, "type") == "table")
    return frozenset(
        get(style, "styleId") or ""
        for style in tables
        if any(read_shade(shade) for shade in style.iterdescendants() if local_name(shade) == "shd")
    )


def _plain_lists(package: Package) -> frozenset[str]:
    """Return the lists whose first level prints a plain number (1, 1. or 1、) from 1 on."""
    if _NUMBERING not in package.names:
        return frozenset()
    root = package.parse(_NUMBERING)
    plain: set[str] = set()
    for abstract in (inner for inner in root if local_name(inner) == "abstractNum"):
        level = child(abstract, "lvl")
        kind, start = child(level, "numFmt"), child(level, "start")
        if kind is not None and get(kind, "val") == "decimal" and _number(start, 1) == 1:
            plain.add(get(abstract, "abstractNumId") or "")
    return frozenset(
        get(number, "numId") or ""
        for number in root
        if local_name(number) == "num"
        and (link := child(number, "abstractNumId")) is not None
        and (get(link, "val") or "") in plain
    )
