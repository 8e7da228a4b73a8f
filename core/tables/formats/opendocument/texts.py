"""Texts of OpenDocument files: what is shown of them, and what is left out and why."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from core.tables.formats.opendocument.styles import DRAW, OFFICE, TEXT, DocumentStyles, Look
from core.tables.formats.symbols import show_symbols
from core.tables.grid import UnreadText
from core.tables.limits import MAX_CELL_TEXT

PARAGRAPHS = frozenset({f"{TEXT}p", f"{TEXT}h"})
#: What stands beside the text: remarks, notes, drawn boxes, and what changes have taken out.
ASIDE = frozenset(
    {
        f"{OFFICE}annotation",
        f"{OFFICE}annotation-end",
        f"{TEXT}note",
        f"{TEXT}tracked-changes",
        f"{DRAW}frame",
        f"{DRAW}custom-shape",
    }
)
_HIDDEN = frozenset({f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph"})
_MOST_BLANKS = 200


class _Piece(NamedTuple):
    text: str
    look: Look


def read_paragraphs(
    paragraphs: Iterable[etree._Element], styles: DocumentStyles, base: Look
) -> tuple[str, tuple[UnreadText, ...]]:
    """Return the shown text of paragraphs, a line for each, and what is left out of them."""
    lines: list[str] = []
    struck: list[str] = []
    hidden: list[str] = []
    for paragraph in paragraphs:
        shown: list[str] = []
        for text, look in _paragraph(paragraph, styles, base):
            if look.struck or look.is_unseen:
                (struck if look.struck else hidden).append(text)
            else:
                shown.append(show_symbols(text, look.symbols) if look.symbols else text)
        lines.append("".join(shown))
    return "\n".join(lines)[:MAX_CELL_TEXT], tuple(
        UnreadText(code, "".join(gone)[:MAX_CELL_TEXT])
        for code, gone in (("text-struck", struck), ("text-hidden", hidden))
        if "".join(gone).strip()
    )


def _paragraph(paragraph: etree._Element, styles: DocumentStyles, base: Look) -> Iterator[_Piece]:
    look = styles.look("paragraph", paragraph.get(f"{TEXT}style-name"), base)
    if any(child.tag == f"{TEXT}hidden-paragraph" for child in paragraph):
        look = Look(hidden=True)
    yield from _inside(paragraph, styles, look)


def _inside(element: etree._Element, styles: DocumentStyles, look: Look) -> Iterator[_Piece]:
    if element.text:
        yield _Piece(_one_blank(element.text), look)
    for child in element:
        yield from _child(child, styles, look)
        if child.tail:
            yield _Piece(_one_blank(child.tail), look)


def _child(child: etree._Element, styles: DocumentStyles, look: Look) -> Iterator[_Piece]:
    tag = child.tag
    if not isinstance(tag, str) or tag in ASIDE:
        return
    if tag == f"{TEXT}s":
        count = child.get(f"{TEXT}c", "1")
        yield _Piece(" " * min(int(count) if count.isdigit() else 1, _MOST_BLANKS), look)
    elif tag == f"{TEXT}tab":
        yield _Piece(" ", look)
    elif tag == f"{TEXT}line-break":
        yield _Piece("\n", look)
    elif tag in _HIDDEN:
        yield _Piece(child.get(f"{TEXT}string-value", "") or (child.text or ""), Look(hidden=True))
    elif tag == f"{TEXT}span":
        yield from _inside(child, styles, styles.look("text", child.get(f"{TEXT}style-name"), look))
    else:
        yield from _inside(child, styles, look)


def _one_blank(text: str) -> str:
    """Return text with the line ends and indents of the XML as the blanks that they mean."""
    return text.replace("\n", " ").replace("\t", " ")


def cell_paragraphs(cell: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs of a cell in order, those of remarks and boxes left out."""
    for child in cell:
        if child.tag in PARAGRAPHS:
            yield child
        elif isinstance(child.tag, str) and child.tag not in ASIDE:
            yield from cell_paragraphs(child)
