"""Parts of a page that are hidden or struck through, by tag, attribute and style sheet."""

import re
from collections.abc import Iterator

from lxml import etree

from core.tables.formats.symbols import is_symbol_font

HIDDEN, STRUCK = "text-hidden", "text-struck"
_STRUCK_TAGS = frozenset({"s", "strike", "del"})
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|mso-hide:all|font-size:0(?:px|pt|em|%)?(?![.\d])"
    r"|opacity:0(?![.\d])"
)
_STRUCK_STYLE = re.compile(
    r"text-decoration(?:-line)?:[^;}]*line-through|text-line-through:(?!none)"
)
_FONT = re.compile(r"font(?:-family)?:[^;}]*?(wingdings(?: [23])?|webdings)")
_RULE = re.compile(r"(?P<selectors>[^{}]+)\{(?P<body>[^{}]*)\}")
_SIMPLE = re.compile(r"(?P<tag>[a-z]\w*)?(?P<name>[.#][\w-]+)?", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SPACES = re.compile(r"\s+(?=[:;])|(?<=[:;])\s+")
_MOST_STYLES = 2_000_000


class PageLooks:
    """Says of an element why its text is left out (a code of `messages`), and its symbol font."""

    def __init__(self, root: etree._Element) -> None:
        self._reasons: dict[str, str] = {}
        self._fonts: dict[str, str] = {}
        for sheet in root.iter("style"):
            self._add_rules("".join(map(str, sheet.itertext()))[:_MOST_STYLES])

    def find_reason(self, element: etree._Element) -> str | None:
        """Return why the text of an element is left out; `None` where it is shown."""
        if element.tag in _STRUCK_TAGS:
            return STRUCK
        if not element.attrib and not self._reasons:
            return None
        if "hidden" in element.attrib:
            return HIDDEN
        own = _reason(element.get("style"))
        return own or next(filter(None, map(self._reasons.get, _keys(element))), None)

    def find_font(self, element: etree._Element) -> str | None:
        """Return the symbol font that an element sets; `None` where it sets none."""
        if not element.attrib:
            return None
        face = element.get("face")
        if face and is_symbol_font(face.partition(",")[0]):
            return face.partition(",")[0]
        return _font(element.get("style")) or next(
            filter(None, map(self._fonts.get, _keys(element))), None
        )

    def _add_rules(self, sheet: str) -> None:
        for rule in _RULE.finditer(_COMMENT.sub(" ", sheet)):
            reason, font = _reason(rule["body"]), _font(rule["body"])
            for selector in rule["selectors"].split(",") if reason or font else ():
                key = selector.strip()
                if not key or not _SIMPLE.fullmatch(key):
                    continue
                if reason:
                    self._reasons[key.lower()] = reason
                if font:
                    self._fonts[key.lower()] = font


def _keys(element: etree._Element) -> Iterator[str]:
    """Give the simple selectors that match an element."""
    tag = str(element.tag)
    yield tag
    for name in str(element.get("class", "")).lower().split():
        yield f".{name}"
        yield f"{tag}.{name}"
    if element.get("id"):
        yield f"#{str(element.get('id')).lower()}"


def _reason(style: str | None) -> str | None:
    if not style:
        return None
    plain = _SPACES.sub("", style.lower())
    if _HIDDEN_STYLE.search(plain):
        return HIDDEN
    return STRUCK if _STRUCK_STYLE.search(plain) else None


def _font(style: str | None) -> str | None:
    found = _FONT.search(style.lower()) if style else None
    return found[1] if found else None
