"""HTML pages as tables and lines, in the order of the page."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import islice

from lxml import etree

from core.tables.fields.enumeration import is_marked
from core.tables.formats.nesting import MOST_NESTED, lays_out, note_table_inside
from core.tables.formats.page_looks import HIDDEN, PageLooks
from core.tables.formats.symbols import show_symbols
from core.tables.grid import (
    Block,
    GridRow,
    Line,
    SpanGrid,
    Table,
    TableRemark,
    UnreadText,
    without_rows,
)
from core.tables.limits import (
    MAX_CELL_TEXT,
    MAX_CELLS,
    MAX_LINES,
    MAX_ROWS,
    MAX_TAGS,
    Deadline,
    UnreadableFile,
)
from core.tables.text import visible

_BREAKS = frozenset(
    re.findall(
        r"\w+",
        "p div br li ul ol tr h1 h2 h3 h4 h5 h6 section article header footer dt dd dl "
        "blockquote pre table caption center form fieldset hr main nav aside td th ",
    )
)
_HIDDEN = frozenset(
    re.findall(
        r"\w+",
        "script style noscript template head iframe object svg select option ",
    )
)
#: So many characters of an item show whether its number is printed in the text.
_NUMBERED = 8
_MOST_NAMED = 20
_CELLS = frozenset({"td", "th"})
_SPACES = re.compile(r"[ \t\r\n\f]+")
_DECLARED = re.compile(r"<\?xml[^>]*\?>")


def read_html(text: str, filename: str, deadline: Deadline) -> list[Block]:
    """Return the tables of a page that hold data, and the lines of text around them."""
    text = visible(text)
    if text.count("<") > MAX_TAGS:
        raise UnreadableFile("table-too-large", filename)
    try:
        root = etree.fromstring(_DECLARED.sub("", text[:200]) + text[200:], _parser())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile("html-empty", filename) from error
    if root is None:
        raise UnreadableFile("html-empty", filename)
    return list(_PageReader(root, filename, deadline).blocks(root))


def _parser() -> etree.HTMLParser:
    # A comment inside a cell would part its text: a walk sees elements only.
    return etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)


class _PageReader:
    def __init__(self, root: etree._Element, filename: str, deadline: Deadline) -> None:
        self._looks = PageLooks(root)
        self._deadline = deadline
        self._filename = filename
        self._tables = 0
        self._numbers: dict[etree._Element, int] = {}
        self._lines = 0
        self._cells = MAX_CELLS
        self._depth = 0

    def blocks(self, root: etree._Element) -> Iterator[Block]:
        """Give tables that hold data; a table that only lays out the page is looked into."""
        text: list[str] = []
        skipped: etree._Element | None = None
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if element is skipped:
                text.append(element.tail or "")
                skipped = None
            elif event == "start" and (reason := self._looks.find_reason(element)):
                yield from self._take(text)
                yield from self._leave_out(element, reason)
                skipped = element
                walk.skip_subtree()
            elif event == "start" and _is_data_table(element):
                yield from self._take(text)
                yield from self._table(element)
                skipped = element
                walk.skip_subtree()
            elif event == "start" and element.tag in _HIDDEN:
                skipped = element
                walk.skip_subtree()
            else:
                _add(text, event, element)
                if event == "start" and element.tag == "li":
                    self._number(text, element)
        yield from self._take(text)

    def _leave_out(self, element: etree._Element, reason: str) -> Iterator[Block]:
        """Give what is to be said of a part of the page that is hidden or struck through."""
        shown = " ".join("".join(map(str, element.itertext())).split())
        if element.tag in _HIDDEN or not shown:
            return
        for table in (element,) if element.tag == "table" else element.iter("table"):
            self._tables += 1
            yield Table(f"第{self._tables}个表格", (), spanned=True, hidden=True)
            del table
        yield Line(f"第{self._lines + 1}行文字", "", (UnreadText(reason, shown[:MAX_CELL_TEXT]),))

    def _number(self, text: list[str], item: etree._Element) -> None:
        """Print the number that a browser gives to an item of an ordered list."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol":
            return
        self._numbers[parent] = self._numbers.get(parent, 0) + 1
        if not is_marked("".join(islice(map(str, item.itertext()), _NUMBERED))[:_NUMBERED]):
            text.insert(len(text) - 1, f"{self._numbers[parent]}.")

    def _take(self, text: list[str]) -> Iterator[Line]:
        for line in "".join(text).split("\n"):
            self._lines += 1
            if self._lines > MAX_LINES:
                raise UnreadableFile("table-too-large", self._filename, f"第{self._lines}行文字")
            yield Line(f"第{self._lines}行文字", line.strip(" "))
        text.clear()

    def _table(self, element: etree._Element) -> Iterator[Block]:
        self._tables += 1
        place = f"第{self._tables}个表格"
        rows = list(_rows_of(element))
        if len(rows) > MAX_ROWS:
            raise UnreadableFile("table-too-large", self._filename, place)
        caption = next((child for child in element if child.tag == "caption"), None)
        if caption is not None:
            yield Line(place, " ".join(self._cell_text(caption)[0].split()))
        holders = _find_holders(element, rows) if self._depth < MOST_NESTED else frozenset()
        grid = self._grid(rows, place, holders)
        hidden = {n for n, row in enumerate(rows) if self._looks.find_reason(row) == HIDDEN}
        filled = [n for n in hidden if any(cell.row == n for cell in grid[n].cells)]
        yield Table(
            place,
            without_rows(grid, hidden),
            spanned=True,
            hidden_rows=len(filled),
            remarks=_hidden_remarks(place, filled),
        )
        self._depth += 1
        for cell in (cell for row in rows for cell in row if cell in holders):
            yield from self.blocks(cell)
        self._depth -= 1

    def _grid(
        self, rows: list[etree._Element], place: str, holders: AbstractSet[etree._Element]
    ) -> tuple[GridRow, ...]:
        """Read the rows; what stands in `holders` is read afterwards, by itself."""
        grid = SpanGrid(len(rows))
        for number, row in enumerate(rows):
            self._deadline.check(place)
            column = 0
            for cell in row:
                if cell.tag not in _CELLS:
                    continue
                self._cells -= 1
                column = grid.next_free(number, column)
                width, height = _span(cell, "colspan"), _span(cell, "rowspan")
                text, left_out = ("", ()) if cell in holders else self._cell_text(cell)
                if text and cell.find(".//table") is not None:
                    left_out = (*left_out, *note_table_inside(text))
                grid.place(text[:MAX_CELL_TEXT], number, column, height, width, left_out)
                column += width
            if self._cells < 0 or grid.is_full:
                raise UnreadableFile("table-too-large", self._filename, place)
        return grid.rows([f"{place}第{number + 1}行" for number in range(len(rows))])

    def _cell_text(self, element: etree._Element) -> tuple[str, tuple[UnreadText, ...]]:
        """Return a cell's text, a line for each paragraph and break, and what it leaves out."""
        reason = self._looks.find_reason(element)
        if reason:
            gone = " ".join("".join(map(str, element.itertext())).split())
            return "", (UnreadText(reason, gone),) if gone else ()
        left_out: list[UnreadText] = []
        if all(child.tag == "br" for child in element):
            parts = [_spaced(element.text), *(_spaced(child.tail) for child in element)]
            text = "\n".join(parts)
        else:
            text = "".join(self._parts(element, left_out))
        font = self._looks.find_font(element)
        lines = (line.strip(" ") for line in text.split("\n"))
        shown = "\n".join(line for line in lines if line)
        return show_symbols(shown, font) if font else shown, tuple(left_out)

    def _parts(self, element: etree._Element, left_out: list[UnreadText]) -> list[str]:
        parts = [_spaced(element.text)]
        walk = etree.iterwalk(element, events=("start", "end"))
        gone: etree._Element | None = None
        for event, node in walk:
            if node is gone and event == "end":
                parts.append(_spaced(node.tail))
                gone = None
            elif (
                event == "start" and node is not element and (why := self._looks.find_reason(node))
            ):
                text = " ".join("".join(map(str, node.itertext())).split())
                left_out += [UnreadText(why, text)] if text else []
                gone = node
                walk.skip_subtree()
            elif event == "start" and node.tag in _HIDDEN:
                walk.skip_subtree()
            elif node is not element:
                self._add_shown(parts, event, node)
        return parts

    def _add_shown(self, parts: list[str], event: str, node: etree._Element) -> None:
        font = self._looks.find_font(node) if event == "start" else None
        count = len(parts)
        _add(parts, event, node)
        if font:
            parts[count:] = [show_symbols(part, font) for part in parts[count:]]


