"""Text documents of OpenDocument (.odt) as tables and lines, in the order of the document."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from lxml import etree

from core.tables.formats.nesting import MOST_NESTED, lays_out, note_table_inside
from core.tables.formats.opendocument.sheets import CONTENT, count_repeats, read_styles
from core.tables.formats.opendocument.styles import STYLE_TAGS, TABLE, TEXT, Look
from core.tables.formats.opendocument.texts import (
    ASIDE,
    PARAGRAPHS,
    cell_paragraphs,
    read_paragraphs,
)
from core.tables.formats.zip_package import Package, free
from core.tables.grid import Block, Line, SpanGrid, Table, UnreadText
from core.tables.limits import MAX_CELLS, UnreadableFile

_TABLE, _ROW, _CELL, _COVERED = (
    f"{TABLE}{name}" for name in ("table", "table-row", "table-cell", "covered-table-cell")
)
_SECTION = f"{TEXT}section"
_TAGS = (*STYLE_TAGS, *PARAGRAPHS, _TABLE, _ROW)
_LARGEST_REPEAT = 100
_HIDDEN = Look(hidden=True)


def read_odt(package: Package) -> list[Block]:
    """Return the paragraphs and tables of a document's body; what is hidden is left out."""
    return list(_OdtReader(package).blocks())


class _OdtReader:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = read_styles(package)
        self._paragraphs = 0
        self._tables = 0
        self._budget = MAX_CELLS

    def blocks(self) -> Iterator[Block]:
        """Give tables and lines in order; a row is forgotten once it is read."""
        rows: list[etree._Element] = []
        tables = paragraphs = 0
        for event, element in self._package.events(CONTENT, _TAGS, ("start", "end")):
            tag, step = element.tag, 1 if event == "start" else -1
            tables += step if tag == _TABLE else 0
            paragraphs += step if tag in PARAGRAPHS and not tables else 0
            if event == "start":
                continue
            if tag in STYLE_TAGS:
                self._styles.add(element)
            elif tag in PARAGRAPHS and not tables and not paragraphs:
                yield from self._lines(element)
                free(element)
            elif tag == _ROW and tables == 1:
                rows += [element] * min(
                    count_repeats(element, "number-rows-repeated"), _LARGEST_REPEAT
                )
            elif tag == _TABLE and not tables:
                yield from self._read_table(element, rows)
                rows = []
                free(element)

    def _lines(self, paragraph: etree._Element) -> Iterator[Line]:
        if any(parent.tag in ASIDE for parent in paragraph.iterancestors()):
            return
        self._paragraphs += 1
        place = f"第{self._paragraphs}段"
        text, left_out = read_paragraphs([paragraph], self._styles, self._base(paragraph))
        first, *rest = text.split("\n")
        yield Line(place, first, left_out)
        yield from (Line(place, line) for line in rest)

    def _base(self, element: etree._Element) -> Look:
        """Return how text looks there: hidden, where a section around it is."""
        for section in element.iterancestors(_SECTION):
            if section.get(f"{TEXT}display", "true") != "true":
                return _HIDDEN
        return Look()

    def _read_table(
        self, element: etree._Element, rows: list[etree._Element], depth: int = 0
    ) -> Iterator[Block]:
        """Give a table; one of layout is looked into, and so is what stands alone in a row."""
        inside = list(element.iterdescendants(_TABLE)) if depth < MOST_NESTED else []
        if not inside or not self._is_read(element, rows):
            yield self._table(element, rows, frozenset())
            return
        filled = (sum(map(_holds_own_text, row.iterchildren(_CELL))) for row in rows)
        alone: AbstractSet[etree._Element] = frozenset()
        if lays_out(filled, (sum(1 for _ in table.iter(_CELL)) for table in inside)):
            cells = [cell for row in dict.fromkeys(rows) for cell in row.iterchildren(_CELL)]
        else:
            cells = [cell for row in dict.fromkeys(rows) for cell in _find_alone(row)]
            alone = frozenset(cells)
            yield self._table(element, rows, alone)
        for cell in cells:
            yield from self._look_into(cell, depth + 1)

    def _is_read(self, element: etree._Element, rows: list[etree._Element]) -> bool:
        """Say whether a table is shown, as far as its own style and those of its rows tell."""
        return self._styles.is_shown(element) and all(
            self._styles.is_shown(row, "table-row") for row in rows
        )

    def _look_into(self, cell: etree._Element, depth: int) -> Iterator[Block]:
        """Give the paragraphs and tables of a cell as those of a document."""
        for child in cell.iterchildren():
            if child.tag in PARAGRAPHS:
                yield from self._lines(child)
            elif child.tag == _TABLE:
                rows = [row for row in child.iter(_ROW) if next(row.iterancestors(_TABLE)) is child]
                yield from self._read_table(child, rows, depth)
            elif isinstance(child.tag, str) and child.tag not in ASIDE:
                yield from self._look_into(child, depth)

    def _table(
        self,
        element: etree._Element,
        rows: list[etree._Element],
        alone: AbstractSet[etree._Element],
    ) -> Table:
        """Read the rows; what stands in the cells `alone` is read by itself."""
        self._tables += 1
        place = f"第{self._tables}个表格"
        base = self._base(element) if self._styles.is_shown(element) else _HIDDEN
        grid = SpanGrid(len(rows))
        for number, row in enumerate(rows):
            self._place_row(grid, number, row, base, alone)
        if grid.is_full or self._budget < 0:
            raise UnreadableFile("table-too-large", self._package.filename, place)
        return Table(
            place, grid.rows([f"{place}第{n + 1}行" for n in range(len(rows))]), spanned=True
        )

    def _place_row(
        self,
        grid: SpanGrid,
        number: int,
        row: etree._Element,
        base: Look,
        alone: AbstractSet[etree._Element],
    ) -> None:
        base = base if self._styles.is_shown(row, "table-row") else _HIDDEN
        column = 0
        for cell in row:
            if cell.tag not in {_CELL, _COVERED}:
                continue
            repeated = min(count_repeats(cell, "number-columns-repeated"), _LARGEST_REPEAT)
            self._budget -= repeated
            if cell.tag == _CELL:
                text, left_out = ("", ()) if cell in alone else self._cell(cell, base)
                height = count_repeats(cell, "number-rows-spanned")
                width = count_repeats(cell, "number-columns-spanned")
                for place in range(column, column + repeated):
                    grid.place(text, number, place, height, width, left_out)
            column += repeated

    def _cell(self, cell: etree._Element, base: Look) -> tuple[str, tuple[UnreadText, ...]]:
        look = self._styles.look("table-cell", cell.get(f"{TABLE}style-name"), base)
        text, left_out = read_paragraphs(cell_paragraphs(cell), self._styles, look)
        if text.strip() and next(cell.iterdescendants(_TABLE), None) is not None:
            left_out = (*left_out, *note_table_inside(text))
        return text, left_out


def _find_alone(row: etree._Element) -> Iterator[etree._Element]:
    """Give the cell of a row that holds a table where no other cell holds anything."""
    cells = [cell for cell in row.iterchildren(_CELL) if "".join(cell.itertext()).strip()]
    if len(cells) == 1 and next(cells[0].iterdescendants(_TABLE), None) is not None:
        yield cells[0]


def _holds_own_text(cell: etree._Element) -> bool:
    """Say whether a cell holds text outside of the tables in it."""
    return any(
        "".join(paragraph.itertext()).strip()
        for paragraph in cell_paragraphs(cell)
        if next(paragraph.iterancestors(_TABLE)) is next(cell.iterancestors(_TABLE))
    )
