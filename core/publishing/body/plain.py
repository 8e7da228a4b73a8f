"""Typed text and lines of HTML: the tables in them, and everything as markup."""

import re
from collections.abc import Iterator
from html import escape, unescape

import nh3

from core.publishing.body.markup import (
    WITH_CONTENT,
    has_blocks,
    is_markup,
    plain_text,
    without_page_code,
)
from core.tables.pasted.model import PastedRow, PastedTable
from core.tables.pasted.reading import PastedText, read_pasted

# Elements that only an end tag closes.
_NESTING = re.compile(
    r"<(/?)(?!p\b|br\b|hr\b|col\b|li\b|dt\b|dd\b|t[dhr]\b|tbody\b|thead\b|tfoot\b|img\b|input\b"
    r"|meta\b|link\b|wbr\b|colgroup\b|option\b)[a-z]",
    re.IGNORECASE,
)
_DEEPEST = 300
_TAG = re.compile(r"<([a-z0-9]+)")
_ANY_TAG = re.compile(r"<[^<>]*>")
_PARAGRAPHS = {"p", "br", "div", "span", "strong", "b", "small"}
_END_OF_LINE = re.compile(r"<br>|</(?:p|div)>")
_SOURCE_BREAK = re.compile(r" *[\r\n]+ *")


def read_plain(source: str) -> PastedText | None:
    """Read the tables and lines of typed text; `None` where it is HTML.

    Text with a few inline elements in it (<b>) is typed text where there is a table in its lines.
    """
    if not is_markup(source) or _is_too_deep(source):
        return read_pasted(without_page_code(plain_text(source)))
    if "\t" in source and not has_blocks(source):
        read = read_pasted(unescape(nh3.clean(source, tags=set(), clean_content_tags=WITH_CONTENT)))
        return read if read.tables else None
    return None


def read_lines(cleaned: str) -> PastedText | None:
    """Read HTML of paragraphs alone whose lines are rows of a table; `None` for any other."""
    if not set(_TAG.findall(cleaned)) <= _PARAGRAPHS:
        return None
    lines = _END_OF_LINE.sub("\n", _SOURCE_BREAK.sub(" ", cleaned))
    read = read_pasted(unescape(_ANY_TAG.sub("", lines)))
    return read if read.tables else None


def _is_too_deep(source: str) -> bool:
    """Return whether elements are nested so deep that parsing is too slow."""
    depth = 0
    for match in _NESTING.finditer(source):
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > _DEEPEST:
            return True
    return False


def to_markup(read: PastedText) -> str:
    """Write what was read as markup: paragraphs, and tables with captions and headings."""
    return "".join(_blocks(read))


def _blocks(read: PastedText) -> Iterator[str]:
    for block in read.blocks:
        if isinstance(block, PastedTable):
            yield from _table(block)
        elif block.text.strip():
            yield f"<p>{escape(' '.join(block.text.split(chr(9))).strip())}</p>"


def _table(table: PastedTable) -> Iterator[str]:
    yield "<table>"
    if table.title:
        yield f"<caption>{escape(table.title)}</caption>"
    if table.heads:
        heads = (f'<th scope="col">{_cell(head)}</th>' for head in table.heads)
        yield f"<thead><tr>{''.join(heads)}</tr></thead>"
    yield "<tbody>"
    yield from (_row(row, table.width) for row in table.rows)
    yield "</tbody></table>"


def _row(row: PastedRow, width: int) -> str:
    if row.whole:
        return f'<tr><td colspan="{width}">{_cell(row.whole)}</td></tr>'
    return "<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row.cells) + "</tr>"


def _cell(text: str) -> str:
    return "<br>".join(map(escape, text.split("\n")))