def _hidden_remarks(place: str, rows: list[int]) -> tuple[TableRemark, ...]:
    if not rows:
        return ()
    numbers = "、".join(str(row + 1) for row in sorted(rows)[:_MOST_NAMED])
    params = {"where": place, "count": str(len(rows)), "rows": numbers}
    return (TableRemark("hidden-rows", params),)


def _is_data_table(element: etree._Element) -> bool:
    """Say whether a table is one of data, rather than of layout with others inside it."""
    if element.tag != "table":
        return False
    inner = list(element.iterdescendants("table"))
    if not inner:
        return True
    filled = (sum(map(_holds_text, _cells_of(row))) for row in _rows_of(element))
    return not lays_out(filled, (sum(1 for _ in each.iter("td", "th")) for each in inner))


def _cells_of(row: etree._Element) -> Iterator[etree._Element]:
    return (cell for cell in row if cell.tag in _CELLS)


def _holds_text(cell: etree._Element) -> bool:
    """Say whether a cell holds text outside of the tables in it."""
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walk:
        text = element.tail if event == "end" else element.text
        if event == "start" and element.tag in {"table", *_HIDDEN}:
            walk.skip_subtree()
        elif text and text.strip() and not (event == "end" and element is cell):
            return True
    return False


def _find_holders(table: etree._Element, rows: list[etree._Element]) -> frozenset[etree._Element]:
    """Find the cells with tables inside that stand alone in their rows."""
    if next(table.iterdescendants("table"), None) is None:
        return frozenset()
    holders = set()
    for row in rows:
        cells = [cell for cell in _cells_of(row) if "".join(map(str, cell.itertext())).strip()]
        if len(cells) == 1 and cells[0].find(".//table") is not None:
            holders.add(cells[0])
    return frozenset(holders)


def _rows_of(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"tbody", "thead", "tfoot"}:
            yield from (row for row in child if row.tag == "tr")


def _span(cell: etree._Element, name: str) -> int:
    value = cell.get(name)
    if value is None:
        return 1
    printed = value.strip()
    if not printed.isascii() or not printed.isdigit():
        return 1
    number = int(printed[:6])
    return number if number > 0 else 65_534 if name == "rowspan" else 1


def _add(text: list[str], event: str, element: etree._Element) -> None:
    if element.tag in _BREAKS and (event == "end" or element.tag != "br"):
        text.append("\n")
    if event == "start":
        text.append(_spaced(element.text))
    else:
        text.append(_spaced(element.tail))


def _spaced(text: str | None) -> str:
    return _SPACES.sub(" ", text) if text else ""
