"""The official table as an HTML page that stands by itself."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from core.tables.writing.layout import Layout, PrintedCell
from core.tables.writing.printable import printable

_STYLE = (
    "body{font-family:宋体,SimSun,serif;margin:1rem}"
    "h1{text-align:center;font-size:1.4rem}"
    "table{border-collapse:collapse;width:100%;margin-bottom:2rem}"
    "th,td{border:1px solid #000;padding:.25rem;font-size:.85rem;vertical-align:middle}"
    "thead{display:table-header-group}"
    "@page{size:A4 landscape}"
)


def write_html(layouts: Sequence[Layout]) -> bytes:
    """Return a UTF-8 page with one table per catalog."""
    title = next((layout.headings[0] for layout in layouts if layout.headings), "公开标准目录")
    parts = [
        '<!DOCTYPE html>\n<html lang="zh-Hans"><head><meta charset="utf-8">',
        f"<title>{escape(printable(title))}</title><style>{_STYLE}</style></head><body>\n",
    ]
    for layout in layouts:
        parts += _table(layout)
    return "".join([*parts, "</body></html>\n"]).encode()


def _table(layout: Layout) -> Iterator[str]:
    for number, heading in enumerate(layout.headings):
        tag = "h1" if number == 0 else "p"
        yield f"<{tag}>{escape(printable(heading))}</{tag}>\n"
    yield "<table>\n<thead>\n"
    rows = sorted(layout.header, key=lambda cell: (cell.row, cell.column))
    for _, cells in groupby(rows, key=lambda cell: cell.row):
        yield _row(list(cells), "th")
    yield "</thead>\n<tbody>\n"
    for body in layout.body:
        yield _row(body, "td")
    yield _row([layout.note], "td")
    yield "</tbody>\n</table>\n"


def _row(cells: Sequence[PrintedCell], tag: str) -> str:
    return "<tr>" + "".join(_cell(cell, tag) for cell in cells) + "</tr>\n"


def _cell(cell: PrintedCell, tag: str) -> str:
    spans = "".join(
        f' {name}="{span}"'
        for name, span in (("rowspan", cell.height), ("colspan", cell.width))
        if span > 1
    )
    if tag == "th":
        spans += ' scope="colgroup"' if cell.width > 1 else ' scope="col"'
    text = "<br>".join(escape(line) for line in printable(cell.text).split("\n"))
    return f"<{tag}{spans}>{text}</{tag}>"
