"""Tables of HTML bodies: a caption, headings that print on every page, no tables for layout."""

from collections.abc import Iterator, Sequence

from lxml.html import Element, HtmlElement

from core.tables.formats.nesting import lays_out
from core.tables.pasted.heads import is_head

_MOST_HEAD_ROWS = 4
_MOST_TITLE_ROWS = 3


def mend_tables(tree: HtmlElement) -> None:
    """Give every table of a tree its caption and headings; what only lays out is taken apart."""
    for table in list(tree.iter("table")):
        if _lays_out(table):
            _take_apart(table)
    for number, table in enumerate(list(tree.iter("table")), start=1):
        _mend(table, number)


def _lays_out(table: HtmlElement) -> bool:
    """Say whether a table is one of layout: a text in one cell, or tables that it only holds."""
    rows = _rows(table)
    if sum(map(len, rows)) < 2:
        return next(table.iterdescendants("table", "p", "div"), None) is not None
    inner = list(table.iterdescendants("table"))
    filled = (sum(map(_holds_own_text, row)) for row in rows)
    return bool(inner) and lays_out(filled, (_count_cells(each) for each in inner))


def _holds_own_text(cell: HtmlElement) -> bool:
    """Say whether a cell holds text outside of the tables in it."""
    return any(
        text.strip()
        for text in cell.xpath(".//text()")
        if next(text.getparent().iterancestors("table")) is next(cell.iterancestors("table"))
    )


def _count_cells(table: HtmlElement) -> int:
    return sum(1 for _ in table.iterdescendants("td", "th"))


def _take_apart(table: HtmlElement) -> None:
    for element in [table, *_of(table, {"thead", "tbody", "tfoot", "tr", "td", "th"})]:
        element.tag = "div"
        element.attrib.clear()
    for element in _of(table, {"col", "colgroup"}):
        element.drop_tree()


def _of(table: HtmlElement, tags: set[str]) -> list[HtmlElement]:
    """List the elements that belong to this table, not to one inside it."""
    return [
        element
        for element in table.iterdescendants(*tags)
        if next(element.iterancestors("table"), table) is table
    ]


def _mend(table: HtmlElement, number: int) -> None:
    for row in list(table.iter("tr")):
        if not _texts(row) and not any(cell.get("rowspan") for cell in row):
            row.drop_tree()
    title = _take_titles(table)
    caption = table.find("caption")
    if caption is None:
        caption = Element("caption")
        caption.text = title or f"表{number}"
        table.insert(0, caption)
    elif title:
        caption.text = " ".join(filter(None, (caption.text_content(), title)))
        for child in list(caption):
            child.drop_tree()
    _set_head(table, caption)


def _rows(table: HtmlElement) -> list[HtmlElement]:
    return [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]


def _texts(row: HtmlElement) -> list[str]:
    return [text for cell in row if (text := " ".join(cell.text_content().split()))]


def _take_titles(table: HtmlElement) -> str:
    """Take the first rows that hold one text across the table, and return these texts."""
    rows = _rows(table)
    width = max((sum(_span(cell, "colspan") for cell in row) for row in rows), default=1)
    titles = []
    for row in rows[: min(_MOST_TITLE_ROWS, len(rows) - 1)]:
        across = len(row) == 1 and _span(row[0], "colspan") >= width > 1
        if not (across or (len(_texts(row)) == 1 and width > 1)):
            break
        if any(_span(cell, "rowspan") > 1 for cell in row):
            break
        titles += _texts(row)
        row.drop_tree()
    return " ".join(titles)


def _set_head(table: HtmlElement, caption: HtmlElement) -> None:
    """Put the rows of headings into a `thead`, which browsers repeat on every printed page."""
    head = table.find("thead")
    if head is not None and not len(head):
        head.drop_tree()
        head = None
    if head is None:
        rows = _rows(table)
        count = _count_head_rows(rows)
        if not count or count >= len(rows):
            return
        head = Element("thead")
        table.insert(table.index(caption) + 1, head)
        for row in rows[:count]:
            head.append(row)
    for cell in list(head.iter("td")):
        cell.tag = "th"
    for cell in head.iter("th"):
        cell.set("scope", "col")


def _count_head_rows(rows: Sequence[HtmlElement]) -> int:
    """Count the rows of headings at the beginning: the first, and those that its spans cover."""
    marked = 0
    while (
        marked < len(rows) and len(rows[marked]) and all(cell.tag == "th" for cell in rows[marked])
    ):
        marked += 1
    if marked:
        return marked
    if not rows or not is_head(*_first_and_rest(rows)):
        return 0
    height = max((_span(cell, "rowspan") for cell in rows[0]), default=1)
    return height if height <= min(_MOST_HEAD_ROWS, len(rows)) else 0


def _first_and_rest(rows: Sequence[HtmlElement]) -> tuple[list[str], list[list[str]]]:
    texts = [list(_cells(row)) for row in rows[:30]]
    return texts[0], texts[1:]


def _cells(row: HtmlElement) -> Iterator[str]:
    for cell in row:
        yield " ".join(cell.text_content().split())
        yield from [""] * (_span(cell, "colspan") - 1)


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.get(name, "1")
    short = value.isascii() and value.isdigit() and len(value) <= 3
    return int(value) if short and 0 < int(value) <= 100 else 1
