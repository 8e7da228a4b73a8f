"""Pictures and links that an HTML body names, as its old site knew them."""

import base64
import binascii
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from core.publishing.body.convert import find_own_picture, leads_somewhere
from core.publishing.body.markup import is_markup, show_code

if TYPE_CHECKING:
    from lxml import html

_MENTIONED = re.compile(r"<(?:img|a|v:imagedata)\s", re.IGNORECASE)
_DATA = re.compile(r"data:image/([a-z0-9.+-]+);base64,(.*)", re.IGNORECASE | re.DOTALL)
_LONGEST_SHOWN = 80
_PICTURES = re.compile(r"<img\b[^>]*>")
_WORDS = re.compile(r"\salt=\"[^\"]*[^\s\"][^\"]*\"")


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture or a link of a text: its address there, its words (alternative or link text)."""

    address: str
    words: str
    is_picture: bool

    @property
    def shown(self) -> str:
        """The address as a message names it."""
        return (
            self.address
            if len(self.address) <= _LONGEST_SHOWN
            else (self.address[:_LONGEST_SHOWN] + "…")
        )

    @property
    def path(self) -> str:
        """The address as a path below a folder, without query; empty if it cannot be one."""
        try:
            return unquote(urlsplit(self.address.replace("\\", "/")).path).lstrip("/")
        except ValueError:
            return ""

    def embedded(self) -> tuple[str, bytes] | None:
        """Return name and bytes of a picture that the address itself holds."""
        found = _DATA.match(self.address)
        if found is None:
            return None
        try:
            data = base64.b64decode(re.sub(r"\s|%0A|%0D", "", found[2]), validate=True)
        except (binascii.Error, ValueError):
            return None
        return f"image.{found[1].lower().replace('jpeg', 'jpg')}", data


def find_references(source: str, own: Collection[int] = ()) -> list[Reference]:
    """List the pictures of an HTML text, and its links that lead nowhere from here.

    Pictures that are files of the publication (`own`) stay where they are, and are not listed.
    """
    from lxml import etree, html  # few pages parse HTML

    source = show_code(source)
    if not _MENTIONED.search(source) or not is_markup(source):
        return []
    try:
        tree = html.fromstring(f"<div>{source}</div>")
    except (etree.ParserError, ValueError):
        return []
    found = dict.fromkeys(_references(tree))
    return [one for one in found if not one.is_picture or not find_own_picture(one.address, own)]


def has_silent_picture(markup: str) -> bool:
    """Return whether sanitised HTML holds a picture without words for those who do not see it."""
    return any(not _WORDS.search(tag) for tag in _PICTURES.findall(markup))


def _references(tree: "html.HtmlElement") -> Iterator[Reference]:
    for element in tree.iter("img", "imagedata", "a"):
        if element.tag == "a":
            address = (element.get("href") or "").strip()
            words = " ".join(element.text_content().split())
            if _is_dead(address):
                yield Reference(address, words, is_picture=False)
        elif address := (element.get("src") or "").strip():
            yield Reference(address, (element.get("alt") or "").strip()[:200], is_picture=True)


def _is_dead(address: str) -> bool:
    scripted = address.lower().startswith(("javascript:", "#", "about:"))
    return bool(address) and not scripted and not leads_somewhere(address)
