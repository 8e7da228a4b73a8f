"""A table in the text of a publication, noticed and moved to typed rows at one press."""

from dataclasses import dataclass, replace

from core.publishing.body.markup import is_markup
from core.publishing.lists.domain.model import LONGEST_CAPTION
from core.publishing.lists.reading.rows import ReadRows, read_list_sheet, read_list_text
from core.tables.pasted.model import PastedLine, PastedTable
from core.tables.pasted.reading import PastedText, read_pasted
from core.tables.pasted.splitting import LINE_END


@dataclass(frozen=True, slots=True)
class MovedTable:
    """The list that stood in a text, and the text without it."""

    read: ReadRows
    rest: str


def has_table(body: str) -> bool:
    """Say whether a text holds a table."""
    return "<table" in body.lower() if is_markup(body) else bool(read_pasted(body).tables)


def move_table(body: str) -> MovedTable | None:
    """Take the first table out of a text; `None` where it has none."""
    if is_markup(body):
        return _move_from_markup(body)
    read = read_pasted(body)
    if not read.tables:
        return None
    table = read.tables[0]
    first, last = _find_span(read, table, body)
    lines = LINE_END.split(body)
    taken = "\n".join(lines[first:last])
    return MovedTable(read_list_text(taken), "\n".join(lines[:first] + lines[last:]).strip())


def _find_span(read: PastedText, table: PastedTable, body: str) -> tuple[int, int]:
    """Return the lines of a table, from 0, with the line above that became its title."""
    lines = LINE_END.split(body)
    place = read.blocks.index(table)
    after = [block.number for block in read.blocks[place + 1 :]]
    first, last = table.number - 1, after[0] - 1 if after else len(lines)
    before = read.blocks[place - 1] if place else None
    above = before.number if isinstance(before, PastedLine) else 0
    if table.title:
        first = next((n for n in range(above, first) if lines[n].strip()), first)
    return first, last


def _move_from_markup(body: str) -> MovedTable | None:
    from lxml import html  # few pages parse HTML

    tree = html.fragment_fromstring(body, create_parent="div")
    table = next(tree.iter("table"), None)
    if table is None:
        return None
    page = html.tostring(table, encoding="unicode", with_tail=False)
    read = read_list_sheet(f"<html><body>{page}</body></html>".encode(), "list.html")
    caption = " ".join((table.findtext("caption") or "").split())
    if read.data and caption:
        read.data = replace(read.data, caption=caption[:LONGEST_CAPTION])
    table.drop_tree()
    rest = "".join(html.tostring(each, encoding="unicode") for each in tree)
    return MovedTable(read, (tree.text or "") + rest)
