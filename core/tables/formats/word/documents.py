"""DOCX documents as tables and lines, in the order of the document."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from lxml import etree

from core.tables.formats.colors import LOWEST_ROW, Color
from core.tables.formats.nesting import MOST_NESTED, note_table_inside
from core.tables.formats.word.runs import (
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
from core.tables.formats.word.tables import (
    CellSpan,
    CellWithTable,
    WordTable,
    holds_own_text,
    holds_table,
    list_children,
    to_span_grid,
)
from core.tables.formats.zip_package import Package, free
from core.tables.grid import Block, Line, Table, UnreadText
from core.tables.limits import MAX_CELL_TEXT, MAX_CELLS, UnreadableFile

_DOCUMENT = "word/document.xml"
_STYLES = "word/styles.xml"
_NUMBERING = "word/numbering.xml"
_TAGS = tuple(f"{{{space}}}{name}" for space in SPACES for name in ("p", "tr", "tbl"))
#: Properties of a row that nobody sees, and what to say of its text.
_GONE = {"del": "text-deleted", "hidden": "text-hidden"}


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
        read = WordTable()
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
                if not self._add_row(read, element):
                    free(element)
            elif name == "tbl" and not tables:
                # A drawing is repeated for old programs, its tables too.
                if not any(outer.tag == FALLBACK for outer in element.iterancestors()):
                    yield from self._finish(read)
                read = WordTable()

    def _lines(self, paragraph: etree._Element) -> Iterator[Line]:
        self._paragraphs += 1
        place = f"第{self._paragraphs}段"
        yield from self._lines_at(place, paragraph)
        for inner in paragraph.iterdescendants(*PARAGRAPHS):
            between = takewhile(lambda outer: outer is not paragraph, inner.iterancestors())
            outer = [local_name(element) for element in between]
            # Text in a box of its own.
            if "Fallback" not in outer and "tbl" not in outer:
                yield from self._lines_at(place, inner)

    def _lines_at(self, place: str, paragraph: etree._Element) -> Iterator[Line]:
        read = self._runs.read(paragraph)
        lines = self._numbered(paragraph, read.text).split("\n")
        yield Line(place, lines[0], read.left_out)
        yield from (Line(place, line) for line in lines[1:])

    def _add_row(self, table: WordTable, row: etree._Element) -> bool:
        """Add a row; return whether it holds tables, which are looked at when the table ends."""
        count, number = len(table.inside), len(table.rows)
        table.rows.append(self._row(row, f"第{self._tables + 1}个表格"))
        for position, cell in enumerate(list_children(row, {"tc"})):
            if table.rows[number][position].text.strip() and holds_table(cell):
                table.inside.append(CellWithTable(number, position, cell, holds_own_text(cell)))
        return len(table.inside) > count

    def _finish(self, table: WordTable, depth: int = 0) -> Iterator[Block]:
        """Give a table; one of layout is looked into, and so is what stands alone in a row."""
        if depth < MOST_NESTED and table.inside and table.lays_out:
            yield from self._take_apart(table, depth)
            return
        alone = [each for each in table.inside if depth < MOST_NESTED and table.is_alone(each)]
        for each in table.inside:
            cell = table.rows[each.row][each.position]
            said = (*cell.left_out, *note_table_inside(cell.text))
            changed = {"text": "", "left_out": ()} if each in alone else {"left_out": said}
            table.rows[each.row][each.position] = cell._replace(**changed)
        yield self._table(table.rows)
        for each in alone:
            yield from self._look_into(each.cell, depth)

    def _take_apart(self, table: WordTable, depth: int) -> Iterator[Block]:
        inside = {(each.row, each.position): each.cell for each in table.inside}
        for number, row in enumerate(table.rows):
            place = f"第{self._tables + 1}个表格第{number + 1}行"
            for position, cell in enumerate(row):
                if (number, position) in inside:
                    yield from self._look_into(inside[number, position], depth)
                    continue
                first, *rest = cell.text.split("\n")
                yield Line(place, first, cell.left_out)
                yield from (Line(place, text) for text in rest)

    def _look_into(self, cell: etree._Element, depth: int) -> Iterator[Block]:
        """Give the paragraphs and tables of a cell as those of a document."""
        for element in list_children(cell, {"p", "tbl"}):
            if element.tag in PARAGRAPHS:
                yield from self._lines(element)
                continue
            table = WordTable()
            for row in list_children(element, {"tr"}):
                self._add_row(table, row)
            yield from self._finish(table, depth + 1)

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
        for cell in list_children(row, {"tc"}):
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
