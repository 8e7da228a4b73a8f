"""Sanitise the text of a publication: typed or imported text becomes safe, accessible HTML.

Plain text keeps its lines as paragraphs; the tables in it (`core.tables.pasted`) become tables.
HTML is cleaned by an allow-list of tags.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

import nh3
from lxml import html

from core.publishing.body.html_tables import mend_tables
from core.publishing.body.markup import (
    has_blocks,
    is_markup,
    plain_text,
    prepare,
    show_code,
    without_empty_blocks,
    without_page_code,
)
from core.tables.pasted.model import PastedRemark, PastedRow, PastedTable
from core.tables.pasted.reading import PastedText, read_pasted

LONGEST_BODY = 500_000
LONGEST_SUMMARY = 120

TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd",
    "blockquote", "strong", "b", "em", "i", "u", "s", "sub", "sup", "small", "a", "span", "div",
    "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td",
}  # fmt: skip
# Elements that go with their content.
WITH_CONTENT = {"script", "style", "title", "xml", "noscript", "template", "select", "textarea"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
WIDEST_SPAN = 100

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
# Links that lead somewhere from here: another site, or a page of this one.
_LEADS = re.compile(r"(?:https?|mailto|tel):|//|/\d{6,12}/", re.IGNORECASE)
_DEAD_LINK = re.compile(r"<a(?![^>]*\shref=)[^>]*>(.*?)</a>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Converted:
    """Safe HTML, and remarks on tables in the typed text that are not certain."""

    html: str
    remarks: tuple[PastedRemark, ...] = ()


def to_html(source: str) -> str:
    """Convert typed or imported text to safe HTML; never raises, drops what is unsafe."""
    return convert(source).html


def convert(source: str) -> Converted:
    """Convert a text as `to_html` does, with remarks."""
    source = show_code(source)
    read = read_plain(source)
    if read is not None:
        return Converted(_finish("".join(_blocks(read))), tuple(read.remarks))
    cleaned = without_page_code(_clean(prepare(source)))
    read = _read_lines(cleaned)
    if read is not None:
        return Converted(_finish("".join(_blocks(read))), tuple(read.remarks))
    return Converted(_finish(without_empty_blocks(_DEAD_LINK.sub(r"\1", cleaned))))


def _read_lines(cleaned: str) -> PastedText | None:
    """Read HTML of paragraphs alone whose lines are rows of a table; `None` for any other."""
    if not set(_TAG.findall(cleaned)) <= _PARAGRAPHS:
        return None
    lines = _END_OF_LINE.sub("\n", _SOURCE_BREAK.sub(" ", cleaned))
    read = read_pasted(unescape(_ANY_TAG.sub("", lines)))
    return read if read.tables else None


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


def leads_somewhere(address: str) -> bool:
    """Say whether a link of a text can be followed from a page of this site."""
    return bool(_LEADS.match(address.strip()))


def to_text(markup: str) -> str:
    """Convert sanitised HTML to text, a line for each block, blanks between cells."""
    if not markup.strip():
        return ""
    tree = html.fragment_fromstring(markup, create_parent="div")
    for element in tree.iter("br", "p", "tr", "li", "h2", "h3", "h4", "div", "dt", "dd", "caption"):
        element.tail = "\n" + (element.tail or "")
    for element in tree.iter("td", "th"):
        element.tail = " " + (element.tail or "")
    lines = (" ".join(line.split()) for line in tree.text_content().splitlines())
    return "\n".join(line for line in lines if line)


def build_summary(markup: str) -> str:
    """Return the beginning of a text as summary for lists (内容概述)."""
    text = " ".join(to_text(markup).split("\n"))
    return text if len(text) <= LONGEST_SUMMARY else text[: LONGEST_SUMMARY - 1] + "…"


def _is_too_deep(source: str) -> bool:
    """Return whether elements are nested so deep that parsing is too slow."""
    depth = 0
    for match in _NESTING.finditer(source):
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > _DEEPEST:
            return True
    return False


def _clean(markup: str) -> str:
    return nh3.clean(
        markup,
        tags=TAGS,
        clean_content_tags=WITH_CONTENT,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        attribute_filter=_attribute,
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href":
        return value if leads_somewhere(value) else None
    if name in {"colspan", "rowspan", "start"}:
        return value if value.isascii() and value.isdigit() and int(value) <= WIDEST_SPAN else None
    return value


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


def _finish(markup: str) -> str:
    """Clean the markup, with captions, headings and frames for its tables."""
    cleaned = _clean(markup)
    if "<table" not in cleaned:
        return cleaned
    tree = html.fragment_fromstring(cleaned, create_parent="div")
    mend_tables(tree)
    return _framed(_clean("".join(_inner(tree))))


def _framed(cleaned: str) -> str:
    """Wrap tables in a scrollable frame, for phones above all."""
    framed = cleaned.replace("<table>", '<div class="table-frame"><table>')
    return framed.replace("</table>", "</table></div>")


def _inner(tree: Any) -> Iterator[str]:
    yield escape(tree.text or "")
    for child in tree:
        yield html.tostring(child, encoding="unicode")
