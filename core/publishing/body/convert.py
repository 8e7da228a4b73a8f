"""Sanitise the text of a publication: typed or imported text becomes safe, accessible HTML.

Plain text keeps its lines as paragraphs; the tables in it (`core.tables.pasted`) become tables.
HTML is cleaned by an allow-list of tags. A picture stays in the text where its address is one of
the publication's own files.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import nh3

from core.publishing.body.markup import (
    WITH_CONTENT,
    prepare,
    show_code,
    without_empty_blocks,
    without_page_code,
)

if TYPE_CHECKING:
    from core.tables.pasted.model import PastedRemark

LONGEST_BODY = 500_000
LONGEST_SUMMARY = 120

TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd",
    "blockquote", "strong", "b", "em", "i", "u", "s", "sub", "sup", "small", "a", "span", "div",
    "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td", "img",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "img": {"src", "alt"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
WIDEST_SPAN = 100
# Of longer ones Python refuses to make numbers at all.
_SHORT_NUMBER = re.compile(r"[0-9]{1,9}")

# Links that lead somewhere from here: another site, or a page of this one.
_LEADS = re.compile(r"(?:https?|mailto|tel):|//|/\d{6,12}/", re.IGNORECASE)
# A file of this site, with or without its host and the prefix of the installation.
_PICTURE = re.compile(
    r"(?:https?://[^/]+)?(?:/[\w.-]+)*?(/\d{6,12}/files/(\d{1,18})/[^/?#\s]+)", re.ASCII
)
_LOST_PICTURE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")
_DEAD_LINK = re.compile(r"<a(?![^>]*\shref=)[^>]*>(.*?)</a>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Converted:
    """Safe HTML, and remarks on tables in the typed text that are not certain."""

    html: str
    remarks: tuple["PastedRemark", ...] = ()


def to_html(source: str, own: Collection[int] = ()) -> str:
    """Convert typed or imported text to safe HTML; never raises, drops what is unsafe.

    `own` are the ids of the files whose pictures may stand in the text.
    """
    return convert(source, own).html


def convert(source: str, own: Collection[int] = ()) -> Converted:
    """Convert a text as `to_html` does, with remarks."""
    from core.publishing.body import plain  # the reader of pasted tables is large

    source = show_code(source)
    read = plain.read_plain(source)
    if read is not None:
        return Converted(_finish(plain.to_markup(read)), tuple(read.remarks))
    cleaned = without_page_code(_clean(prepare(source), own))
    read = plain.read_lines(cleaned)
    if read is not None:
        return Converted(_finish(plain.to_markup(read)), tuple(read.remarks))
    return Converted(_finish(without_empty_blocks(_DEAD_LINK.sub(r"\1", cleaned)), own))


def find_own_picture(address: str, own: Collection[int]) -> str | None:
    """Return the address of a picture below this site where it is one of the files `own`."""
    found = _PICTURE.fullmatch(address.strip())
    return found[1] if found and int(found[2]) in own else None


def leads_somewhere(address: str) -> bool:
    """Say whether a link of a text can be followed from a page of this site."""
    return bool(_LEADS.match(address.strip()))


def to_text(markup: str) -> str:
    """Convert sanitised HTML to text, a line for each block, blanks between cells."""
    from lxml import html  # few pages parse HTML

    if not markup.strip():
        return ""
    tree = html.fragment_fromstring(markup, create_parent="div")
    for element in tree.iter("br", "p", "tr", "li", "h2", "h3", "h4", "div", "dt", "dd", "caption"):
        element.tail = "\n" + (element.tail or "")
    for element in tree.iter("img"):
        element.tail = f" {element.get('alt', '')} {element.tail or ''}"
    for element in tree.iter("td", "th"):
        element.tail = " " + (element.tail or "")
    lines = (" ".join(line.split()) for line in tree.text_content().splitlines())
    return "\n".join(line for line in lines if line)


def build_summary(markup: str) -> str:
    """Return the beginning of a text as summary for lists (内容概述)."""
    text = " ".join(to_text(markup).split("\n"))
    return text if len(text) <= LONGEST_SUMMARY else text[: LONGEST_SUMMARY - 1] + "…"


def _clean(markup: str, own: Collection[int] = ()) -> str:
    cleaned = nh3.clean(
        markup,
        tags=TAGS,
        clean_content_tags=WITH_CONTENT,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        attribute_filter=_build_filter(own),
        link_rel="noopener noreferrer",
        strip_comments=True,
    )
    return _LOST_PICTURE.sub("", cleaned) if "<img" in cleaned else cleaned


def _build_filter(own: Collection[int]) -> Callable[[str, str, str], str | None]:
    def keep(tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src":
            return find_own_picture(value, own)
        return _attribute(tag, name, value)

    return keep


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href":
        return value if leads_somewhere(value) else None
    if name in {"colspan", "rowspan", "start"}:
        return value if _SHORT_NUMBER.fullmatch(value) and int(value) <= WIDEST_SPAN else None
    return value


def _finish(markup: str, own: Collection[int] = ()) -> str:
    """Clean the markup, with captions, headings and frames for its tables."""
    cleaned = _clean(markup, own)
    if "<table" not in cleaned:
        return cleaned
    from lxml import html  # few pages parse HTML

    from core.publishing.body.html_tables import mend_tables

    tree = html.fragment_fromstring(cleaned, create_parent="div")
    mend_tables(tree)
    return _framed(_clean("".join(_inner(tree)), own))


def _framed(cleaned: str) -> str:
    """Wrap tables in a scrollable frame, for phones above all."""
    framed = cleaned.replace("<table>", '<div class="table-frame" tabindex="0"><table>')
    return framed.replace("</table>", "</table></div>")


def _inner(tree: Any) -> Iterator[str]:
    from lxml import html

    yield escape(tree.text or "")
    for child in tree:
        yield html.tostring(child, encoding="unicode")
