"""Sanitise the text of a publication: typed or imported text becomes safe, accessible HTML.

Plain text keeps its lines as paragraphs; rows copied from a spreadsheet (tabs) or printed with
blanks between columns become tables. HTML is cleaned by an allow-list of tags.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Any

import nh3
from lxml import html

LONGEST_BODY = 500_000
LONGEST_SUMMARY = 120

TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd",
    "blockquote", "strong", "b", "em", "i", "u", "s", "sub", "sup", "small", "a", "span", "div",
    "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
WIDEST_SPAN = 100

_LOOKS_LIKE_HTML = re.compile(
    r"\s*<(p|div|h[1-6]|table|ul|ol|dl|section|article|span|strong|b|br|blockquote|!doctype|html|body)\b",
    re.IGNORECASE,
)
# Elements that only an end tag closes.
_NESTING = re.compile(
    r"<(/?)(?!p\b|br\b|hr\b|col\b|li\b|dt\b|dd\b|t[dhr]\b|tbody\b|thead\b|tfoot\b|img\b|input\b"
    r"|meta\b|link\b|wbr\b|colgroup\b|option\b)[a-z]",
    re.IGNORECASE,
)
_DEEPEST = 300
_LINE = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
# Cells of a printed table are short and hold no sentence.
_SENTENCE = re.compile(r"[。;；!！?？]")
_LONGEST_CELL = 40
_FEWEST_COLUMNS = 3


def to_html(source: str) -> str:
    """Convert typed or imported text to safe HTML; never raises, drops what is unsafe."""
    is_html = _LOOKS_LIKE_HTML.match(source) and not _is_too_deep(source)
    markup = _demote(source) if is_html else "".join(_markup(source))
    cleaned = _clean(markup)
    return _framed(_clean(_with_captions(cleaned))) if "<table" in cleaned else cleaned


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


def _demote(source: str) -> str:
    """Lower the headings by one level: the page has one h1, its title."""
    return re.sub(r"(</?)h1\b", r"\1h2", source, flags=re.IGNORECASE)


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
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        attribute_filter=_attribute,
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    del tag
    if name in {"colspan", "rowspan", "start"}:
        return value if value.isascii() and value.isdigit() and int(value) <= WIDEST_SPAN else None
    return value


def _markup(source: str) -> Iterator[str]:
    lines = [line.rstrip() for line in _LINE.split(source)]
    for is_table, run in groupby(_rows(lines), key=lambda row: len(row) > 1):
        rows = list(run)
        if is_table:
            yield from _tables(rows)
        else:
            yield from (f"<p>{escape(row[0].strip())}</p>" for row in rows if row[0].strip())


def _rows(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield each line as its cells; one cell is a line of text."""
    split = [_cells(line) for line in lines]
    for index, cells in enumerate(split):
        neighbours = split[max(0, index - 1) : index] + split[index + 1 : index + 2]
        alike = any(len(other) == len(cells) for other in neighbours)
        yield cells if len(cells) > 1 and alike else [lines[index]]


def _cells(line: str) -> list[str]:
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")]
    cells = line.split()
    short = all(len(cell) <= _LONGEST_CELL and not _SENTENCE.search(cell) for cell in cells)
    return cells if len(cells) >= _FEWEST_COLUMNS and short else [line]


def _tables(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for _width, run in groupby(rows, key=len):
        head, *rest = list(run)
        yield "<table><thead><tr>"
        yield from (f'<th scope="col">{escape(cell)}</th>' for cell in head)
        yield "</tr></thead><tbody>"
        for row in rest:
            yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        yield "</tbody></table>"


def _with_captions(markup: str) -> str:
    """Give every table a caption, so that a screen reader can announce it."""
    tree = html.fragment_fromstring(markup, create_parent="div")
    for number, table in enumerate(tree.iter("table"), start=1):
        if table.find("caption") is None:
            caption = html.Element("caption")
            caption.text = f"表{number}"
            table.insert(0, caption)
    return "".join(_inner(tree))


def _framed(cleaned: str) -> str:
    """Wrap tables in a scrollable frame, for phones above all."""
    framed = cleaned.replace("<table>", '<div class="table-frame"><table>')
    return framed.replace("</table>", "</table></div>")


def _inner(tree: Any) -> Iterator[str]:
    yield escape(tree.text or "")
    for child in tree:
        yield html.tostring(child, encoding="unicode")
