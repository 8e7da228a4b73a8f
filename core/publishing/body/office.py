"""Lists and headings as Word and WPS copy them: paragraphs with `mso-list` become real lists.

Such a paragraph carries its level in a style and its mark (1., a), ·) as text that Word itself
marks to be ignored. What else these programs write (fonts, colours, `<o:p>`, conditional comments)
is dropped by the allow-list of `convert`.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml.html import Element, HtmlElement

_WRITTEN = re.compile(
    r"mso-list\s*:|mso-outline-level\s*:|class=[\"']?Mso(?:Title|List)", re.IGNORECASE
)
_LIST = re.compile(r"mso-list\s*:\s*(l\d+)\s+level(\d)", re.IGNORECASE)
_OUTLINE = re.compile(r"mso-outline-level\s*:\s*([1-3])", re.IGNORECASE)
_IGNORED = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_NUMBER = re.compile(
    r"[\s(（]*(?:\d+|[a-z]|[ivxlc]+|[一二三四五六七八九十百]+)[.．、)）]", re.IGNORECASE
)
# Comments with what only office programs read, the conditions around marks, the frame of a page.
_CONDITIONS = re.compile(
    r"<!--\[if\b[^>]*\]>.*?<!\[endif\]-->|<!(?:--)?\[[^>]*\](?:--)?>|</?(?:html|head|body)\b[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_DEEPEST = 9


def without_office_lists(source: str) -> str:
    """Return HTML in which the lists and headings of office programs are elements."""
    if not _WRITTEN.search(source):
        return source
    from lxml import etree, html  # few texts come from there

    try:
        tree = html.fragment_fromstring(_CONDITIONS.sub("", source), create_parent="div")
    except (etree.ParserError, ValueError):
        return source
    for paragraph in list(tree.iter("p")):
        _name_heading(paragraph)
    for first in _list_starts(tree):
        _build_list(first)
    written: str = html.tostring(tree, encoding="unicode")
    return written.removeprefix("<div>").removesuffix("</div>")


def _name_heading(paragraph: HtmlElement) -> None:
    found = _OUTLINE.search(paragraph.get("style") or "")
    if (paragraph.get("class") or "") == "MsoTitle":
        paragraph.tag = "h2"
    elif found and not _level(paragraph):
        paragraph.tag = f"h{int(found[1]) + 1}"


def _level(paragraph: HtmlElement) -> int:
    """Return the level of a paragraph in a list, from 1; 0 for one in none."""
    found = _LIST.search(paragraph.get("style") or "") if paragraph.tag == "p" else None
    return min(int(found[2]), _DEEPEST) if found else 0


def _list_starts(tree: HtmlElement) -> Iterator[HtmlElement]:
    """List the first paragraph of each run of list paragraphs."""
    for paragraph in list(tree.iter("p")):
        before = paragraph.getprevious()
        follows = before is not None and _level(before) and not (before.tail or "").strip()
        if _level(paragraph) and not follows:
            yield paragraph


def _run(first: HtmlElement) -> list[HtmlElement]:
    """List the paragraphs of a list that follow each other with no text between."""
    found, item = [first], first
    while not (item.tail or "").strip():
        following = item.getnext()
        if following is None or not _level(following):
            break
        item = following
        found.append(item)
    return found


def _build_list(first: HtmlElement) -> None:
    """Replace a run of paragraphs by lists in lists, as deep as their levels say."""
    run = _run(first)
    parent: Any = first.getparent()
    place, tail = parent.index(first), run[-1].tail
    open_lists: list[tuple[int, HtmlElement]] = []
    for item in run:
        level, mark = _level(item), _take_mark(item)
        while open_lists and open_lists[-1][0] > level:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < level:
            open_lists.append((level, _begin(open_lists, parent, place, mark)))
        parent.remove(item)
        item.tag, item.tail = "li", None
        item.attrib.clear()
        open_lists[-1][1].append(item)
        if len(open_lists) == 1:
            place = parent.index(open_lists[0][1]) + 1
    open_lists[0][1].tail = tail


def _begin(
    open_lists: list[tuple[int, HtmlElement]], parent: HtmlElement, place: int, mark: str
) -> HtmlElement:
    """Begin a list: in the last item of the one around it, or in the text."""
    begun = Element("ol" if _NUMBER.match(mark) else "ul")
    items = list(open_lists[-1][1]) if open_lists else []
    if items:
        items[-1].append(begun)
    else:
        parent.insert(place, begun)
    return begun


def _take_mark(item: HtmlElement) -> str:
    """Take the mark off a paragraph, and return it."""
    marks = [each for each in item.iter("span") if _IGNORED.search(each.get("style") or "")]
    text = "".join(each.text_content() for each in marks)
    for each in marks:
        each.drop_tree()
    return text.strip()
